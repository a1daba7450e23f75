"""Check-in by code, by the room's code and by name: each person once, nobody for somebody else."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterator
from datetime import timedelta

import pytest
import time_machine

from models import AuditEntry, CheckIn, Community, Presence, Resident, SignUp, SignUpState, Slot
from services.clock import now
from services.errors import Conflict, NotFound
from services.slots import checkin, passes, signup, steering
from services.slots.checkin import NotCheckedIn, Report
from tests.make import make_community, make_resident
from tests.services.slots.day import CHINA_NIGHT, child_of, desk_of, signed_up, slot_at, stranger
from tests.services.slots.truth import broken


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(CHINA_NIGHT - timedelta(days=1), tick=True) as traveller:
        yield traveller


@pytest.fixture
async def community(db: str) -> Community:
    return await make_community()


@pytest.fixture
async def slot(community: Community) -> Slot:
    return await slot_at(community)


async def refused(call: Awaitable[object]) -> str:
    with pytest.raises(NotCheckedIn) as caught:
        await call
    return str(caught.value.facts["check"])


def scanned(code: str, **more: object) -> Report:
    return Report(now(), code=code, **more)  # type: ignore[arg-type]


def ticked(made: SignUp, *people: str, **more: object) -> Report:
    return Report(now(), sign_up_id=made.id, people=people or None, **more)  # type: ignore[arg-type]


async def here() -> set[str]:
    return {one.person for one in await Presence.all()}


async def test_a_code_checks_all_of_its_sign_up_in_and_works_once(
    community: Community, slot: Slot, clock: time_machine.Traveller
) -> None:
    desk = await desk_of(community)
    resident, made = await signed_up(slot, guests=1)
    clock.move_to(CHINA_NIGHT)
    code, until = await checkin.pass_for(resident.id, made.id)

    entered = await checkin.by_staff(desk, slot.id, scanned(code))

    assert until <= now() + passes.LIVES
    assert set(entered.people) == {f"r{resident.id}", "g1"} == await here()
    await made.refresh_from_db()
    assert made.state is SignUpState.ATTENDED
    assert await refused(checkin.by_staff(desk, slot.id, scanned(code))) == "used"
    assert await broken() == []


async def test_of_two_scans_of_one_code_at_once_one_counts(
    community: Community, slot: Slot, clock: time_machine.Traveller
) -> None:
    desk = await desk_of(community)
    resident, made = await signed_up(slot)
    clock.move_to(CHINA_NIGHT)
    code, _ = await checkin.pass_for(resident.id, made.id)

    found = await asyncio.gather(
        *(checkin.by_staff(desk, slot.id, scanned(code)) for _ in range(4)), return_exceptions=True
    )

    assert sorted(type(one).__name__ for one in found) == ["Entered", *["NotCheckedIn"] * 3]
    assert await CheckIn.all().count() == 1


async def test_the_same_scan_sent_twice_has_one_effect_and_one_answer(
    community: Community, slot: Slot, clock: time_machine.Traveller
) -> None:
    desk = await desk_of(community)
    resident, made = await signed_up(slot)
    clock.move_to(CHINA_NIGHT)
    code, _ = await checkin.pass_for(resident.id, made.id)

    first = await checkin.by_staff(desk, slot.id, scanned(code, client_id="tablet-1"))
    again = await checkin.by_staff(desk, slot.id, scanned(code, client_id="tablet-1"))

    assert (again.check_in.id, again.people, again.repeated) == (first.check_in.id, first.people, True)
    assert (
        await refused(checkin.by_staff(desk, slot.id, ticked(made, client_id="tablet-1")))
        == "client_id_taken"
    )


async def test_who_comes_later_is_checked_in_with_a_new_code(
    community: Community, slot: Slot, clock: time_machine.Traveller
) -> None:
    desk = await desk_of(community)
    resident, made = await signed_up(slot, guests=2)
    clock.move_to(CHINA_NIGHT)
    code, _ = await checkin.pass_for(resident.id, made.id)
    await checkin.by_staff(desk, slot.id, scanned(code, people=(f"r{resident.id}",), guests=1))

    code, _ = await checkin.pass_for(resident.id, made.id)
    entered = await checkin.by_staff(desk, slot.id, scanned(code))

    assert entered.people == ("g2",)
    assert await refused(checkin.pass_for(resident.id, made.id)) == "already_in"
    assert await broken() == []


async def test_codes_are_refused_when_they_are_old_forged_or_for_another_slot(
    community: Community, slot: Slot, clock: time_machine.Traveller
) -> None:
    desk = await desk_of(community)
    other = await slot_at(community, CHINA_NIGHT)
    resident, made = await signed_up(slot)
    clock.move_to(CHINA_NIGHT)
    code, _ = await checkin.pass_for(resident.id, made.id)

    assert await refused(checkin.by_staff(desk, other.id, scanned(code))) == "wrong_slot"
    assert await refused(checkin.by_staff(desk, slot.id, scanned(code[:-5] + "AAAAA"))) == "forged"
    clock.shift(passes.LIVES)
    assert await refused(checkin.by_staff(desk, slot.id, scanned(code))) == "expired"
    assert await here() == set()


async def test_a_code_is_shown_only_for_a_place_of_ones_own_household_that_is_held(
    community: Community, slot: Slot, clock: time_machine.Traveller
) -> None:
    resident, made = await signed_up(slot)
    assert await refused(checkin.pass_for(resident.id, made.id)) == "too_early"
    clock.move_to(CHINA_NIGHT - timedelta(minutes=60))
    foreign, _ = await signed_up(slot)

    assert await refused(checkin.pass_for(foreign.id, made.id)) == "not_yours"
    assert await refused(checkin.pass_for(foreign.id, 999)) == "not_yours"
    assert (await checkin.pass_for(resident.id, made.id))[0]
    await Slot.filter(id=slot.id).update(capacity=2, taken=2)
    _, waits = await signed_up(slot)
    assert await refused(checkin.pass_for(waits.resident_id, waits.id)) == "waiting"


async def test_staff_tick_people_by_name_and_take_a_mistake_back(
    community: Community, slot: Slot, clock: time_machine.Traveller
) -> None:
    desk = await desk_of(community)
    resident, made = await signed_up(slot)
    clock.move_to(CHINA_NIGHT)
    entered = await checkin.by_staff(desk, slot.id, ticked(made, f"r{resident.id}"))
    assert await refused(checkin.by_staff(desk, slot.id, ticked(made, "d99"))) == "unknown_person"
    assert await refused(checkin.by_staff(desk, slot.id, ticked(made, f"r{resident.id}"))) == "already_in"

    await checkin.undo(desk, entered.check_in.id)

    await made.refresh_from_db()
    assert (made.state, await here()) == (SignUpState.HELD, set())
    assert await AuditEntry.filter(action="check_in.undo").count() == 1
    with pytest.raises(Conflict):
        await checkin.undo(desk, entered.check_in.id)
    assert await broken() == []


async def test_who_is_in_cannot_be_cancelled_any_more(
    community: Community, clock: time_machine.Traveller
) -> None:
    desk = await desk_of(community)
    slot = await slot_at(community, cancel_hours=0)
    resident, made = await signed_up(slot)
    clock.move_to(CHINA_NIGHT - timedelta(minutes=30))
    await checkin.by_staff(desk, slot.id, ticked(made))

    with pytest.raises(Conflict):
        await signup.cancel(resident.id, made.id)
    with pytest.raises(Conflict):
        await steering.take_off(desk, made.id, "登记错了")
    assert await broken() == []


async def test_staff_of_another_community_check_nobody_in(
    community: Community, slot: Slot, clock: time_machine.Traveller
) -> None:
    _, made = await signed_up(slot)
    clock.move_to(CHINA_NIGHT)

    with pytest.raises(NotFound):
        await checkin.by_staff(await stranger(), slot.id, ticked(made))


async def test_the_code_of_the_room_checks_in_who_scans_it_and_nobody_else_of_the_slot(
    community: Community, slot: Slot, clock: time_machine.Traveller
) -> None:
    resident, _ = await signed_up(slot)
    _, other = await signed_up(slot)
    clock.move_to(CHINA_NIGHT)

    entered = await checkin.by_room(resident.id, passes.scene(slot.id))

    assert [one.people for one in entered] == [(f"r{resident.id}",)]
    await other.refresh_from_db()
    assert other.state is SignUpState.HELD
    assert await refused(checkin.by_room(resident.id, passes.scene(slot.id))) == "already_in"
    assert await broken() == []


async def test_the_code_of_the_room_leaves_their_other_slots_alone(
    community: Community, slot: Slot, clock: time_machine.Traveller
) -> None:
    later = await slot_at(community, CHINA_NIGHT + timedelta(hours=2))
    resident, _ = await signed_up(slot)
    _, next_one = await signed_up(later, resident=resident)
    clock.move_to(CHINA_NIGHT + timedelta(hours=1))

    await checkin.by_room(resident.id, passes.scene(slot.id))

    await next_one.refresh_from_db()
    assert next_one.state is SignUpState.HELD


async def test_whoever_of_the_household_brings_the_child_checks_it_in_but_no_other_grown_up(
    community: Community, slot: Slot, clock: time_machine.Traveller
) -> None:
    grandparent = await make_resident(community=community)
    child = await child_of(grandparent)
    await grandparent.refresh_from_db()
    parent = await make_resident(community=community, household_id=grandparent.household_id)
    await signed_up(slot, f"r{grandparent.id}", f"d{child.id}", guests=1, resident=grandparent)
    clock.move_to(CHINA_NIGHT)
    scene = passes.scene(slot.id)
    assert await refused(checkin.by_room(parent.id, scene, [f"r{grandparent.id}"])) == "not_yours"

    await checkin.by_room(parent.id, scene)

    assert await here() == {f"d{child.id}"}
    await checkin.by_room(grandparent.id, scene)
    assert await here() == {f"d{child.id}", f"r{grandparent.id}", "g1"}
    assert await broken() == []


async def test_who_has_no_place_or_scans_a_made_up_code_is_told_so(
    community: Community, slot: Slot, clock: time_machine.Traveller
) -> None:
    nobody: Resident = await make_resident(community=community)
    resident, made = await signed_up(slot)
    await signup.cancel(resident.id, made.id)
    clock.move_to(CHINA_NIGHT)

    assert await refused(checkin.by_room(nobody.id, passes.scene(slot.id))) == "not_signed_up"
    assert await refused(checkin.by_room(resident.id, passes.scene(slot.id))) == "cancelled"
    assert await refused(checkin.by_room(resident.id, f"ci.{slot.id:x}.AAAAAAAAAAAA")) == "forged"
