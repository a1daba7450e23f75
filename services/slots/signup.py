"""报名: places are claimed, given back, accepted. One guarded update keeps a slot from being oversold.

Order of locks in every verb: the household, then the slot. Nobody's family limits can be passed by two of
them who sign up at once, and no place goes to two people.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from models import SignUp, SignUpPerson, SignUpState, Slot, SlotState, rows, writing
from models.statements import inserting, next_id, together
from services import households
from services.clock import now, spoken
from services.errors import Conflict, NotFound
from services.slots import facts, gates, line, seasons

# One statement that takes places or joins the line; it does neither where an offer has expired, which may
# leave room. What is left of the line tells which: nobody waits where places were taken.
_FITS = "waiting = 0 AND taken + $2 <= capacity"
_TAKE_OR_WAIT = """
UPDATE slot SET taken = CASE WHEN {fits} THEN taken + $2 ELSE taken END,
    waiting = CASE WHEN {fits} THEN 0 ELSE waiting + 1 END,
    line = CASE WHEN {fits} THEN line ELSE line + 1 END
WHERE id = $1 AND state = 'open' AND (({fits}) OR ($3 AND NOT EXISTS (
    SELECT 1 FROM sign_up WHERE slot_id = $1 AND state = 'offered' AND offered_until <= $4
)))
RETURNING waiting, line, {sign_up_id} AS sign_up_id
"""


class Refused(Conflict):
    """A gate is shut. `facts["gate"]` is its stable code; the words say why and what to do."""

    code = "sign_up_refused"

    @classmethod
    def of(cls, shut: gates.Refusal) -> Refused:
        """The shut gate as an error: the chat reads its command, other doors the next step as a fact."""
        chat = shut.in_chat or shut.next_step
        return cls(shut.reason, in_chat=chat, gate=shut.code, next_step=shut.next_step)


async def sign_up(
    resident_id: int,
    slot_id: int,
    people: Sequence[str],
    *,
    guests: int = 0,
    answers: Mapping[str, str] | None = None,
    may_wait: bool = True,
    overruled: Collection[str] = (),
) -> SignUp:
    """Claim a place for each of `people` (their keys, see `SignUpPerson`) and for `guests` without a name.

    Held at once where there is room and nobody waits; else at the end of the line, or refused with code
    `full` where `may_wait` is off. Until lots are drawn it has applied, see `seasons.enter`. Gates whose
    code is in `overruled` stand open. Raises: NotFound, Forbidden (somebody of another household), Refused.
    """
    given = dict(answers or {})
    async with writing():
        member = await households.lock(resident_id)
        slot, ask = await facts.gather(member, slot_id, people, guests, given)
        shut = gates.refusal(facts.terms(slot), ask, overruled=overruled)
        if shut is not None:
            raise Refused.of(shut)
        # Refused before anything is written: a door may catch it and commit what else it did.
        got = await _claim(slot, member.household_id, ask, may_wait=may_wait)
        return await insert(slot, member, ask, given, got)


async def cancel(resident_id: int, sign_up_id: int) -> SignUp:
    """Give the places back, decline an offer, or leave the line; whoever waits first is offered them.

    Raises: NotFound (not one of their household's), Conflict (ended already, or too late to cancel).
    """
    async with writing():
        made = await _own(resident_id, sign_up_id)
        slot = await line.lock(made.slot_id)
        await made.refresh_from_db()
        if not made.state.stands or made.state in (SignUpState.ATTENDED, SignUpState.ABSENT):
            raise Conflict(f"这个报名现在是「{made.state.label}」，不能取消。")
        last = slot.starts_at - timedelta(hours=slot.offering.cancel_hours)
        if made.state is SignUpState.HELD and now() > last:
            raise Conflict(f"{spoken(last)}以后不能自己取消了，去不了请联系村（社区）工作人员。")
        await line.leave(slot, made, SignUpState.CANCELLED)
        await line.fill(slot)
        await line.count(slot)
    return made


async def accept(resident_id: int, sign_up_id: int) -> SignUp:
    """Take the offered places. Raises: NotFound, Conflict (no offer, or expired)."""
    async with writing():
        made = await _own(resident_id, sign_up_id)
        slot = await line.lock(made.slot_id)
        offered = SignUp.filter(id=made.id, state=SignUpState.OFFERED, offered_until__gt=now())
        if await offered.update(state=SignUpState.HELD, offered_until=None):
            await made.refresh_from_db()
            return made
        await line.fill(slot)
        await line.count(slot)
        await made.refresh_from_db()
    if made.state is SignUpState.HELD:
        return made
    if made.state is SignUpState.LAPSED:
        raise Conflict("这个名额已经过期，让给了后面的人。还想去，可以再报名候补。")
    raise Conflict(f"这个报名现在是「{made.state.label}」，没有等您接受的名额。")


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a wish has got: places, a number in the line, or by lot the right to be drawn."""

    state: SignUpState = SignUpState.HELD
    number: int | None = None
    sign_up_id: int | None = None
    """The id that the sign-up may take, where the statement gave one along."""


async def _claim(slot: Slot, household_id: int, ask: gates.Ask, *, may_wait: bool) -> Claimed:
    if slot.by_lot and ask.late_until is None:
        state = await seasons.enter(slot.id, household_id, ask.party)
        if state is None:
            raise Refused.of(gates.TOO_LATE)
        return Claimed(state)
    claimed = await _take(slot.id, ask.party, may_wait=may_wait)
    if claimed is not None:
        return claimed
    number = await _wait(slot.id, ask.party, may_wait=may_wait)
    return Claimed() if number is None else Claimed(SignUpState.WAITING, number)


async def _take(slot_id: int, party: int, *, may_wait: bool) -> Claimed | None:
    """The guard: places or a number in the line by one statement; None where a closer look is needed."""
    sql = _TAKE_OR_WAIT.format(fits=_FITS, sign_up_id=next_id("sign_up"))
    found = await rows(sql, slot_id, party, may_wait, now())
    if not found:
        return None
    row = found[0]
    if row["waiting"]:
        return Claimed(SignUpState.WAITING, int(row["line"]), int(row["sign_up_id"]))
    return Claimed(SignUpState.HELD, None, int(row["sign_up_id"]))


async def _wait(slot_id: int, party: int, *, may_wait: bool) -> int | None:
    """No room at first sight: expired offers may leave some (None), else a number at the end of the line."""
    slot = await line.lock(slot_id)
    await line.fill(slot)
    number = None
    if slot.state is not SlotState.OPEN:
        raise Refused.of(gates.CALLED_OFF)
    if not slot.waiting and slot.free >= party:
        slot.taken += party
    elif may_wait:
        slot.waiting += 1
        slot.line += 1
        number = slot.line
    else:
        raise Refused("名额满了。可以报候补，有人退出时按顺序通知您。", gate="full")
    await line.count(slot)
    return number


async def insert(
    slot: Slot,
    member: households.Member,
    ask: gates.Ask,
    answers: Mapping[str, str],
    got: Claimed,
) -> SignUp:
    """Write a sign-up with its people, in one round trip; the counters are the caller's."""
    sign_up_id = got.sign_up_id or (await rows(f"SELECT {next_id('sign_up')} AS id"))[0]["id"]
    made = SignUp(
        id=sign_up_id,
        community_id=slot.community_id,
        slot=slot,
        household_id=member.household_id,
        resident_id=member.resident_id,
        party=ask.party,
        state=got.state,
        line=got.number,
        answers=json.dumps(answers, ensure_ascii=False) if answers else "",
        created_at=ask.moment,
    )
    fills = slot.offering.kind.fills_time
    people = [
        SignUpPerson(
            sign_up_id=made.id,
            slot_id=slot.id,
            person=one.key,
            starts_at=slot.starts_at if fills else None,
            ends_at=slot.ends_at if fills else None,
        )
        for one in ask.people
    ]
    _ = await together(inserting(made), inserting(*people))
    made._saved_in_db = True
    return made


async def _own(resident_id: int, sign_up_id: int) -> SignUp:
    household_id = (await households.lock(resident_id)).household_id
    made = await SignUp.get_or_none(id=sign_up_id, household_id=household_id)
    if made is None:
        raise NotFound("没有找到您的这个报名。", in_chat="回复“我的”看已报的。")
    return made
