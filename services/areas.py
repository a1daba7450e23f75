"""Areas, communities and the days that staff entered into the calendar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from models import Area, Community, CommunityDay, rows, writing
from services import audit, revisions
from services.access import ABOVE_COMMUNITY, DESK, Actor, require_community, require_role
from services.errors import Forbidden, Invalid, NotFound
from services.uniqueness import unless_taken

_BELOW = """
WITH RECURSIVE below(id) AS (
    SELECT id FROM area WHERE id = $1
    UNION ALL SELECT area.id FROM area JOIN below ON area.parent_id = below.id
) SELECT id FROM below
"""
_ABOVE = """
WITH RECURSIVE above(id, parent_id) AS (
    SELECT id, parent_id FROM area WHERE id = $1
    UNION ALL SELECT area.id, area.parent_id FROM area JOIN above ON area.id = above.parent_id
) SELECT id FROM above
"""


async def areas_below(area_id: int) -> frozenset[int]:
    """Ids of the area and of all areas below it."""
    return frozenset(int(row["id"]) for row in await rows(_BELOW, area_id))


async def areas_above(area_id: int) -> frozenset[int]:
    """Ids of the area and of all areas above it."""
    return frozenset(int(row["id"]) for row in await rows(_ABOVE, area_id))


async def own_areas(actor: Actor) -> frozenset[int]:
    """Areas that the actor answers for: empty below the area level."""
    if actor.role in ABOVE_COMMUNITY and actor.area_id is not None:
        return await areas_below(actor.area_id)
    return frozenset()


async def list_areas(actor: Actor) -> list[Area]:
    """Areas in the actor's scope; for community staff those above their community."""
    require_role(actor, *DESK)
    if actor.role in ABOVE_COMMUNITY:
        return await Area.filter(id__in=await own_areas(actor)).order_by("id")
    community = await Community.get(id=actor.community_id)
    return await Area.filter(id__in=await areas_above(community.area_id)).order_by("id")


async def list_communities(actor: Actor, *, after: int | None, limit: int) -> list[Community]:
    """Communities in the actor's scope, by id."""
    found = Community.filter(id__in=actor.community_ids)
    if after is not None:
        found = found.filter(id__gt=after)
    return await found.order_by("id").limit(limit)


_CHOSEN_BY = frozenset({"name", "active"})
"""What residents choose a community by in the chat."""


async def create_community(actor: Actor, *, area_id: int, code: str, name: str) -> Community:
    """A new community below an area of the actor. Raises: Forbidden, Conflict."""
    require_role(actor, *ABOVE_COMMUNITY)
    if area_id not in await own_areas(actor):
        raise Forbidden("这个地区不在您的管理范围内。")
    async with unless_taken("这个代码已经有村（社区）在用。"), writing():
        await revisions.bump(revisions.LEXICON)  # first, as everywhere: two changes never wait in a circle
        await revisions.bump(revisions.ROSTER)
        community = await Community.create(area_id=area_id, code=code, name=name)
        await audit.record(actor, "community.create", f"community {community.id}", community_id=community.id)
    return community


async def update_community(actor: Actor, community_id: int, changes: Mapping[str, object]) -> Community:
    """Change name, working hours, whether it takes part, or the limits of absence.

    Blocks that are in force stay as they are. Raises: NotFound, Forbidden, Invalid.
    """
    require_role(actor, *DESK)
    if "active" in changes:
        require_role(actor, *ABOVE_COMMUNITY)
    async with writing():
        if changes.keys() & _CHOSEN_BY:
            await revisions.bump(revisions.LEXICON)
        await revisions.bump(revisions.ROSTER)
        community = await community_in_scope(actor, community_id)
        community = community.update_from_dict(dict(changes))
        if community.work_start >= community.work_end:
            raise Invalid("上班时间要早于下班时间。")
        await community.save()
        await audit.record(
            actor, "community.update", f"community {community_id}", community_id=community_id, **changes
        )
    return community


async def community_in_scope(actor: Actor, community_id: int) -> Community:
    """The community. Raises: NotFound, Forbidden."""
    community = await Community.get_or_none(id=community_id)
    if community is None:
        raise NotFound("没有找到这个村（社区）。")
    require_community(actor, community_id)
    return community


async def list_days(actor: Actor, community_id: int) -> list[CommunityDay]:
    """Days entered for a community, by date."""
    require_role(actor, *DESK)
    _ = await community_in_scope(actor, community_id)
    return await CommunityDay.filter(community_id=community_id).order_by("day").limit(1000)


async def set_day(actor: Actor, community_id: int, day: date, *, working: bool) -> CommunityDay:
    """Enter a day as working or not, against the national calendar."""
    require_role(actor, *DESK)
    async with writing():
        await revisions.bump(revisions.ROSTER)
        _ = await community_in_scope(actor, community_id)
        found, _ = await CommunityDay.update_or_create(
            {"working": working}, community_id=community_id, day=day
        )
        await audit.record(actor, "day.set", f"day {day}", community_id=community_id, working=working)
    return found


async def forget_day(actor: Actor, community_id: int, day: date) -> None:
    """Let the national calendar decide about this day again. Raises: NotFound."""
    require_role(actor, *DESK)
    async with writing():
        await revisions.bump(revisions.ROSTER)
        _ = await community_in_scope(actor, community_id)
        if not await CommunityDay.filter(community_id=community_id, day=day).delete():
            raise NotFound("这一天没有另外登记。")
        await audit.record(actor, "day.forget", f"day {day}", community_id=community_id)
