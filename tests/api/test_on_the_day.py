"""Check-in, lists, codes for the room, blocks and hours over HTTP, as the console and a tablet use them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from models import Community, SignUp, Slot, Staff, writing
from services import auth
from services.clock import now
from services.slots import checkin
from tests.api.conftest import Enter, serving
from tests.make import make_community, make_duty, make_offering, make_resident, make_slot
from tests.outside import outside
from tests.services.slots.day import signed_up

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
async def duty(db: str) -> Staff:
    return await make_duty(await make_community())


async def running(duty: Staff) -> tuple[Slot, SignUp]:
    """A slot that begins in half an hour, and a sign-up for two."""
    community = await Community.get(id=duty.community_id)
    slot = await make_slot(await make_offering(community), starts_at=now() + timedelta(minutes=30))
    _, made = await signed_up(slot, guests=1, resident=await make_resident(community=community, name="李四"))
    return slot, made


async def test_a_tablet_scans_a_code_once(duty: Staff, enter: Enter) -> None:
    client = await enter(duty)
    slot, made = await running(duty)
    code, _ = await checkin.pass_for(made.resident_id, made.id)

    first = await client.post(f"/slots/{slot.id}/check-ins", json={"code": code})
    again = await client.post(f"/slots/{slot.id}/check-ins", json={"code": code})

    assert first.status_code == 200, first.text
    assert first.json()["people"] == [f"r{made.resident_id}", "g1"]
    assert first.json()["way"] == {"value": "code", "label": "扫居民签到码"}
    problem = again.json()
    assert (again.status_code, problem["code"], problem["check"]) == (409, "check_in_refused", "used")
    assert "刷新" in problem["detail"]


@pytest.mark.parametrize("body", [{}, {"code": "x", "sign_up_id": 1}, {"sign_up_id": 1, "people": ["g1"]}])
async def test_a_check_in_names_a_code_or_a_sign_up(duty: Staff, enter: Enter, body: dict[str, Any]) -> None:
    client = await enter(duty)
    slot, _ = await running(duty)

    assert (await client.post(f"/slots/{slot.id}/check-ins", json=body)).status_code == 422


async def test_a_tablet_takes_the_list_along_and_reports_later(duty: Staff, enter: Enter) -> None:
    client = await enter(duty)
    slot, made = await running(duty)
    listed = (await client.get(f"/slots/{slot.id}/check-list")).json()
    (row,) = listed["rows"]
    assert (row["resident"], listed["algorithm"]) == ("李**", "EdDSA")
    good = {"client_id": "tablet-0001", "at": now().isoformat(), "sign_up_id": row["sign_up_id"]}
    early = good | {"client_id": "tablet-0002", "at": (now() - timedelta(hours=3)).isoformat()}

    answers = [
        (await client.post(f"/slots/{slot.id}/check-in-batches", json={"entries": [good, early]})).json()
        for _ in range(2)
    ]

    assert [[one["outcome"] for one in answer["entries"]] for answer in answers] == [
        ["recorded", "refused"],
        ["repeated", "refused"],
    ]
    assert answers[0]["entries"][1]["code"] == "too_early"
    assert answers[0]["entries"][0]["check_in"]["id"] == answers[1]["entries"][0]["check_in"]["id"]
    undone = await client.delete(f"/check-ins/{answers[0]['entries'][0]['check_in']['id']}")
    assert (undone.status_code, undone.json()["sign_up_id"]) == (200, made.id)


async def test_the_code_of_the_room_is_a_picture(duty: Staff) -> None:
    slot, _ = await running(duty)
    async with writing():
        tokens = await auth.open_session(duty)
    headers = {"authorization": f"Bearer {tokens.access_token}"}
    async with outside() as wechat, serving() as (app, address):
        app.ctx.wechat = wechat.clients
        async with httpx.AsyncClient(base_url=f"{address}/api/v1/admin", headers=headers) as client:
            shown = await client.get(f"/slots/{slot.id}/room-code")
            wechat.fault("/wxa/getwxacodeunlimit", errcode=45009)
            down = await client.get(f"/slots/{slot.id}/room-code")

    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/png")
    assert shown.content.startswith(PNG)
    assert (down.status_code, down.json()["code"]) == (503, "unavailable")


async def test_hours_are_entered_by_one_and_approved_by_another(duty: Staff, enter: Enter) -> None:
    community = await Community.get(id=duty.community_id)
    writer, other = await enter(duty), await enter(await make_duty(community))
    resident = await make_resident(community=community)
    body = {"resident_id": resident.id, "day": "2026-01-31", "minutes": 90, "words": "打扫村部"}
    made = (await writer.post("/volunteer-hours", json=body)).json()
    (waiting,) = (await other.get("/volunteer-hours", params={"filter[pending]": "true"})).json()["items"]

    own = await writer.post(f"/volunteer-hours/{made['id']}/decision", json={"approve": True})
    approved = await other.post(f"/volunteer-hours/{made['id']}/decision", json={"approve": True})

    assert waiting == made
    assert own.status_code == 403
    assert approved.json()["state"]["value"] == "approved"
    of_resident = await other.get("/volunteer-hours", params={"filter[resident]": resident.id})
    assert [one["id"] for one in of_resident.json()["items"]] == [made["id"]]
