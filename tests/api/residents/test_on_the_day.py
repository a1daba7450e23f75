"""On the day and afterwards, through the mini-program: codes, the room, hours, surveys, calendar, papers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx

from models import (
    Absence,
    Block,
    Community,
    HoursOrigin,
    HoursState,
    Offering,
    Presence,
    Resident,
    SignUp,
    SignUpState,
    Slot,
    VolunteerHours,
)
from services.access import staff_actor
from services.clock import china_today, now
from services.slots import checkin, passes
from services.slots.checkin import Report
from tests.api.residents.conftest import LogIn
from tests.make import make_community, make_duty, make_offering, make_slot
from tests.services.slots.truth import broken


async def _signed_up(log_in: LogIn, **values: object) -> tuple[httpx.AsyncClient, Slot, int]:
    """Somebody with a place in a slot that begins now."""
    community = await make_community()
    slot = await make_slot(await make_offering(community, **values))
    client = await log_in("mini-1")
    made = (await client.post(f"/slots/{slot.id}/sign-ups", json={})).raise_for_status().json()
    begins = now()
    await Slot.filter(id=slot.id).update(starts_at=begins, ends_at=begins + timedelta(hours=2))
    return client, slot, int(made["id"])


async def test_the_code_on_the_phone_is_scanned_once(log_in: LogIn) -> None:
    client, slot, made = await _signed_up(log_in)
    community = await Community.get(id=slot.community_id)
    desk = await staff_actor(await make_duty(community))

    shown = (await client.post(f"/sign-ups/{made}/pass")).raise_for_status().json()
    _ = await checkin.by_staff(desk, slot.id, Report(now(), code=shown["code"]))

    assert (await SignUp.get(id=made)).state is SignUpState.ATTENDED
    again = await client.post(f"/sign-ups/{made}/pass")
    assert again.json()["check"] == "already_in"
    assert await broken() == []


async def test_the_code_of_the_room_checks_in_oneself_and_nobody_else(log_in: LogIn) -> None:
    client, slot, made = await _signed_up(log_in)
    stranger = await log_in("mini-2")
    scene = passes.scene(slot.id)

    mine = await client.post("/check-ins", json={"scene": scene})
    theirs = await stranger.post("/check-ins", json={"scene": scene})
    forged = await client.post("/check-ins", json={"scene": "nonsense"})

    assert [one["sign_up_id"] for one in mine.json()["items"]] == [made]
    assert (theirs.status_code, theirs.json()["check"]) == (409, "not_signed_up")
    assert forged.json()["check"] == "forged"
    assert await Presence.all().count() == 1


async def test_a_block_is_shown_and_can_be_appealed(log_in: LogIn) -> None:
    client, slot, made = await _signed_up(log_in)
    me = await Resident.get(conversations__openid="mini-1")
    own: dict[str, Any] = {"community_id": slot.community_id, "person": f"r{me.id}"}
    absence = await Absence.create(slot_id=slot.id, sign_up_id=made, at=now(), **own)
    until = now() + timedelta(days=30)
    await Block.create(resident=me, absence_id=absence.id, times=3, until=until, created_at=now(), **own)

    shown = (await client.get("/me/blocks")).json()["items"]
    appealed = (await client.post("/me/blocks/appeal", json={"words": "那天住院了"})).json()["items"]

    assert [(one["times"], one["appeal"]) for one in shown] == [(3, "")]
    assert [one["appeal"] for one in appealed] == ["那天住院了"]


async def test_hours_are_told_apart_and_certified(log_in: LogIn) -> None:
    client, slot, _ = await _signed_up(log_in)
    me = await Resident.get(conversations__openid="mini-1")
    for origin, minutes in ((HoursOrigin.SYSTEM, 120), (HoursOrigin.ENTERED, 30)):
        await VolunteerHours.create(
            community_id=slot.community_id,
            person=f"r{me.id}",
            origin=origin,
            state=HoursState.APPROVED,
            minutes=minutes,
            day=china_today(),
            words="巡河",
            created_at=now(),
        )
    _ = await client.patch("/me", json={"name": "三组志愿者"})
    await Resident.filter(id=me.id).update(community_id=slot.community_id)
    days = {"starts_on": str(china_today()), "ends_on": str(china_today())}

    hours = (await client.get("/me/volunteer-hours")).json()
    made = (await client.post("/me/certificates", json=days)).raise_for_status().json()
    paper = await client.get(f"/me/certificates/{made['id']}/paper")

    assert hours == {"recorded": 120, "entered": 30, "minutes": 150}
    assert made["minutes"] == 150
    assert paper.content.startswith(b"%PDF")
    assert (await client.get(f"/certificates/{made['code']}")).json()["valid"] is True


async def test_who_came_says_how_it_was_and_may_say_it_anew(log_in: LogIn) -> None:
    client, slot, made = await _signed_up(log_in)
    await SignUp.filter(id=made).update(state=SignUpState.ATTENDED)
    ended = now() - timedelta(minutes=5)
    await Slot.filter(id=slot.id).update(starts_at=ended - timedelta(hours=1), ends_at=ended)

    (asked,) = (await client.get("/me/surveys")).json()["items"]
    label = asked["questions"][0]["label"]
    for rating in (2, 5):
        answer = await client.put(f"/sign-ups/{made}/survey", json={"answers": {label: rating}})
        assert answer.status_code == 200
    wrong = await client.put(f"/sign-ups/{made}/survey", json={"answers": {"没有问过": 5}})

    assert asked["sign_up_id"] == made
    assert wrong.status_code == 422


async def test_a_calendar_is_found_by_its_secret_until_it_is_renewed(log_in: LogIn) -> None:
    client, slot, _ = await _signed_up(log_in)
    title = (await Offering.get(id=slot.offering_id)).title

    first = (await client.get("/me/calendar")).json()["path"].removeprefix("/api/v1")
    assert title in (await client.get(first)).text
    second = (await client.post("/me/calendar/renewal")).json()["path"].removeprefix("/api/v1")

    assert (await client.get(first)).status_code == 404
    assert (await client.get(second)).status_code == 200
    assert (await client.delete("/me/calendar")).status_code == 204
    assert (await client.get(second)).status_code == 404
