"""When residents write during the year, and what: by hour and season, in sentences of our own."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bench.year.district import District
from services.clock import CHINA
from tests.nlp.test_messages import MESSAGES

FIRST = datetime(2026, 1, 1, tzinfo=CHINA)
DAYS = 365
A_DAY = 2.0
"""Appeals of a community on an average day."""

_HOURS = (1, 1, 1, 1, 1, 2, 6, 12, 18, 20, 18, 14, 8, 8, 14, 16, 14, 12, 14, 18, 14, 8, 4, 2)
_SUMMER = 0.35
"""Storms, heat and holidays: so much more than the average in July, so much less in January."""

SENTENCES = tuple(one.text for one in MESSAGES if one.intent in ("difficulty", "suggestion", "question"))


@dataclass(frozen=True, order=True)
class Arrival:
    """One message of one resident."""

    at: datetime
    openid: str
    text: str


def of_the_year(place: District, dice: random.Random) -> Iterator[Arrival]:
    """All messages in the order of time; the same dice give the same year."""
    for day in range(DAYS):
        today: list[Arrival] = []
        for openids in place.openids:
            today += _of_a_day(FIRST + timedelta(days=day), openids, dice)
        yield from sorted(today)


def _of_a_day(midnight: datetime, openids: tuple[str, ...], dice: random.Random) -> Iterator[Arrival]:
    mean = A_DAY * (1 - _SUMMER * math.cos(2 * math.pi * (midnight - FIRST).days / DAYS))
    for _ in range(_poisson(mean, dice)):
        hour = dice.choices(range(24), _HOURS)[0]
        at = midnight + timedelta(hours=hour, seconds=dice.randrange(3600))
        yield Arrival(at, dice.choice(openids), dice.choice(SENTENCES))


def _poisson(mean: float, dice: random.Random) -> int:
    """Arrivals of a day whose gaps are exponential."""
    count, passed = 0, dice.expovariate(mean)
    while passed < 1:
        count += 1
        passed += dice.expovariate(mean)
    return count
