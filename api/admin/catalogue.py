"""Categories and keywords."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from sanic import Blueprint, Request

from api.endpoint import endpoint
from api.schemas import (
    PLAIN,
    Body,
    Changes,
    Code,
    Coded,
    Label,
    Moment,
    Name,
    Out,
    Page,
    PageQuery,
    may_stay,
    page_of,
    paged,
)
from models import AssigneeKind, Category, Keyword
from services import catalogue
from services.access import ABOVE_COMMUNITY, DESK

bp = Blueprint("catalogue")
TAGS = ["categories"]

Minutes = Annotated[int, Field(ge=5, le=100_000)]
Weight = Annotated[float, Field(ge=-20, le=20)]
Text = Annotated[str, Field(min_length=1, max_length=32, pattern=PLAIN)]


class CategoryOut(Out):
    """类别."""

    id: int
    code: str
    name: str
    parent: Coded | None
    prefers: Label
    accept_minutes: int
    resolve_minutes: int
    urgent_accept_minutes: int
    urgent_resolve_minutes: int
    delicate: bool
    shared: bool
    active: bool

    @classmethod
    def of(cls, row: Category) -> CategoryOut:
        """One category whose parent is fetched."""
        same = ("id", "code", "name", "accept_minutes", "resolve_minutes", "urgent_accept_minutes")
        more = ("urgent_resolve_minutes", "delicate", "shared", "active")
        return cls(
            **{name: getattr(row, name) for name in same + more},
            prefers=Label.of(row.prefers),
            parent=Coded.model_validate(row.parent) if row.parent_id is not None else None,
        )


class CategoryQuery(PageQuery):
    """Whether only active ones."""

    active: bool | None = None


class CategoryBody(Body):
    """A new category; minutes are working minutes."""

    code: Code
    name: Name
    parent: Code | None = None
    prefers: AssigneeKind
    accept_minutes: Minutes = 240
    resolve_minutes: Minutes = 2700
    urgent_accept_minutes: Minutes = 60
    urgent_resolve_minutes: Minutes = 540
    delicate: bool = False
    shared: bool = Field(default=False, description="about a place: several may report the same matter")


class CategoryChanges(Changes):
    """What is to be different about a category."""

    name: Name = may_stay()
    prefers: AssigneeKind = may_stay()
    accept_minutes: Minutes = may_stay()
    resolve_minutes: Minutes = may_stay()
    urgent_accept_minutes: Minutes = may_stay()
    urgent_resolve_minutes: Minutes = may_stay()
    delicate: bool = may_stay()
    shared: bool = may_stay()
    active: bool = may_stay()


class KeywordOut(Out):
    """关键词."""

    id: int
    category: Coded
    text: str
    weight: float
    origin: Label
    active: bool
    updated_at: Moment

    @classmethod
    def of(cls, row: Keyword) -> KeywordOut:
        """One keyword whose category is fetched."""
        same = {name: getattr(row, name) for name in ("id", "text", "weight", "active", "updated_at")}
        return cls(**same, category=Coded.model_validate(row.category), origin=Label.of(row.origin))


class KeywordQuery(PageQuery):
    """Filters of the list."""

    category: Code | None = None
    search: Text | None = None


class KeywordBody(Body):
    """A word or phrase and what it counts for a category; a negative weight speaks against it."""

    category: Code
    text: Text
    weight: Weight


class KeywordChanges(Changes):
    """What is to be different about a keyword."""

    weight: Weight = may_stay()
    active: bool = may_stay()


@bp.get("/categories")
@endpoint(query=CategoryQuery, returns=Page[CategoryOut], tags=TAGS)
async def list_categories(_request: Request, query: CategoryQuery) -> Page[CategoryOut]:
    """List the categories."""
    found = await catalogue.list_categories(active=query.active)
    return page_of(found, query, CategoryOut.of, lambda one: one.id)


@bp.post("/categories")
@endpoint(body=CategoryBody, returns=CategoryOut, roles=ABOVE_COMMUNITY, tags=TAGS, status=201)
async def create_category(request: Request, body: CategoryBody) -> CategoryOut:
    """Add a category."""
    values = body.model_dump(exclude={"parent"})
    return CategoryOut.of(await catalogue.create_category(request.ctx.actor, values, parent=body.parent))


@bp.patch("/categories/<code:str>")
@endpoint(body=CategoryChanges, returns=CategoryOut, roles=ABOVE_COMMUNITY, tags=TAGS)
async def update_category(request: Request, code: str, body: CategoryChanges) -> CategoryOut:
    """Change a category: who handles it, how fast."""
    return CategoryOut.of(await catalogue.update_category(request.ctx.actor, code, body.given()))


@bp.get("/keywords")
@endpoint(query=KeywordQuery, returns=Page[KeywordOut], roles=DESK, tags=TAGS)
async def list_keywords(_request: Request, query: KeywordQuery) -> Page[KeywordOut]:
    """List keywords."""
    found = await catalogue.list_keywords(
        category=query.category, search=query.search, after=query.after, limit=query.size + 1
    )
    return paged(found, query.size, KeywordOut.of, lambda one: one.id)


@bp.post("/keywords")
@endpoint(body=KeywordBody, returns=KeywordOut, roles=ABOVE_COMMUNITY, tags=TAGS, status=201)
async def add_keyword(request: Request, body: KeywordBody) -> KeywordOut:
    """Add a hand-written keyword."""
    return KeywordOut.of(
        await catalogue.add_keyword(request.ctx.actor, body.category, body.text, body.weight)
    )


@bp.patch("/keywords/<keyword_id:int>")
@endpoint(body=KeywordChanges, returns=KeywordOut, roles=ABOVE_COMMUNITY, tags=TAGS)
async def update_keyword(request: Request, keyword_id: int, body: KeywordChanges) -> KeywordOut:
    """Change the weight of a keyword, or switch it off."""
    return KeywordOut.of(await catalogue.update_keyword(request.ctx.actor, keyword_id, body.given()))


@bp.delete("/keywords/<keyword_id:int>")
@endpoint(roles=ABOVE_COMMUNITY, tags=TAGS, status=204)
async def remove_keyword(request: Request, keyword_id: int) -> None:
    """Forget a keyword."""
    await catalogue.remove_keyword(request.ctx.actor, keyword_id)
