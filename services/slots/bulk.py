"""Bulk sign-up from a list that staff hand in: every row answered in words, the same list twice adds nobody.

Staff may overrule only what they know better than the product: when sign-up is open, and an age that nobody
entered. What protects others (room, limits, blocks, times, what must be answered) holds for lists as well.
Order of locks: the community, then households, then the slot.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from models import SignUp, SignUpState, Slot, writing
from services import audit, households
from services.access import Actor
from services.clock import now
from services.errors import Conflict, DomainError, Invalid
from services.slots import attendance, columns, listed_people, signup
from services.slots.columns import Wanted, Wrong

OVERRULED = frozenset({"too_early", "too_late", "age_unknown"})


class Outcome(StrEnum):
    """What became of a row."""

    SIGNED_UP = "signed_up"
    WAITING = "waiting"
    THERE_ALREADY = "there_already"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Told:
    """One row of the list: its number in the sheet, what became of it, and why."""

    row: int
    outcome: Outcome
    reason: str
    sign_up_id: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a list; `written` is false where one refused row held up all others."""

    written: bool
    rows: tuple[Told, ...]

    def count(self, outcome: Outcome) -> int:
        """How many rows came out like this."""
        return sum(1 for one in self.rows if one.outcome is outcome)


class _TakenBack(Exception):
    """One row was refused, so none is to be written."""


async def sign_up_all(
    actor: Actor, slot_id: int, content: bytes, *, all_or_nothing: bool = False, again: bool = False
) -> Report:
    """Sign up everybody on the list, row by row or all together; who cancelled before only with `again`.

    Raises: Forbidden, NotFound, Conflict (the slot is over), Invalid (no readable list).
    """
    slot = await attendance.slot_of(actor, slot_id)
    if slot.ends_at <= now():
        raise Conflict("这一场已经结束，不能再报名。")
    table = await asyncio.to_thread(_rows, content)
    try:
        wanted = columns.read(table, attendance.questions_of(slot))
    except columns.UnknownColumns as error:
        raise Invalid(str(error)) from error
    if not wanted:
        raise Invalid("表格里没有要报名的人。")
    report = await (_together if all_or_nothing else _one_by_one)(actor, slot, wanted, again)
    async with writing():
        counts = {one.value: report.count(one) for one in Outcome}
        what = f"slot {slot.id}"
        await audit.record(
            actor, "slot.bulk", what, community_id=slot.community_id, written=report.written, **counts
        )
    return report


async def _one_by_one(actor: Actor, slot: Slot, wanted: Sequence[Wanted | Wrong], again: bool) -> Report:
    return Report(True, tuple([await _row(actor, slot, one, again) for one in wanted]))


async def _together(actor: Actor, slot: Slot, wanted: Sequence[Wanted | Wrong], again: bool) -> Report:
    rows: list[Told] = []
    try:
        async with writing():
            await _lock_all(actor, slot, wanted)
            rows += [await _row(actor, slot, one, again) for one in wanted]
            if any(one.outcome is Outcome.REFUSED for one in rows):
                raise _TakenBack
    except _TakenBack:
        return Report(False, tuple(_undone(one) for one in rows))
    return Report(True, tuple(rows))


def _undone(one: Told) -> Told:
    if one.outcome is Outcome.REFUSED:
        return one
    return Told(one.row, one.outcome, f"{one.reason}（别的行有问题，这次没有写入）")


async def _lock_all(actor: Actor, slot: Slot, wanted: Sequence[Wanted | Wrong]) -> None:
    """Lock every household of the list before the first row locks the slot, in one order for all lists."""
    await listed_people.lock_community(slot.community_id)
    found = []
    for one in wanted:
        if isinstance(one, Wanted):
            try:
                found.append(await listed_people.find_or_make(actor, slot, one))
            except DomainError:
                continue  # told with its row
    known = {one.household_id: one.id for one in found if one.household_id is not None}
    for household_id in sorted(known):
        _ = await households.lock(known[household_id])
    for resident_id in sorted({one.id for one in found if one.household_id is None}):
        _ = await households.lock(resident_id)


def _rows(content: bytes) -> list[list[str]]:
    from services.sheets import xlsx  # heavy: loaded by the first table, not by every process

    return xlsx.read(content)


async def _row(actor: Actor, slot: Slot, one: Wanted | Wrong, again: bool) -> Told:
    if isinstance(one, Wrong):
        return Told(one.row, Outcome.REFUSED, one.reason)
    try:
        async with writing():
            made = await _sign_up(actor, slot, one, again)
    except signup.Refused as refusal:
        twice = refusal.facts.get("gate") == "signed_up"
        return Told(one.row, Outcome.THERE_ALREADY if twice else Outcome.REFUSED, refusal.message)
    except DomainError as refusal:
        return Told(one.row, Outcome.REFUSED, refusal.message)
    if made.state is SignUpState.WAITING:
        return Told(one.row, Outcome.WAITING, f"名额满了，候补第 {made.line} 号。", made.id)
    return Told(one.row, Outcome.SIGNED_UP, f"{made.state.label}。", made.id)


async def _sign_up(actor: Actor, slot: Slot, one: Wanted, again: bool) -> SignUp:
    await listed_people.lock_community(slot.community_id)
    resident = await listed_people.find_or_make(actor, slot, one)
    keys = await listed_people.keys(resident, one.people)
    if not again:
        await listed_people.refuse_who_left(slot, keys)
    return await signup.sign_up(
        resident.id,
        slot.id,
        keys,
        guests=one.party - len(keys),
        answers=one.answers,
        overruled=OVERRULED,
    )
