"""Opening hours of a venue, cut into slots. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self

from services.errors import Invalid
from services.slots import times

_DAY, _WEEK = 1440, 10_080


@dataclass(frozen=True, slots=True)
class Piece:
    """Open on a weekday (1 is Monday) from one clock time to another; 00:00 or earlier: of the next day."""

    weekday: int
    opens: time
    closes: time

    @classmethod
    def of(cls, stored: Mapping[str, str | int]) -> Self:
        """From what stands in the row of an offering."""
        opens, closes = (time.fromisoformat(str(stored[name])) for name in ("opens", "closes"))
        return cls(int(stored["weekday"]), opens, closes)

    @property
    def minutes(self) -> tuple[int, int]:
        """Start and end, counted from Monday 00:00."""
        start = (self.weekday - 1) * _DAY + self.opens.hour * 60 + self.opens.minute
        length = (self.closes.hour - self.opens.hour) * 60 + self.closes.minute - self.opens.minute
        return start, start + (length if length > 0 else length + _DAY)


def check(pieces: Iterable[Piece]) -> None:
    """Raises: Invalid where two pieces overlap, Sunday night into Monday included."""
    found = sorted(one.minutes for one in pieces)
    if not found:
        return
    first, _ = found[0]
    following = [*found[1:], (first + _WEEK, first + _WEEK)]
    if any(end > start for (_, end), (start, _) in zip(found, following, strict=True)):
        raise Invalid("开放时间有重叠，请改成不重叠的几段。")


def cut(
    pieces: Sequence[Piece], first: date, last: date, length: timedelta, gap: timedelta
) -> list[tuple[datetime, datetime]]:
    """Start and end in UTC of all slots of this `length` that fit, with a `gap` between two of them.

    What is left at the end of a piece is too short for a slot and stays empty.
    """
    return [
        found
        for day in times.days(first, last)
        for one in sorted((one for one in pieces if one.weekday == day.isoweekday()), key=_opens)
        for found in _cut_one(*times.span(day, one.opens, one.closes), length, gap)
    ]


def _opens(piece: Piece) -> time:
    return piece.opens


def _cut_one(
    start: datetime, end: datetime, length: timedelta, gap: timedelta
) -> Iterable[tuple[datetime, datetime]]:
    while start + length <= end:
        yield start, start + length
        start += length + gap
