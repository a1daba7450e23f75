"""Working time of a community: which minutes count towards a deadline. China time inside, UTC outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Protocol, Self

import chinese_calendar

from services.clock import CHINA

_NOTHING = timedelta(0)
_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


@lru_cache(maxsize=4096)
def published(day: date) -> bool | None:
    """Whether China works on that day, make-up days included. None: its year is not published yet."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None


@lru_cache(maxsize=4096)
def holiday(day: date) -> str | None:
    """The public holiday that the day is free for, in Chinese; None also where its year is not published."""
    if published(day) is not False:
        return None
    _, name = chinese_calendar.get_holiday_detail(day)
    return str(chinese_calendar.Holiday(name).chinese) if name else None


class Hours(Protocol):
    """Time that counts: `WorkCalendar` for ordinary appeals, `CLOCK` for emergencies."""

    def add(self, start: datetime, span: timedelta) -> datetime:
        """The moment when `span` of counting time has passed since `start`."""

    def subtract(self, end: datetime, span: timedelta) -> datetime:
        """The moment from which `span` of counting time is left until `end`."""

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Counting time from `start` to `end`, zero when `end` is not later."""


class RoundTheClock:
    """Every minute counts."""

    def add(self, start: datetime, span: timedelta) -> datetime:
        """`start` + `span`."""
        return start + span

    def subtract(self, end: datetime, span: timedelta) -> datetime:
        """`end` - `span`."""
        return end - span

    def between(self, start: datetime, end: datetime) -> timedelta:
        """`end` - `start`, at least zero."""
        return max(end - start, _NOTHING)


CLOCK = RoundTheClock()


@dataclass(frozen=True)
class WorkCalendar:
    """Working hours of one community: the published calendar of China, changed by the days its staff entered.

    For a year not yet published Monday to Friday counts; `guessed` says where that was done.
    Raises: ValueError when the day would end before it starts.
    """

    work_start: time
    work_end: time
    overrides: Mapping[date, bool] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        """Refuse hours in which nobody works: a deadline in them would never come."""
        if self.work_start >= self.work_end:
            raise ValueError(f"work must start before it ends: {self.work_start}, {self.work_end}")

    @classmethod
    def of(cls, work_start: str, work_end: str, overrides: Mapping[date, bool] | None = None) -> Self:
        """From `HH:MM` texts."""
        days = MappingProxyType(dict(overrides or {}))
        return cls(time.fromisoformat(work_start), time.fromisoformat(work_end), days)

    def works(self, day: date) -> bool:
        """Whether that China date is a working day here."""
        entered = self.overrides.get(day)
        if entered is not None:
            return entered
        known = published(day)
        return day.weekday() < _SATURDAY if known is None else known

    def guessed(self, day: date) -> bool:
        """Whether nobody has said yet if that day works."""
        return day not in self.overrides and published(day) is None

    def opening(self, day: date) -> datetime:
        """When work starts on that date, whether it is a working day or not."""
        return datetime.combine(day, self.work_start, CHINA).astimezone(UTC)

    def closing(self, day: date) -> datetime:
        """When work ends on that date."""
        return datetime.combine(day, self.work_end, CHINA).astimezone(UTC)

    def add(self, start: datetime, span: timedelta) -> datetime:
        """The moment when `span` of working time has passed since `start`; always inside working hours."""
        day, left = start.astimezone(CHINA).date(), span
        while True:
            begin, end = max(start, self.opening(day)), self.closing(day)
            if begin <= end and self.works(day):
                if left <= end - begin:
                    return (begin + left).astimezone(UTC)
                left -= end - begin
            day += _ONE_DAY

    def subtract(self, end: datetime, span: timedelta) -> datetime:
        """The latest moment from which `span` of working time is left until `end`."""
        day, left = end.astimezone(CHINA).date(), span
        while True:
            begin, finish = self.opening(day), min(end, self.closing(day))
            if begin <= finish and self.works(day):
                if left <= finish - begin:
                    return (finish - left).astimezone(UTC)
                left -= finish - begin
            day -= _ONE_DAY

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Working time from `start` to `end`, zero when `end` is not later."""
        day, last = start.astimezone(CHINA).date(), end.astimezone(CHINA).date()
        total = _NOTHING
        while day <= last:
            if self.works(day):
                total += max(min(end, self.closing(day)) - max(start, self.opening(day)), _NOTHING)
            day += _ONE_DAY
        return total

    def add_minutes(self, start: datetime, minutes: int) -> datetime:
        """`add` in whole minutes."""
        return self.add(start, timedelta(minutes=minutes))

    def minutes_between(self, start: datetime, end: datetime) -> int:
        """`between` in whole minutes, rounded down."""
        return self.between(start, end) // timedelta(minutes=1)
