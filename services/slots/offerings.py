"""What residents sign up for, from draft to archive, and its slots. A second person approves the words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from models import Community, Offering, OfferingKind, OfferingState, Organization, SignUp, Slot, writing
from services import audit
from services.access import DESK, Actor, require_community, require_role
from services.errors import Conflict, Forbidden, IllegalMove, Invalid, NotFound

NEXT: Mapping[OfferingState, frozenset[OfferingState]] = {
    OfferingState.DRAFT: frozenset({OfferingState.PUBLISHED, OfferingState.ARCHIVED}),
    OfferingState.PUBLISHED: frozenset({OfferingState.CLOSED}),
    OfferingState.CLOSED: frozenset({OfferingState.PUBLISHED, OfferingState.ARCHIVED}),
    OfferingState.ARCHIVED: frozenset(),
}
"""From which state to which an offering may go."""


async def draft(actor: Actor, community_id: int, kind: OfferingKind, values: Mapping[str, Any]) -> Offering:
    """Write a new offering that nobody but staff sees yet.

    Raises: Forbidden, NotFound (organization), Invalid (ages the wrong way round).
    """
    require_role(actor, *DESK)
    require_community(actor, community_id)
    _check_ages(values)
    async with writing():
        await _check_organization(values)
        community = await Community.get(id=community_id)
        made = await Offering.create(
            community=community, kind=kind, written_by_id=actor.staff_id, **dict(values)
        )
        await audit.record(actor, "offering.draft", f"offering {made.id}", community_id=community_id)
    return made


async def change(actor: Actor, offering_id: int, values: Mapping[str, Any]) -> Offering:
    """Change an offering; what residents read of a published one has to be approved anew.

    Raises: NotFound, Invalid, Conflict (archived).
    """
    async with writing():
        offering = await steered(actor, offering_id)
        if offering.state is OfferingState.ARCHIVED:
            raise Conflict("已归档的不能再改，请新建一个。")
        kept = {name: getattr(offering, name) for name in ("age_from", "age_until")}
        _check_ages(kept | dict(values))
        await _check_organization(values)
        new_words = values.keys() & {"title", "description", "place"}
        if new_words and offering.state is OfferingState.PUBLISHED:
            offering.state, offering.approved_by_id = OfferingState.DRAFT, None
        if new_words:
            offering.written_by_id = actor.staff_id
        await offering.update_from_dict(dict(values)).save()
        await audit.record(
            actor, "offering.change", f"offering {offering.id}", community_id=offering.community_id
        )
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
    actor: Actor, offering_id: int, starts_at: datetime, ends_at: datetime, capacity: int, **times: datetime
) -> Slot:
    """Add a time; sign-up opens at once and ends when it starts, where `opens_at`, `closes_at` say nothing.

    Raises: NotFound, Invalid (times the wrong way round).
    """
    async with writing():
        offering = await steered(actor, offering_id)
        opens_at, closes_at = times.get("opens_at", offering.created_at), times.get("closes_at", starts_at)
        if not starts_at < ends_at or not opens_at < closes_at <= ends_at:
            raise Invalid("时间顺序不对：报名开始、报名截止、开始、结束要一个比一个晚。")
        slot = await Slot.create(
            offering=offering,
            community_id=offering.community_id,
            starts_at=starts_at,
            ends_at=ends_at,
            opens_at=opens_at,
            closes_at=closes_at,
            capacity=capacity,
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


async def page(actor: Actor, before: int | None, limit: int) -> list[Offering]:
    """Offerings in the actor's scope, newest first."""
    require_role(actor, *DESK)
    found = Offering.filter(community_id__in=actor.community_ids)
    if before is not None:
        found = found.filter(id__lt=before)
    return await found.order_by("-id").limit(limit)


async def slots_of(actor: Actor, offering_id: int, before: int | None, limit: int) -> list[Slot]:
    """The slots of an offering, the last added first. Raises: NotFound."""
    offering = await steered(actor, offering_id)
    found = Slot.filter(offering_id=offering.id)
    if before is not None:
        found = found.filter(id__lt=before)
    return await found.order_by("-id").limit(limit)


async def sign_ups_of(actor: Actor, slot_id: int, before: int | None, limit: int) -> list[SignUp]:
    """Who signed up for a slot, the last first, with the resident. Raises: NotFound."""
    require_role(actor, *DESK)
    slot = await Slot.get_or_none(id=slot_id)
    if slot is None or slot.community_id not in actor.community_ids:
        raise NotFound("没有找到这个场次。")
    found = SignUp.filter(slot_id=slot.id)
    if before is not None:
        found = found.filter(id__lt=before)
    return await found.order_by("-id").limit(limit).select_related("resident")


def _check_ages(values: Mapping[str, Any]) -> None:
    low, high = values.get("age_from"), values.get("age_until")
    if low is not None and high is not None and low > high:
        raise Invalid("年龄范围写反了。")


async def _check_organization(values: Mapping[str, Any]) -> None:
    wanted = values.get("organization_id")
    if wanted is not None and not await Organization.exists(id=wanted):
        raise NotFound("没有这个社会组织。")
