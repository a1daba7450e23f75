"""What is read without a login: calendars, certificates, approved photos."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import httpx
import pytest

import settings
from models import Certificate, Community, Resident
from services.access import staff_actor
from services.clock import now
from services.slots import calendar, photos, signup
from tests.api.conftest import Enter
from tests.make import make_community, make_duty, make_offering, make_resident, make_slot
from tests.services.slots.test_ics import parsed
from tests.services.test_pictures import picture


@pytest.fixture
async def community(db: str) -> Community:
    return await make_community()


@pytest.fixture
async def resident(community: Community) -> Resident:
    return await make_resident(community=community)


async def test_a_feed_is_read_by_its_secret_address_alone(
    client: httpx.AsyncClient, community: Community, resident: Resident
) -> None:
    slot = await make_slot(await make_offering(community))
    await signup.sign_up(resident.id, slot.id, [f"r{resident.id}"])
    link = await calendar.link_for(resident.id)

    answer = await client.get(link)

    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert len(parsed(answer.content)) == 1
    await calendar.renew_link(resident.id)
    assert (await client.get(link)).status_code == 404


@pytest.mark.parametrize("place", ["c0.ics", "x", "c" * 40 + ".ics", "%00.ics", ".ics", "C.ICS"])
async def test_an_address_that_is_no_secret_is_not_found(client: httpx.AsyncClient, place: str) -> None:
    answer = await client.get(f"/api/v1/calendar/{place}")

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_published_time_is_saved_by_anybody(client: httpx.AsyncClient, community: Community) -> None:
    slot = await make_slot(await make_offering(community, title="书画室"))

    answer = await client.get(f"/api/v1/slots/{slot.id}/calendar")

    assert parsed(answer.content)[0].summary.value == "书画室"
    assert (await client.get(f"/api/v1/slots/{slot.id + 1}/calendar")).status_code == 404


async def test_a_code_confirms_a_certificate_and_shows_no_name_in_full(
    client: httpx.AsyncClient, community: Community, resident: Resident
) -> None:
    await Certificate.create(
        number="V2026-000001",
        code="abcdefgh23456789",
        community=community,
        resident=resident,
        name="张三丰",
        minutes=90,
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
        issued_at=now(),
    )

    answer = await client.get("/api/v1/certificates/abcdefgh23456789")

    told = answer.json()
    assert (told["number"], told["name"], told["minutes"], told["valid"]) == (
        "V2026-000001",
        "张**",
        90,
        True,
    )
    assert "三丰" not in answer.text
    assert (await client.get("/api/v1/certificates/abcdefgh23456788")).status_code == 404
    assert (await client.get("/api/v1/certificates/V2026-000001")).status_code == 404


async def test_a_photo_is_uploaded_over_the_admin_api_and_seen_when_approved(
    client: httpx.AsyncClient,
    enter: Enter,
    community: Community,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MEDIA_DIR", str(tmp_path))
    settings.load.cache_clear()
    slot = await make_slot(await make_offering(community))
    desk = await enter(await make_duty(community))
    headers = {"content-type": "image/jpeg"}
    made = await desk.post(f"/slots/{slot.id}/photos", content=picture(), headers=headers)
    assert (made.status_code, made.json()["approved"]) == (201, False)
    wrong = await desk.post(f"/slots/{slot.id}/photos", content=b"<svg/>", headers=headers)
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid")
    address = f"/api/v1/slots/{slot.id}/photos"
    assert (await client.get(address)).json() == {"items": []}

    await photos.approve(await staff_actor(await make_duty(community)), slot.id, made.json()["id"])

    (seen,) = (await client.get(address)).json()["items"]
    picture_seen = await client.get(f"{address}/{seen['id']}")
    assert picture_seen.headers["content-type"] == "image/jpeg"
    assert picture_seen.content.startswith(b"\xff\xd8")
