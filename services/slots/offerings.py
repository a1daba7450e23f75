"""What residents sign up for, from draft to archive, and its slots. A second person approves the words."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tortoise.expressions import Q

from models import (
    Community,
    Offering,
    OfferingKind,
    OfferingState,
    Organization,
    Role,
    ServiceProject,
    SignUp,
    Slot,
    writing,
)
from services import audit, media
from services.access import DESK, Actor, require_community, require_role
from services.clock import now
from services.errors import Conflict, Forbidden, IllegalMove, Invalid, NotFound
from services.slots import opening_hours, rooms, times

OPERATORS = DESK | {Role.ORGANIZATION_MANAGER}
"""Who may steer slots: the desk of the community, and the manager of the organization that operates them."""

_JOINT = ("age_from", "age_until", "organization_id", "project_id", "venue_id", "opening_hours")
"""What is checked together, whichever of them changes."""

_READ = frozenset(
    {"title", "description", "place", "audience", "poster", "tags", "questions", "survey"},
)
"""What residents read of an offering, and a second person approves."""

NEXT: Mapping[OfferingState, frozenset[OfferingState]] = {
    OfferingState.DRAFT: frozenset({OfferingState.PUBLISHED, OfferingState.ARCHIVED}),
    OfferingState.PUBLISHED: frozenset({OfferingState.CLOSED}),
    OfferingState.CLOSED: frozenset({OfferingState.PUBLISHED, OfferingState.ARCHIVED}),
    OfferingState.ARCHIVED: frozenset(),
}
"""From which state to which an offering may go."""


async def draft(actor: Actor, community_id: int, kind: OfferingKind, values: Mapping[str, Any]) -> Offering:
    """Write a new offering that nobody but staff sees yet.

    Raises: Forbidden, NotFound (organization, project, venue), Invalid (ages the wrong way round, hours
    that overlap, a project of another organization).
    """
    require_role(actor, *DESK)
    require_community(actor, community_id)
    _check_ages(values)
    async with writing():
        await _check_links(community_id, values)
        community = await Community.get(id=community_id)
        made = await Offering.create(
            community=community, kind=kind, written_by_id=actor.staff_id, **dict(values)
        )
        await audit.record(actor, "offering.draft", f"offering {made.id}", community_id=community_id)
    return made


async def change(actor: Actor, offering_id: int, values: Mapping[str, Any]) -> Offering:
    """Change an offering; what residents read of a published or closed one has to be approved anew.

    The address of a poster takes the place of an uploaded one; the file of whatever is replaced goes.
    Raises: NotFound, Invalid, Conflict (archived, or the room it moves into is taken at its times).
    """
    async with writing():
        _ = await Offering.filter(id=offering_id).select_for_update().first()
        offering = await steered(actor, offering_id)
        if offering.state is OfferingState.ARCHIVED:
            raise Conflict("已归档的不能再改，请新建一个。")
        kept = {name: getattr(offering, name) for name in _JOINT}
        _check_ages(kept | dict(values))
        await _check_links(offering.community_id, kept | dict(values), offering.id)
        old_file = offering.poster_path
        if values.get("poster"):
            offering.poster_path = ""
        new_words = values.keys() & _READ
        if new_words and offering.state is not OfferingState.DRAFT:
            offering.state, offering.approved_by_id = OfferingState.DRAFT, None
        if new_words:
            offering.written_by_id = actor.staff_id
        await offering.update_from_dict(dict(values)).save()
        if offering.venue_id not in (None, kept["venue_id"]):
            await rooms.check_moved(offering)
        await audit.record(
            actor, "offering.change", f"offering {offering.id}", community_id=offering.community_id
        )
    if old_file and old_file != offering.poster_path:
        await asyncio.to_thread(media.drop, old_file)
    return offering


async def move(actor: Actor, offering_id: int, to: OfferingState) -> Offering:
    """Publish, close or archive; who wrote the words does not approve them.

    Raises: NotFound, IllegalMove, Forbidden (their own words).
    """
    async with writing():
        offering = await steered(actor, offering_id)
        if to not in NEXT[offering.state]:
            raise IllegalMove(f"现在是「{offering.state.label}」，不能改成「{to.label}」。")
        if to is OfferingState.PUBLISHED:
            if offering.written_by_id == actor.staff_id:
                raise Forbidden("自己写的要由另一位工作人员审核发布。")
            offering.approved_by_id = actor.staff_id
        before = offering.state
        if not await Offering.filter(id=offering.id, state=before).update(
            state=to, approved_by_id=offering.approved_by_id
        ):
            raise IllegalMove("刚刚有人改过，请刷新再试。")
        offering.state = to
        what = f"offering {offering.id}"
        await audit.record(
            actor,
            "offering.move",
            what,
            community_id=offering.community_id,
            before=before.value,
            after=to.value,
        )
    return offering


async def add_slot(
    actor: Actor, offering_id: int, starts_at: datetime, ends_at: datetime, capacity: int, **moments: datetime
) -> Slot:
    """Add a time; sign-up opens at once and ends when it starts, where `opens_at`, `closes_at` say nothing.

    Raises: NotFound, Invalid (times the wrong way round, or over), Conflict (the venue is taken then).
    """
    async with writing():
        offering = await operated(actor, offering_id)
        opens_at = moments.get("opens_at", offering.created_at)
        closes_at = moments.get("closes_at", starts_at)
        if not starts_at < ends_at or not opens_at < closes_at <= ends_at:
            raise Invalid("时间顺序不对：报名开始、报名截止、开始、结束要一个比一个晚。")
        if ends_at <= now():
            raise Invalid("这个时间已经过去了，请写今后的时间。")
        await rooms.lock(offering)
        await rooms.check_free(offering, starts_at, ends_at)
        slot = await Slot.create(
            offering=offering,
            community_id=offering.community_id,
            starts_at=starts_at,
            ends_at=ends_at,
            opens_at=opens_at,
            closes_at=closes_at,
            capacity=capacity,
            decide_at=times.deciding(starts_at, closes_at, now()),
        )
        await audit.record(actor, "slot.add", f"slot {slot.id}", community_id=offering.community_id)
    return slot


async def steered(actor: Actor, offering_id: int) -> Offering:
    """The offering, when it is the actor's to steer. Raises: Forbidden, NotFound."""
    require_role(actor, *DESK)
    found = await Offering.get_or_none(id=offering_id)
    if found is None or found.community_id not in actor.community_ids:
        raise NotFound("没有找到这个活动或场地。")
    return found


