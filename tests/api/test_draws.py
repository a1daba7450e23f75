"""A draw of lots as anybody reads it, without login, and draws it again with ten lines of their own."""

from __future__ import annotations

from datetime import timedelta

import httpx
import time_machine

from models import OfferingKind
from services.access import staff_actor
from services.clock import now
from services.slots import drawing, seasons, signup
from tests.api.conftest import Enter
from tests.make import make_community, make_duty, make_offering, make_resident
from tests.services.slots.test_lots import stranger

DAY = timedelta(days=1)


async def test_a_stranger_draws_the_published_lots_again(client: httpx.AsyncClient) -> None:
    community = await make_community()
    desk = await staff_actor(await make_duty(community))
    plots = await make_offering(community, kind=OfferingKind.PLOT, title="一米菜园")
    moment = now()
    season = seasons.Season(
        moment + 30 * DAY, moment + 99 * DAY, 3, moment - DAY, moment + DAY, public_source="双色球第140期"
    )
    slot_id = (await seasons.open_season(desk, plots.id, season)).slot_id
    for _ in range(8):
        resident = await make_resident(community=community)
        await signup.sign_up(resident.id, slot_id, [f"r{resident.id}"])

    before = (await client.get(f"/api/v1/draws/{slot_id}")).json()
    with time_machine.travel(moment + 2 * DAY, tick=True):
        closed = (await client.get(f"/api/v1/draws/{slot_id}")).json()
        await drawing.draw_now(desk, slot_id, "02 07 11 19 23 30")
        drawn = (await client.get(f"/api/v1/draws/{slot_id}")).json()

    assert (before["seed"], before["applications"], before["order"]) == (None, [], [])
    assert (closed["seed"], closed["order"], len(closed["applications"])) == (None, [], 8)
    assert drawn["order"] == stranger(drawn)
    assert drawn["won"] == drawn["order"][:3]
    same = ("seed_hash", "public_source", "slot_id")
    assert [before[name] for name in same] == [drawn[name] for name in same]
    assert closed["list_hash"] == drawn["list_hash"]


async def test_what_is_no_draw_is_not_found(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/v1/draws/999")).status_code == 404


async def test_a_preview_over_the_api_makes_nothing_and_says_what_is_skipped(enter: Enter) -> None:
    community = await make_community()
    login = await enter(await make_duty(community))
    offering = await make_offering(community)
    body = {
        "weekdays": [5],
        "starts": "22:00",
        "ends": "00:30",
        "first": "2099-01-01",
        "last": "2099-01-16",
        "capacity": 20,
        "skip": ["2099-01-09"],
    }

    preview = (await login.post(f"/offerings/{offering.id}/series", json=body)).json()
    made = (await login.post(f"/offerings/{offering.id}/series", json=body | {"make": True})).json()
    slots = (await login.get(f"/offerings/{offering.id}/slots")).json()["items"]

    assert (preview["made"], made["made"]) == (False, True)
    assert preview["sessions"] == made["sessions"]
    assert [one["starts_at"] for one in made["sessions"]] == ["2099-01-02T14:00:00Z", "2099-01-16T14:00:00Z"]
    assert [one["ends_at"] for one in slots] == ["2099-01-16T16:30:00Z", "2099-01-02T16:30:00Z"]
    assert [one["code"] for one in made["skipped"]] == ["named"]
    assert made["unsure_days"] == ["2099-01-02", "2099-01-16"]
