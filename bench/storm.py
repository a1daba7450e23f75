"""A storm for few places: two processes of the product beside two of a bare handler, on PostgreSQL.

The bare handler does one guarded update and one insert through the ORM; it knows no logins, no households, no
gates, no line. All callers come at once. Afterwards the tables of the product must hold what they promise.
"""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from itertools import count

from bench import residents, scratch
from bench.client import percentile
from bench.figures import Report, Spread, ratios
from bench.servers import Bench, Server, bench
from models import (
    Community,
    OfferingKind,
    OfferingState,
    SignUp,
    connection,
)
from services.clock import now
from tests.make import make_offering, make_slot
from tests.services.slots.truth import broken

PEOPLE, PLACES, LARGEST_PARTY = 2_000, 50, 4
RUNS = 3
SHARE = 0.5
P99_MS = 1_000
WARM_UP = 200
FINE = (201,)

_slots = count(1)


async def run() -> Report:
    """Alternate storms; every one is a slot of its own."""
    title = f"{PEOPLE:,} residents for {PLACES} places at once, two processes, PostgreSQL, answers a second"
    report = Report("storm", title)
    async with scratch.database() as url, scratch.opened(url):
        tokens = await residents.logged_in(PEOPLE)
        with bench() as place:
            ours, theirs = [place.product(url) for _ in range(2)], [place.bare(url) for _ in range(2)]
            rates: dict[str, list[float]] = {"product": [], "bare": []}
            slowest: list[float] = []
            for turn in range(RUNS + 1):
                asked = PEOPLE if turn else WARM_UP
                rate, p99 = await _storm(place, ours, await _product_requests(tokens[:asked]))
                bare, _ = await _storm(place, theirs, await _bare_requests(asked))
                if turn:
                    rates["product"].append(rate)
                    rates["bare"].append(bare)
                    slowest.append(p99)
        _tell(report, rates, slowest)
        wrong = await broken()
        report.demand("promises of the tables broken afterwards", len(wrong), "0", lambda it: it == 0)
        report.tell("sign-ups written", await SignUp.all().count())
    return report


def _tell(report: Report, rates: dict[str, list[float]], slowest: list[float]) -> None:
    for name, found in rates.items():
        report.tell(name, Spread.of(found))
    share = ratios(rates["product"], rates["bare"])
    report.demand("product / bare", share, f"≥ {SHARE}", lambda it: it >= SHARE)
    p99 = Spread.of(slowest)
    report.demand(f"p99 of {PEOPLE:,} at once, ms", p99, f"≤ {P99_MS}", lambda it: it <= P99_MS)


async def _storm(place: Bench, servers: list[Server], requests: list[bytes]) -> tuple[float, float]:
    halves = [requests[0::2], requests[1::2]]
    found = await asyncio.gather(
        *(
            place.load(server, half, concurrency=len(half), fine=FINE)
            for server, half in zip(servers, halves, strict=True)
        )
    )
    times = sorted(time for one in found for time in one.times)
    return len(requests) / max(one.seconds for one in found), percentile(times, 0.99)


async def _product_requests(tokens: list[str]) -> list[bytes]:
    """Every resident for themself and up to three guests, to a slot of its own."""
    community = await Community.get(code="xinlian")
    number = next(_slots)
    offering = await make_offering(
        community, title=f"第 {number} 场", kind=OfferingKind.ACTIVITY, state=OfferingState.PUBLISHED
    )
    day = now() + timedelta(days=number)
    slot = await make_slot(offering, capacity=PLACES, starts_at=day)
    bodies = [json.dumps({"guests": one % LARGEST_PARTY}).encode() for one in range(len(tokens))]
    path = f"/api/v1/slots/{slot.id}/sign-ups"
    return [residents.post(path, body, token) for body, token in zip(bodies, tokens, strict=True)]


async def _bare_requests(number: int) -> list[bytes]:
    sql = f"INSERT INTO bare_slot (capacity, taken) VALUES ({PLACES}, 0) RETURNING id"
    slot = (await connection().execute_query_dict(sql))[0]["id"]
    wishes = [{"slot": slot, "person": one, "party": one % LARGEST_PARTY + 1} for one in range(number)]
    return [residents.post("/sign-up", json.dumps(one).encode(), "none") for one in wishes]
