"""Residents: which community and grid they belong to, and what of theirs follows them when they say so."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

import settings
from models import OPEN, Appeal, AppealStatus, AssignmentEnd, Category, Community, Grid, Resident, Urgency
from services import alarm, dispatch, holding
from services.conversations import Talk
from services.errors import NotFound
from services.residents import strangers
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

    What stands where it does because of the choice before, or because there was none, follows this one;
    what words or a point have placed stays. Inside the conversation's transaction. Returns how many appeals
    got another owner.
    """
    change = _Change(talk.community_id, talk.grid_id, community_id, grid_id)
    await Resident.filter(id=talk.resident_id).update(community_id=community_id, grid_id=grid_id)
    talk.community_id, talk.grid_id = community_id, grid_id
    moved = 0
    for appeal in await Appeal.filter(resident_id=talk.resident_id, status__in=list(OPEN)).order_by("id"):
        if not await _follows(appeal, change):
            continue
        if appeal.status in _UNACCEPTED:
            moved += await _move(appeal, change, await _target(appeal, known, change))
        else:
            await _announce(appeal, grid_id)
    return moved


@dataclass(frozen=True, slots=True)
class _Change:
    """What a resident had chosen before, and what they choose now."""

    old_community: int | None
    old_grid: int | None
    community: int
    grid: int | None


async def _follows(appeal: Appeal, change: _Change) -> bool:
    """Whether the choice has a say in where the appeal belongs."""
    if appeal.grid_id is not None and await strangers.located(appeal):
        return False
    if change.old_community is None or appeal.community_id == change.old_community:
        return True
    return appeal.grid_id is None and appeal.community_id == change.community


async def _target(appeal: Appeal, known: Knowledge, change: _Change) -> tuple[int, int | None]:
    """Community and grid: those that the words name, in the new community before the old one."""
    words = f"{appeal.place} {appeal.text}"
    named = await grid_named(known, change.community, words)
    if named is not None:
        return change.community, named
    if appeal.grid_id is not None:
        elsewhere = appeal.grid_id != change.old_grid
        if elsewhere or await grid_named(known, appeal.community_id, words) is not None:
            return appeal.community_id, appeal.grid_id
    return change.community, change.grid


async def _announce(appeal: Appeal, grid_id: int | None) -> None:
    """Somebody is on the way to an emergency already; who is near hears of it too."""
    grid = await Grid.get(id=grid_id) if grid_id is not None else None
    if appeal.urgency is Urgency.EMERGENCY and grid is not None:
        _ = await alarm.alert_emergency(appeal, at=grid)


async def _move(appeal: Appeal, change: _Change, target: tuple[int, int | None]) -> int:
    """Give it to whom it fits there. What a stranger placed well is no longer for the duty staff alone."""
    stays = (appeal.community_id, appeal.grid_id) == target
    if stays and (change.old_community is not None or await _owner_fits(appeal)):
        return 0
    appeal.community_id, appeal.grid_id = target
    await Appeal.filter(id=appeal.id).update(community_id=target[0], grid_id=target[1])
    if appeal.about_conduct:
        return 0
    _ = await dispatch.redispatch(appeal, why=_WHY, ended_as=AssignmentEnd.REASSIGNED)
    if appeal.urgency is Urgency.EMERGENCY:
        _ = await alarm.alert_emergency(appeal)
    return 1


async def _owner_fits(appeal: Appeal) -> bool:
    """Whether the ranking would choose whoever holds it now."""
    need = await dispatch.need_of(appeal, await Category.get(id=appeal.category_id))
    chosen = await dispatch.choose_for(appeal.community_id, need)
    return chosen.assignee.key == holding.holder_key(await holding.current(appeal.id))


async def grid_named(known: Knowledge, community_id: int, text: str) -> int | None:
    """The one grid whose place names stand in the text; None for none or several."""
    place = (await known.judge(text, community_id)).place
    return place.grid_ids[0] if place is not None and len(place.grid_ids) == 1 else None
