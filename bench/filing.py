"""A message that files an appeal: the product beside a bare handler, and its time at half of the peak."""

from __future__ import annotations

import statistics
from itertools import count

from bench import past, scratch, world
from bench.client import Outcome
from bench.figures import Report, Spread, ratios
from bench.sentences import difficulties
from bench.servers import Bench, Server, bench
from bench.signing import Message, requests
from models import Appeal, Assignment, RoutingDecision

WARM_UP = 400
ASKED = 1500
RUNS = 5
SHARE = 0.4
P99_MS = 250
PAST = 1_000
"""Appeals that are there before: nobody measures an empty database."""

_turn = count()


async def run() -> Report:
    """Alternate runs of both; then arrivals at random moments at half of the product's own rate."""
    report = Report("filing", "(b) a message that files an appeal, safe mode, 16 callers, answers a second")
    async with scratch.database() as url, scratch.opened(url):
        await world.populate()
        await past.remember(PAST, world.RESIDENTS, world.ORGANIZATIONS)
        with bench() as place:
            product, bare = place.product(url), place.bare(url)
            _ = await file_once(place, product, WARM_UP)
            _ = await place.load(bare, messages("/filing", WARM_UP))
            ours, theirs = [], []
            for _ in range(RUNS):
                ours.append((await file_once(place, product, ASKED)).rate)
                theirs.append((await place.load(bare, messages("/filing", ASKED))).rate)
            _tell(report, ours, theirs)
            await _half_of_the_peak(report, place, product, statistics.median(ours))
    return report


async def file_once(place: Bench, product: Server, asked: int, rate: float = 0.0) -> Outcome:
    """One run on the opened database: every message must have become an appeal with an owner and a decision.

    Raises: RuntimeError.
    """
    newest = await newest_appeal()
    outcome = await place.load(product, messages(product.path, asked), rate=rate)
    filed = await Appeal.filter(id__gt=newest).count()
    owned = await Assignment.filter(appeal_id__gt=newest, ended_at=None).count()
    explained = await RoutingDecision.filter(appeal_id__gt=newest).exclude(why="").count()
    if {filed, owned, explained} != {asked}:
        raise RuntimeError(f"{asked} messages: {filed} appeals, {owned} owners, {explained} decisions")
    await world.settle(newest)
    return outcome


async def newest_appeal() -> int:
    """The number of the newest appeal, 0 when there is none."""
    newest = await Appeal.all().order_by("-id").first()
    return newest.number if newest is not None else 0


async def _half_of_the_peak(report: Report, place: Bench, product: Server, peak: float) -> None:
    found = [await file_once(place, product, ASKED, peak / 2) for _ in range(3)]
    report.tell(f"p50 at {peak / 2:.0f} arrivals a second, ms", Spread.of([one.p50 for one in found]))
    p99 = Spread.of([one.p99 for one in found])
    report.demand(f"p99 at {peak / 2:.0f} arrivals a second, ms", p99, f"≤ {P99_MS}", lambda it: it <= P99_MS)


def messages(path: str, asked: int) -> list[bytes]:
    """From residents who have reported nothing in this run, so that nothing joins an open appeal."""
    first = next(_turn) * asked
    people = (f"bench-{(first + one) % world.RESIDENTS}" for one in range(asked))
    return requests(
        (Message(who, words) for who, words in zip(people, difficulties(asked), strict=True)), path
    )


def _tell(report: Report, ours: list[float], theirs: list[float]) -> None:
    report.tell("product", Spread.of(ours))
    report.tell("bare", Spread.of(theirs))
    report.demand("product / bare", ratios(ours, theirs), f"≥ {SHARE}", lambda it: it >= SHARE)
    report.raw["rates"] = {"product": ours, "bare": theirs}
    report.notes += [
        "bare: Sanic + wechatpy + jieba.lcut + the ORM writing two rows in one transaction",
        "product: inbox row committed first; then an owner chosen among all candidates; appeal, assignment, "
        "decision, two lines of history, push and reply in one transaction; once only",
        f"{world.COMMUNITIES} communities of nine grids; appeals are closed between two runs; no worker runs",
    ]
