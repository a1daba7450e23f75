"""kill -9 of services and workers, two hundred of them, while residents write: nothing may be lost."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import scratch
from bench.figures import Report
from models import DeliveryState
from tests.services_at_hand import POSTGRES_URL, listening
from tests.whole.aftermath import Aftermath
from tests.whole.killing import kill_under_load, place

ON_SQLITE, ON_POSTGRES, OF_WORKERS = 100, 50, 50
PATIENCE_SECONDS = 600


async def run() -> Report:
    """Three loads, one after the other; how much stands for each of them, what must hold for all together."""
    report = Report("kills", "(g) kill -9 in the middle of a load")
    found: list[Aftermath] = []
    with TemporaryDirectory(prefix="bench-") as folder:
        url = f"sqlite://{folder}/kills.sqlite3"
        await scratch.prepare(url)
        found.append(await _load(report, "service on SQLite", Path(folder), url, ON_SQLITE))
        if not listening(POSTGRES_URL):
            report.tell("PostgreSQL", "left out: it does not answer")
        else:
            found += await _on_postgres(report, Path(folder))
    _demand(report, found)
    return report


async def _on_postgres(report: Report, folder: Path) -> list[Aftermath]:
    async with scratch.database() as url:
        found = [await _load(report, "service on PostgreSQL", folder, url, ON_POSTGRES)]
    async with scratch.database() as url, scratch.redis() as redis_url:
        if redis_url is None:
            report.tell("worker over Redis", "left out: no empty database of Redis answers")
        else:
            found.append(await _load(report, "worker over Redis", folder, url, OF_WORKERS, redis_url))
    return found


async def _load(
    report: Report, what: str, folder: Path, url: str, kills: int, redis_url: str | None = None
) -> Aftermath:
    started = time.monotonic()
    async with scratch.opened(url):
        with place(folder, url, redis_url) as where:
            found = await kill_under_load(where, kills, patience=PATIENCE_SECONDS)
    report.tell(f"{what}: kills", f"{kills} in {time.monotonic() - started:.0f} s")
    report.tell(f"{what}: messages", f"{found.written}, acknowledged {found.acknowledged}")
    report.raw[what] = asdict(found)
    return found


def _demand(report: Report, found: list[Aftermath]) -> None:
    def total(count: Callable[[Aftermath], int]) -> int:
        return sum(map(count, found))

    def demand_none(name: str, count: Callable[[Aftermath], int]) -> None:
        report.demand(name, total(count), "= 0", lambda it: it == 0)

    kills = total(lambda one: one.kills)
    report.tell("kills", kills)
    share = total(lambda one: one.cut) / kills
    report.demand("share of them with a message or push half done", share, "≥ 0.5", lambda it: it >= 0.5)
    report.tell("messages acknowledged", total(lambda one: one.acknowledged))
    demand_none("acknowledged, but no appeal", lambda one: one.lost)
    demand_none("messages that are two appeals", lambda one: one.twice)
    demand_none("appeals without owner", lambda one: one.ownerless)
    for state in (DeliveryState.SENT, DeliveryState.FELL_BACK, DeliveryState.DEAD):
        report.tell(f"deliveries {state.value}", sum(one.ends[state] for one in found))
    demand_none("deliveries unfinished", lambda one: one.unfinished)
    demand_none("deliveries that count as sent, but were never seen", lambda one: one.unseen)
    report.tell("template pushes seen", total(lambda one: one.templates.shown))
    demand_none("template pushes seen twice", lambda one: one.templates.repeats)
    report.tell("seen on other channels", total(lambda one: one.others.shown))
    repeats = total(lambda one: one.others.repeats)
    report.demand("repeats on other channels", repeats, "≤ kills", lambda it: it <= kills)
    demand_none("repeats that are not marked", lambda one: one.others.unmarked)
    most = max(one.others.most for one in found)
    report.demand("one message on other channels, times seen", most, "≤ 2", lambda it: it <= 2)
    report.tell("marked though nothing was seen before", total(lambda one: one.others.needless))
