"""How many absences a community lets pass before somebody may sign up for nothing for a while."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import settings
from models import Community


@dataclass(frozen=True, slots=True)
class Limits:
    """So many absences within so long, and nobody may sign that person up for so long."""

    times: int
    within: timedelta
    blocked_for: timedelta


async def of(community_id: int) -> Limits:
    """What the community has chosen, each as the settings say where it has chosen nothing."""
    community, usual = await Community.get(id=community_id), settings.load()
    return Limits(
        community.absences_until_block or usual.absences_until_block,
        timedelta(days=community.absence_days or usual.absence_days),
        timedelta(days=community.block_days or usual.block_days),
    )
