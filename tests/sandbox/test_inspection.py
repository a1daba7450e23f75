"""Tests and the chat page can look at everything, switch faults and start afresh."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from time import monotonic
from typing import Any

import httpx
import pytest

from sandbox import blueprint
from tests.sandbox.conftest import ACCOUNTS, Sandbox, make_app
from tests.serving import serving

TEMPLATE = "/cgi-bin/message/template/send"
CUSTOM = "/cgi-bin/message/custom/send"
CARD = {"touser": "grid-1", "template_id": "tpl-assigned", "data": {"thing1": {"value": "漏水"}}}


async def fault(sandbox: Sandbox, **given: object) -> None:
    """Switch a fault on."""
    assert (await sandbox.http.post("/faults", json=given)).status_code == 201


async def test_the_accounts_are_listed_with_their_keys(sandbox: Sandbox) -> None:
    listed = (await sandbox.http.get("/accounts")).json()

    assert [one["account"] for one in listed] == [one.account for one in ACCOUNTS]
    assert set(listed[0]) == {"account", "kind", "mode", "format", "appid", "token", "aes_key"}


async def test_the_page_is_told_where_and_how_to_log_in(sandbox: Sandbox) -> None:
    facts = (await sandbox.http.get("/page")).json()

    assert facts["staff_login"] == {"username": "duty", "password": "xianglin-dev"}


async def test_phones_are_presets_first_then_whoever_spoke(sandbox: Sandbox) -> None:
    await sandbox.say("甲", **{"from": "stranger"})

    phones = (await sandbox.http.get("/phones")).json()

    assert [(one["openid"], one["preset"]) for one in phones] == [
        ("resident-1", True),
        ("grid-1", True),
        ("stranger", False),
    ]
    assert [one["window_left"] for one in phones] == [0, 0, 5]


async def test_a_screen_can_be_read_from_where_one_left_off(sandbox: Sandbox) -> None:
    for words in "甲乙丙":
        await sandbox.say(words)
    entries = await sandbox.screen("resident-1")

    later = await sandbox.screen("resident-1", after=entries[1]["seq"])

    assert [one["text"] for one in later] == ["丙"]


async def test_every_call_is_logged_with_what_became_of_it(sandbox: Sandbox) -> None:
    await sandbox.call(TEMPLATE, CARD)
    await sandbox.call(TEMPLATE, CARD | {"template_id": "none"})

    sent = (await sandbox.http.get("/sent", params={"path": TEMPLATE, "openid": "grid-1"})).json()

    assert [(one["errcode"], one["shown"]) for one in sent] == [(0, True), (40037, False)]
    assert sent[0]["body"] == CARD
    everything = (await sandbox.http.get("/sent")).text
    assert "s-oa" not in everything


@pytest.mark.parametrize("errcode", [-1, 40164, 43004, 45009, 48001, 99999])
async def test_any_errcode_can_be_switched_on_a_number_of_times(sandbox: Sandbox, errcode: int) -> None:
    await fault(sandbox, path=TEMPLATE, errcode=errcode, times=2)

    codes = [(await sandbox.call(TEMPLATE, CARD))["errcode"] for _ in range(3)]

    assert codes == [errcode, errcode, 0]
    assert len(await sandbox.screen("grid-1")) == 1


async def test_a_fault_strikes_only_whom_it_names(sandbox: Sandbox) -> None:
    await fault(sandbox, path="/cgi-bin/message/*", openid="grid-1", errcode=43019)

    assert (await sandbox.call(TEMPLATE, CARD))["errcode"] == 43019
    assert (await sandbox.call(TEMPLATE, CARD | {"touser": "org-1"}))["errcode"] == 0


async def test_a_fault_can_be_an_http_status(sandbox: Sandbox) -> None:
    token = await sandbox.token()
    await fault(sandbox, status=502, times=1)

    response = await sandbox.http.post(TEMPLATE, params={"access_token": token}, json=CARD)

    assert response.status_code == 502
    assert await sandbox.screen("grid-1") == []


@pytest.mark.parametrize(("when", "cards"), [("before", 0), ("after", 1)])
async def test_a_dropped_connection_leaves_the_caller_in_the_dark(
    sandbox: Sandbox, when: str, cards: int
) -> None:
    token = await sandbox.token()
    await fault(sandbox, path=TEMPLATE, drop=True, when=when, times=1)

    with pytest.raises(httpx.RemoteProtocolError):
        await sandbox.http.post(TEMPLATE, params={"access_token": token}, json=CARD)

    assert len(await sandbox.screen("grid-1")) == cards
    [call] = (await sandbox.http.get("/sent", params={"path": TEMPLATE})).json()
    assert (call["errcode"], call["shown"]) == (None, bool(cards))


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_delay_outlasts_an_impatient_caller(sandbox: Sandbox, when: str) -> None:
    token = await sandbox.token()
    await fault(sandbox, path=TEMPLATE, delay=30, when=when)
    started = monotonic()

    with pytest.raises(httpx.ReadTimeout):
        await sandbox.http.post(TEMPLATE, params={"access_token": token}, json=CARD, timeout=0.2)

    assert monotonic() - started < 30
    assert len(await sandbox.screen("grid-1")) == (when == "after")


async def test_faults_are_listed_and_switched_off(sandbox: Sandbox) -> None:
    await fault(sandbox, errcode=45009)
    await fault(sandbox, errcode=45011)
    first, second = (await sandbox.http.get("/faults")).json()

    left = (await sandbox.http.delete("/faults", params={"id": first["id"]})).json()
    assert [one["id"] for one in left] == [second["id"]]
    assert (await sandbox.http.delete("/faults")).json() == []
    assert (await sandbox.call(TEMPLATE, CARD))["errcode"] == 0


@pytest.mark.parametrize("body", [{"delay": -1}, {"status": 200}, {"when": "later"}, {"x": 1}, {"times": 0}])
async def test_a_fault_that_makes_no_sense_is_refused(sandbox: Sandbox, body: dict[str, object]) -> None:
    assert (await sandbox.http.post("/faults", json=body)).status_code == 400


async def test_a_reset_clears_screens_windows_and_faults_but_keeps_tokens(sandbox: Sandbox) -> None:
    token = await sandbox.token()
    await sandbox.say("甲")
    await fault(sandbox, errcode=45009)

    await sandbox.http.post("/reset")

    assert await sandbox.screen("resident-1") == []
    assert (await sandbox.http.get("/sent")).json() == []
    body = {"touser": "resident-1", "msgtype": "text", "text": {"content": "您好"}}
    answer = await sandbox.http.post(CUSTOM, params={"access_token": token}, json=body)
    assert answer.json()["errcode"] == 45015


async def test_the_clock_of_the_windows_can_be_put_ahead(sandbox: Sandbox) -> None:
    await sandbox.say("甲")
    await sandbox.http.post("/clock", json={"ahead": 48 * 3600})

    body = {"touser": "resident-1", "msgtype": "text", "text": {"content": "您好"}}
    assert (await sandbox.call(CUSTOM, body))["errcode"] == 45015


async def test_a_phone_can_be_added_named_and_made_to_leave(sandbox: Sandbox) -> None:
    body = {"openid": "grid-9", "label": "九组网格员", "following": False}

    phone = (await sandbox.http.post("/phones", json=body)).json()

    assert (phone["label"], phone["following"]) == ("九组网格员", False)
    assert (await sandbox.call(TEMPLATE, CARD | {"touser": "grid-9"}))["errcode"] == 43004
    assert (await sandbox.http.post("/phones", json=body | {"account": "x"})).status_code == 409


@pytest.mark.parametrize(
    "path", ["/phones/u/messages?after=x", "/sent?after=x", "/media/none", "/nothing-of-the-kind"]
)
async def test_a_wrong_question_is_refused_without_a_stack_trace(sandbox: Sandbox, path: str) -> None:
    response = await sandbox.http.get(path)

    assert response.status_code in {400, 404}
    assert "Traceback" not in response.text


async def events(response: httpx.Response) -> AsyncIterator[tuple[str, Any]]:
    """(event, data) as the page would read them."""
    name = ""
    async for line in response.aiter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


async def test_an_open_page_sees_what_happens(sandbox: Sandbox) -> None:
    async with asyncio.timeout(10), sandbox.http.stream("GET", "/stream") as response:
        stream = events(response)
        assert (await anext(stream))[0] == "hello"

        await sandbox.say("漏水\n<b>")
        name, entry = await anext(stream)
        assert (name, entry["openid"], entry["text"]) == ("entry", "resident-1", "漏水\n<b>")

        await fault(sandbox, errcode=45009)
        await sandbox.http.post("/reset")
        assert [(await anext(stream))[0], (await anext(stream))[0]] == ["faults", "reset"]


async def test_an_open_page_does_not_hold_up_the_stop_of_the_server() -> None:
    app = make_app("stopping")
    app.blueprint(blueprint(ACCOUNTS, "http://127.0.0.1:9"))
    async with asyncio.timeout(10), AsyncExitStack() as stack:
        server = AsyncExitStack()
        base = await server.enter_async_context(serving(app))
        http = await stack.enter_async_context(httpx.AsyncClient(trust_env=False))
        response = await stack.enter_async_context(http.stream("GET", f"{base}/sandbox/api/stream"))
        stream = events(response)
        assert (await anext(stream))[0] == "hello"

        await server.aclose()

        assert [one async for one in stream] == []
