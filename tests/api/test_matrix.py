"""Role × endpoint × own/foreign: every endpoint has an expectation, and keeps it for every role."""

from __future__ import annotations

import httpx
import pytest

from api.endpoint import XLSX
from api.openapi import served
from models import (
    Area,
    AreaLevel,
    Role,
)
from tests.api import matrix_core, matrix_residents, matrix_slots
from tests.api.conftest import Enter, serving
from tests.api.matrix_world import (
    ALL,
    Asked,
    login_of,
    make_world,
)

A = "/api/v1/admin"
EXPECTED = matrix_core.EXPECTED | matrix_slots.EXPECTED | matrix_residents.EXPECTED

OPEN_TO_ALL = {("post", "/auth/login"), ("post", "/auth/refresh")}
"""Without login."""

EXCUSED = {
    ("post", "/auth/password"): 422,  # the old password is wrong
    ("get", "/appeals/{number}/attachments/{attachment_id}"): 404,  # the row is there, its file is not
    ("get", "/slots/{slot_id}/room-code"): 409,  # nobody gave this door the way to WeChat
    ("get", "/slots/{slot_id}/photos/{photo_id}"): 404,  # its file is not there
    ("get", "/offerings/{offering_id}/poster"): 404,  # as well
}
"""Allowed, and then refused for what the request holds."""


async def _call(client: httpx.AsyncClient, method: str, asked: Asked) -> httpx.Response:
    path, body = asked
    if isinstance(body, bytes):
        kind = XLSX if body.startswith(b"PK") else "image/png"
        return await client.request(method, path, content=body, headers={"content-type": kind})
    return await client.request(method, path, json=body)


async def test_every_endpoint_has_an_expectation(db: str) -> None:
    async with serving() as (app, _):
        there = {(method, path) for method, path, _ in served(app) if path.startswith(A)}

    expected = {(method, A + path) for method, path in EXPECTED.keys() | OPEN_TO_ALL}
    assert there ^ expected == set()


async def test_without_login_every_endpoint_is_closed(client: httpx.AsyncClient) -> None:
    for method, path in EXPECTED:
        address = A + path.replace("{day}", "2026-01-01").replace("{code}", "water")
        for name in ("number", "attachment_id", "community_id", "grid_id", "place_id", "member_id"):
            address = address.replace(f"{{{name}}}", "1")
        address = address.replace("{", "1").replace("}", "") if "{" in address else address
        response = await client.request(method, address)
        assert response.status_code in {401, 404} if "1" in address else response.status_code == 401, path


# The database has no say in who may do what: every role on SQLite, the desk on PostgreSQL too.
@pytest.mark.parametrize(
    ("database_url", "role"),
    [
        *(("sqlite", role) for role in sorted(ALL)),
        pytest.param("postgres", Role.COMMUNITY_STAFF, marks=pytest.mark.postgres),
    ],
    indirect=["database_url"],
)
async def test_each_role_may_do_what_is_expected_and_nothing_else(enter: Enter, role: Role) -> None:
    city = await Area.create(name="city", level=AreaLevel.CITY)
    own, foreign = await make_world(city), await make_world(city)
    wrong: list[str] = []
    for (method, path), expected in EXPECTED.items():
        client = await enter(await login_of(own, role))
        mine = await _call(client, method, await expected.ask(own, role))
        allowed = role in expected.roles
        good = mine.is_success or mine.status_code == EXCUSED.get((method, path))
        if allowed != good or (not allowed and mine.status_code != 403):
            wrong.append(f"{method} {path}: own {mine.status_code} {mine.text[:120]}")
        if expected.foreign is not None:
            client = await enter(await login_of(own, role))
            theirs = await _call(client, method, await expected.ask(foreign, role))
            if theirs.status_code not in expected.foreign:
                wrong.append(f"{method} {path}: foreign {theirs.status_code} {theirs.text[:120]}")

    assert "\n".join(wrong) == ""
