"""换场: a sign-up moves to another slot of its offering: old places given up, new ones taken, or nothing."""

from __future__ import annotations

import json

from tortoise.expressions import F

from models import Household, SignUp, SignUpPerson, SignUpState, Slot, SlotState, writing
from services import access, audit, households
from services.access import Actor
from services.clock import now, spoken
from services.errors import Conflict, NotFound
from services.slots import facts, gates, line, offerings, pushes, signup

MOVABLE = (SignUpState.HELD, SignUpState.OFFERED, SignUpState.WAITING)


async def transfer(actor: Actor, sign_up_id: int, slot_id: int) -> SignUp:
    """Move a sign-up to another slot of the same offering; who made it is told, once.

    Order of locks: the household, then both slots by id. Sign-up may be over there, the rest of the gates
    holds. Raises: NotFound, Forbidden, Conflict (ended, begun, another offering, by lot), Refused (`full`, or
    a gate).
    """
    access.require_role(actor, *offerings.OPERATORS)
    made = await SignUp.get_or_none(id=sign_up_id)
    if made is None:
        raise NotFound("没有找到这个报名。")
    async with writing():
        await Household.filter(id=made.household_id).update(version=F("version") + 1)
        locked = {one: await line.lock(one) for one in sorted({made.slot_id, slot_id})}
        old, new = locked[made.slot_id], locked[slot_id]
        if not offerings.operates(actor, old.offering):
            raise NotFound("没有找到这个报名。")
        await line.fill(old)
        await made.refresh_from_db()
        _check(made, old, new)
        await line.leave(old, made, SignUpState.CANCELLED, f"换到 {spoken(new.starts_at)}")
        there = await _enter(made, new)
        await line.fill(old)
        await line.count(old)
        await line.count(new)
        await line.tell(new, there, "transferred", pushes.transferred(new, old.starts_at))
        detail = {"sign_up": made.id, "from_slot": old.id, "made": there.id}
        await audit.record(
            actor, "sign_up.transfer", f"slot {new.id}", community_id=new.community_id, **detail
        )
    return there


def _check(made: SignUp, old: Slot, new: Slot) -> None:
    if new.offering_id != old.offering_id:
        raise NotFound("没有找到这个场次。")
    if new.id == old.id:
        raise Conflict("已经在这一场了。")
    if made.state not in MOVABLE:
        raise Conflict(f"这个报名现在是「{made.state.label}」，不能换场。")
    if old.by_lot or new.by_lot:
        raise Conflict("抽签的名额不能换场。")
    if min(old.starts_at, new.starts_at) <= now():
        raise Conflict("已经开始的场次不能换。")
    if new.state is not SlotState.OPEN:
        raise Conflict("要换去的那一场取消了。")


async def _enter(made: SignUp, new: Slot) -> SignUp:
    """Take places in the locked slot for the same people. Raises: Refused."""
    people = [one.person for one in await SignUpPerson.filter(sign_up_id=made.id).order_by("id")]
    answers = json.loads(made.answers) if made.answers else {}
    guests = made.party - len(people)
    member = await households.member(made.resident_id, made.household_id)
    slot, ask = await facts.gather(member, new.id, people, guests, answers)
    shut = gates.refusal(facts.terms(slot), ask, gates.OF_A_TRANSFER)
    if shut is not None:
        raise signup.Refused.of(shut)
    await line.fill(new)
    if new.waiting or new.free < made.party:
        raise signup.Refused(f"那一场只剩 {max(new.free, 0)} 个名额，或有人在候补，换不过去。", gate="full")
    new.taken += made.party
    return await signup.insert(new, member, ask, answers, signup.Claimed())
