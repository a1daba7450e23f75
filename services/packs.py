"""Template packs: a community's categories and keywords as shipped, loaded into its tables."""

from __future__ import annotations

from models import AssigneeKind, Category, Keyword, writing
from nlp.pack import Pack, PackCategory, load_pack
from services.revisions import LEXICON, bump

_KINDS = {one.value: one for one in AssigneeKind}


async def adopt(name: str) -> None:
    """Add what the tables lack of the pack; categories and weights that staff changed stay as they are.

    Raises: LookupError when there is no such pack.
    """
    pack = load_pack(name)
    async with writing():
        ids = await _categories(pack)
        await _keywords(pack, ids)
        await bump(LEXICON)


async def _categories(pack: Pack) -> dict[str, int]:
    there = {one.code: int(one.id) for one in await Category.all()}
    await Category.bulk_create([_category(one) for one in pack.categories if one.code not in there])
    return {one.code: int(one.id) for one in await Category.all()}


def _category(shipped: PackCategory) -> Category:
    return Category(
        code=shipped.code,
        name=shipped.name,
        prefers=_KINDS[shipped.prefers],
        accept_minutes=60 * shipped.accept_hours,
        resolve_minutes=60 * shipped.resolve_hours,
        urgent_accept_minutes=60 * shipped.urgent_accept_hours,
        urgent_resolve_minutes=60 * shipped.urgent_resolve_hours,
        delicate=shipped.delicate,
        shared=shipped.shared,
    )


async def _keywords(pack: Pack, ids: dict[str, int]) -> None:
    there = set(await Keyword.all().values_list("category_id", "text"))
    wanted = {(ids[one.category], one.text): one.weight for one in pack.keywords}
    missing = [
        Keyword(category_id=category_id, text=text, weight=weight)
        for (category_id, text), weight in wanted.items()
        if (category_id, text) not in there
    ]
    await Keyword.bulk_create(missing, batch_size=500)
