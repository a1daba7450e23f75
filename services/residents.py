"""Residents: which community and grid they belong to, and what of theirs follows them when they say so."""

from __future__ import annotations

import structlog

import settings
from models import OPEN, Appeal, AppealStatus, AssignmentEnd, Community, Grid, Resident, Urgency
from services import alarm, dispatch
from services.conversations import Talk
from services.errors import NotFound
from services.understanding import Knowledge

log = structlog.get_logger(__name__)

_UNACCEPTED = OPEN - {AppealStatus.ACCEPTED, AppealStatus.SUSPENDED}
_WHY = "居民选定了村（社区）或网格"


def intake_community(known: Knowledge, account: str) -> Community:
    """The community whose duty staff own appeals of strangers on this account.

    Raises: NotFound when no community is active at all.
    """
    chosen = settings.load().account(account)
    found = known.community_called(chosen.intake_community) if chosen else None
    if found is None:
        log.error("intake_community_missing", account=account)
        found = next(iter(known.communities), None)
    if found is None:
        raise NotFound("这里还没有开通任何村（社区）。")
    return found


async def bind(talk: Talk, known: Knowledge, community_id: int, grid_id: int | None) -> int:
    """Tie the resident to a community and, once known, a grid; what nobody accepted yet gets its right owner.

    Appeals made as a stranger move to the community; those without a grid get the resident's. Inside the
    conversation's transaction. Returns how many appeals got another owner.
    """
    stranger = talk.community_id is None
    await Resident.filter(id=talk.resident_id).update(community_id=community_id, grid_id=grid_id)
    talk.community_id, talk.grid_id = community_id, grid_id
    moved = 0
    for appeal in await Appeal.filter(resident_id=talk.resident_id, grid_id=None, status__in=list(OPEN)):
        if appeal.status not in _UNACCEPTED:
            await _announce(appeal, grid_id)
        elif stranger or appeal.community_id == community_id:
            moved += await _move(appeal, known, community_id, grid_id)
    return moved


async def _announce(appeal: Appeal, grid_id: int | None) -> None:
    """Somebody is on the way to an emergency already; who is near hears of it too."""
    grid = await Grid.get(id=grid_id) if grid_id is not None else None
    if appeal.urgency is Urgency.EMERGENCY and grid is not None:
        _ = await alarm.alert_emergency(appeal, at=grid)


async def _move(appeal: Appeal, known: Knowledge, community_id: int, grid_id: int | None) -> int:
    named = await grid_named(known, community_id, f"{appeal.place} {appeal.text}")
    grid_id = named or grid_id
    if (appeal.community_id, appeal.grid_id) == (community_id, grid_id):
        return 0
    appeal.community_id, appeal.grid_id = community_id, grid_id
    await Appeal.filter(id=appeal.id).update(community_id=community_id, grid_id=grid_id)
    if appeal.about_conduct:
        return 0
    _ = await dispatch.redispatch(appeal, why=_WHY, ended_as=AssignmentEnd.REASSIGNED)
    if appeal.urgency is Urgency.EMERGENCY:
        _ = await alarm.alert_emergency(appeal)
    return 1


async def grid_named(known: Knowledge, community_id: int, text: str) -> int | None:
    """The one grid whose place names stand in the text; None for none or several."""
    place = (await known.judge(text, community_id)).place
    return place.grid_ids[0] if place is not None and len(place.grid_ids) == 1 else None
