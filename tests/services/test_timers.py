"""What the clock does, each effect once."""

from __future__ import annotations

import asyncio
from contextvars import Context
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from models import (
    Alert,
    Appeal,
    AppealEvent,
    AppealStatus,
    Assignment,
    AssignmentEnd,
    Category,
    Delivery,
    Notice,
    Staff,
    Timer,
    Urgency,
)
from services import access, clock, handling, revisions, timers
from tests.services.village import Village, make_village, open_assignment, told, verbs


@pytest.fixture
async def village(db: str) -> Village:
    return await make_village()


async def due(village: Village, timer: Timer, **values: object) -> Appeal:
    """An appeal whose timer has just come."""
    facts: dict[str, Any] = {"timer": timer, "timer_at": clock.now() - timedelta(seconds=1)}
    return await village.appeal(**facts | values)


async def again(appeal: Appeal) -> None:
    """Let the next timer of the appeal come now."""
    await Appeal.filter(id=appeal.id).update(timer_at=clock.now() - timedelta(seconds=1))


async def test_what_is_not_due_is_left_alone(village: Village) -> None:
    appeal = await village.appeal(timer=Timer.REMIND_ACCEPT, timer_at=clock.now() + timedelta(minutes=1))
    assert await timers.run_due() == 0
    assert await verbs(appeal) == []


async def test_the_holder_is_reminded_to_accept_and_escalation_comes_next(village: Village) -> None:
    appeal = await due(village, Timer.REMIND_ACCEPT, accept_by=clock.now() + timedelta(minutes=1))
    assert await timers.run_due() == 1
    after = await Appeal.get(id=appeal.id)
    assert (after.timer, after.timer_at) == (Timer.ESCALATE_ACCEPT, after.accept_by)
    assert set(await told(appeal, Notice.REMIND)) == {village.member.resident_id}
    assert village.resident.id not in await told(appeal)


async def test_not_accepted_in_time_it_goes_one_rung_up_with_a_fresh_deadline(village: Village) -> None:
    late = clock.now() - timedelta(minutes=1)
    appeal = await due(village, Timer.ESCALATE_ACCEPT, accept_by=late)

    await timers.run_due()

    after = await Appeal.get(id=appeal.id)
    assert (after.status, after.escalation, after.timer) == (
        AppealStatus.ASSIGNED,
        1,
        Timer.REMIND_ACCEPT,
    )
    assert after.accept_by > clock.now()
    held = await open_assignment(appeal)
    assert (held.grid_member_id, held.level) == (village.leader.id, 1)
    former = await Assignment.get(appeal_id=appeal.id, grid_member_id=village.member.id)
    assert former.ended_as is AssignmentEnd.ESCALATED
    assert await verbs(appeal) == ["escalate"]
    assert set(await told(appeal, Notice.ASSIGNED)) == {village.leader.resident_id}
    assert set(await told(appeal, Notice.ESCALATED)) == {village.member.resident_id}
    assert village.leader.title in (await told(appeal, Notice.PROGRESS))[village.resident.id]


async def test_an_appeal_nobody_accepts_climbs_to_the_city_and_stays_loud_there(village: Village) -> None:
    appeal = await due(village, Timer.ESCALATE_ACCEPT)
    owners = []
    for _ in range(6):
        await timers.run_due()
        held = await open_assignment(appeal)
        owners.append(held.grid_member_id or held.staff_id)
        await again(appeal)
        await Appeal.filter(id=appeal.id).update(timer=Timer.ESCALATE_ACCEPT)
    top = village.city_duty.id
    assert owners == [village.leader.id, village.duty.id, village.town_duty.id, top, top, top]
    assert (await Appeal.get(id=appeal.id)).escalation == 6
    assert await Assignment.filter(appeal_id=appeal.id, ended_at=None).count() == 1


