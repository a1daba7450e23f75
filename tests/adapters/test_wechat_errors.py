from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest

from adapters.wechat import AppKeys, MemoryTokenStore, Verdict, WeChatClient, WeChatError, next_midnight
from adapters.wechat_errors import VERDICTS, verdict_of
from adapters.wechat_transport import MAX_JSON
from tests.adapters.platform import Platform, Reply, refused

OPENID = "o6_bmjrPTlm6_2sgVt7hMZOPfL2M"

TABLE = {
    -1: Verdict.BACK_OFF,
    45011: Verdict.BACK_OFF,
    45009: Verdict.REST_UNTIL_MIDNIGHT,
    40037: Verdict.ALERT_NEXT,
    41030: Verdict.ALERT_NEXT,
    47003: Verdict.ALERT_NEXT,
    48001: Verdict.ALERT_NEXT,
    40164: Verdict.STOP,
    48004: Verdict.STOP,
    43004: Verdict.MARK_RECIPIENT_NEXT,
    43019: Verdict.MARK_RECIPIENT_NEXT,
    40003: Verdict.MARK_RECIPIENT_NEXT,
    45015: Verdict.NEXT_WINDOW,
    45047: Verdict.NEXT_WINDOW,
    43101: Verdict.MARK_TEMPLATE_NEXT,
    40029: Verdict.REFUSE_INPUT,
    40163: Verdict.REFUSE_INPUT,
    40226: Verdict.REFUSE_INPUT,
    61010: Verdict.REFUSE_INPUT,
}


async def failure(client: WeChatClient) -> WeChatError:
    with pytest.raises(WeChatError) as caught:
        await client.custom_text(OPENID, "好")
    return caught.value


@pytest.mark.parametrize(("errcode", "verdict"), TABLE.items())
async def test_every_row_of_the_table_is_sent_once_and_judged(
    client: WeChatClient, platform: Platform, errcode: int, verdict: Verdict
) -> None:
    platform.always = refused(errcode, "no rid: 5f3a-1b2c")

    error = await failure(client)

    assert (error.code, error.verdict, error.outcome_known) == (errcode, verdict, True)
    assert error.message == "no rid: 5f3a-1b2c"
    assert len(platform.sends) == 1
    assert len(platform.token_calls) == 1


def test_the_table_has_no_row_that_these_tests_do_not_know() -> None:
    assert set(VERDICTS) - set(TABLE) == {40001, 40014, 42001}


def test_an_unknown_code_goes_to_staff_and_to_the_next_channel() -> None:
    assert verdict_of(99999) is Verdict.ALERT_NEXT


async def test_the_field_that_broke_a_rule_is_named(client: WeChatClient, platform: Platform) -> None:
    platform.always = refused(47003, "argument invalid! data.thing1.value invalid rid: 5f3a")

    assert "data.thing1.value" in (await failure(client)).message


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_a_server_error_is_tried_later_and_may_have_worked(
    client: WeChatClient, platform: Platform, status: int
) -> None:
    platform.always = Reply(b"<html>", status=status)

    error = await failure(client)

    assert (error.code, error.verdict, error.outcome_known) == (None, Verdict.BACK_OFF, False)
    assert len(platform.sends) == 1


@pytest.mark.parametrize(
    ("status", "verdict"), [(429, Verdict.BACK_OFF), (404, Verdict.ALERT_NEXT), (302, Verdict.ALERT_NEXT)]
)
async def test_other_http_refusals_did_not_work(
    client: WeChatClient, platform: Platform, status: int, verdict: Verdict
) -> None:
    platform.always = Reply(b"", status=status)

    error = await failure(client)

    assert (error.verdict, error.outcome_known) == (verdict, True)


@pytest.mark.parametrize(
    "reply", [Reply(silent=True), Reply(drip=True), Reply(drop=True)], ids=["silent", "drip", "drop"]
)
async def test_an_answer_that_never_comes_leaves_the_outcome_unknown(
    hasty: WeChatClient, platform: Platform, reply: Reply
) -> None:
    platform.always = reply

    error = await failure(hasty)

    assert (error.code, error.verdict, error.outcome_known) == (None, Verdict.BACK_OFF, False)
    assert len(platform.sends) == 1


@pytest.mark.parametrize(
    "reply", [Reply(silent=True), Reply(drop=True), Reply(status=500)], ids=["silent", "drop", "500"]
)
async def test_a_token_that_never_comes_means_that_nothing_was_sent(
    hasty: WeChatClient, platform: Platform, reply: Reply
) -> None:
    platform.token_replies.append(reply)

    error = await failure(hasty)

    assert (error.verdict, error.outcome_known) == (Verdict.BACK_OFF, True)
    assert platform.sends == []


async def test_a_connection_that_cannot_be_made_means_that_nothing_was_sent(http: httpx.AsyncClient) -> None:
    nowhere = WeChatClient(http, "http://127.0.0.1:9/api", AppKeys("wx", "s"), MemoryTokenStore(), timeout=1)

    error = await failure(nowhere)

    assert (error.verdict, error.outcome_known) == (Verdict.BACK_OFF, True)


@pytest.mark.parametrize("body", [b"", b"ok", b"[]", b"{", b'{"errcode": "x"}', b"\xff\xfe", b"{" * 5000])
async def test_an_answer_that_is_no_object_is_tried_later(
    client: WeChatClient, platform: Platform, body: bytes
) -> None:
    platform.always = Reply(body)

    error = await failure(client)

    assert (error.verdict, error.outcome_known) == (Verdict.BACK_OFF, False)


async def test_an_answer_without_end_is_not_read_to_its_end(client: WeChatClient, platform: Platform) -> None:
    platform.always = Reply(b'{"errmsg": "' + b"x" * MAX_JSON + b'"}')

    error = await failure(client)

    assert (error.verdict, error.outcome_known) == (Verdict.BACK_OFF, False)


async def test_an_errcode_written_as_text_is_understood(client: WeChatClient, platform: Platform) -> None:
    platform.always = Reply(b'{"errcode": "43004", "errmsg": "require subscribe"}')

    assert (await failure(client)).verdict is Verdict.MARK_RECIPIENT_NEXT


@pytest.mark.parametrize(
    ("now", "midnight"),
    [
        (datetime(2026, 11, 23, 15, 59, tzinfo=UTC), datetime(2026, 11, 23, 16, tzinfo=UTC)),
        (datetime(2026, 11, 23, 16, 0, tzinfo=UTC), datetime(2026, 11, 24, 16, tzinfo=UTC)),
    ],
)
def test_quotas_start_again_at_midnight_in_beijing(now: datetime, midnight: datetime) -> None:
    assert next_midnight(now) == midnight
