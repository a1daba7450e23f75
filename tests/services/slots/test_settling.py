"""After the end: who came, who stayed away, warnings and blocks, and what late news changes of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine

from models import (
    Absence,
    Attendance,
    AuditEntry,
    Block,
    Community,
    Delivery,
    Notice,
    OfferingKind,
    Resident,
    SignUp,
    SignUpState,
    Slot,
    WordsCheck,
)
from services.clock import now
from services.errors import Conflict, Forbidden, Invalid, NotFound
from services.slots import blocks, checkin, checklist, hours, moments, settling, signup
from services.slots.checkin import Report
from services.slots.settling import Verdict, counts, verdict
from tests.make import make_community, make_offering, make_resident, make_slot
from tests.services.slots.day import CHINA_NIGHT, child_of, desk_of, signed_up, slot_at, stranger
from tests.services.slots.truth import broken

DAY = timedelta(days=1)
A, B = "r1", "d2"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(CHINA_NIGHT - DAY, tick=True) as traveller:
        yield traveller


@pytest.fixture
async def community(db: str) -> Community:
    return await make_community()


def ticked(made: SignUp, *people: str, at: datetime | None = None) -> Report:
    return Report(at or now(), sign_up_id=made.id, people=people or None)


async def state_of(made: SignUp) -> SignUpState:
    return (await SignUp.get(id=made.id)).state


async def finish(slot: Slot, clock: time_machine.Traveller) -> None:
    clock.move_to(max(slot.ends_at + moments.GRACE, now()))
    await settling.settle_due()


async def held(community: Community, clock: time_machine.Traveller, day: int, *absent: Resident) -> Slot:
    """A slot so many days later to which somebody came, and these did not."""
    start = CHINA_NIGHT + day * DAY
    clock.move_to(start - DAY)
    slot = await slot_at(community, start)
    for one in absent:
        await signed_up(slot, resident=one)
    _, came = await signed_up(slot)
    clock.move_to(start)
    await checkin.by_staff(await desk_of(community), slot.id, ticked(came))
    await finish(slot, clock)
    return slot


async def texts(what: str) -> list[str]:
    found = await Delivery.filter(notice=Notice.PLACE).order_by("id")
    return [one.payload["text"] for one in found if one.dedup_key.split(":")[2].startswith(what)]


@pytest.mark.parametrize(
    ("present", "count", "expected"),
    [
        ((), True, Verdict(SignUpState.ABSENT, frozenset({A, B}))),
        ((), False, Verdict(SignUpState.HELD, frozenset())),
        ((A,), True, Verdict(SignUpState.ATTENDED, frozenset({B}))),
        ((A,), False, Verdict(SignUpState.ATTENDED, frozenset())),
        ((A, B), True, Verdict(SignUpState.ATTENDED, frozenset())),
        (("g1",), True, Verdict(SignUpState.ATTENDED, frozenset({A, B}))),
    ],
)
def test_the_person_counts_who_did_not_come(present: tuple[str, ...], count: bool, expected: Verdict) -> None:
    assert verdict((A, B), present, absence_counts=count) == expected


@pytest.mark.parametrize("said", list(Attendance))
@pytest.mark.parametrize("anybody", [True, False])
def test_absence_counts_where_attendance_was_taken(said: Attendance, anybody: bool) -> None:
    found = counts(said=said, anybody=anybody, counts_absence=True, takes_place=True)

    assert found == (said is Attendance.TAKEN or (anybody and said is Attendance.UNSAID))
    assert not counts(said=said, anybody=anybody, counts_absence=False, takes_place=True)
    assert not counts(said=said, anybody=anybody, counts_absence=True, takes_place=False)


async def test_who_did_not_come_is_absent_and_warned_once_when_time_for_reports_is_over(
    community: Community, clock: time_machine.Traveller
) -> None:
    slot = await slot_at(community, title="守岁")
    _, came = await signed_up(slot)
    _, stayed = await signed_up(slot)
    clock.move_to(CHINA_NIGHT)
    await checkin.by_staff(await desk_of(community), slot.id, ticked(came))
    clock.move_to(slot.ends_at + moments.GRACE - timedelta(minutes=1))
    assert await settling.settle_due() == 0

    await finish(slot, clock)

    assert (await state_of(came), await state_of(stayed)) == (SignUpState.ATTENDED, SignUpState.ABSENT)
    assert await settling.settle_due() == 0
    (text,) = await texts("absent")
    assert "守岁" in text
    assert "第 1 次" in text
    assert await Block.all().count() == 0
    assert await broken() == []


async def test_where_nobody_checked_in_nobody_is_absent_unless_staff_say_that_they_looked(
    community: Community, clock: time_machine.Traveller
) -> None:
    slot = await slot_at(community)
    _, made = await signed_up(slot)
    await finish(slot, clock)
    assert await state_of(made) is SignUpState.HELD

    await settling.say(await desk_of(community), slot.id, Attendance.TAKEN, "点过名，一个没来")
    await settling.settle_due()

    assert await state_of(made) is SignUpState.ABSENT
    assert await AuditEntry.filter(action="slot.attendance").count() == 1
    assert await broken() == []


async def test_who_still_waits_when_it_is_over_lapses_without_a_word(
    community: Community, clock: time_machine.Traveller
) -> None:
    slot = await make_slot(
        await make_offering(community), starts_at=CHINA_NIGHT, closes_at=CHINA_NIGHT, capacity=1
    )
    _, kept = await signed_up(slot)
    resident, waits = await signed_up(slot)
    await finish(slot, clock)

    await waits.refresh_from_db()
    assert (waits.state, waits.reason) == (SignUpState.LAPSED, "没有等到名额")
    assert waits.ended_at is not None
    assert (await Slot.get(id=slot.id)).waiting == 0
    assert await state_of(kept) is SignUpState.HELD
    assert await Delivery.filter(resident_id=resident.id).count() == 0
    assert await broken() == []


async def test_staff_say_that_attendance_was_not_taken_and_absences_are_taken_back(
    community: Community, clock: time_machine.Traveller
) -> None:
    person = await make_resident(community=community)
    for day in (0, 2, 4):
        slot = await held(community, clock, day, person)
    assert await Block.filter(lifted_at=None).count() == 1

    await settling.say(await desk_of(community), slot.id, Attendance.WAIVED, "平板坏了")
    await settling.settle_due()

    assert await Block.filter(lifted_at=None).count() == 0
    assert await Absence.all().count() == 2
    assert await SignUp.filter(slot_id=slot.id, state=SignUpState.HELD).count() == 1
    assert len(await texts("lifted")) == 1
    assert await broken() == []


async def test_attendance_is_said_with_a_reason_by_staff_of_the_place_once_it_has_begun(
    community: Community, clock: time_machine.Traveller
) -> None:
    slot = await slot_at(community)
    desk = await desk_of(community)
    with pytest.raises(Invalid, match="还没有开始"):
        await settling.say(desk, slot.id, Attendance.WAIVED, "没点名")
    clock.move_to(CHINA_NIGHT)
    with pytest.raises(Invalid, match="原因"):
        await settling.say(desk, slot.id, Attendance.WAIVED, " ")
    with pytest.raises(NotFound):
        await settling.say(await stranger(), slot.id, Attendance.WAIVED, "没点名")


async def test_absence_does_not_count_where_the_offering_says_so(
    community: Community, clock: time_machine.Traveller
) -> None:
    slot = await slot_at(community, counts_absence=False)
    _, came = await signed_up(slot)
    _, stayed = await signed_up(slot)
    clock.move_to(CHINA_NIGHT)
    await checkin.by_staff(await desk_of(community), slot.id, ticked(came))

    await finish(slot, clock)

    assert await state_of(stayed) is SignUpState.HELD
    assert await Absence.all().count() == 0


async def test_from_the_third_time_in_ninety_days_the_person_is_blocked_for_thirty_and_told_once(
    community: Community, clock: time_machine.Traveller
) -> None:
    person = await make_resident(community=community)
    for day in (0, 40, 88):
        await held(community, clock, day, person)

    block = await Block.get()
    assert (block.person, block.times, block.resident_id) == (f"r{person.id}", 3, person.id)
    assert timedelta(days=29) < block.until - now() <= timedelta(days=30)
    (text,) = await texts("blocked")
    assert "申诉" in text
    assert len(await texts("absent")) == 2
    ahead = await slot_at(community, now() + timedelta(days=2))
    with pytest.raises(signup.Refused) as caught:
        await signed_up(ahead, resident=person)
    assert caught.value.facts["gate"] == "blocked"
    assert "申诉" in caught.value.told
    clock.move_to(block.until)
    after = await slot_at(community, now() + timedelta(days=2))
    assert (await signed_up(after, resident=person))[1].state is SignUpState.HELD


async def test_an_absence_that_is_settled_late_brings_the_block_that_later_ones_make_it(
    community: Community, clock: time_machine.Traveller
) -> None:
    person = await make_resident(community=community)
    clock.move_to(CHINA_NIGHT - DAY)
    late = await slot_at(community, CHINA_NIGHT + DAY)
    _, missed = await signed_up(late, resident=person)
    for day in (0, 2):
        last = await held(community, clock, day, person)
    assert await Block.all().count() == 0

    await settling.say(await desk_of(community), late.id, Attendance.TAKEN, "点名表昨天才交")
    await settling.settle_due()

    block = await Block.get()
    assert (block.person, block.times) == (f"r{person.id}", 3)
    assert await state_of(missed) is SignUpState.ABSENT
    later = await SignUp.get(slot_id=last.id, state=SignUpState.ABSENT)
    report = Report(last.starts_at, sign_up_id=later.id, client_id="tablet-1")
    await checklist.report(await desk_of(community), last.id, [report])
    await settling.settle_due()
    assert (await Block.get()).lifted_at is not None
    assert await broken() == []


async def test_absences_further_apart_than_ninety_days_block_nobody(
    community: Community, clock: time_machine.Traveller
) -> None:
    person = await make_resident(community=community)
    for day in (0, 40, 90):
        await held(community, clock, day, person)

    assert await Block.all().count() == 0


async def test_a_block_is_of_the_person_and_of_the_community(
    community: Community, clock: time_machine.Traveller
) -> None:
    person = await make_resident(community=community)
    child = await child_of(person)
    for day in (0, 2, 4):
        await held(community, clock, day, person)
    start = now() + timedelta(days=2)

    here = await slot_at(community, start)
    assert (await signed_up(here, f"d{child.id}", resident=person))[1].state is SignUpState.HELD
    elsewhere = await slot_at(await make_community(), start + DAY)
    assert (await signed_up(elsewhere, resident=person))[1].state is SignUpState.HELD


async def test_of_a_sign_up_only_who_stayed_away_is_counted(
    community: Community, clock: time_machine.Traveller
) -> None:
    person = await make_resident(community=community)
    child = await child_of(person)
    slot = await slot_at(community)
    _, made = await signed_up(slot, f"r{person.id}", f"d{child.id}", guests=1, resident=person)
    clock.move_to(CHINA_NIGHT)
    await checkin.by_staff(await desk_of(community), slot.id, ticked(made, f"d{child.id}"))

    await finish(slot, clock)

    assert [one.person for one in await Absence.all()] == [f"r{person.id}"]
    assert await state_of(made) is SignUpState.ATTENDED
    assert await broken() == []


async def test_what_a_device_reports_late_takes_the_absence_and_its_block_back(
    community: Community, clock: time_machine.Traveller
) -> None:
    person = await make_resident(community=community)
    for day in (0, 2, 4):
        slot = await held(community, clock, day, person)
    made = await SignUp.get(slot_id=slot.id, state=SignUpState.ABSENT)
    late = Report(slot.starts_at, sign_up_id=made.id, client_id="tablet-1")

    await checklist.report(await desk_of(community), slot.id, [late])
    await settling.settle_due()

    assert await state_of(made) is SignUpState.ATTENDED
    assert await Absence.all().count() == 2
    assert (await Block.get()).lifted_at is not None
    ahead = await slot_at(community, now() + timedelta(days=2))
    assert (await signed_up(ahead, resident=person))[1].state is SignUpState.HELD
    assert await broken() == []


async def test_an_earlier_absence_that_was_none_takes_back_the_block_that_counted_it(
    community: Community, clock: time_machine.Traveller
) -> None:
    person = await make_resident(community=community)
    first, *_ = [await held(community, clock, day, person) for day in (0, 2, 4)]
    made = await SignUp.get(slot_id=first.id, state=SignUpState.ABSENT)
    late = Report(first.starts_at, sign_up_id=made.id, client_id="tablet-1")

    await checklist.report(await desk_of(community), first.id, [late])
    await settling.settle_due()

    assert await Absence.all().count() == 2
    assert (await Block.get()).lifted_at is not None
    assert len(await texts("lifted")) == 1
    ahead = await slot_at(community, now() + timedelta(days=2))
    assert (await signed_up(ahead, resident=person))[1].state is SignUpState.HELD
    assert await broken() == []


async def test_a_block_that_is_earned_without_the_absence_taken_back_stays(
    community: Community, clock: time_machine.Traveller
) -> None:
    person = await make_resident(community=community)
    slots = [await slot_at(community, CHINA_NIGHT + day * DAY) for day in (0, 2, 4, 6)]
    missed = [(await signed_up(slot, resident=person))[1] for slot in slots]
    came = [(await signed_up(slot))[1] for slot in slots]
    for slot, one in zip(slots, came, strict=True):
        clock.move_to(slot.starts_at)
        await checkin.by_staff(await desk_of(community), slot.id, ticked(one))
        await finish(slot, clock)
    late = Report(slots[0].starts_at, sign_up_id=missed[0].id, client_id="tablet-1")

    await checklist.report(await desk_of(community), slots[0].id, [late])
    await settling.settle_due()

    assert [one.lifted_at is None for one in await Block.all().order_by("id")] == [False, True]


async def blocked_person(community: Community, clock: time_machine.Traveller) -> Resident:
    person = await make_resident(community=community)
    for day in (0, 2, 4):
        await held(community, clock, day, person)
    return person


async def test_an_appeal_is_read_by_staff_who_lift_the_block(
    community: Community, clock: time_machine.Traveller
) -> None:
    person = await blocked_person(community, clock)
    desk = await desk_of(community)
    await blocks.appeal(person.id, "那天住院了", WordsCheck.PASSED)
    (block,) = await blocks.page(desk, None, 10, open_only=True)
    assert block.appeal == "那天住院了"

    await blocks.decide(desk, block.id, lift=True, reason="情况属实")

    assert await blocks.page(desk, None, 10, open_only=True) == []
    assert await Absence.filter(excused_at=None).count() == 2
    assert "情况属实" in (await texts("lifted"))[0]
    assert await AuditEntry.filter(action="block.decide").count() == 1
    ahead = await slot_at(community, now() + timedelta(days=2))
    assert (await signed_up(ahead, resident=person))[1].state is SignUpState.HELD
    with pytest.raises(Conflict):
        await blocks.decide(desk, block.id, lift=False, reason="又想了想")
    with pytest.raises(NotFound):
        await blocks.appeal(person.id, "再申诉", WordsCheck.PASSED)


async def test_a_block_that_staff_keep_stays_and_is_not_appealed_against_again(
    community: Community, clock: time_machine.Traveller
) -> None:
    person = await blocked_person(community, clock)
    desk = await desk_of(community)
    await blocks.appeal(person.id, "忘了", WordsCheck.PASSED)
    block = await Block.get()
    with pytest.raises(NotFound):
        await blocks.decide(await stranger(), block.id, lift=True, reason="不是我的")

    await blocks.decide(desk, block.id, lift=False, reason="前两次也没来")

    assert "前两次也没来" in (await texts("kept"))[0]
    ahead = await slot_at(community, now() + timedelta(days=2))
    with pytest.raises(signup.Refused):
        await signed_up(ahead, resident=person)
    with pytest.raises(Conflict, match="答复过"):
        await blocks.appeal(person.id, "再看看", WordsCheck.PASSED)


async def test_a_shift_that_was_attended_gives_its_hours_once(
    community: Community, clock: time_machine.Traveller
) -> None:
    slot = await slot_at(community, kind=OfferingKind.SHIFT)
    resident, made = await signed_up(slot, guests=1)
    _, stayed = await signed_up(slot)
    clock.move_to(CHINA_NIGHT)
    desk = await desk_of(community)
    entered = await checkin.by_staff(desk, slot.id, ticked(made))
    await finish(slot, clock)
    await Slot.filter(id=slot.id).update(settled_at=None)
    await settling.settle_due()

    assert (await hours.of(resident.id)).recorded == 120
    assert (await hours.of(stayed.resident_id)).minutes == 0
    assert await broken() == []
    await checkin.undo(desk, entered.check_in.id)
    await settling.settle_due()
    assert (await hours.of(resident.id)).minutes == 0
    assert await broken() == []


async def test_hours_entered_by_hand_count_when_somebody_else_has_approved_them(
    community: Community,
) -> None:
    resident = await make_resident(community=community)
    writer, other = await desk_of(community), await desk_of(community)
    made = await hours.enter(writer, resident.id, now().date(), 90, "打扫村部")
    assert (await hours.of(resident.id)).minutes == 0
    with pytest.raises(Forbidden, match="另一位"):
        await hours.decide(writer, made.id, approve=True)

    await hours.decide(other, made.id, approve=True)

    assert await hours.of(resident.id) == hours.Total(recorded=0, entered=90)
    with pytest.raises(Conflict):
        await hours.decide(other, made.id, approve=False)
    with pytest.raises(NotFound):
        await hours.decide(await stranger(), made.id, approve=True)
    assert await AuditEntry.filter(action__startswith="hours.").count() == 2


async def test_hours_that_are_refused_or_of_a_day_to_come_do_not_count(community: Community) -> None:
    resident = await make_resident(community=community)
    writer, other = await desk_of(community), await desk_of(community)
    made = await hours.enter(writer, resident.id, now().date(), 90, "打扫村部")
    await hours.decide(other, made.id, approve=False)

    assert (await hours.of(resident.id)).minutes == 0
    with pytest.raises(Invalid):
        await hours.enter(writer, resident.id, now().date() + 2 * DAY, 90, "打扫村部")
    with pytest.raises(NotFound):
        await hours.enter(await stranger(), resident.id, now().date(), 90, "打扫村部")
