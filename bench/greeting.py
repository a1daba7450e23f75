"""你好 in safe mode: the product beside a bare handler, and beside WeRoBot's echo."""

from __future__ import annotations

import random
from importlib.util import find_spec

from bench import scratch, world
from bench.figures import Report, Spread, ratios
from bench.servers import Bench, Server, bench
from bench.signing import Message, requests

WARM_UP = 400
ASKED = 3000
RUNS = 5
SHARE = 0.6


async def run() -> Report:
    """Alternate runs of all four; the ratio is taken run by run."""
    report = Report("greeting", "(a) greeting 你好, safe mode, 16 callers, answers a second")
    async with scratch.database() as url:
        async with scratch.opened(url):
            await world.populate()
        with bench() as place:
            servers = {"product": place.product(url), "bare": place.bare(url)}
            if find_spec("werobot") and find_spec("gunicorn"):
                servers["WeRoBot with its session store"] = place.werobot(session=True)
                servers["WeRoBot without a session store"] = place.werobot(session=False)
            else:
                report.tell("WeRoBot", "left out: requirements-bench.txt is not installed")
            rates = await _measure(place, servers)
    _tell(report, rates)
    return report


async def _measure(place: Bench, servers: dict[str, Server]) -> dict[str, list[float]]:
    for server in servers.values():
        await place.load(server, _greetings(server, WARM_UP))
    rates: dict[str, list[float]] = {name: [] for name in servers}
    for _ in range(RUNS):
        for name, server in servers.items():
            found = await place.load(server, _greetings(server, ASKED))
            rates[name].append(found.rate)
    return rates


def _greetings(server: Server, count: int) -> list[bytes]:
    path = "/greeting" if server.path == "/" else server.path
    people = (random.randrange(world.RESIDENTS) for _ in range(count))
    return requests((Message(f"bench-{one}", "你好") for one in people), path)


def _tell(report: Report, rates: dict[str, list[float]]) -> None:
    for name, found in rates.items():
        report.tell(name, Spread.of(found))
    ours = rates["product"]
    report.demand("product / bare", ratios(ours, rates["bare"]), f"≥ {SHARE}", lambda it: it >= SHARE)
    for name in list(rates)[2:]:
        report.tell(f"product / {name}", ratios(ours, rates[name]))
    report.raw["rates"] = rates
    report.notes += [
        "bare: Sanic + wechatpy (decrypt, parse, render, encrypt) + one row by the ORM; not once only",
        "product: inbox row committed first, then conversation and reply in one transaction; once only",
        "WeRoBot: gunicorn gthread, one worker, 16 threads; echoes, knows no message ids, dedupes nothing",
        "what WeRoBot's session store fails to answer under threads (empty 200) still counts as answered",
    ]
