"""One person under another key in all that is about slots, for when two rows turn out to be one person."""

from __future__ import annotations

from models import Absence, Block, Presence, SignUp, SignUpPerson, SignUpState, Slot, VolunteerHours
from services.slots import checkin, line

_TWICE = "同一个人报了两次"
_NAMED_IN = (SignUpPerson, Presence, Absence, Block, VolunteerHours)


async def rename(was: str, now_is: str) -> None:
    """Let everything of `was` be that of `now_is`; who stands in one slot by both stands there once.

    In the caller's `writing()`, which has locked the households; locks the slots.
    """
    slots = await SignUpPerson.filter(person=now_is, active=True).values_list("slot_id", flat=True)
    both = SignUpPerson.filter(person=was, active=True, slot_id__in=list(slots))
    for one in await both.order_by("slot_id"):
        await _stand_once(await line.lock(one.slot_id), was, now_is)
    for model in _NAMED_IN:
        await model.filter(person=was).update(person=now_is)


async def _stand_once(slot: Slot, was: str, now_is: str) -> None:
    """By the sign-up by which they came, else by that of the key that stays."""
    other, kept = [
        await SignUp.get(slot_id=slot.id, people__person=key, people__active=True) for key in (was, now_is)
    ]
    by_other = other.state is SignUpState.ATTENDED and kept.state is not SignUpState.ATTENDED
    await _drop(slot, *((kept, now_is) if by_other else (other, was)))
    await line.fill(slot)
    await line.count(slot)
    await checkin.unsettle(slot)


async def _drop(slot: Slot, made: SignUp, person: str) -> None:
    """Take one person out of a sign-up; whoever else is in it keeps their places."""
    await Presence.filter(sign_up_id=made.id, person=person).delete()
    if made.party == 1:
        await line.leave(slot, made, SignUpState.CANCELLED, _TWICE)
        return
    if made.state.holds:
        slot.taken -= 1
    await SignUpPerson.filter(sign_up_id=made.id, person=person).delete()
    made.party -= 1
    if made.state is SignUpState.ATTENDED and not await Presence.exists(sign_up_id=made.id):
        made.state = SignUpState.HELD
    await made.save(update_fields=["party", "state"])
