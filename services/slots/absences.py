"""未到场: the first times a warning, from the n-th within a period a block with an end, told once.

The person is counted, not the household: nobody is kept out for what somebody else of the family did. Only
the community whose places stayed empty keeps them out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from models import Absence, Block, SignUp, Slot
from services.clock import now
from services.slots import day_pushes, limits, line
from services.slots.limits import Limits

Absent = Sequence[tuple[SignUp, Collection[str]]]


async def replace(slot: Slot, found: Absent) -> None:
    """Make the absences of a locked slot those that are found; warnings and blocks follow from new ones.

    An absence that was none is taken back with the block that it brought, and who was blocked is told.
    """
    there = {(one.sign_up_id, one.person): one for one in await Absence.filter(slot_id=slot.id)}
    wanted = {(made.id, person): made for made, people in found for person in people}
    await _take_back(slot, [one for key, one in there.items() if key not in wanted])
    new = await _written(slot, [(key, made) for key, made in wanted.items() if key not in there])
    if not new:
        return
    chosen = await limits.of(slot.community_id)
    times = await counted(slot, {one.person for one in new}, chosen.within)
    for made, _ in found:
        theirs = [one for one in new if one.sign_up_id == made.id]
        if theirs:
            await _answer(slot, made, theirs, times, chosen)


async def counted(
    slot: Slot, people: Collection[str], within: timedelta, known: int | None = None
) -> dict[str, int]:
    """For each person the most absences that lie within one such period that has the end of this slot in it.

    The period may end later: a slot is settled late, too. `known`: the last absence (its id) that was known
    then; what ended after the slot and was written after that one does not count.
    """
    found = Absence.filter(
        community_id=slot.community_id,
        person__in=list(people),
        excused_at=None,
        at__gt=slot.ends_at - within,
        at__lt=slot.ends_at + within,
    )
    moments: dict[str, list[datetime]] = {person: [] for person in people}
    for one in await found if people else ():
        if known is None or one.id <= known or one.at <= slot.ends_at:
            moments[one.person].append(one.at)
    return {person: most(slot.ends_at, theirs, within) for person, theirs in moments.items()}


def most(this: datetime, moments: Collection[datetime], within: timedelta) -> int:
    """How many of the moments lie within one such period, at most, of all that have `this` in them."""
    ends = {this, *(one for one in moments if this < one < this + within)}
    return max(sum(end - within < one <= end for one in moments) for end in ends)


async def _written(slot: Slot, missing: Sequence[tuple[tuple[int, str], SignUp]]) -> list[Absence]:
    made = [
        Absence(
            community_id=slot.community_id,
            slot_id=slot.id,
            sign_up_id=sign_up.id,
            person=person,
            at=slot.ends_at,
        )
        for (_, person), sign_up in missing
    ]
    await Absence.bulk_create(made)
    keys = {key for key, _ in missing}
    now_there = await Absence.filter(slot_id=slot.id).order_by("id")
    return [one for one in now_there if (one.sign_up_id, one.person) in keys]


async def _answer(
    slot: Slot, made: SignUp, new: Sequence[Absence], counts: Mapping[str, int], chosen: Limits
) -> None:
    moment, days = now(), chosen.within.days
    until = moment + chosen.blocked_for
    warned: list[int] = []
    blocked: list[int] = []
    for one in new:
        times = counts[one.person]
        if times < chosen.times:
            warned.append(times)
            continue
        blocked.append(times)
        await Block(
            community_id=slot.community_id,
            person=one.person,
            resident_id=made.resident_id,
            absence_id=one.id,
            times=times,
            until=until,
            created_at=moment,
        ).save(force_create=True)
    if warned:
        words = day_pushes.absent(slot, len(warned), max(warned), chosen.times, days)
        await line.tell(slot, made, "absent", words)
    if blocked:
        words = day_pushes.blocked(slot, len(blocked), max(blocked), days, until)
        await line.tell(slot, made, f"blocked-{max(one.id for one in new)}", words)


async def _take_back(slot: Slot, wrong: Collection[Absence]) -> None:
    """Delete absences that were none, and lift the blocks that do not stand without them."""
    if not wrong:
        return
    await Absence.filter(id__in=[one.id for one in wrong]).delete()
    by_id, chosen = {one.id: one for one in wrong}, await limits.of(slot.community_id)
    for block in await Block.filter(
        community_id=slot.community_id, person__in=[one.person for one in wrong], lifted_at=None
    ):
        brought = by_id.get(block.absence_id) or await Absence.get(id=block.absence_id)
        if brought.id not in by_id and await _stands(brought, chosen):
            continue
        await Block.filter(id=block.id).update(lifted_at=now())
        if block.until > now():
            made = await SignUp.get(id=brought.sign_up_id)
            await line.tell(slot, made, f"lifted-{block.id}", day_pushes.lifted(slot, "到场记录已经更正。"))


async def _stands(brought: Absence, chosen: Limits) -> bool:
    """Whether there are still enough absences for a block when the one that brought it is counted."""
    ended = await Slot.get(id=brought.slot_id)
    times = (await counted(ended, {brought.person}, chosen.within, brought.id))[brought.person]
    return times >= chosen.times
