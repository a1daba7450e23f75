"""Real messages through the signed callback: all answered, owned and explained; who gets what; how fast."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable

from bench import scratch, world
from bench.client import percentile
from bench.figures import Report
from bench.filing import newest_appeal
from bench.messages import FOLDER, MISSING, accounted, column
from bench.servers import Bench, Server, bench
from bench.signing import Message, requests
from models import Appeal, AssigneeKind, Assignment

SAMPLE = 700
PIECE = 50
"""Messages after which everything is closed, so that no cap decides who gets the next ones."""


async def run() -> Report:
    """One message after the other, each from a resident of the demo who has reported nothing yet."""
    report = Report("real", "(f) real messages through the callback, one at a time")
    if not FOLDER.exists():
        report.tell("left out", MISSING)
        return report
    texts = column("village_dev.tsv") + random.Random(7).sample(column("citizen_titles.tsv"), SAMPLE)
    async with scratch.database() as url, scratch.opened(url):
        await world.bind(len(texts))
        with bench() as place:
            times = await _send(report, place, place.product(url), texts)
        await _check(report, len(texts))
        await _shares_of_owners(report)
    report.tell("time for each, ms: p50", percentile(times, 0.5))
    report.tell("time for each, ms: p99", percentile(times, 0.99))
    return report


async def _send(report: Report, place: Bench, product: Server, texts: list[str]) -> list[float]:
    _ = await place.load(product, requests([Message("nobody", "你好")], product.path))
    times: list[float] = []
    words = 0
    for first in range(0, len(texts), PIECE):
        newest = await newest_appeal()
        some = [Message(f"bench-{first + n}", text) for n, text in enumerate(texts[first : first + PIECE])]
        outcome = await place.load(product, requests(some, product.path), concurrency=1)
        times += outcome.times
        words += outcome.with_words
        await world.settle(newest)
    report.tell("messages", len(texts))
    report.demand("answered with words", words / len(texts), "= 1", lambda it: it == 1)
    return sorted(times)


async def _check(report: Report, sent: int) -> None:
    """Every resident wrote once: each must have an appeal, and each appeal an owner and a reason."""
    found = await accounted([f"bench-{n}" for n in range(sent)])
    report.demand("became an appeal", found.people / sent, "= 1", lambda it: it == 1)
    report.demand("appeals owned", found.owned / found.appeals, "= 1", lambda it: it == 1)
    report.demand("appeals explained", found.explained / found.appeals, "= 1", lambda it: it == 1)


async def _shares_of_owners(report: Report) -> None:
    categories = await Appeal.all().values_list("category__name", flat=True)
    _tell_shares(report, "category", map(str, categories))
    owners = await Assignment.all()
    _tell_shares(report, "owner", (_owner(one.kind, one.level) for one in owners))
    unsure = await Appeal.filter(unsure=True).count() / len(categories)
    report.tell("unsure: asked back, in community triage", f"{unsure:.1%}")


def _tell_shares(report: Report, what: str, found: Iterable[str]) -> None:
    counted = Counter(found)
    total = counted.total()
    for name, times in counted.most_common():
        report.tell(f"{what} {name}", f"{times / total:.1%}")


def _owner(kind: AssigneeKind, level: int) -> str:
    if kind is AssigneeKind.STAFF:
        return "社区值班" if level <= 2 else "上级值班"
    if kind is AssigneeKind.GRID_MEMBER:
        return "网格长" if level else "网格员"
    return kind.label
