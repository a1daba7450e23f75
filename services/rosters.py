"""Reads rosters from the database and keeps them in memory until the revision `roster` changes.

Dispatch must not ask the database about each candidate: everything that changes seldom is here, and
`situation` brings what changes by the minute in two statements.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from weakref import WeakKeyDictionary

from tortoise.context import TortoiseContext, require_context
from tortoise.expressions import Q

from models import (
    AssigneeKind,
    Category,
    Community,
    CommunityDay,
    Grid,
    GridMember,
    Organization,
    OrganizationMember,
    Role,
    ServiceScope,
    Staff,
    rows,
)
from models.people import OnLeave
from models.statements import among, listed
from services import reach, revisions
from services.clock import china_today
from services.errors import NotFound
from services.ranking import Load, Situation
from services.roster import AREA, COMMUNITY, FIELD, LEADER, Breadth, Key, Leave, Person, Post, Roster, Scope
from services.worktime import WorkCalendar

CHECK_SECONDS = 2.0
_MOST = 512

_ANCESTORS = """
WITH RECURSIVE above(id, parent_id, rung) AS (
    SELECT id, parent_id, 0 FROM area WHERE id = $1
    UNION ALL SELECT area.id, area.parent_id, above.rung + 1
    FROM area JOIN above ON area.id = above.parent_id WHERE above.rung < 16
) SELECT id, rung FROM above
"""

# One text whoever is asked about, so that the database plans it once.
_LOAD = """
SELECT '{kind}' AS kind, holder.id AS id,
    (SELECT COUNT(*) FROM assignment WHERE {column} = holder.id AND ended_at IS NULL) AS held,
    (SELECT COALESCE(MAX(id), 0) FROM assignment WHERE {column} = holder.id) AS last
FROM {table} holder WHERE holder.id {among}
"""

_REVISION = """
SELECT 'revision' AS kind, COALESCE(MAX(number), 0) AS id, 0 AS held, 0 AS last
FROM revision WHERE name = 'roster'
"""

_LIVE = "SELECT 'live' AS kind, resident_id AS id, 0 AS held, 0 AS last FROM ({living}) AS live"

_KINDS: Mapping[object, AssigneeKind] = {one.value: one for one in AssigneeKind}

_TABLES = {
    AssigneeKind.ORGANIZATION: ("organization", "organization_id"),
    AssigneeKind.GRID_MEMBER: ("grid_member", "grid_member_id"),
    AssigneeKind.STAFF: ("staff", "staff_id"),
}


@dataclass(slots=True)
class _Kept:
    """What one process holds for one database."""

    rosters: OrderedDict[int, Roster] = field(default_factory=OrderedDict)
    revision: int = -1
    checked: float = 0.0


_kept: WeakKeyDictionary[TortoiseContext, _Kept] = WeakKeyDictionary()


def _mine() -> _Kept:
    return _kept.setdefault(require_context(), _Kept())


async def of(community_id: int) -> Roster:
    """The roster of a community, at most `CHECK_SECONDS` behind the database.

    Raises: NotFound.
    """
    kept = _mine()
    if time.monotonic() - kept.checked > CHECK_SECONDS:
        _noticed(kept, (await revisions.current()).get(revisions.ROSTER, 0))
    found = kept.rosters.get(community_id)
    if found is not None:
        kept.rosters.move_to_end(community_id)
        return found
    return await _keep(kept, community_id)


async def _keep(kept: _Kept, community_id: int) -> Roster:
    # The number before the rows: a change in between makes this roster stale at once, never for good.
    _noticed(kept, (await revisions.current()).get(revisions.ROSTER, 0))
    loaded = replace(await load(community_id), revision=kept.revision)
    kept.rosters[community_id] = loaded
    while len(kept.rosters) > _MOST:
        kept.rosters.popitem(last=False)
    return loaded


def _noticed(kept: _Kept, revision: int) -> None:
    if revision != kept.revision:
        kept.rosters.clear()
    kept.revision, kept.checked = revision, time.monotonic()


async def situation(roster: Roster, posts: Collection[Post]) -> Situation | None:
    """Loads and live channels of these posts now; None when the roster is no longer the newest."""
    loads: dict[Key, Load] = {}
    live: set[int] = set()
    for row in await _looked_up(posts):
        kind, number = row["kind"], int(row["id"])
        if kind == "live":
            live.add(number)
        elif kind != "revision":
            loads[_KINDS[kind], number] = Load(int(row["held"]), int(row["last"]))
        elif number != roster.revision:
            _noticed(_mine(), number)
            return None
    return Situation(china_today(), MappingProxyType(loads), live)


async def _looked_up(posts: Collection[Post]) -> Sequence[Mapping[str, Any]]:
    """One statement: open and newest assignment of each post, who is live, and the roster's revision."""
    people = {person.resident_id for post in posts for person in post.people}
    living = reach.living(people)
    ids = [listed([post.id for post in posts if post.kind is kind]) for kind in _TABLES]
    return await rows(_situation(living.sql), *living.values, *ids)


@lru_cache(maxsize=4)
def _situation(living: str) -> str:
    first = living.count("$") + 1
    loads = (
        _LOAD.format(kind=kind.value, column=column, table=table, among=among(f"${place}"))
        for place, (kind, (table, column)) in enumerate(_TABLES.items(), first)
    )
    return " UNION ALL ".join([_REVISION, _LIVE.format(living=living), *loads])


