"""Lots are drawn: by the clock when applications close, or by whoever brings the public number."""

from __future__ import annotations

from dataclasses import dataclass

from models import Draw, OfferingState, SignUp, SignUpState, Slot, SlotState, writing
from services import access, audit, deliveries
from services.access import Actor
from services.clock import now
from services.errors import Conflict, Invalid, NotFound
from services.slots import line, lots, offerings, pushes

_VISIBLE = (OfferingState.PUBLISHED, OfferingState.CLOSED, OfferingState.ARCHIVED)


@dataclass(frozen=True, slots=True)
class Published:
    """What anybody may read of a draw, and all that is needed to draw it again.

    Before applications close there are no `applications`; before the lots are drawn no `seed` and no `order`.
    """

    draw: Draw
    slot: Slot
    applications: list[int]
    closed: bool
    seed: str | None
    order: list[int]

    @property
    def list_hash(self) -> str | None:
        """SHA-256 of the canonical list, once applications are closed: to be noted before the lots are."""
        return lots.fingerprint(lots.canonical(self.applications)) if self.closed else None

    @property
    def won(self) -> list[int]:
        """Applications that got a place when the lots were drawn."""
        return self.order[: self.draw.places]


async def draw_now(actor: Actor, slot_id: int, public_value: str = "") -> Draw:
    """Draw the lots of a slot whose applications are closed, with the public number that was named.

    Raises: NotFound, Forbidden, Conflict (too early, drawn already), Invalid (number missing, or none named).
    """
    access.require_role(actor, *access.DESK)
    async with writing():
        slot = await line.lock(slot_id)
        draw = await Draw.get_or_none(slot_id=slot.id)
        if draw is None or slot.community_id not in actor.community_ids:
            raise NotFound("没有找到这一季的抽签。")
        if draw.drawn_at is not None:
            raise Conflict("已经抽过签了，结果不能改。")
        if slot.state is not SlotState.OPEN:
            raise Conflict("这一季取消了。")
        if now() < slot.closes_at:
            raise Conflict("申请还没截止，不能抽签。")
        if bool(draw.public_source) is not bool(public_value):
            hint = f"请填写「{draw.public_source}」。" if draw.public_source else "这次抽签没有约定公开号码。"
            raise Invalid(hint)
        await draw_locked(actor, slot, draw, public_value)
    deliveries.wake()
    return draw


async def draw_locked(actor: Actor, slot: Slot, draw: Draw, public_value: str = "") -> None:
    """Give the free places by lot; the rest stand in the line in the order of their lots; all are told."""
    applied = {int(one.id): one for one in await SignUp.filter(slot_id=slot.id, state=SignUpState.APPLIED)}
    draw.applications = sorted(applied)
    draw.public_value, draw.drawn_at = public_value, now()
    draw.places = min(len(applied), max(slot.free, 0))
    for place, number in enumerate(lots.order(draw.seed, public_value, applied)):
        await _settle(slot, applied[number], place, draw.places)
    slot.decide_at = None
    await slot.save(update_fields=["decide_at"])
    await draw.save(update_fields=["applications", "public_value", "drawn_at", "places"])
    await line.count(slot)
    detail = {"applications": len(applied), "places": draw.places, "public_value": public_value}
    await audit.record(actor, "slot.draw", f"slot {slot.id}", community_id=slot.community_id, **detail)


async def _settle(slot: Slot, made: SignUp, place: int, places: int) -> None:
    """Tell one application its lot; `place` counts from 0. A party of a slot by lot is one place."""
    if place < places:
        slot.taken += made.party
        await SignUp.filter(id=made.id).update(state=SignUpState.HELD)
        await line.tell(slot, made, "drawn", pushes.won(slot, made.id))
        return
    slot.waiting += 1
    slot.line += 1
    await SignUp.filter(id=made.id).update(state=SignUpState.WAITING, line=slot.line)
    await line.tell(slot, made, "drawn", pushes.waits(slot, made.id, place - places + 1))


async def published(slot_id: int) -> Published:
    """The draw of a slot as everybody may read it. Raises: NotFound (none, or not yet published)."""
    draw = await Draw.get_or_none(slot_id=slot_id).select_related("slot__offering")
    if draw is None or draw.slot.offering.state not in _VISIBLE:
        raise NotFound("没有找到这一季的抽签。")
    return await shown(draw)


async def seen(actor: Actor, slot_id: int) -> Published:
    """The same for whoever steers the slot, before it is published too. Raises: NotFound, Forbidden."""
    access.require_role(actor, *offerings.OPERATORS)
    draw = await Draw.get_or_none(slot_id=slot_id).select_related("slot__offering")
    if draw is None or not offerings.operates(actor, draw.slot.offering):
        raise NotFound("没有找到这一季的抽签。")
    return await shown(draw)


async def shown(draw: Draw) -> Published:
    """What of a draw (with its slot) may be known at this moment."""
    if draw.drawn_at is not None:
        order = lots.order(draw.seed, draw.public_value, draw.applications)
        return Published(draw, draw.slot, draw.applications, True, draw.seed, order)
    closed = now() >= draw.slot.closes_at
    applied = SignUp.filter(slot_id=draw.slot_id, state=SignUpState.APPLIED).order_by("id")
    numbers = [int(one.id) for one in await applied] if closed else []
    return Published(draw, draw.slot, numbers, closed, None, [])
