"""Staff change a slot: more or fewer places, called off, somebody taken off or let in before their turn."""

from __future__ import annotations

from models import SignUp, SignUpState, Slot, SlotState, writing
from services import access, audit
from services.access import Actor
from services.clock import now
from services.errors import Conflict, NotFound
from services.moving import needed
from services.slots import line, offerings, pushes

AHEAD = (SignUpState.HELD, SignUpState.OFFERED, SignUpState.WAITING, SignUpState.APPLIED)
"""States of a sign-up that staff may still end."""


class Oversubscribed(Conflict):
    """Fewer places than are held, or than a party that waits needs.

    `facts["affected"]`: who came last of those who hold places, enough of them to make room; or who waits.
    """

    code = "places_held"


async def resize(actor: Actor, slot_id: int, capacity: int) -> Slot:
    """Change how many places there are; more of them go to who waits, in order.

    Raises: NotFound, Forbidden, Oversubscribed (more are held, or who waits could never get in).
    """
    async with writing():
        slot = await locked(actor, slot_id)
        await line.fill(slot)
        if capacity < slot.taken:
            affected = await _last(slot, slot.taken - capacity)
            who = f"请先联系后报名的 {len(affected)} 家。"
            words = f"已有 {slot.taken} 个名额报出去了，不能减到 {capacity} 个。{who}"
            raise Oversubscribed(words, affected=affected)
        await _refuse_hopeless(slot, capacity)
        await _record(actor, slot, "slot.resize", before=slot.capacity, after=capacity)
        slot.capacity = capacity
        await line.fill(slot)
        await line.count(slot)
    return slot


async def call_off(actor: Actor, slot_id: int, reason: str) -> Slot:
    """The slot does not take place: every sign-up ends, and who made it is told why, once.

    Raises: NotFound, Forbidden, Invalid (no reason), Conflict (called off already, or over).
    """
    words = needed(reason, "请写明取消的原因，居民会看到。")
    async with writing():
        slot = await locked(actor, slot_id)
        if slot.state is SlotState.CALLED_OFF:
            raise Conflict("这一场已经取消了。")
        if now() >= slot.ends_at:
            raise Conflict("这一场已经结束，不能再取消。")
        await call_off_locked(actor, slot, words)
    return slot


async def call_off_locked(actor: Actor, slot: Slot, words: str) -> None:
    """What `call_off` does to a locked slot that takes place; also the clock's, for too few people."""
    slot.state = SlotState.CALLED_OFF
    await slot.save(update_fields=["state"])
    for one in await SignUp.filter(slot_id=slot.id, state__in=AHEAD).order_by("id"):
        await line.leave(slot, one, SignUpState.CANCELLED, words)
        await line.tell(slot, one, "called_off", pushes.called_off(slot, words))
    await line.count(slot)
    await _record(actor, slot, "slot.call_off", reason=words)


async def take_off(actor: Actor, sign_up_id: int, reason: str) -> SignUp:
    """End one sign-up for its household; whoever waits first is offered the places.

    Raises: NotFound, Forbidden, Invalid (no reason), Conflict (ended already).
    """
    words = needed(reason, "请写明取消的原因，居民会看到。")
    async with writing():
        slot, made = await _claimed(actor, sign_up_id)
        if made.state not in AHEAD:
            raise Conflict(f"这个报名现在是「{made.state.label}」，不能取消。")
        await line.leave(slot, made, SignUpState.CANCELLED, words)
        await line.tell(slot, made, "taken_off", pushes.taken_off(slot, words))
        await line.fill(slot)
        await line.count(slot)
        await _record(actor, slot, "sign_up.take_off", sign_up=made.id)
    return made


async def promote(actor: Actor, sign_up_id: int) -> SignUp:
    """Offer places to somebody before their turn, audited.

    Raises: NotFound, Forbidden, Conflict (no room, not waiting, or begun).
    """
    async with writing():
        slot, made = await _claimed(actor, sign_up_id)
        await line.fill(slot)
        await made.refresh_from_db()
        if made.state is not SignUpState.WAITING:
            raise Conflict(f"这个报名现在是「{made.state.label}」，不在候补里。")
        if now() >= line.given_until(slot):
            begun = "已经开始" if slot.offering.kind.fills_time else "已经结束"
            raise Conflict(f"这一场{begun}，不能再递补。")
        if made.party > slot.free:
            raise Conflict(f"只剩 {slot.free} 个名额，不够 {made.party} 个人。可以先增加名额。")
        await line.offer(slot, made)
        await line.count(slot)
        await _record(actor, slot, "sign_up.promote", sign_up=made.id)
    await made.refresh_from_db()
    return made


async def locked(actor: Actor, slot_id: int) -> Slot:
    """Lock a slot that is the actor's to steer, until their `writing()` ends. Raises: Forbidden, NotFound."""
    access.require_role(actor, *offerings.OPERATORS)
    slot = await line.lock(slot_id)
    if not offerings.operates(actor, slot.offering):
        raise NotFound("没有找到这个场次。")
    return slot


async def _claimed(actor: Actor, sign_up_id: int) -> tuple[Slot, SignUp]:
    made = await SignUp.get_or_none(id=sign_up_id)
    if made is None:
        raise NotFound("没有找到这个报名。")
    slot = await locked(actor, made.slot_id)
    await made.refresh_from_db()
    return slot, made


async def _last(slot: Slot, places: int) -> list[int]:
    """Ids of the sign-ups that came last, as many as hold these places."""
    found: list[int] = []
    held = SignUp.filter(slot_id=slot.id, state__in=(SignUpState.HELD, SignUpState.OFFERED))
    for one in await held.order_by("-id"):
        if places <= 0:
            break
        found.append(int(one.id))
        places -= one.party
    return found


async def _refuse_hopeless(slot: Slot, capacity: int) -> None:
    """Nobody is passed by in the line: a party that can never fit would hold up everybody behind it."""
    waiting = SignUp.filter(slot_id=slot.id, state=SignUpState.WAITING, party__gt=capacity)
    hopeless = [int(one.id) for one in await waiting.order_by("line")]
    if hopeless and capacity < slot.capacity:
        words = f"候补里有 {len(hopeless)} 家要的名额比 {capacity} 个多，减了就等不到了。请先联系他们。"
        raise Oversubscribed(words, affected=hopeless)


async def _record(actor: Actor, slot: Slot, action: str, **detail: object) -> None:
    await audit.record(actor, action, f"slot {slot.id}", community_id=slot.community_id, **detail)