async def load(community_id: int) -> Roster:
    """Read the roster of a community afresh.

    Raises: NotFound.
    """
    community = await Community.get_or_none(id=community_id)
    if community is None:
        raise NotFound("没有这个村（社区）。")
    ancestors = {int(row["id"]): int(row["rung"]) for row in await rows(_ANCESTORS, community.area_id)}
    posts = [
        *await _grid_members(community_id),
        *await organizations(await _scopes(community_id, ancestors)),
        *await _staff(community_id, ancestors),
    ]
    days = {one.day: one.working for one in await CommunityDay.filter(community_id=community_id)}
    categories = await Category.all()
    return Roster(
        community_id=community_id,
        community_name=community.name,
        calendar=WorkCalendar.of(community.work_start, community.work_end, days),
        grid_names={one.id: one.name for one in await Grid.filter(community_id=community_id)},
        category_names={one.code: one.name for one in categories},
        category_parents={one.id: one.parent_id for one in categories if one.parent_id is not None},
        posts=MappingProxyType({post.key: post for post in posts}),
    )


def _leave(row: OnLeave) -> Leave:
    return Leave(row.leave_from, row.leave_until)


def _people(resident_id: int | None) -> tuple[Person, ...]:
    return (Person(resident_id),) if resident_id is not None else ()


async def _grid_members(community_id: int) -> list[Post]:
    found = GridMember.filter(community_id=community_id, active=True).only(
        "id", "grid_id", "resident_id", "role", "title", "cap", "deputy_id", "leave_from", "leave_until"
    )
    return [
        Post(
            AssigneeKind.GRID_MEMBER,
            one.id,
            one.title,
            LEADER if one.role is Role.GRID_LEADER else FIELD,
            people=_people(one.resident_id),
            cap=one.cap,
            leave=_leave(one),
            deputy_id=one.deputy_id,
            grid_id=one.grid_id,
        )
        for one in await found
    ]


async def organizations(scopes: Mapping[int, Sequence[Scope]]) -> list[Post]:
    """The active organizations with these ids and scopes, and whoever stands in for them."""
    found = await _with_deputies(list(scopes))
    members: dict[int, list[Person]] = {}
    for one in await OrganizationMember.filter(
        organization_id__in=list(found), active=True, resident_id__isnull=False
    ).only("id", "organization_id", "resident_id", "leave_from", "leave_until"):
        if one.resident_id is not None:
            members.setdefault(one.organization_id, []).append(Person(one.resident_id, _leave(one)))
    return [
        Post(
            AssigneeKind.ORGANIZATION,
            one.id,
            one.name,
            people=tuple(members.get(one.id, ())),
            cap=one.cap,
            leave=_leave(one),
            deputy_id=one.deputy_id,
            scopes=tuple(scopes.get(one.id, ())),
        )
        for one in found.values()
    ]


async def _scopes(community_id: int, ancestors: Mapping[int, int]) -> dict[int, list[Scope]]:
    """Service scopes that reach this community, by organization; without a place: its whole area."""
    areas = list(ancestors)
    whole = Q(grid_id=None, community_id=None, area_id=None, organization__area_id__in=areas)
    here = Q(community_id=community_id) | Q(grid__community_id=community_id) | Q(area_id__in=areas) | whole
    found: dict[int, list[Scope]] = {}
    for one in await ServiceScope.filter(here, organization__active=True).select_related("project"):
        found.setdefault(one.organization_id, []).append(scope_of(one))
    return found


def scope_of(one: ServiceScope) -> Scope:
    """A row whose project is fetched, as rosters hold it."""
    breadth = Breadth.AREA if one.community_id is None else Breadth.COMMUNITY
    period = (one.project.starts_on, one.project.ends_on) if one.project_id and one.project else None
    return Scope(
        one.category_id, breadth if one.grid_id is None else Breadth.GRID, one.grid_id, project=period
    )


async def _with_deputies(ids: list[int]) -> dict[int, Organization]:
    found: dict[int, Organization] = {}
    wanted = set(ids)
    while wanted:
        batch = await Organization.filter(id__in=list(wanted), active=True)
        found |= {one.id: one for one in batch}
        wanted = {one.deputy_id for one in batch if one.deputy_id is not None} - set(found)
    return found


async def _staff(community_id: int, ancestors: Mapping[int, int]) -> list[Post]:
    """Staff of the community and of the areas above it, and whoever stands in for them."""
    logins = Staff.filter(active=True, grid_member_id=None, organization_member_id=None).only(
        "id", "title", "area_id", "community_id", "resident_id", "on_duty",
        "deputy_id", "leave_from", "leave_until",
    )  # fmt: skip
    own = {one.id: one for one in await logins.filter(Q(community_id=community_id) | _areas(ancestors))}
    found = dict(own)
    wanted = {one.deputy_id for one in own.values() if one.deputy_id is not None} - set(found)
    while wanted:
        batch = await logins.filter(id__in=list(wanted))
        found |= {one.id: one for one in batch}
        wanted = {one.deputy_id for one in batch if one.deputy_id is not None} - set(found)
    return [
        Post(
            AssigneeKind.STAFF,
            one.id,
            one.title,
            _rung(one, ancestors),
            people=_people(one.resident_id),
            leave=_leave(one),
            deputy_id=one.deputy_id,
            on_duty=one.on_duty and one.id in own,
        )
        for one in found.values()
    ]


def _areas(ancestors: Mapping[int, int]) -> Q:
    return Q(community_id=None, area_id__in=list(ancestors))


def _rung(staff: Staff, ancestors: Mapping[int, int]) -> int:
    return COMMUNITY if staff.community_id is not None else AREA + ancestors.get(staff.area_id or 0, 0)
