"""Categories and their keywords: shared by all communities, so kept by the areas above them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models import Category, Keyword, writing
from nlp.lexicon import keyword_text
from services import audit, revisions
from services.access import ABOVE_COMMUNITY, Actor, require_role
from services.errors import Conflict, Invalid, NotFound
from services.uniqueness import unless_taken

_DEADLINES = (("accept_minutes", "resolve_minutes"), ("urgent_accept_minutes", "urgent_resolve_minutes"))
_HAS_KEYWORD = "这个类别已有这个关键词。"


async def list_categories(*, active: bool | None = None) -> list[Category]:
    """All categories, by id; there are some dozens. Everybody logged in may read them."""
    found = Category.all() if active is None else Category.filter(active=active)
    return await found.order_by("id").select_related("parent")


async def category_by_code(code: str) -> Category:
    """The category. Raises: NotFound."""
    found = await Category.get_or_none(code=code).select_related("parent")
    if found is None:
        raise NotFound(f"没有“{code}”这个类别。")
    return found


async def create_category(actor: Actor, values: Mapping[str, Any], *, parent: str | None) -> Category:
    """A new category. Raises: Forbidden, NotFound (parent), Conflict, Invalid."""
    require_role(actor, *ABOVE_COMMUNITY)
    async with unless_taken("这个类别代码已经有了。"), writing():
        await _changed()
        category = Category(**values, parent=await category_by_code(parent) if parent else None)
        _check_deadlines(category)
        await category.save(force_create=True)
        await audit.record(actor, "category.create", f"category {category.code}")
    return category


async def update_category(actor: Actor, code: str, changes: Mapping[str, Any]) -> Category:
    """Change name, preference or deadlines; the code stays. Raises: Forbidden, NotFound, Invalid."""
    require_role(actor, *ABOVE_COMMUNITY)
    async with writing():
        await _changed()
        category = await category_by_code(code)
        category = category.update_from_dict(dict(changes))
        _check_deadlines(category)
        await category.save()
        await audit.record(actor, "category.update", f"category {code}", **changes)
    return category


def _check_deadlines(category: Category) -> None:
    if any(getattr(category, accept) > getattr(category, resolve) for accept, resolve in _DEADLINES):
        raise Invalid("接单时限不能长于办结时限。")


async def list_keywords(
    *, category: str | None, search: str | None, after: int | None, limit: int
) -> list[Keyword]:
    """Keywords with their categories, by id."""
    found = Keyword.all()
    if category is not None:
        found = found.filter(category__code=category)
    if search is not None:
        found = found.filter(text__icontains=keyword_text(search))
    if after is not None:
        found = found.filter(id__gt=after)
    return await found.order_by("id").limit(limit).select_related("category")


async def add_keyword(actor: Actor, category: str, text: str, weight: float) -> Keyword:
    """A hand-written keyword, kept as messages are read: the same in another script, width or case.

    Raises: Forbidden, NotFound, Invalid (nothing to see in it), Conflict (the category has it).
    """
    require_role(actor, *ABOVE_COMMUNITY)
    text = keyword_text(text)
    if not any(character.isprintable() and character != " " for character in text):
        raise Invalid("关键词里没有看得见的字。")
    async with unless_taken(_HAS_KEYWORD), writing():
        await revisions.bump(revisions.LEXICON)
        found = await category_by_code(category)
        there = await Keyword.filter(category=found).values_list("text", flat=True)
        if text in map(keyword_text, map(str, there)):
            raise Conflict(_HAS_KEYWORD)
        keyword = await Keyword.create(category=found, text=text, weight=weight)
        await audit.record(actor, "keyword.add", f"keyword {text}", category=category, weight=weight)
    return keyword


async def update_keyword(actor: Actor, keyword_id: int, changes: Mapping[str, Any]) -> Keyword:
    """Change weight or whether it counts. Raises: Forbidden, NotFound."""
    require_role(actor, *ABOVE_COMMUNITY)
    async with writing():
        await revisions.bump(revisions.LEXICON)
        keyword = await _keyword(keyword_id)
        await keyword.update_from_dict(dict(changes)).save()
        await audit.record(actor, "keyword.update", f"keyword {keyword.text}", **changes)
    return keyword


async def remove_keyword(actor: Actor, keyword_id: int) -> None:
    """Forget a keyword. Raises: Forbidden, NotFound."""
    require_role(actor, *ABOVE_COMMUNITY)
    async with writing():
        await revisions.bump(revisions.LEXICON)
        keyword = await _keyword(keyword_id)
        await keyword.delete()
        await audit.record(actor, "keyword.remove", f"keyword {keyword.text}", category=keyword.category.code)


async def _keyword(keyword_id: int) -> Keyword:
    keyword = await Keyword.get_or_none(id=keyword_id).select_related("category")
    if keyword is None:
        raise NotFound("没有找到这个关键词。")
    return keyword


async def _changed() -> None:
    """Categories stand in the lexicon, and the roster knows whom each prefers."""
    await revisions.bump(revisions.LEXICON)
    await revisions.bump(revisions.ROSTER)