async def test_an_emergency_climbs_every_ten_minutes_on_the_clock(village: Village) -> None:
    appeal = await due(village, Timer.ESCALATE_ACCEPT, urgency=Urgency.EMERGENCY)
    await timers.run_due()
    after = await Appeal.get(id=appeal.id)
    assert timedelta(minutes=9) < after.accept_by - clock.now() <= timedelta(minutes=10)


async def test_what_community_did_not_decide_goes_to_the_parent_area(village: Village) -> None:
    appeal = await village.appeal(
        village.duty,
        status=AppealStatus.RETURNED,
        returns=2,
        timer=Timer.ESCALATE_ACCEPT,
        timer_at=clock.now(),
    )
    await Assignment.filter(appeal_id=appeal.id).update(level=2)
    await timers.run_due()
    assert (await open_assignment(appeal)).staff_id == village.town_duty.id
    assert (await Appeal.get(id=appeal.id)).status is AppealStatus.ASSIGNED


async def test_not_resolved_in_time_the_owner_stays_and_supervisors_are_told_rung_by_rung(
    village: Village,
) -> None:
    past = clock.now() - timedelta(minutes=5)
    appeal = await due(village, Timer.ESCALATE_RESOLVE, status=AppealStatus.ACCEPTED, resolve_by=past)

    await timers.run_due()

    after = await Appeal.get(id=appeal.id)
    assert (after.status, after.escalation, after.timer) == (
        AppealStatus.ACCEPTED,
        1,
        Timer.ESCALATE_RESOLVE,
    )
    assert after.timer_at is not None
    assert after.timer_at > clock.now()
    assert (await open_assignment(appeal)).grid_member_id == village.member.id
    assert set(await told(appeal, Notice.SUPERVISOR)) == {village.leader.resident_id}
    assert set(await told(appeal, Notice.ESCALATED)) == {village.member.resident_id}
    assert "督办" in (await told(appeal, Notice.PROGRESS))[village.resident.id]

    await again(appeal)
    await timers.run_due()
    assert village.duty.resident_id in await told(appeal, Notice.SUPERVISOR)

    for _ in range(5):
        await again(appeal)
        await timers.run_due()
    assert village.town_duty.resident_id in await told(appeal, Notice.SUPERVISOR)
    final = await Appeal.get(id=appeal.id)
    assert (final.timer, final.escalation) == (None, 4)
    assert len(await Delivery.filter(appeal_id=appeal.id, notice=Notice.PROGRESS)) == 1


async def test_a_suspension_ends_by_itself_and_its_time_does_not_count(village: Village) -> None:
    early = clock.now() - timedelta(days=8)
    appeal = await due(
        village,
        Timer.RESUME,
        status=AppealStatus.SUSPENDED,
        suspended_at=early,
        resolve_by=early + timedelta(days=2),
        resume_on=clock.china_today(),
    )
    await timers.run_due()
    after = await Appeal.get(id=appeal.id)
    assert (after.status, after.suspended_at, after.resume_on) == (AppealStatus.ACCEPTED, None, None)
    assert after.resolve_by > clock.now()
    assert await verbs(appeal) == ["resume"]
    assert set(await told(appeal)) == {village.member.resident_id, village.resident.id}


async def test_a_week_of_silence_closes_what_is_resolved(village: Village) -> None:
    appeal = await due(village, Timer.CLOSE_SILENT, status=AppealStatus.RESOLVED)
    await timers.run_due()
    after = await Appeal.get(id=appeal.id)
    assert (after.status, after.timer) == (AppealStatus.CLOSED, None)
    assert await verbs(appeal) == ["close"]
    assert await told(appeal) == {}


