"""What must hold in the tables of places whatever happened: one sweep, used by every test of the engine."""

from __future__ import annotations

import hmac
from collections import Counter

from models import (
    Absence,
    CheckIn,
    Delivery,
    DeliveryState,
    Draw,
    HoursOrigin,
    Notice,
    Presence,
    SignUp,
    SignUpPerson,
    SignUpState,
    Slot,
    VolunteerHours,
)


async def broken() -> list[str]:
    """Every invariant that does not hold, in words; empty when all is well."""
    wrong: list[str] = []
    people = await SignUpPerson.all()
    sign_ups = {one.id: one for one in await SignUp.all()}
    for slot in await Slot.all():
        wrong += _counters(slot, [one for one in sign_ups.values() if one.slot_id == slot.id])
    twice = Counter((one.slot_id, one.person) for one in people if one.active)
    wrong += [f"{person} stands in slot {slot} {n} times" for (slot, person), n in twice.items() if n > 1]
    for one in people:
        if one.active != sign_ups[one.sign_up_id].state.stands:
            wrong.append(f"person {one.person} of sign-up {one.sign_up_id} is active where it is not")
    # A channel that could not carry it hands it to the next one: the row of that one counts.
    carried = await Delivery.filter(notice__in=(Notice.PLACE, Notice.REMINDER)).exclude(
        state=DeliveryState.FELL_BACK
    )
    told = Counter(one.dedup_key.rsplit(":", 1)[0] for one in carried)
    wrong += [f"told {n} times: {key}" for key, n in told.items() if n > 1]
    offered = {key.split(":")[1] for key in told if key.split(":")[2] == "offer"}
    for made in sign_ups.values():
        if made.state is SignUpState.OFFERED and str(made.id) not in offered:
            wrong.append(f"sign-up {made.id} was offered places and not told")
    return wrong + await _draws(list(sign_ups.values())) + await _broken_on_the_day(sign_ups)


async def _draws(sign_ups: list[SignUp]) -> list[str]:
    """Before lots are drawn nobody stands in a line, after it nobody has only applied."""
    wrong: list[str] = []
    told = {int(one.dedup_key.split(":")[1]) for one in await Delivery.filter(dedup_key__contains=":drawn:")}
    for draw in await Draw.all():
        own = {one.id: one for one in sign_ups if one.slot_id == draw.slot_id}
        applied = [one.id for one in own.values() if one.state is SignUpState.APPLIED]
        if draw.drawn_at is None:
            wrong += [f"sign-up {one.id} waits for lots" for one in own.values() if one.line is not None]
            wrong += [f"sign-up {one} was drawn too early" for one in told & own.keys()]
            continue
        key = (draw.seed + draw.public_value).encode()
        lots = {one: hmac.new(key, b"%d" % one, "sha256").hexdigest() for one in draw.applications}
        lost = sorted(lots, key=lots.__getitem__)[draw.places :]
        wrong += [f"sign-up {one} was left out of the draw" for one in applied]
        if [own[one].line for one in lost] != list(range(1, len(lost) + 1)):
            wrong.append(f"the line of draw {draw.id} is not the order of its lots")
        if told & own.keys() != set(draw.applications):
            wrong.append(f"draw {draw.id} was not told to everybody")
    return wrong


async def _broken_on_the_day(sign_ups: dict[int, SignUp]) -> list[str]:
    """Who came held a place, a code works once, nobody is both there and absent, hours are given once."""
    wrong: list[str] = []
    present = [(one.sign_up_id, one.person) for one in await Presence.all()]
    came = Counter(sign_up_id for sign_up_id, _ in present)
    for made in sign_ups.values():
        if came[made.id] > made.party:
            wrong.append(f"{came[made.id]} came by sign-up {made.id} for {made.party}")
        if bool(came[made.id]) != (made.state is SignUpState.ATTENDED):
            wrong.append(f"sign-up {made.id} is {made.state.value}, {came[made.id]} came")
    nonces = Counter(one.nonce for one in await CheckIn.exclude(nonce=None))
    wrong += [f"code {nonce} was used {n} times" for nonce, n in nonces.items() if n > 1]
    absent = {(one.sign_up_id, one.person) for one in await Absence.all()}
    wrong += [f"{person} of sign-up {made} came and is absent" for made, person in absent & set(present)]
    given = [one for one in await VolunteerHours.filter(origin=HoursOrigin.SYSTEM)]
    hours = Counter((one.sign_up_id, one.person) for one in given)
    wrong += [f"hours of {key} were given {n} times" for key, n in hours.items() if n > 1]
    wrong += [f"hours for {key}, who did not come" for key in hours if key not in present]
    return wrong


def _counters(slot: Slot, sign_ups: list[SignUp]) -> list[str]:
    held = sum(one.party for one in sign_ups if one.state.holds)
    waiting = [one for one in sign_ups if one.state is SignUpState.WAITING]
    lines = [one.line for one in sign_ups if one.line is not None]
    passed = max((one.line or 0 for one in sign_ups if one.state is SignUpState.OFFERED), default=0)
    facts = {
        f"slot {slot.id}: {held} held, {slot.taken} counted": held == slot.taken,
        f"slot {slot.id}: {held} held of {slot.capacity}": held <= slot.capacity,
        f"slot {slot.id}: {len(waiting)} wait, {slot.waiting} counted": len(waiting) == slot.waiting,
        f"slot {slot.id}: a number of the line twice": len(set(lines)) == len(lines),
        f"slot {slot.id}: somebody was passed by": all((one.line or 0) > passed for one in waiting),
    }
    return [words for words, holds in facts.items() if not holds]
