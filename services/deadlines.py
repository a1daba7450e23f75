"""By when an appeal must be accepted and resolved, and what the clock does next. Pure but `calendar_of`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from models import Appeal, AppealStatus, Category, Timer, Urgency
from services import rosters
from services.worktime import CLOCK, Hours, WorkCalendar

REMINDER_SHARE = 5
"""A reminder goes out when a fifth of the time is left, that is at 80 %."""

SILENCE = timedelta(days=7)
"""Without a rating for so long, a resolved appeal is closed."""

_AGAIN = timedelta(minutes=540)
_AGAIN_EMERGENCY = timedelta(minutes=60)
_DOUBLINGS = 7

_WAITING = frozenset({AppealStatus.SUBMITTED, AppealStatus.ASSIGNED, AppealStatus.RETURNED})


@dataclass(frozen=True, slots=True)
class Plan:
    """Deadlines of an appeal that is about to be written, with its first timer."""

    accept_by: datetime
    resolve_by: datetime
    timer: Timer
    timer_at: datetime


async def calendar_of(community_id: int) -> WorkCalendar:
    """Working time of a community, from the cached roster.

    Raises: NotFound.
    """
    return (await rosters.of(community_id)).calendar


def hours(calendar: WorkCalendar, urgency: Urgency) -> Hours:
    """Which time counts: an emergency runs on the clock."""
    return CLOCK if urgency is Urgency.EMERGENCY else calendar


def deadlines(
    calendar: WorkCalendar, start: datetime, category: Category, urgency: Urgency
) -> tuple[datetime, datetime]:
    """(accept by, resolve by) for an appeal that starts at `start`."""
    accept, resolve = category.minutes(urgency)
    counting = hours(calendar, urgency)
    return counting.add(start, timedelta(minutes=accept)), counting.add(start, timedelta(minutes=resolve))


def plan(calendar: WorkCalendar, start: datetime, category: Category, urgency: Urgency) -> Plan:
    """Both deadlines and the first timer: the reminder to accept."""
    accept_by, resolve_by = deadlines(calendar, start, category, urgency)
    minutes, _ = category.minutes(urgency)
    at = _reminder(calendar, accept_by, minutes, urgency)
    return Plan(accept_by, resolve_by, Timer.REMIND_ACCEPT, at)


def fresh_accept_by(
    calendar: WorkCalendar, start: datetime, category: Category, urgency: Urgency, *, repeats: int = 0
) -> datetime:
    """By when a new owner must accept. `repeats`: how often the end of the chain was asked in vain already;
    the time doubles with each, so that an appeal nobody takes stays loud without becoming a siren.
    """
    minutes, _ = category.minutes(urgency)
    longer = minutes * 2 ** min(repeats, _DOUBLINGS)
    return hours(calendar, urgency).add(start, timedelta(minutes=longer))


def next_timer(
    appeal: Appeal, category: Category, calendar: WorkCalendar, now: datetime
) -> tuple[Timer | None, datetime | None]:
    """What the clock does next to the appeal as it stands, and when; (None, None) for nothing.

    A reminder whose moment has passed is skipped, so calling it when a reminder fires gives the escalation.
    """
    accept, resolve = category.minutes(appeal.urgency)
    if appeal.status in _WAITING:
        at = _reminder(calendar, appeal.accept_by, accept, appeal.urgency)
        return (Timer.REMIND_ACCEPT, at) if now < at else (Timer.ESCALATE_ACCEPT, appeal.accept_by)
    if appeal.status is AppealStatus.ACCEPTED:
        at = _reminder(calendar, appeal.resolve_by, resolve, appeal.urgency)
        return (Timer.REMIND_RESOLVE, at) if now < at else _resolve_timer(appeal, calendar, now)
    if appeal.status is AppealStatus.SUSPENDED and appeal.resume_on is not None:
        return Timer.RESUME, calendar.opening(appeal.resume_on)
    if appeal.status is AppealStatus.RESOLVED and appeal.resolved_at is not None:
        return Timer.CLOSE_SILENT, appeal.resolved_at + SILENCE
    return None, None


def after_escalation(
    appeal: Appeal, calendar: WorkCalendar, now: datetime, *, higher: bool
) -> tuple[Timer | None, datetime | None]:
    """The timer after an overdue resolve deadline was escalated: the next rung one working day later.

    `higher`: whether anybody is left above the one who was told just now.
    """
    return (Timer.ESCALATE_RESOLVE, _next_rung(appeal, calendar, now)) if higher else (None, None)


def shifted(appeal: Appeal, calendar: WorkCalendar, now: datetime) -> datetime:
    """The resolve deadline of a suspended appeal that goes on at `now`: the suspended time does not count.

    What was overdue when it was suspended stays overdue.
    """
    paused = appeal.suspended_at
    if paused is None or paused >= appeal.resolve_by:
        return appeal.resolve_by
    counting = hours(calendar, appeal.urgency)
    return counting.add(now, counting.between(paused, appeal.resolve_by))


def recategorized(
    appeal: Appeal, before: Category, after: Category, calendar: WorkCalendar, now: datetime
) -> datetime:
    """The resolve deadline of an accepted appeal whose category was `before`, counted from the same start.

    It never moves into the past; what is overdue stays so. For a suspended one the clock stands still.
    """
    counting = hours(calendar, appeal.urgency)
    _, old = before.minutes(appeal.urgency)
    _, new = after.minutes(appeal.urgency)
    if old == new:
        return appeal.resolve_by
    start = counting.subtract(appeal.resolve_by, timedelta(minutes=old))
    earliest = min(appeal.resolve_by, appeal.suspended_at or now)
    return max(counting.add(start, timedelta(minutes=new)), earliest)


def _reminder(calendar: WorkCalendar, deadline: datetime, minutes: int, urgency: Urgency) -> datetime:
    return hours(calendar, urgency).subtract(deadline, timedelta(minutes=minutes) / REMINDER_SHARE)


def _resolve_timer(appeal: Appeal, calendar: WorkCalendar, now: datetime) -> tuple[Timer, datetime]:
    if appeal.escalation and appeal.resolve_by <= now:  # a supervisor knows already
        return Timer.ESCALATE_RESOLVE, _next_rung(appeal, calendar, now)
    return Timer.ESCALATE_RESOLVE, appeal.resolve_by


def _next_rung(appeal: Appeal, calendar: WorkCalendar, now: datetime) -> datetime:
    emergency = appeal.urgency is Urgency.EMERGENCY
    return hours(calendar, appeal.urgency).add(now, _AGAIN_EMERGENCY if emergency else _AGAIN)
