"""A class that meets every week, or every few weeks: its dates. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from services.errors import Invalid
from services.slots import times

LONGEST = 366
"""Days from the first to the last date."""
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Weekly:
    """Weekdays (1 is Monday), clock times in China, first and last date, every `every` weeks.

    A session that does not end later than it starts ends on the next day. Raises: Invalid.
    """

    weekdays: frozenset[int]
    starts: time
    ends: time
    first: date
    last: date
    every: int = 1

    def __post_init__(self) -> None:
        """Refuse what has no dates, or no end."""
        if not self.weekdays or not self.weekdays <= set(range(1, _WEEK + 1)) or self.every < 1:
            raise Invalid("请写明每周哪几天（1 是周一，7 是周日）。")
        if self.starts == self.ends:
            raise Invalid("开始和结束不能是同一个时间。")
        check_range(self.first, self.last)


def check_range(first: date, last: date) -> None:
    """Raises: Invalid for dates the wrong way round, or more than a year."""
    if first > last:
        raise Invalid("开始日期要在结束日期前面。")
    if (last - first).days >= LONGEST:
        raise Invalid("一次最多排一年。")


def dates(series: Weekly) -> list[date]:
    """The dates of a series; weeks are counted from the Monday of the first date's week."""
    start = times.monday(series.first)
    return [
        day
        for day in times.days(series.first, series.last)
        if day.isoweekday() in series.weekdays
        and (times.monday(day) - start).days // _WEEK % series.every == 0
    ]


def spans(series: Weekly) -> list[tuple[datetime, datetime]]:
    """Start and end of each session in UTC, days off not yet taken out."""
    return [times.span(day, series.starts, series.ends) for day in dates(series)]
