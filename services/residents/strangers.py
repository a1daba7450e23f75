"""Strangers: residents who have not said yet which community they live in."""

from __future__ import annotations

from models import Appeal, Attachment, Resident
from services.roster import COMMUNITY, FIELD


def level(*, stranger: bool, pointed: bool) -> int:
    """The lowest rung that may own an appeal. A stranger's belongs to the duty staff of its community, also
    when its words name a place, since the same names exist elsewhere; a point on the map says enough.
    """
    return COMMUNITY if stranger and not pointed else FIELD


async def located(appeal: Appeal) -> bool:
    """Whether a point on the map came with it."""
    return await Attachment.filter(appeal_id=appeal.id, latitude__isnull=False).exists()


async def lowest_level(appeal: Appeal) -> int:
    """`level` of an appeal that is in the table."""
    if not await Resident.filter(id=appeal.resident_id, community_id=None).exists():
        return FIELD
    return level(stranger=True, pointed=await located(appeal))
