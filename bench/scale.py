"""Filing with a million appeals in the database beside filing with a thousand."""

from __future__ import annotations

import time

from bench import past, scratch, world
from bench.figures import Report, Spread, ratios
from bench.filing import file_once
from bench.servers import Bench, Server, bench
from models import connection

FEW, MANY = 1_000, 1_000_000
MANY_RESIDENTS = 200_000
WARM_UP = 400
ASKED = 1500
RUNS = 5
SHARE = 0.9


async def run() -> Report:
    """The same process twice, each on its database; runs alternate."""
    report = Report("scale", f"(e) filing at {MANY:,} stored appeals, 16 callers, answers a second")
    async with scratch.database() as few, scratch.database() as many:
        await _fill(few, FEW, world.RESIDENTS)
        started = time.monotonic()
        await _fill(many, MANY, MANY_RESIDENTS)
        report.raw["seconds to write the past"] = time.monotonic() - started
        report.tell(f"size of the database at {MANY:,}", await _size(many))
        with bench() as place:
            rates = await _measure(place, {few: place.product(few), many: place.product(many)})
    report.tell(f"at {FEW:,}", Spread.of(rates[few]))
    report.tell(f"at {MANY:,}", Spread.of(rates[many]))
    share = ratios(rates[many], rates[few])
    report.demand(f"at {MANY:,} / at {FEW:,}", share, f"≥ {SHARE}", lambda it: it >= SHARE)
    report.raw["rates"] = {"few": rates[few], "many": rates[many]}
    report.notes.append(
        "each appeal with 1.2 assignments and decisions, 5 lines of history, 4 pushes, 2 messages; 1 % open"
    )
    return report


async def _fill(url: str, appeals: int, residents: int) -> None:
    async with scratch.opened(url):
        await world.populate(residents)
        await past.remember(appeals, residents, world.ORGANIZATIONS)


async def _measure(place: Bench, servers: dict[str, Server]) -> dict[str, list[float]]:
    rates: dict[str, list[float]] = {url: [] for url in servers}
    for turn in range(RUNS + 1):
        for url, server in servers.items():
            async with scratch.opened(url):
                outcome = await file_once(place, server, ASKED if turn else WARM_UP)
            if turn:
                rates[url].append(outcome.rate)
    return rates


async def _size(url: str) -> str:
    async with scratch.opened(url):
        found = await connection().execute_query_dict("SELECT pg_database_size(current_database()) AS bytes")
    return f"{int(found[0]['bytes']) / 2**30:.1f} GiB"
