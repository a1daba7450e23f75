"""Rehearse a change of keywords, scopes or preferences over past appeals before it is saved.

Reads what the pure `services.rehearsal` needs, in statements whose number does not grow with the appeals.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from tortoise.expressions import Q

from models import Area, AssigneeKind, Category, Community, Grid, Lesson, ServiceScope, writing
from nlp.judge import OTHER
from nlp.weights import fitted
from services import audit, rosters, understanding
from services.access import DESK, Actor, require_community, require_role, visible_appeals
from services.clock import china_today
from services.errors import Conflict, Invalid, NotFound
from services.ranking import Situation
from services.rehearsal import (
    KeywordChange,
    Kind,
    Past,
    Rehearsed,
    ScopeChange,
    World,
    changed_keywords,
    changed_kinds,
    changed_roster,
    rehearse,
)
from services.roster import Breadth, Post, Roster, Scope
from services.service_scopes import Place
from services.understanding import Knowledge

MOST_APPEALS = 2000
MOST_COMMUNITIES = 60
_FRESH_ROSTER_TRIES = 3


@dataclass(frozen=True, slots=True)
class NewScope:
    """A scope that an organization might get."""

    organization_id: int
    category: str
    place: Place


@dataclass(frozen=True, slots=True)
class Plan:
    """The change to rehearse."""

    keywords: Sequence[KeywordChange] = ()
    prefers: Mapping[str, AssigneeKind] | None = None
    new_scopes: Sequence[NewScope] = ()
    ended_scopes: Collection[int] = ()


async def run(actor: Actor, plan: Plan, *, community_id: int | None, last: int) -> Rehearsed:
    """What the plan would move among the `last` newest appeals in sight; audited, nothing is saved.

    Raises: Forbidden (role, foreign community), NotFound (category, organization, scope, place), Invalid (too
    many communities), Conflict (no categories yet).
    """
    require_role(actor, *DESK)
    if community_id is not None:
        require_community(actor, community_id)
    known = await understanding.knowledge()
    pasts = await _pasts(actor, community_id, min(last, MOST_APPEALS))
    before = await _present(known, {past.community_id for past in pasts})
    after = await _planned(known, before, plan)
    found = await asyncio.to_thread(rehearse, pasts, before, after)
    async with writing():
        await audit.record(
            actor, "rehearsal.run", f"{len(pasts)} appeals", community_id=community_id, last=last
        )
    return found


async def _pasts(actor: Actor, community_id: int | None, last: int) -> list[Past]:
    """The newest appeals with words, and what people said about them."""
    found = visible_appeals(actor).filter(~Q(text=""))
    if community_id is not None:
        found = found.filter(community_id=community_id)
    rows = (
        await found.order_by("-id")
        .limit(last)
        .values_list(
            "id", "community_id", "text", "grid_id", "resident_id", "category__delicate", "about_conduct"
        )
    )
    said = Lesson.filter(~Q(category=""), appeal_id__in=[row[0] for row in rows]).order_by("id")
    labels = dict(await said.values_list("appeal_id", "category"))
    return [
        Past(number, community, text, grid, reporter, labels.get(number, ""), bool(delicate or conduct))
        for number, community, text, grid, reporter, delicate, conduct in rows
    ]


async def _present(known: Knowledge, communities: Collection[int]) -> World:
    """Today's world of these communities."""
    if OTHER not in known.categories:
        raise Conflict("还没有类别和关键词，请先装入模板包。")
    if len(communities) > MOST_COMMUNITIES:
        raise Invalid("涉及的村（社区）太多，请选一个，或减少诉求数。")
    kinds = {code: Kind(one.id, code, one.prefers) for code, one in known.categories.items() if one.active}
    other = known.categories[OTHER]
    for _ in range(_FRESH_ROSTER_TRIES):
        # Rosters are kept in memory: this loop asks the database only for those that nobody used lately.
        found = {one: await rosters.of(one) for one in communities}
        situation = await _situation(list(found.values()))
        if situation is not None:
            return World(known.lexicon, kinds, Kind(other.id, OTHER, other.prefers), found, situation)
    raise Conflict("名册正在变动，请稍后再试。")


async def _situation(found: list[Roster]) -> Situation | None:
    """Loads and channels of everybody in these rosters; None when one of them is no longer the newest."""
    posts = {post.key: post for roster in found for post in roster}
    oldest = min(found, key=lambda roster: roster.revision, default=None)
    if oldest is None:
        return Situation(china_today())
    return await rosters.situation(oldest, list(posts.values()))


