"""The callback over real HTTP: signatures, modes, once only, the guard, hang-ups and bad input."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.answering import settle
from bot.wire.messages import dedup_key, parse, to_payload
from models import Appeal, Delivery, InboundMessage, InboundState, Notice, ReplyMode
from sandbox.wire import SignedRequest, signature
from services import inbox
from services.clock import now
from services.inbox import Inbound
from tests.bot.posting import MINI, OA, PLAIN, Line, answering, shown, signed, text_fields
from tests.bot.village import Village


async def test_the_address_check_echoes_and_refuses_a_wrong_signature(village: Village) -> None:
    async with answering() as line:
        good = signed(text_fields("x")).query | {"echostr": "<b>5927</b>"}
        response = await line.http.get(f"{line.base}/wechat/oa", params=good)
        assert (response.status_code, response.text) == (200, "<b>5927</b>")
        assert response.headers["content-type"].startswith("text/plain")

        bad = good | {"signature": "0" * 40}
        assert (await line.http.get(f"{line.base}/wechat/oa", params=bad)).status_code == 403
        assert (await line.http.get(f"{line.base}/wechat/nobody", params=good)).status_code == 404


@pytest.mark.parametrize("account", [OA, PLAIN], ids=["safe", "plain"])
async def test_a_sentence_is_answered_in_the_mode_of_the_account(village: Village, account: Any) -> None:
    async with answering() as line:
        reply = await line.say("三组路灯不亮", account=account)

    appeal = await Appeal.get()
    assert str(appeal.number) in reply
    row = await InboundMessage.get()
    assert (row.state, row.mode, row.reply) == (InboundState.DONE, ReplyMode.PASSIVE, reply)


async def test_the_mini_program_gets_success_and_its_words_by_push(village: Village) -> None:
    async with answering() as line:
        assert await line.say("三组路灯不亮", "mini-1", MINI) == ""

    delivery = await Delivery.get(notice=Notice.REPLY)
    assert delivery.account == "mini"
    assert str((await Appeal.get()).number) in delivery.payload["text"]


async def test_three_tries_in_parallel_make_one_appeal_and_three_equal_replies(village: Village) -> None:
    fields = text_fields("三组路灯不亮")
    async with answering() as line:
        answers = await asyncio.gather(*(line.post(signed(fields)) for _ in range(3)))

    assert len({shown(one) for one in answers}) == 1
    assert shown(answers[0])
    assert await Appeal.all().count() == 1
    assert await Delivery.filter(notice=Notice.ASSIGNED).count() == 1
    assert await InboundMessage.all().count() == 1


async def test_a_captured_request_that_is_replayed_changes_nothing(village: Village) -> None:
    request = signed(text_fields("三组路灯不亮"))
    async with answering() as line:
        first = shown(await line.post(request))
        await line.say("谢谢")
        assert shown(await line.post(request)) == first

    assert await Appeal.all().count() == 1


async def test_equal_message_ids_of_two_people_are_two_messages(village: Village) -> None:
    async with answering() as line:
        await line.post(signed(text_fields("三组路灯不亮", MsgId=77)))
        await line.post(signed(text_fields("三组路灯不亮", "villager", MsgId=77)))

    assert await Appeal.all().count() == 2


async def _begun(fields: dict[str, Any]) -> tuple[Inbound, Any]:
    """The first try of a message, taken in by another process that is at work on it."""
    message = parse("oa", {name: str(value) for name, value in fields.items()})
    return await inbox.receive("oa", message.openid, dedup_key(message), to_payload(message)), message


async def test_a_repeat_waits_for_the_first_try_of_another_process(village: Village) -> None:
    fields = text_fields("三组路灯不亮")
    row, message = await _begun(fields)
    async with answering() as line:
        repeat = asyncio.create_task(line.post(signed(fields)))
        await asyncio.sleep(0.3)
        assert not repeat.done()
        words = await settle(row, message)
        assert shown(await repeat) == words

    assert await Appeal.all().count() == 1


async def test_after_the_guard_success_leaves_and_the_words_follow_once(village: Village) -> None:
    fields = text_fields("三组路灯不亮")
    row, message = await _begun(fields)
    async with answering(guard_seconds=0.3) as line:
        assert (await line.post(signed(fields))).text == "success"
        assert await settle(row, message) == ""
        assert (await line.post(signed(fields))).text == "success"

    delivery = await Delivery.get(notice=Notice.REPLY)
    assert str((await Appeal.get()).number) in delivery.payload["text"]
    assert (await InboundMessage.get()).mode is ReplyMode.DEFERRED


async def test_a_repeat_takes_over_from_a_process_that_was_killed(village: Village) -> None:
    fields = text_fields("三组路灯不亮")
    row, message = await _begun(fields)
    await InboundMessage.filter(id=row.id).update(lease_until=now() - timedelta(seconds=1))
    async with answering() as line:
        reply = shown(await line.post(signed(fields)))

    assert str((await Appeal.get()).number) in reply
    assert await settle(row, message) == reply, "who was only slow finds the reply of who took over"
    assert await Appeal.all().count() == 1


async def test_callers_who_hang_up_lose_nothing_and_leave_the_pool_healthy(village: Village) -> None:
    async with answering() as line:
        address = urlsplit(line.base)
        for number in range(40):
            request = signed(text_fields("三组路灯不亮", f"passer-{number}"))
            await _hang_up(address.hostname or "", address.port or 0, request, after=number % 4 * 0.01)
        assert await line.say("你好")

    states = {one.state for one in await InboundMessage.all()}
    assert states == {InboundState.DONE}
    assert await Appeal.all().count() == await InboundMessage.filter(openid__startswith="passer").count()


async def _hang_up(host: str, port: int, request: SignedRequest, after: float) -> None:
    _, writer = await asyncio.open_connection(host, port)
    line = f"POST /wechat/oa?{urlencode(request.query)} HTTP/1.1"
    head = f"{line}\r\nHost: x\r\nContent-Length: {len(request.body)}\r\n\r\n"
    writer.write(head.encode() + request.body)
    await writer.drain()
    await asyncio.sleep(after)
    writer.transport.abort()


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"msg_signature": "0" * 40}, 403),
        ({"signature": "0" * 40}, 403),
        ({"timestamp": "nonsense"}, 403),
        ({"encrypt_type": "raw"}, 403),
    ],
)
async def test_what_is_not_from_wechat_is_refused_and_stored_nowhere(
    village: Village, change: dict[str, str], status: int
) -> None:
    request = signed(text_fields("三组路灯不亮"))
    async with answering() as line:
        response = await line.post(replace(request, query=request.query | change))

    assert response.status_code == status
    assert await InboundMessage.all().count() == 0


async def test_a_request_older_than_ten_minutes_is_refused(village: Village) -> None:
    async with answering() as line:
        assert (await line.post(signed(text_fields("x"), age=601))).status_code == 403
        assert (await line.post(signed(text_fields("你好"), age=590))).status_code == 200


async def test_ten_megabytes_are_refused(village: Village) -> None:
    request = signed(text_fields("x"))
    async with answering() as line:
        large = await line.post(replace(request, body=b"<xml>" + b"a" * 10_000_000))
        streamed = await line.http.post(
            f"{line.base}/wechat/oa", params=request.query, content=_endless(), headers={"X": "y"}
        )
        assert await line.say("你好")

    assert large.status_code == 413
    assert streamed.status_code == 413


async def _endless() -> Any:
    for _ in range(40):
        yield b"<a>" * 1000


async def test_unknown_types_and_events_are_answered_success_and_not_stored(village: Village) -> None:
    async with answering() as line:
        for fields in ({"MsgType": "hologram"}, {"MsgType": "event", "Event": "card_pass_check"}):
            response = await line.post(signed(text_fields("x") | fields))
            assert (response.status_code, response.text) == (200, "success")

    assert await InboundMessage.all().count() == 0


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.one_of(st.binary(max_size=300), st.text(max_size=200).map(str.encode), st.just(b"")))
async def test_any_body_is_refused_or_answered_success(line: Line, body: bytes) -> None:
    for account in (OA, PLAIN, MINI):
        request = signed(text_fields("x", account=account), account)
        response = await line.post(replace(request, body=body), account.account)
        assert response.status_code < 500
        assert response.status_code >= 400 or response.text == "success"
        assert "Traceback" not in response.text


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    fields=st.dictionaries(
        st.sampled_from(
            [
                "Content",
                "MsgType",
                "Event",
                "MsgId",
                "CreateTime",
                "Location_X",
                "Location_Y",
                "MediaId",
                "Label",
            ]
        ),
        st.one_of(
            st.text(max_size=60),
            st.integers(),
            st.none(),
            st.sampled_from(
                ["text", "event", "image", "voice", "location", "link", "subscribe", "CLICK", "0", ""]
            ),
            st.lists(st.integers(), max_size=3),
            st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=2),
        ),
    )
)
async def test_odd_fields_under_a_good_signature_never_fail(line: Line, fields: dict[str, Any]) -> None:
    body = json.dumps(text_fields("你好", "odd", PLAIN) | fields).encode()
    request = replace(signed(text_fields("x", "odd", PLAIN), PLAIN), body=body)
    response = await line.post(request, "oa-plain")
    assert response.status_code in (200, 400)


async def test_a_signature_for_another_account_does_not_open_this_one(village: Village) -> None:
    async with answering() as line:
        assert (await line.post(signed(text_fields("x"), OA), "oa-plain")).status_code == 403
    assert signature("a") != signature("b")
