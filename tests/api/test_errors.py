"""Every error of the web door is a problem document with a stable code."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from sanic import Request

from api import shielded
from api.endpoint import endpoint
from api.schemas import Done
from tests.api.conftest import Enter, serving
from tests.make import make_community, make_duty

PROBLEM = "application/problem+json"
LOGIN = "/api/v1/admin/auth/login"


def _check(response: httpx.Response, status: int, code: str) -> dict[str, object]:
    body: dict[str, object] = response.json()
    assert response.headers["content-type"] == PROBLEM
    assert (response.status_code, body["status"], body["code"]) == (status, status, code)
    assert body["type"] == f"urn:xianglin:problem:{code}"
    assert body["detail"]
    return body


async def test_an_unknown_address_and_a_wrong_method_are_problems(client: httpx.AsyncClient) -> None:
    _check(await client.get("/api/v1/nothing"), 404, "not_found")
    response = await client.delete(LOGIN)
    _check(response, 405, "method_not_allowed")
    assert response.headers["allow"] == "POST"


async def test_a_body_that_is_not_json_is_malformed(client: httpx.AsyncClient) -> None:
    _check(
        await client.post(LOGIN, content=b"{", headers={"content-type": "application/json"}),
        400,
        "malformed_body",
    )
    _check(await client.post(LOGIN, content=b"\xff\xfe"), 400, "malformed_body")
    _check(
        await client.post(LOGIN, content=b'{"username": "\\ud800", "password": "x"}'), 400, "malformed_body"
    )
    _check(await client.post(LOGIN, content=b"[" * 20_000), 400, "malformed_body")


async def test_a_body_of_another_type_or_too_large_is_refused(client: httpx.AsyncClient) -> None:
    _check(await client.post(LOGIN, data={"username": "x"}), 415, "unsupported_media_type")
    _check(await client.post(LOGIN, content=b" " * 300_000), 413, "too_large")
    _check(await client.post(LOGIN, content=b" " * 2_000_000), 413, "too_large")


async def test_what_the_server_refuses_before_any_handler_is_not_told_as_a_failure(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    _check(await client.post(LOGIN, content=b"{}", headers={"expect": "miracles"}), 417, "bad_request")
    assert "Traceback" not in caplog.text


async def test_wrong_fields_are_named_in_plain_chinese_without_their_values(
    client: httpx.AsyncClient,
) -> None:
    response = await client.post(LOGIN, json={"username": "x" * 40, "passwort": "secret"})

    body = _check(response, 422, "invalid_body")

    assert body["errors"] == [
        {"field": "username", "detail": "最多 32 个字"},
        {"field": "password", "detail": "没有填写"},
        {"field": "passwort", "detail": "没有这一项"},
    ]
    assert "secret" not in response.text


async def test_unknown_and_wrong_query_parameters_are_refused(enter: Enter) -> None:
    client = await enter(await make_duty(await make_community()))

    body = _check(
        await client.get("/appeals", params={"page[size]": "500", "urgentcy": "urgent", "since": "today"}),
        422,
        "invalid_query",
    )

    assert {one["field"]: one["detail"] for one in body["errors"]} == {  # type: ignore[attr-defined]
        "page[size]": "不能大于 100",
        "urgentcy": "没有这一项",
        "since": "时间格式不对，例如 2026-11-23T08:30:00+08:00",
    }


@pytest.mark.parametrize("number", ["0", "-1", "9223372036854775808", "9" * 40])
async def test_an_impossible_number_is_not_found(enter: Enter, number: str) -> None:
    client = await enter(await make_duty(await make_community()))

    _check(await client.get(f"/appeals/{number}"), 404, "not_found")


async def test_without_login_the_answer_names_the_scheme(client: httpx.AsyncClient) -> None:
    response = await client.get("/api/v1/admin/appeals")

    _check(response, 401, "unauthorized")
    assert response.headers["www-authenticate"] == "Bearer"


@pytest.fixture
async def broken(db: str) -> AsyncIterator[tuple[str, asyncio.Event]]:
    """A door with an endpoint that breaks and one that takes its time; the event says that it ended."""
    ended = asyncio.Event()

    @endpoint(returns=Done, roles=None)
    async def breaks(_request: Request) -> Done:
        raise ZeroDivisionError("a secret detail")

    @endpoint(returns=Done, roles=None)
    async def takes_time(_request: Request) -> Done:
        await asyncio.sleep(0.3)
        ended.set()
        return Done()

    async with serving({"/breaks": breaks, "/takes-time": takes_time}) as (_, address):
        yield address, ended


async def test_what_nobody_foresaw_is_told_without_details(
    broken: tuple[str, asyncio.Event], caplog: pytest.LogCaptureFixture
) -> None:
    async with httpx.AsyncClient(base_url=broken[0]) as client:
        response = await client.get("/breaks")

    _check(response, 500, "internal_error")
    assert "secret" not in response.text
    assert "a secret detail" in caplog.text


async def test_a_caller_who_hangs_up_does_not_cut_the_work_off(broken: tuple[str, asyncio.Event]) -> None:
    async with httpx.AsyncClient(base_url=broken[0], timeout=0.1) as client:
        with pytest.raises(httpx.ReadTimeout):
            await client.get("/takes-time")

    await shielded.drain()

    assert broken[1].is_set()
