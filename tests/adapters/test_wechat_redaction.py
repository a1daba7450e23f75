from __future__ import annotations

import logging
import traceback
from collections.abc import Awaitable, Callable

import pytest

from adapters.wechat import AppKeys, Token, WeChatClient, WeChatError
from adapters.wechat_redaction import redact
from tests.adapters.conftest import KEYS
from tests.adapters.platform import Platform, Reply, refused

OPENID = "o6_bmjrPTlm6_2sgVt7hMZOPfL2M"
CODE = "0a3xYz000secretcode"
SECRETS = (KEYS.secret, "token-1", "token-2", OPENID, CODE)


def leaked(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


CALLS: dict[str, Callable[[WeChatClient], Awaitable[object]]] = {
    "custom": lambda client: client.custom_text(OPENID, "好"),
    "login": lambda client: client.jscode2session(CODE),
    "phone": lambda client: client.phone_number(CODE),
    "check": lambda client: client.msg_sec_check(OPENID, "好"),
    "media": lambda client: client.media(CODE),
}
REPLIES = {
    "echo": Reply(echo=True),
    "openid": refused(40003, f"invalid openid {OPENID}"),
    "drop": Reply(drop=True),
    "500": Reply(status=500, body=OPENID.encode()),
    "no json": Reply(f"{{not json token-1 {OPENID} {KEYS.secret}".encode()),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
@pytest.mark.parametrize("reply", REPLIES.values(), ids=REPLIES.keys())
async def test_neither_errors_nor_tracebacks_nor_logs_show_a_secret(
    client: WeChatClient,
    platform: Platform,
    caplog: pytest.LogCaptureFixture,
    reply: Reply,
    call: Callable[[WeChatClient], Awaitable[object]],
) -> None:
    caplog.set_level(logging.DEBUG)
    platform.always = reply

    with pytest.raises(WeChatError) as caught:
        await call(client)

    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    assert leaked(shown) == []
    assert caplog.records
    assert leaked(caplog.text) == []


async def test_an_answer_that_never_comes_shows_no_secret(
    hasty: WeChatClient, platform: Platform, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    platform.always = Reply(silent=True)

    with pytest.raises(WeChatError) as caught:
        await hasty.jscode2session(CODE)
    assert leaked("".join(traceback.format_exception(caught.value)) + caplog.text) == []


async def test_a_failed_token_call_shows_no_secret(client: WeChatClient, platform: Platform) -> None:
    platform.token_replies.append(refused(40125, f"invalid appsecret {KEYS.secret}"))

    with pytest.raises(WeChatError) as caught:
        await client.custom_text(OPENID, "好")
    assert leaked(str(caught.value)) == []


async def test_logs_still_say_which_address_was_called(
    client: WeChatClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="httpx")

    await client.custom_text(OPENID, "好")

    assert "/api/cgi-bin/message/custom/send" in caplog.text


def test_what_is_printed_of_keys_and_tokens_hides_them() -> None:
    assert leaked(repr(AppKeys("wx", KEYS.secret)) + repr(Token("token-1", 7200))) == []


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        (
            f"invalid openid {OPENID} rid: 66f2a1b3-0c1d2e3f-4a5b6c7d",
            "invalid openid [hidden] rid: 66f2a1b3-0c1d2e3f-4a5b6c7d",
        ),
        ("bad access_token=77_abcDEF-ghi_JKL", "bad access_token=[hidden]"),
        ('{"secret": "abcdef0123456789"}', '{"secret": "[hidden]"}'),
        ("code been used", "code been used"),
        ("a/b c", "[hidden] c"),
        ("x" * 500, "x" * 300),
    ],
)
def test_redaction_keeps_what_staff_need(text: str, redacted: str) -> None:
    assert redact(text, "a/b", "") == redacted
