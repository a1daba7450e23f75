"""户: the household of a resident, made when first needed, and locked by whoever signs up for it."""

from __future__ import annotations

from models import Household, Resident, rows
from services.errors import NotFound

_LOCK = """
UPDATE household SET version = version + 1
WHERE id = (SELECT household_id FROM resident WHERE id = $1) RETURNING id
"""


async def lock(resident_id: int) -> int:
    """Lock the resident's household until the caller's `writing()` ends; returns its id. Raises: NotFound."""
    found = await rows(_LOCK, resident_id)
    if found:
        return int(found[0]["id"])
    made = await Household.create()
    # Guarded: of two first sign-ups of one resident at once, the second finds the household of the first.
    if await Resident.filter(id=resident_id, household_id=None).update(household_id=made.id):
        return int(made.id)
    await made.delete()
    found = await rows(_LOCK, resident_id)
    if not found:
        raise NotFound("没有找到这位居民。")
    return int(found[0]["id"])
