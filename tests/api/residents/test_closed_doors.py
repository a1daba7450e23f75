"""Every endpoint for residents: closed without login, and blind to what another household has."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date

import httpx

from api.endpoint import RESIDENTS
from api.openapi import served
from models import Certificate, DependantKind, Resident
from services import households
from services.clock import now
from services.slots import signup
from tests.api.conftest import serving
from tests.api.residents.conftest import LogIn
from tests.make import make_community, make_offering, make_slot

PREFIX = "/api/v1"


@dataclass
class Theirs:
    """What another household has."""

    sign_up_id: int
    dependant_id: int
    certificate_id: int


async def _theirs() -> Theirs:
    other = await Resident.create()
    community = await make_community()
    slot = await make_slot(await make_offering(community))
    made = await signup.sign_up(other.id, slot.id, [f"r{other.id}"])
    child = await households.add_dependant(other.id, DependantKind.CHILD, "小宝", date(2018, 5, 1))
    paper = await Certificate.create(
        number="V1",
        name="",
        code="abc",
        community=community,
        resident=other,
        minutes=60,
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 2, 1),
        issued_at=now(),
    )
    return Theirs(made.id, child.id, paper.id)


Ask = Callable[[httpx.AsyncClient, Theirs], Awaitable[httpx.Response]]
FOREIGN: dict[tuple[str, str], Ask] = {
    ("delete", "/me/dependants/{dependant_id}"): lambda me, row: me.delete(
        f"/me/dependants/{row.dependant_id}"
    ),
    ("post", "/sign-ups/{sign_up_id}/pass"): lambda me, row: me.post(f"/sign-ups/{row.sign_up_id}/pass"),
    ("put", "/sign-ups/{sign_up_id}/survey"): lambda me, row: me.put(
        f"/sign-ups/{row.sign_up_id}/survey", json={"answers": {"总体满意吗": 5}}
    ),
    ("get", "/me/certificates/{certificate_id}/paper"): lambda me, row: me.get(
        f"/me/certificates/{row.certificate_id}/paper"
    ),
    ("post", "/sign-ups/{sign_up_id}/cancel"): lambda me, row: me.post(f"/sign-ups/{row.sign_up_id}/cancel"),
    ("post", "/sign-ups/{sign_up_id}/accept"): lambda me, row: me.post(f"/sign-ups/{row.sign_up_id}/accept"),
}
"""How each endpoint that names a row of a household is asked for somebody else's."""

OF_NOBODY = {"/slots/{slot_id}", "/slots/{slot_id}/sign-ups"}
"""Addresses that name what belongs to no household."""


async def _endpoints() -> list[tuple[str, str]]:
    async with serving() as (app, _):
        there = [(method, path, one.roles) for method, path, one in served(app)]
    return [(method, path.removeprefix(PREFIX)) for method, path, roles in there if roles == RESIDENTS]


async def test_without_login_every_endpoint_for_residents_is_closed(caller: httpx.AsyncClient) -> None:
    found = await _endpoints()
    for method, path in found:
        response = await caller.request(method, re.sub(r"{\w+}", "1", path), json={})
        assert response.status_code == 401, path
    assert len(found) > 10


async def test_every_row_of_another_household_is_out_of_sight(log_in: LogIn) -> None:
    me, theirs = await log_in("mini-1"), await _theirs()
    named = {(method, path) for method, path in await _endpoints() if "{" in path and path not in OF_NOBODY}

    assert named == FOREIGN.keys()
    for ask in FOREIGN.values():
        answer = await ask(me, theirs)
        assert answer.status_code == 404 or answer.json().get("check") == "not_yours"