async def _planned(known: Knowledge, before: World, plan: Plan) -> World:
    """The same world after the change."""
    codes = {one.category for one in plan.keywords} | set(plan.prefers or {})
    missing = codes - before.kinds.keys()
    if missing:
        raise NotFound(f"没有“{min(missing)}”这个类别。")
    lexicon = before.lexicon
    if plan.keywords:
        keywords = changed_keywords(known.hand_written, plan.keywords)
        lexicon = await asyncio.to_thread(fitted, keywords, known.weights, version="rehearsal")
    kinds = changed_kinds(before.kinds, plan.prefers or {})
    changes = [*await _ended(plan.ended_scopes, before), *await _new(plan.new_scopes, before)]
    changed = {one: changed_roster(roster, changes) for one, roster in before.rosters.items()}
    situation = before.situation
    newcomers = [one.post for one in changes if one.added]
    if newcomers:
        situation = await _with(newcomers, before)
    return replace(
        before,
        lexicon=lexicon,
        kinds=kinds,
        fallback=kinds[before.fallback.code],
        rosters=changed,
        situation=situation,
    )


async def _with(newcomers: list[Post], before: World) -> Situation:
    """The situation with those who serve none of these communities yet."""
    roster = min(before.rosters.values(), key=lambda one: one.revision, default=None)
    found = await rosters.situation(roster, newcomers) if roster is not None else None
    if found is None:
        return before.situation
    loads = {**before.situation.loads, **found.loads}
    return replace(before.situation, loads=loads, live={*before.situation.live, *found.live})


async def _ended(ids: Collection[int], before: World) -> list[ScopeChange]:
    """Scopes that are taken away, as the rosters hold them."""
    if not ids:
        return []
    rows = await ServiceScope.filter(id__in=list(ids)).select_related("project")
    missing = set(ids) - {one.id for one in rows}
    if missing:
        raise NotFound(f"没有找到服务范围 {min(missing)}。")
    everywhere = frozenset(before.rosters)
    return [
        ScopeChange(_post(one.organization_id), rosters.scope_of(one), everywhere, added=False)
        for one in rows
    ]


async def _new(wanted: Sequence[NewScope], before: World) -> list[ScopeChange]:
    """Scopes that are added, with whoever would serve."""
    if not wanted:
        return []
    codes = await _ids({one.category for one in wanted})
    posts = await rosters.organizations({one.organization_id: () for one in wanted})
    serving = {post.id: post for post in posts}
    places = await _Places.read([one.place for one in wanted], before)
    changes: list[ScopeChange] = []
    for one in wanted:
        post = serving.get(one.organization_id)
        if post is None:
            raise NotFound(f"没有找到社会组织 {one.organization_id}。")
        breadth, reach = places.of(one.place)
        scope = Scope(codes[one.category], breadth, one.place.grid_id)
        changes.append(ScopeChange(post, scope, reach, added=True))
    return changes


async def _ids(codes: set[str]) -> dict[str, int]:
    found = {one.code: one.id for one in await Category.filter(code__in=list(codes))}
    missing = codes - found.keys()
    if missing:
        raise NotFound(f"没有“{min(missing)}”这个类别。")
    return found


def _post(organization_id: int) -> Post:
    return Post(AssigneeKind.ORGANIZATION, organization_id, "")


@dataclass(frozen=True, slots=True)
class _Places:
    """Which of the communities at hand a place reaches."""

    grids: Mapping[int, int]
    communities: frozenset[int]
    parents: Mapping[int, int | None]
    areas: Mapping[int, int]

    @classmethod
    async def read(cls, places: Sequence[Place], before: World) -> _Places:
        """Three queries, however many places; areas are some dozens."""
        wanted = [one.grid_id for one in places if one.grid_id is not None]
        grids = {one.id: one.community_id for one in await Grid.filter(id__in=wanted)}
        named = [one.community_id for one in places if one.community_id is not None]
        communities = frozenset(one.id for one in await Community.filter(id__in=named))
        parents = {one.id: one.parent_id for one in await Area.all()}
        known = (await understanding.knowledge()).communities
        areas = {one.id: one.area_id for one in known if one.id in before.rosters}
        return cls(grids, communities, parents, areas)

    def of(self, place: Place) -> tuple[Breadth, frozenset[int]]:
        """How narrow the place is, and where it reaches. Raises: Invalid, NotFound."""
        if sum(one is not None for one in (place.area_id, place.community_id, place.grid_id)) != 1:
            raise Invalid("服务范围要写明一个地区、村（社区）或网格。")
        if place.grid_id is not None:
            if place.grid_id not in self.grids:
                raise NotFound("没有找到这个网格。")
            return Breadth.GRID, frozenset({self.grids[place.grid_id]})
        if place.community_id is not None:
            if place.community_id not in self.communities:
                raise NotFound("没有找到这个村（社区）。")
            return Breadth.COMMUNITY, frozenset({place.community_id})
        if place.area_id not in self.parents:
            raise NotFound("没有找到这个地区。")
        return Breadth.AREA, frozenset(
            c for c, area in self.areas.items() if self._below(area, place.area_id)
        )

    def _below(self, area: int | None, top: int | None) -> bool:
        while area is not None and area != top:
            area = self.parents.get(area)
        return area is not None
