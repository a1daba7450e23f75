"""A year of appeals over 24 communities against the real services, with a simulated clock: once by turns
alone, once by our dispatch. Same appeals, same people, same slowness.
"""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import time_machine
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.migrations.api import migrate

from bench.figures import Line, Report
from bench.year import arrivals, district
from bench.year.outcome import Outcome, outcome
from bench.year.play import Play
from bench.year.turns import by_turns
from models.database import configuration, connect, disconnect

SEED = 20260101


async def run() -> Report:
    """Both ways, each on a database of its own; never may an open appeal be without an owner."""
    report = Report("year", f"(g) a year of appeals over {district.COMMUNITIES} communities")
    with by_turns():
        turns = await _year()
    ours = await _year()
    report.tell("appeals", ours.appeals)
    for mine, theirs in zip(ours.lines(), turns.lines(), strict=True):
        report.lines.append(Line(mine.name, f"ours {mine.value} · by turns {theirs.value}"))
    report.demand("open appeals without owner, ours", float(ours.orphaned), "= 0", lambda it: it == 0)
    report.demand("late, ours / by turns", ours.late / max(turns.late, 1e-9), "≤ 1", lambda it: it <= 1)
    report.demand("spread of load (Gini), ours / by turns", ours.gini / turns.gini, "≤ 1", lambda it: it <= 1)
    report.notes += [
        "real services on SQLite: understanding, filing, ranking, deadlines, escalation, leave",
        "by turns: who serves category or grid and had none for the longest, whatever load, cap and leave",
        "people: some three times slower than others, a few who never look; leave with and without deputies",
    ]
    return report


async def _year() -> Outcome:
    dice = random.Random(SEED)
    async with _database():
        with time_machine.travel(arrivals.FIRST, tick=False) as clock:
            place = await district.build(dice)
            play = Play(place, clock, dice)
            await play.run(arrivals.of_the_year(place, dice))
            return await outcome(place, play)


@asynccontextmanager
async def _database() -> AsyncIterator[None]:
    # Nothing of it has to survive: without waiting for the disk a year takes minutes, not hours.
    with TemporaryDirectory() as folder:
        url = f"sqlite://{Path(folder) / 'year.sqlite3'}?synchronous=OFF&journal_mode=MEMORY"
        await migrate(config=configuration(url))
        await disconnect()
        EXECUTOR_CACHE.clear()
        await connect(url)
        try:
            yield
        finally:
            await disconnect()
