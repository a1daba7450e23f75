"""Any order of signing up, cancelling, accepting, expiring, resizing keeps every invariant of places."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import (
    Attendance,
    CheckIn,
    Community,
    Draw,
    Offering,
    OfferingKind,
    Resident,
    SignUp,
    SignUpState,
    Slot,
    connect,
    disconnect,
)
from services import access
from services.access import Actor
from services.errors import DomainError
from services.slots import (
    checkin,
    deciding,
    drawing,
    moments,
    passes,
    reminding,
    seasons,
    settling,
    signup,
    steering,
    transfer,
)
from services.slots.checkin import Report
from tests.make import make_community, make_duty, make_offering, make_resident, make_slot
from tests.services.slots.truth import broken

STEPS = st.tuples(
    st.sampled_from(
        (
            *("sign_up", "cancel", "accept", "expire", "resize", "promote", "take_off", "call_off"),
            *("transfer", "draw", "decide"),
            *("show", "scan", "tick", "scan_room", "undo", "say", "finish", "remind"),
        )
    ),
    st.integers(0, 7),
    st.integers(0, 3),
)


@dataclass
class World:
    """Two slots of an activity, a season of plots by lot, some families, a desk."""

    desk: Actor
    clock: time_machine.Traveller
    slots: list[int]
    residents: list[Resident]
    refused: list[str] = field(default_factory=list)
    codes: list[tuple[int, str]] = field(default_factory=list)
    """(slot, code) of passes that were shown; scanned over and over."""

    async def begin(self, number: int) -> Slot:
        """One of the slots, with the clock at its start."""
        slot = await Slot.get(id=self.slots[number % len(self.slots)])
        self.clock.move_to(max(slot.starts_at, datetime.now(UTC)))
        return slot

    async def made(self, number: int) -> SignUp | None:
        """One of the sign-ups, the latest first."""
        found = await SignUp.all().order_by("-id")
        return found[number % len(found)] if found else None


async def _sign_up(world: World, who: int, size: int) -> None:
    resident = world.residents[who % len(world.residents)]
    slot_id = world.slots[size % len(world.slots)]
    await signup.sign_up(resident.id, slot_id, [f"r{resident.id}"], guests=size)


async def _expire(world: World, who: int, _size: int) -> None:
    made = await world.made(who)
    if made is not None and made.state is SignUpState.OFFERED:
        await SignUp.filter(id=made.id).update(offered_until=datetime.now(UTC) - timedelta(seconds=1))


async def _resize(world: World, who: int, size: int) -> None:
    await steering.resize(world.desk, world.slots[who % len(world.slots)], size + 1)


async def _transfer(world: World, who: int, size: int) -> None:
    made = await world.made(who)
    if made is not None:
        await transfer.transfer(world.desk, made.id, world.slots[size % len(world.slots)])


async def _draw(world: World, who: int, _size: int) -> None:
    """Applications close now (half the time), and the lots are drawn by hand."""
    slot_id = world.slots[-1]
    if who % 2:
        await Slot.filter(id=slot_id).update(closes_at=datetime.now(UTC) - timedelta(seconds=1))
    await drawing.draw_now(world.desk, slot_id)


async def _decide(world: World, who: int, size: int) -> None:
    """The clock comes to the moment at which too few people are known, or lots are drawn."""
    slot_id = world.slots[who % len(world.slots)]
    past = datetime.now(UTC) - timedelta(seconds=1)
    values = {"closes_at": past} if slot_id == world.slots[-1] else {}
    await Slot.filter(id=slot_id).update(decide_at=past, **values)
    await Offering.filter(slots__id=slot_id).update(attendance_least=size)
    await deciding.run_due()


async def _call_off(world: World, who: int, size: int) -> None:
    if size == 0:
        await steering.call_off(world.desk, world.slots[who % len(world.slots)], "下雨")


async def _show(world: World, who: int, _size: int) -> None:
    made = await world.made(who)
    if made is not None:
        await world.begin(world.slots.index(made.slot_id))
        code, _ = await checkin.pass_for(made.resident_id, made.id)
        world.codes.append((made.slot_id, code))


async def _scan(world: World, who: int, size: int) -> None:
    if world.codes:
        slot_id, code = world.codes[who % len(world.codes)]
        report = Report(datetime.now(UTC), code=code, guests=None if size else 0)
        await checkin.by_staff(world.desk, slot_id, report)


async def _tick(world: World, who: int, size: int) -> None:
    made = await world.made(who)
    if made is not None:
        await world.begin(world.slots.index(made.slot_id))
        people = None if size else (f"r{made.resident_id}",)
        report = Report(datetime.now(UTC), sign_up_id=made.id, people=people)
        await checkin.by_staff(world.desk, made.slot_id, report)


async def _scan_room(world: World, who: int, size: int) -> None:
    slot = await world.begin(size)
    await checkin.by_room(world.residents[who % len(world.residents)].id, passes.scene(slot.id))


async def _undo(world: World, who: int, _size: int) -> None:
    there = await CheckIn.all().order_by("-id")
    if there:
        await checkin.undo(world.desk, there[who % len(there)].id)


async def _say(world: World, who: int, size: int) -> None:
    said = list(Attendance)[size % len(Attendance)]
    await settling.say(world.desk, world.slots[who % len(world.slots)], said, "点名情况")


async def _finish(world: World, who: int, _size: int) -> None:
    slot = await Slot.get(id=world.slots[who % len(world.slots)])
    world.clock.move_to(max(slot.ends_at + moments.GRACE, datetime.now(UTC)))
    await settling.settle_due()


async def _remind(world: World, who: int, size: int) -> None:
    slot = await Slot.get(id=world.slots[who % len(world.slots)])
    due = moments.soon_before(slot.starts_at) if size % 2 else moments.evening_before(slot.starts_at)
    world.clock.move_to(max(due, datetime.now(UTC)))
    await reminding.remind_due()


def _of_sign_up(verb: Callable[[World, SignUp], Coroutine[Any, Any, object]]) -> Any:
    async def step(world: World, who: int, _size: int) -> None:
        made = await world.made(who)
        if made is not None:
            await verb(world, made)

    return step


DO = {
    "sign_up": _sign_up,
    "cancel": _of_sign_up(lambda _world, made: signup.cancel(made.resident_id, made.id)),
    "accept": _of_sign_up(lambda _world, made: signup.accept(made.resident_id, made.id)),
    "promote": _of_sign_up(lambda world, made: steering.promote(world.desk, made.id)),
    "take_off": _of_sign_up(lambda world, made: steering.take_off(world.desk, made.id, "登记错了")),
    "expire": _expire,
    "resize": _resize,
    "call_off": _call_off,
    "transfer": _transfer,
    "draw": _draw,
    "decide": _decide,
    "show": _show,
    "scan": _scan,
    "tick": _tick,
    "scan_room": _scan_room,
    "undo": _undo,
    "say": _say,
    "finish": _finish,
    "remind": _remind,
}


async def _season(community: Community, desk: Actor, last: Slot) -> Draw:
    """Two plots by lot; whoever holds a place of `last` may renew for now."""
    plots = await make_offering(community, kind=OfferingKind.PLOT)
    moment = datetime.now(UTC)
    day = timedelta(days=1)
    opened = seasons.Season(moment + 9 * day, moment + 99 * day, 2, moment - day, moment + day)
    draw = await seasons.open_season(desk, plots.id, opened)
    await Draw.filter(id=draw.id).update(renew_until=moment + timedelta(seconds=1), last_slot_id=last.id)
    return draw


async def _play(url: str, steps: list[tuple[str, int, int]]) -> list[str]:
    with time_machine.travel(datetime.now(UTC), tick=True) as clock:
        return await _played(url, steps, clock)


async def _played(url: str, steps: list[tuple[str, int, int]], clock: time_machine.Traveller) -> list[str]:
    await connect(url)
    try:
        community = await make_community()
        desk = await access.staff_actor(await make_duty(community))
        offering = await make_offering(community)
        shift = await make_offering(community, kind=OfferingKind.SHIFT)
        later = datetime.now(UTC) + timedelta(days=3)
        both = [await make_slot(offering, capacity=3), await make_slot(shift, capacity=2, starts_at=later)]
        season = await _season(community, desk, both[0])
        residents = [await make_resident(community=community) for _ in range(5)]
        world = World(desk, clock, [*(one.id for one in both), season.slot_id], residents)
        promoted = False
        for what, who, size in steps:
            promoted = promoted or what == "promote"
            try:
                await DO[what](world, who, size)
            except DomainError as refusal:
                world.refused.append(refusal.code)
        return [words for words in await broken() if not (promoted and "passed by" in words)]
    finally:
        await disconnect()


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, min_size=5, max_size=40))
def test_whatever_happens_the_places_are_right(
    sqlite_template: Path, tmp_path: Path, steps: list[tuple[str, int, int]]
) -> None:
    path = tmp_path / "machine.sqlite3"
    shutil.copy(sqlite_template, path)

    assert asyncio.run(_play(f"sqlite://{path}", steps)) == []
