"""When the clock does something about a slot: pure, by China time where people feel it, all in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from services.clock import CHINA

EVENING = time(19, 0)
EVENING_LASTS = timedelta(hours=1)
"""A reminder of the evening that is later than that is left out: people go to bed early."""
SOON = timedelta(hours=2)
GRACE = timedelta(hours=1)
"""A slot is settled so long after its end: devices that were offline have time to report."""


def evening_before(starts_at: datetime) -> datetime:
    """Seven in the evening of the day before, by the China date of the start."""
    return _at(starts_at.astimezone(CHINA).date() - timedelta(days=1), EVENING)


def soon_before(starts_at: datetime) -> datetime:
    """Two hours before the start."""
    return starts_at - SOON


def evening_reached(moment: datetime) -> datetime:
    """All slots that start before the answer have had their evening before; no other has."""
    local = moment.astimezone(CHINA)
    days = 2 if local.time() >= EVENING else 1
    return _at(local.date() + timedelta(days=days), time())


def soon_reached(moment: datetime) -> datetime:
    """All slots that start before the answer are at most two hours away; no other is."""
    return moment + SOON + timedelta(microseconds=1)


def _at(day: date, clock: time) -> datetime:
    # SQLite compares moments as text, so they must not bear different zones.
    return datetime.combine(day, clock, CHINA).astimezone(UTC)
