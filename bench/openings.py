"""The list of open sessions at 100,000 sessions and 1,000,000 sign-ups, over HTTP, page after page."""

from __future__ import annotations

import random

from bench import residents, scratch
from bench.figures import Report, Spread
from bench.servers import Bench, Server, bench
from models import Community, OfferingState, Slot, connection
from services.clock import now
from services.slots import openings
from tests.make import make_offering
from tests.queries import counted

SESSIONS, SIGN_UPS, OFFERINGS = 100_000, 1_000_000, 2_000
EVERYBODY = 20
"""One offering of so many is open to other communities, too."""
ASKED, RUNS = 300, 5
P95_MS, QUERIES = 50, 4
_PAGE = 20

# Half of the sessions are over; those ahead open and close at their own times.
_SLOTS = """
INSERT INTO slot (community_id, offering_id, state, starts_at, ends_at, opens_at, closes_at, capacity, taken,
    waiting, line)
SELECT offering.community_id, offering.id, CASE WHEN n % 50 = 0 THEN 'called_off' ELSE 'open' END,
    begins, begins + interval '2 hours', begins - interval '30 days', begins - interval '1 hour', 20, 10, 0, 0
FROM (
    SELECT n, now() + (n % 1000 - 500) * interval '3 hours' AS begins FROM generate_series(1, {sessions}) n
) AS at
JOIN offering ON offering.id = {first} + n % {offerings};
"""
_SIGN_UPS = """
INSERT INTO household (version, created_at) SELECT 0, now() FROM generate_series(1, 2000);
INSERT INTO sign_up
    (community_id, slot_id, household_id, resident_id, party, state, answers, created_at, reason)
SELECT slot.community_id, slot.id, house.id, person.id, 1, 'held', '', now(), ''
FROM slot JOIN generate_series(1, {each}) n ON TRUE
JOIN (SELECT id, row_number() OVER (ORDER BY id) AS place FROM household LIMIT 2000) AS house
    ON house.place = (slot.id * 7 + n) % 2000 + 1
JOIN (SELECT id, row_number() OVER (ORDER BY id) AS place FROM resident LIMIT 2000) AS person
    ON person.place = (slot.id * 7 + n) % 2000 + 1;
ANALYZE;
"""


async def run() -> Report:
    """One process on PostgreSQL; every caller asks for the first page, then for one further on."""
    report = Report("openings", f"listing open sessions, {SESSIONS:,} there, {SIGN_UPS:,} sign-ups, 1 caller")
    async with scratch.database() as url, scratch.opened(url):
        tokens = await residents.logged_in(2_000)
        await _fill()
        await _count_queries(report)
        ahead = Slot.filter(starts_at__gt=now()).order_by("id").limit(5_000)
        cursors = [one.id for one in await ahead]
        with bench() as place:
            product = place.product(url)
            _ = await _asked(place, product, tokens, cursors)
            found = [await _asked(place, product, tokens, cursors) for _ in range(RUNS)]
    report.demand("p95, ms", Spread.of(found), f"≤ {P95_MS}", lambda it: it <= P95_MS)
    return report


async def _fill() -> None:
    community = await Community.get(code="xinlian")
    first = await make_offering(community, everybody=False, state=OfferingState.PUBLISHED)
    columns = (
        "kind, state, title, description, place, tags, everybody, party_most, offer_minutes, cancel_hours"
    )
    columns += ", attendance_least, counts_absence, questions, opening_hours, audience, poster, created_at"
    run = connection().execute_script
    await run(
        f"INSERT INTO offering (community_id, {columns}) "
        f"SELECT community.id, {columns.replace('everybody', f'n % {EVERYBODY} = 0', 1)} "
        f"FROM generate_series(1, {OFFERINGS}) n, offering, community "
        f"WHERE offering.id = {first.id} AND community.code = 'xinlian'"
    )
    facts = {"sessions": SESSIONS, "first": first.id, "offerings": OFFERINGS, "each": SIGN_UPS // SESSIONS}
    await run(_SLOTS.format(**facts) + _SIGN_UPS.format(**facts))


async def _count_queries(report: Report) -> None:
    community = await Community.get(code="xinlian")
    found = await openings.page(community.id, None, _PAGE)
    with counted() as queries:
        _ = await openings.page(community.id, found[-1].id, _PAGE)
    told = "queries of a page, with that of the login"
    report.demand(told, len(queries) + 1, f"≤ {QUERIES}", lambda it: it <= QUERIES)


async def _asked(place: Bench, server: Server, tokens: list[str], cursors: list[int]) -> float:
    chance = random.Random(1)
    asked = []
    for number in range(ASKED):
        after = f"?page[after]={chance.choice(cursors)}" if number % 2 else ""
        asked.append(residents.get(f"/api/v1/slots{after}", chance.choice(tokens)))
    outcome = await place.load(server, asked, concurrency=1)
    return sorted(outcome.times)[int(0.95 * len(outcome.times))]
