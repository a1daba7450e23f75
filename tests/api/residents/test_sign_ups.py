"""Signing up through the mini-program: what is open, places, the line, the same request twice."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import httpx
import pytest

from models import Community, DependantKind, KeptAnswer, Offering, OfferingState, Resident, Role, SignUp, Slot
from services import households
from services.access import Actor
from services.clock import now
from services.slots import steering
from tests.api.residents.conftest import LogIn
from tests.make import make_community, make_offering, make_organization, make_slot
from tests.queries import counted
from tests.services.slots.truth import broken


async def _at_home(log_in: LogIn, community: Community, openid: str = "mini-1") -> httpx.AsyncClient:
    client = await log_in(openid)
    me = (await client.get("/me")).json()
    await Resident.filter(id=me["resident_id"]).update(community_id=community.id)
    client.headers["x-resident"] = str(me["resident_id"])
    return client


async def _slot_in(hours: int, community: Community, *, everybody: bool) -> Slot:
    offering = await make_offering(community, everybody=everybody)
    return await make_slot(offering, starts_at=now() + timedelta(hours=hours))


async def test_what_is_open_is_listed_page_by_page_the_next_ones_first(log_in: LogIn) -> None:
    here, there = await make_community(), await make_community()
    slots = [await _slot_in(24 * day, here, everybody=day == 1) for day in (3, 1, 2)]
    everybody = await _slot_in(36, there, everybody=True)
    _ = await _slot_in(20, there, everybody=False)
    resident = await _at_home(log_in, here)

    first = (await resident.get("/slots", params={"page[size]": 3})).json()
    rest = (await resident.get("/slots", params={"page[size]": 3, "page[after]": first["next"]})).json()

    shown = [one["id"] for one in first["items"] + rest["items"]]
    assert shown == [slots[1].id, everybody.id, slots[2].id, slots[0].id]
    assert rest["next"] is None


async def test_a_list_of_openings_takes_few_queries(log_in: LogIn) -> None:
    here = await make_community()
    first = await _slot_in(12, here, everybody=True)
    for day in range(1, 9):
        _ = await _slot_in(24 * day, here, everybody=False)
    resident = await _at_home(log_in, here)
    with counted() as queries:
        _ = (await resident.get("/slots", params={"page[after]": first.id})).raise_for_status()

    assert len(queries) <= 4, queries


async def test_a_slot_tells_for_whom_it_is_and_who_runs_it(log_in: LogIn) -> None:
    here = await make_community()
    runs = await make_organization(name="向阳花儿童服务社")
    slot = await make_slot(await make_offering(here, audience="放学没人接的孩子", organization=runs))
    resident = await _at_home(log_in, here)

    detail = (await resident.get(f"/slots/{slot.id}")).json()

    assert (detail["audience"], detail["organization"]) == ("放学没人接的孩子", "向阳花儿童服务社")
    other = await make_slot(await make_offering(here))
    assert (await resident.get(f"/slots/{other.id}")).json()["organization"] is None


async def test_a_place_is_held_and_shown_among_ones_own(log_in: LogIn) -> None:
    here = await make_community()
    slot = await make_slot(await make_offering(here, title="四点半学堂"), capacity=2)
    resident = await _at_home(log_in, here)

    made = await resident.post(f"/slots/{slot.id}/sign-ups", json={})

    assert made.status_code == 201
    assert (made.json()["state"]["value"], made.json()["people"]) == ("held", ["我自己"])
    mine = (await resident.get("/me/sign-ups")).json()["items"]
    assert [one["slot"]["title"] for one in mine] == ["四点半学堂"]
    gone = (await resident.post(f"/sign-ups/{made.json()['id']}/cancel")).json()
    assert gone["state"]["value"] == "cancelled"
    assert await broken() == []


async def test_a_child_is_signed_up_by_its_key_and_a_strangers_child_is_not(log_in: LogIn) -> None:
    here = await make_community()
    slot = await make_slot(await make_offering(here))
    resident, other = await _at_home(log_in, here), await _at_home(log_in, here, "mini-2")
    body = {"kind": "child", "name": "小宝", "born": "2018-05-01", "consent": True}
    child = (await resident.post("/me/dependants", json=body)).json()

    mine = await resident.post(f"/slots/{slot.id}/sign-ups", json={"people": [child["key"]]})
    theirs = await other.post(f"/slots/{slot.id}/sign-ups", json={"people": [child["key"]]})

    assert mine.json()["people"] == ["小宝"]
    assert theirs.status_code == 403
    assert (await resident.delete(f"/me/dependants/{child['id']}")).status_code == 409
    _ = await resident.post(f"/sign-ups/{mine.json()['id']}/cancel")
    assert (await resident.delete(f"/me/dependants/{child['id']}")).status_code == 204
    assert (await resident.get("/me/dependants")).json()["items"] == []


async def test_nobody_is_entered_without_consent(log_in: LogIn) -> None:
    resident = await log_in("mini-1")
    body = {"kind": "child", "name": "小宝", "born": "2018-05-01", "consent": False}

    assert (await resident.post("/me/dependants", json=body)).status_code == 422


async def test_a_gate_that_is_shut_says_which_and_what_to_do(log_in: LogIn) -> None:
    here = await make_community()
    slot = await make_slot(await make_offering(here, age_from=60))
    resident = await _at_home(log_in, here)

    refused = await resident.post(f"/slots/{slot.id}/sign-ups", json={})

    assert refused.status_code == 409
    assert (refused.json()["code"], refused.json()["gate"]) == ("sign_up_refused", "age_unknown")
    assert refused.json()["next_step"] == "请先填好出生日期再报。"


async def test_who_waits_accepts_an_offer(log_in: LogIn) -> None:
    here = await make_community()
    slot = await make_slot(await make_offering(here), capacity=1)
    first, second = await _at_home(log_in, here), await _at_home(log_in, here, "mini-2")
    held = (await first.post(f"/slots/{slot.id}/sign-ups", json={})).json()
    full = await second.post(f"/slots/{slot.id}/sign-ups", json={"may_wait": False})
    waits = (await second.post(f"/slots/{slot.id}/sign-ups", json={})).json()

    _ = await first.post(f"/sign-ups/{held['id']}/cancel")
    taken = (await second.post(f"/sign-ups/{waits['id']}/accept")).json()

    assert full.json()["gate"] == "full"
    assert (waits["state"]["value"], taken["state"]["value"]) == ("waiting", "held")
    assert (await first.post(f"/sign-ups/{waits['id']}/accept")).status_code == 404
    assert await broken() == []


KEY = {"idempotency-key": "0f8fad5b-d9cb"}


async def test_the_same_request_twice_is_one_sign_up_with_the_same_answer(log_in: LogIn) -> None:
    here = await make_community()
    slot = await make_slot(await make_offering(here))
    resident = await _at_home(log_in, here)
    path = f"/slots/{slot.id}/sign-ups"

    first = await resident.post(path, json={"guests": 1}, headers=KEY)
    again = await resident.post(path, json={"guests": 1}, headers=KEY)
    other = await resident.post(path, json={"guests": 2}, headers=KEY)

    assert (first.status_code, first.text) == (again.status_code, again.text)
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    assert await SignUp.all().count() == 1
    assert (await Slot.get(id=slot.id)).taken == 2


async def test_two_equal_requests_at_the_same_moment_are_one(log_in: LogIn) -> None:
    here = await make_community()
    slot = await make_slot(await make_offering(here))
    resident = await _at_home(log_in, here)
    path = f"/slots/{slot.id}/sign-ups"

    answers = await asyncio.gather(*[resident.post(path, json={}, headers=KEY) for _ in range(4)])

    assert {(one.status_code, one.text) for one in answers} == {(201, answers[0].text)}
    assert await SignUp.all().count() == 1


async def test_a_refusal_is_not_kept_and_keys_of_others_do_not_count(log_in: LogIn) -> None:
    here = await make_community()
    offering = await make_offering(here, state=OfferingState.CLOSED)
    slot = await make_slot(offering)
    path = f"/slots/{slot.id}/sign-ups"
    resident, other = await _at_home(log_in, here), await _at_home(log_in, here, "mini-2")

    refused = await resident.post(path, json={}, headers=KEY)
    await Offering.filter(id=offering.id).update(state=OfferingState.PUBLISHED)
    taken = await resident.post(path, json={}, headers=KEY)
    theirs = await other.post(path, json={}, headers=KEY)

    assert [one.status_code for one in (refused, taken, theirs)] == [409, 201, 201]
    assert await KeptAnswer.all().count() == 2


@pytest.mark.parametrize("key", ["", "x" * 65, "有中文".encode().decode("latin-1")])
async def test_a_key_that_is_none_is_refused(log_in: LogIn, key: str) -> None:
    slot = await make_slot(await make_offering(await make_community()))
    resident = await log_in("mini-1")

    headers = {b"idempotency-key": key.encode("latin-1")}
    answer = await resident.post(f"/slots/{slot.id}/sign-ups", json={}, headers=headers)

    assert answer.status_code == 422


async def test_a_slot_is_shown_with_what_it_asks_and_a_draft_is_not(log_in: LogIn) -> None:
    here = await make_community()
    asked = [{"label": "会不会游泳", "required": True}]
    slot = await make_slot(await make_offering(here, questions=asked, description="带水壶"))
    draft = await make_slot(await make_offering(here, state=OfferingState.DRAFT))
    resident = await _at_home(log_in, here)

    shown = (await resident.get(f"/slots/{slot.id}")).json()

    assert (shown["description"], shown["questions"]) == ("带水壶", asked)
    for hidden in (draft.id, 999):
        assert (await resident.get(f"/slots/{hidden}")).status_code == 404


async def test_capacity_that_staff_raise_reaches_who_waits(log_in: LogIn) -> None:
    here = await make_community()
    slot = await make_slot(await make_offering(here), capacity=1)
    first, second = await _at_home(log_in, here), await _at_home(log_in, here, "mini-2")
    _ = await first.post(f"/slots/{slot.id}/sign-ups", json={})
    waits = (await second.post(f"/slots/{slot.id}/sign-ups", json={})).json()
    desk = Actor(Role.COMMUNITY_STAFF, "值班", community_id=here.id, community_ids=frozenset({here.id}))
    _ = await steering.resize(desk, slot.id, 2)

    mine = (await second.get("/me/sign-ups")).json()["items"]
    assert [(one["id"], one["state"]["value"]) for one in mine] == [(waits["id"], "offered")]


async def test_elders_are_entered_too(log_in: LogIn) -> None:
    resident = await log_in("mini-1")
    me = (await resident.get("/me")).json()["resident_id"]
    _ = await households.add_dependant(me, DependantKind.ELDER, "奶奶", date(1940, 2, 29))

    (elder,) = (await resident.get("/me/dependants")).json()["items"]

    assert (elder["name"], elder["born"]) == ("奶奶", "1940-02-29")
