"""Deadlines and timers as pure functions of where an appeal stands."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from models import Appeal, AppealStatus, Category, Timer, Urgency
from services import deadlines
from services.clock import CHINA
from services.worktime import WorkCalendar

CALENDAR = WorkCalendar.of("08:30", "17:30")
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=CHINA)


def category() -> Category:
    """Accept within 100 working minutes, resolve within 540 (a working day)."""
    return Category(
        accept_minutes=100, resolve_minutes=540, urgent_accept_minutes=20, urgent_resolve_minutes=100
    )


def appeal(status: AppealStatus, urgency: Urgency = Urgency.NORMAL, **values: object) -> Appeal:
    plan = deadlines.plan(CALENDAR, MONDAY, category(), urgency)
    made = Appeal(
        status=status,
        urgency=urgency,
        created_at=MONDAY,
        accept_by=plan.accept_by,
        resolve_by=plan.resolve_by,
        timer=plan.timer,
        timer_at=plan.timer_at,
    )
    for name, value in values.items():
        setattr(made, name, value)
    return made


def following(one: Appeal, now: datetime) -> tuple[Timer | None, datetime | None]:
    return deadlines.next_timer(one, category(), CALENDAR, now)


def test_deadlines_run_in_working_time() -> None:
    accept_by, resolve_by = deadlines.deadlines(CALENDAR, MONDAY, category(), Urgency.NORMAL)
    assert accept_by == MONDAY + timedelta(minutes=100)
    assert resolve_by == MONDAY + timedelta(days=1)


def test_an_emergency_at_night_runs_on_the_clock() -> None:
    night = datetime(2026, 11, 21, 23, 0, tzinfo=CHINA)
    plan = deadlines.plan(CALENDAR, night, category(), Urgency.EMERGENCY)
    assert plan.accept_by == night + timedelta(minutes=10)
    assert plan.timer_at == night + timedelta(minutes=8)


def test_a_new_appeal_is_reminded_at_eighty_percent() -> None:
    plan = deadlines.plan(CALENDAR, MONDAY, category(), Urgency.NORMAL)
    assert (plan.timer, plan.timer_at) == (Timer.REMIND_ACCEPT, MONDAY + timedelta(minutes=80))


def test_a_reminder_that_falls_into_the_night_comes_in_working_time() -> None:
    late = datetime(2026, 11, 23, 16, 30, tzinfo=CHINA)
    plan = deadlines.plan(CALENDAR, late, category(), Urgency.NORMAL)
    assert plan.accept_by == datetime(2026, 11, 24, 9, 10, tzinfo=CHINA)
    assert plan.timer_at == datetime(2026, 11, 24, 8, 50, tzinfo=CHINA)


@pytest.mark.parametrize("status", [AppealStatus.SUBMITTED, AppealStatus.ASSIGNED, AppealStatus.RETURNED])
def test_waiting_is_reminded_first_and_escalated_then(status: AppealStatus) -> None:
    one = appeal(status)
    assert following(one, MONDAY) == (Timer.REMIND_ACCEPT, MONDAY + timedelta(minutes=80))
    assert following(one, MONDAY + timedelta(minutes=80)) == (Timer.ESCALATE_ACCEPT, one.accept_by)


def test_accepted_is_reminded_first_and_escalated_then() -> None:
    one = appeal(AppealStatus.ACCEPTED)
    at = MONDAY + timedelta(minutes=432)
    assert following(one, MONDAY) == (Timer.REMIND_RESOLVE, at)
    assert following(one, at) == (Timer.ESCALATE_RESOLVE, one.resolve_by)


def test_what_a_supervisor_knows_to_be_late_is_escalated_one_working_day_later() -> None:
    one = appeal(AppealStatus.ACCEPTED, escalation=1)
    now = one.resolve_by + timedelta(minutes=5)
    assert following(one, now) == (Timer.ESCALATE_RESOLVE, now + timedelta(days=1))


def test_a_suspension_ends_when_work_starts_on_its_date() -> None:
    one = appeal(AppealStatus.SUSPENDED, suspended_at=MONDAY, resume_on=date(2026, 12, 1))
    assert following(one, MONDAY) == (Timer.RESUME, datetime(2026, 12, 1, 8, 30, tzinfo=CHINA))


def test_what_is_resolved_closes_after_a_week_of_silence() -> None:
    one = appeal(AppealStatus.RESOLVED, resolved_at=MONDAY)
    assert following(one, MONDAY) == (Timer.CLOSE_SILENT, MONDAY + timedelta(days=7))


@pytest.mark.parametrize("status", [AppealStatus.CLOSED, AppealStatus.CANCELLED, AppealStatus.MERGED])
def test_what_is_over_has_no_timer(status: AppealStatus) -> None:
    assert following(appeal(status), MONDAY) == (None, None)


def test_suspended_time_does_not_count() -> None:
    one = appeal(AppealStatus.SUSPENDED, suspended_at=MONDAY + timedelta(hours=2))
    friday = datetime(2026, 11, 27, 9, 0, tzinfo=CHINA)
    assert deadlines.shifted(one, CALENDAR, friday) == datetime(2026, 11, 27, 16, 0, tzinfo=CHINA)


def test_what_was_overdue_before_its_suspension_stays_overdue() -> None:
    one = appeal(AppealStatus.SUSPENDED)
    one.suspended_at = one.resolve_by + timedelta(hours=1)
    assert deadlines.shifted(one, CALENDAR, MONDAY + timedelta(days=7)) == one.resolve_by


def test_the_end_of_the_chain_is_asked_at_doubling_intervals() -> None:
    waits = [
        deadlines.fresh_accept_by(CALENDAR, MONDAY, category(), Urgency.EMERGENCY, repeats=n) - MONDAY
        for n in (0, 1, 2, 50)
    ]
    assert waits == [timedelta(minutes=m) for m in (10, 20, 40, 1280)]


def test_escalation_of_a_late_resolve_ends_at_the_top() -> None:
    one = appeal(AppealStatus.ACCEPTED)
    assert deadlines.after_escalation(one, CALENDAR, MONDAY, higher=False) == (None, None)
    timer, at = deadlines.after_escalation(one, CALENDAR, MONDAY, higher=True)
    assert (timer, at) == (Timer.ESCALATE_RESOLVE, MONDAY + timedelta(days=1))
