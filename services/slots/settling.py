"""After the end of a slot: who came, who stayed away, and what follows. It may be done again at any time.

What a device reports late, and what staff say of the attendance, only makes the slot unsettled: the clock
then comes to what would have been settled with it from the start.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from models import (
    Attendance,
    OfferingKind,
    Presence,
    SignUp,
    SignUpPerson,
    SignUpState,
    Slot,
    SlotState,
    writing,
)
from services import audit, deliveries
from services.access import Actor
from services.clock import now
from services.errors import Invalid
from services.moving import needed
from services.slots import absences, hours, line, moments, steering

CAME_OR_NOT = (SignUpState.HELD, SignUpState.ATTENDED, SignUpState.ABSENT)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a sign-up, and who of its named people stayed away."""

    state: SignUpState
    absent: frozenset[str]


def counts(*, said: Attendance, anybody: bool, counts_absence: bool, takes_place: bool) -> bool:
    """Whether staying away counts: where attendance was taken, by what staff say or by what was used."""
    taken = said is Attendance.TAKEN or (said is Attendance.UNSAID and anybody)
    return taken and counts_absence and takes_place


def verdict(named: Collection[str], present: Collection[str], *, absence_counts: bool) -> Verdict:
    """Of one sign-up that held places; guests, who have no name, are missed by nobody."""
    absent = frozenset(named) - frozenset(present) if absence_counts else frozenset[str]()
    if present:
        return Verdict(SignUpState.ATTENDED, absent)
    return Verdict(SignUpState.ABSENT if absence_counts else SignUpState.HELD, absent)


async def settle_due(limit: int = 50) -> int:
    """Settle up to `limit` slots that are over; returns how many were looked at."""
    due = Slot.filter(settled_at=None, ends_at__lte=now() - moments.GRACE)
    found = await due.order_by("ends_at").limit(limit)
    for one in found:
        async with writing():
            slot = await line.lock(one.id)
            if slot.settled_at is None:
                await _settle(slot)
    if found:
        deliveries.wake()
    return len(found)


async def say(actor: Actor, slot_id: int, attendance: Attendance, reason: str) -> Slot:
    """Staff say that attendance was taken (though nobody may have come), or was not. Audited.

    Raises: NotFound, Forbidden, Invalid (no reason, or the slot is still ahead).
    """
    words = needed(reason, "请写明原因，会留痕。")
    async with writing():
        slot = await steering.locked(actor, slot_id)
        if now() < slot.starts_at:
            raise Invalid("这一场还没有开始。")
        slot.attendance, slot.settled_at = attendance, None
        await slot.save(update_fields=["attendance", "settled_at"])
        await audit.record(
            actor,
            "slot.attendance",
            f"slot {slot.id}",
            community_id=slot.community_id,
            said=attendance.value,
            reason=words,
        )
    return slot


async def _settle(slot: Slot) -> None:
    sign_ups = await SignUp.filter(slot_id=slot.id, state__in=CAME_OR_NOT).order_by("id")
    present = _grouped([(one.sign_up_id, one.person) for one in await Presence.filter(slot_id=slot.id)])
    people = await SignUpPerson.filter(slot_id=slot.id, active=True)
    named = _grouped([(one.sign_up_id, one.person) for one in people])
    count = counts(
        said=slot.attendance,
        anybody=bool(present),
        counts_absence=slot.offering.counts_absence,
        takes_place=slot.state is SlotState.OPEN,
    )
    found = {one.id: verdict(named[one.id], present[one.id], absence_counts=count) for one in sign_ups}
    for state in CAME_OR_NOT:
        changed = [one.id for one in sign_ups if found[one.id].state is state is not one.state]
        if changed:
            await SignUp.filter(id__in=changed).update(state=state)
    await absences.replace(slot, [(one, found[one.id].absent) for one in sign_ups])
    if slot.offering.kind is OfferingKind.SHIFT:
        came = [(one, frozenset(named[one.id]) & frozenset(present[one.id])) for one in sign_ups]
        await hours.replace(slot, came)
    await _end_line(slot)
    await Slot.filter(id=slot.id).update(settled_at=now())


async def _end_line(slot: Slot) -> None:
    """Whoever still waits waits for nothing any more; they know when it was, so nobody is told."""
    for one in await SignUp.filter(slot_id=slot.id, state=SignUpState.WAITING).order_by("line"):
        await line.leave(slot, one, SignUpState.LAPSED, "没有等到名额")
    await line.count(slot)


def _grouped(pairs: Collection[tuple[int, str]]) -> defaultdict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    for sign_up_id, person in pairs:
        found[sign_up_id].append(person)
    return found
