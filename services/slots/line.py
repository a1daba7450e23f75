"""The waiting list of a slot: strict order, and offers that hold their places until they expire.

Everything here runs under the lock of the slot's row; whoever also locks a household did that before.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from tortoise.expressions import F

from models import Notice, SignUp, SignUpPerson, SignUpState, Slot, SlotState, writing
from services import deliveries
from services.clock import now
from services.deliveries import Told
from services.errors import NotFound
from services.slots import pushes, reminders


async def lock(slot_id: int) -> Slot:
    """Lock the slot until the caller's `writing()` ends, and read it with its offering. Raises: NotFound."""
    if not await Slot.filter(id=slot_id).update(line=F("line")):
        raise NotFound("没有找到这个场次。")
    return await Slot.get(id=slot_id).select_related("offering")


def given_until(slot: Slot) -> datetime:
    """Until when places are of use to somebody who waits: a plot all through its season."""
    return slot.starts_at if slot.offering.kind.fills_time else slot.ends_at


async def count(slot: Slot) -> None:
    """Write the counters of a locked slot."""
    await slot.save(update_fields=["capacity", "taken", "waiting", "line"])


async def fill(slot: Slot) -> None:
    """Take back offers that have expired, then offer free places in the order of the line.

    The first who waits is never passed by, whatever the size of their party. Counters are not yet written.
    """
    await _lapse(slot)
    if slot.state is not SlotState.OPEN or now() >= given_until(slot):
        return
    while slot.waiting:
        first = await SignUp.filter(slot_id=slot.id, state=SignUpState.WAITING).order_by("line").first()
        if first is None or first.party > slot.free:
            return
        await offer(slot, first)


async def offer(slot: Slot, waiting: SignUp) -> None:
    """Hold places for one who waits, and tell them, once: they answer 接受 before the offer expires."""
    until = min(now() + timedelta(minutes=slot.offering.offer_minutes), given_until(slot))
    await SignUp.filter(id=waiting.id).update(state=SignUpState.OFFERED, offered_until=until)
    slot.taken += waiting.party
    slot.waiting -= 1
    await tell(slot, waiting, "offer", pushes.offered(slot, waiting.party, until))


async def tidy_due(limit: int = 100) -> int:
    """Pass expired offers on to who waits next, for up to `limit` of them; returns how many slots it was.

    An expired offer counts for nothing from its moment on; this only sees to it that the next one hears soon.
    """
    expired = SignUp.filter(state=SignUpState.OFFERED, offered_until__lte=now())
    found = sorted({one.slot_id for one in await expired.order_by("offered_until").limit(limit)})
    for slot_id in found:
        async with writing():
            slot = await lock(slot_id)
            await fill(slot)
            await count(slot)
    if found:
        deliveries.wake()
    return len(found)


async def leave(slot: Slot, sign_up: SignUp, state: SignUpState, reason: str = "") -> None:
    """End a sign-up: its places are free, its people may sign up anew. Counters are not yet written."""
    if sign_up.state is SignUpState.WAITING:
        slot.waiting -= 1
    elif sign_up.state.holds:
        slot.taken -= sign_up.party
    await SignUp.filter(id=sign_up.id).update(
        state=state, ended_at=now(), offered_until=None, reason=reason[:200]
    )
    await SignUpPerson.filter(sign_up_id=sign_up.id).update(active=False)
    if sign_up.state is SignUpState.HELD:
        await reminders.take_back(sign_up)
    sign_up.state = state


async def tell(slot: Slot, sign_up: SignUp, what: str, payload: pushes.Payload) -> None:
    """Push something about a sign-up to who made it; once for each `what`."""
    event = f"sign_up:{sign_up.id}:{what}"
    told = Told(Notice.PLACE, sign_up.resident_id, event, payload, community_id=slot.community_id)
    await deliveries.queue(told)


async def _lapse(slot: Slot) -> None:
    offered = SignUp.filter(slot_id=slot.id, state=SignUpState.OFFERED, offered_until__lte=now())
    for one in await offered.order_by("line"):
        await leave(slot, one, SignUpState.LAPSED, "没有在时限内接受")
        await tell(slot, one, "lapsed", pushes.lapsed(slot))