async def operated(actor: Actor, offering_id: int) -> Offering:
    """The offering, when its slots are the actor's to steer. Raises: Forbidden, NotFound."""
    require_role(actor, *OPERATORS)
    found = await Offering.get_or_none(id=offering_id)
    if found is None or not operates(actor, found):
        raise NotFound("没有找到这个活动或场地。")
    return found


def operates(actor: Actor, offering: Offering) -> bool:
    """Whether slots of the offering are the actor's to steer, given a role of `OPERATORS`."""
    if actor.organization_id is not None:
        return offering.organization_id == actor.organization_id
    return offering.community_id in actor.community_ids


async def page(actor: Actor, before: int | None, limit: int) -> list[Offering]:
    """Offerings in the actor's scope, or of their organization, newest first."""
    require_role(actor, *OPERATORS)
    own = Q(organization_id=actor.organization_id)
    found = Offering.filter(own if actor.organization_id else Q(community_id__in=actor.community_ids))
    if before is not None:
        found = found.filter(id__lt=before)
    return await found.order_by("-id").limit(limit)


async def slots_of(actor: Actor, offering_id: int, before: int | None, limit: int) -> list[Slot]:
    """The slots of an offering, the last added first. Raises: NotFound."""
    offering = await operated(actor, offering_id)
    found = Slot.filter(offering_id=offering.id)
    if before is not None:
        found = found.filter(id__lt=before)
    return await found.order_by("-id").limit(limit)


async def sign_ups_of(actor: Actor, slot_id: int, before: int | None, limit: int) -> list[SignUp]:
    """Who signed up for a slot, the last first, with the resident. Raises: NotFound."""
    require_role(actor, *OPERATORS)
    slot = await Slot.get_or_none(id=slot_id).select_related("offering")
    if slot is None or not operates(actor, slot.offering):
        raise NotFound("没有找到这个场次。")
    found = SignUp.filter(slot_id=slot.id)
    if before is not None:
        found = found.filter(id__lt=before)
    return await found.order_by("-id").limit(limit).select_related("resident")


def _check_ages(values: Mapping[str, Any]) -> None:
    low, high = values.get("age_from"), values.get("age_until")
    if low is not None and high is not None and low > high:
        raise Invalid("年龄范围写反了。")


async def _check_links(community_id: int, values: Mapping[str, Any], own_id: int | None = None) -> None:
    opening_hours.check(opening_hours.Piece.of(one) for one in values.get("opening_hours") or ())
    organization, project, venue = (values.get(f"{name}_id") for name in ("organization", "project", "venue"))
    if organization is not None and not await Organization.exists(id=organization):
        raise NotFound("没有这个社会组织。")
    if project is not None:
        bought = await ServiceProject.get_or_none(id=project)
        if bought is None:
            raise NotFound("没有这个服务项目。")
        if organization != bought.organization_id:
            raise Invalid("服务项目要和承办的社会组织一致。")
    if venue is not None:
        there = Offering.filter(id=venue, kind=OfferingKind.VENUE, community_id=community_id)
        if venue == own_id or not await there.exists():
            raise NotFound("没有这个场地。")