async def test_the_whole_clock_of_one_appeal_runs_on_working_time(db: str) -> None:
    with time_machine.travel(datetime(2026, 11, 23, 9, 0, tzinfo=clock.CHINA), tick=False) as clock_hand:
        village = await make_village()
        appeal = await village.appeal(status=AppealStatus.ASSIGNED)
        actor = access.grid_actor(village.member)
        await Category.filter(id=village.category.id).update(resolve_minutes=540)
        await Appeal.filter(id=appeal.id).update(resolve_by=datetime(2026, 11, 24, 9, 0, tzinfo=clock.CHINA))
        await handling.accept(actor, appeal.number)
        clock_hand.move_to(datetime(2026, 11, 23, 16, 11, tzinfo=clock.CHINA))
        assert await timers.run_due() == 0
        clock_hand.move_to(datetime(2026, 11, 23, 16, 12, tzinfo=clock.CHINA))
        assert await timers.run_due() == 1
        assert (await Appeal.get(id=appeal.id)).timer is Timer.ESCALATE_RESOLVE
        clock_hand.move_to(datetime(2026, 11, 24, 9, 0, tzinfo=clock.CHINA))
        assert await timers.run_due() == 1
        assert (await Appeal.get(id=appeal.id)).escalation == 1


@pytest.mark.parametrize("timer", [Timer.REMIND_ACCEPT, Timer.ESCALATE_ACCEPT, Timer.RESUME])
async def test_of_several_workers_at_once_each_effect_happens_once(village: Village, timer: Timer) -> None:
    status = AppealStatus.SUSPENDED if timer is Timer.RESUME else AppealStatus.ASSIGNED
    appeals = [
        await due(village, timer, status=status, accept_by=clock.now() + timedelta(minutes=1))
        for _ in range(5)
    ]

    runs = [asyncio.create_task(timers.run_due(), context=Context()) for _ in range(4)]

    assert sum(await asyncio.gather(*runs)) == len(appeals)
    for appeal in appeals:
        assert await AppealEvent.filter(appeal_id=appeal.id).count() == 1


async def test_a_timer_that_fails_is_postponed_and_does_not_hold_up_the_others(village: Village) -> None:
    broken = await due(village, Timer.ESCALATE_ACCEPT, about_conduct=True)
    await Appeal.filter(id=broken.id).update(timer_at=clock.now() - timedelta(hours=1))
    fine = await due(village, Timer.CLOSE_SILENT, status=AppealStatus.RESOLVED)
    await Staff.filter(id__in=[village.town_duty.id, village.city_duty.id]).update(active=False)
    await revisions.bump(revisions.ROSTER)

    with pytest.raises(ExceptionGroup, match="timers failed"):
        await timers.run_due()

    assert (await Appeal.get(id=fine.id)).status is AppealStatus.CLOSED
    after = await Appeal.get(id=broken.id)
    assert after.timer is Timer.ESCALATE_ACCEPT
    assert after.timer_at is not None
    assert after.timer_at > clock.now() + timedelta(minutes=9)
    assert await AppealEvent.filter(appeal_id=broken.id).count() == 0


async def test_no_more_than_the_limit_is_taken_the_oldest_first(village: Village) -> None:
    appeals = [await due(village, Timer.CLOSE_SILENT, status=AppealStatus.RESOLVED) for _ in range(3)]
    await Appeal.filter(id=appeals[2].id).update(timer_at=clock.now() - timedelta(days=1))
    assert await timers.run_due(limit=1) == 1
    assert (await Appeal.get(id=appeals[2].id)).status is AppealStatus.CLOSED


async def test_staff_are_warned_before_deadlines_fall_into_an_unpublished_year(db: str) -> None:
    with time_machine.travel(datetime(2026, 3, 1, 9, 0, tzinfo=clock.CHINA), tick=False):
        await timers.run_due()
        assert await Alert.all().count() == 0
    with time_machine.travel(datetime(2030, 12, 15, 9, 0, tzinfo=clock.CHINA), tick=False):
        await timers.run_due()
        await timers.run_due()
        alert = await Alert.get()
        assert ("2031 年放假安排" in alert.words, alert.times) == (True, 1)
