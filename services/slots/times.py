"""Times for slots before they are rows: what is wanted, what stands in the way, what is left. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate

from services import worktime
from services.clock import CHINA

DAY = timedelta(days=1)
NOTICE = timedelta(hours=24)
"""So long before the start it is decided whether enough people come."""


@dataclass(frozen=True, slots=True)
class Session:
    """A slot that is wanted; moments in UTC. Without `opens_at` sign-up opens at once."""

    starts_at: datetime
    ends_at: datetime
    capacity: int
    closes_at: datetime
    opens_at: datetime | None = None

    @property
    def day(self) -> date:
        """The date in China on which it starts."""
        return self.starts_at.astimezone(CHINA).date()


@dataclass(frozen=True, slots=True)
class Taken:
    """A slot that is there. `own`: of the same offering, else only of the same room."""

    starts_at: datetime
    ends_at: datetime
    own: bool
    open: bool


@dataclass(frozen=True, slots=True)
class Skipped:
    """A wanted time that gets no slot: a stable code, and why, in plain Chinese."""

    starts_at: datetime
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What is (or would be) made and what is left out; `unsure`: days whose holidays nobody published yet."""

    sessions: tuple[Session, ...]
    skipped: tuple[Skipped, ...]
    unsure: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class DaysOff:
    """Days without sessions: dates named with the request, and public holidays where `holidays`.

    What the community's staff entered counts before the published calendar. In a year that is not published
    only what staff entered is known: such days are not skipped but told as unsure.
    """

    entered: Mapping[date, bool] = field(default_factory=dict)
    named: frozenset[date] = frozenset()
    holidays: bool = True

    def why(self, day: date) -> tuple[str, str] | None:
        """Code and reason for a day without sessions."""
        if day in self.named:
            return "named", "这天按您写的跳过。"
        if not self.holidays:
            return None
        works = self.entered.get(day)
        if works is not None:
            return None if works else ("day_off", "村（社区）登记了这天休息。")
        name = worktime.holiday(day)
        return ("holiday", f"{name}放假。") if name else None

    def unsure(self, day: date) -> bool:
        """Whether nobody can say yet if the day is a public holiday."""
        return self.holidays and day not in self.entered and worktime.published(day) is None


def at(day: date, clock: time) -> datetime:
    """That clock time of a day in China, as UTC."""
    return datetime.combine(day, clock, CHINA).astimezone(UTC)


def span(day: date, starts: time, ends: time) -> tuple[datetime, datetime]:
    """From one clock time to another; to the next day's where that is not later: 22:00 to 00:30."""
    return at(day, starts), at(day if ends > starts else day + DAY, ends)


def moved(moment: datetime, days: int) -> datetime:
    """The same clock time in China so many days later."""
    local = moment.astimezone(CHINA)
    return datetime.combine(local.date() + days * DAY, local.time(), CHINA).astimezone(UTC)


def monday(day: date) -> date:
    """The Monday of that day's week."""
    return day - (day.isoweekday() - 1) * DAY


def days(first: date, last: date) -> Iterable[date]:
    """Every day from the first to the last, both included."""
    return (first + number * DAY for number in range((last - first).days + 1))


def deciding(starts_at: datetime, closes_at: datetime, moment: datetime) -> datetime | None:
    """When to decide whether enough people come: as sign-up ends, or a day before the start if earlier.

    None for a slot that is made (at `moment`) after that: its staff just made it, and it takes place.
    """
    if min(starts_at, closes_at) <= moment:
        return None
    found = min(closes_at, starts_at - NOTICE)
    return found if found > moment else None


def fit(
    wanted: Iterable[Session], there: Sequence[Taken], off: DaysOff, moment: datetime, *, room: bool
) -> Plan:
    """What of the wanted can be made at `moment`, beside the slots that are `there`.

    In a `room` (a venue, or what is held in one) no two open slots overlap. Making the same twice makes
    nothing the second time; a slot that was called off is not made anew.
    """
    own = {one.starts_at: one for one in there if one.own}
    busy = sorted((one.starts_at, one.ends_at) for one in there if one.open)
    begins = [start for start, _ in busy]
    latest = list(accumulate((end for _, end in busy), max))
    made: list[Session] = []
    skipped: list[Skipped] = []
    for one in sorted(wanted, key=lambda session: session.starts_at):
        reason = off.why(one.day) or _past(one, moment) or _there(own.get(one.starts_at))
        before = bisect_left(begins, one.ends_at)
        overlaps = (before and latest[before - 1] > one.starts_at) or (
            made and made[-1].ends_at > one.starts_at
        )
        if reason is None and room and overlaps:
            reason = ("overlap", "这个时间场地已经有安排。")
        if reason is None:
            made.append(one)
            continue
        skipped.append(Skipped(one.starts_at, *reason))
    unsure = sorted({one.day for one in made if off.unsure(one.day)})
    return Plan(tuple(made), tuple(skipped), tuple(unsure))


def _past(one: Session, moment: datetime) -> tuple[str, str] | None:
    if one.starts_at <= moment:
        return "past", "这个时间已经过去了。"
    return ("sign_up_over", "这一场的报名截止时间已经过了。") if one.closes_at <= moment else None


def _there(one: Taken | None) -> tuple[str, str] | None:
    if one is None:
        return None
    return ("exists", "这一场已经有了。") if one.open else ("called_off", "这一场取消过，不再重新建。")
