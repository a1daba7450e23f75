"""The stand-in platform signs and encrypts as WeChat does; wechatpy, which we did not write, opens it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import xmltodict
from hypothesis import given, settings
from hypothesis import strategies as st
from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import check_signature

from sandbox.accounts import Account
from sandbox.messages import Fields
from sandbox.wire import OddReply, SignedRequest, read_reply, sign, signature
from tests.sandbox.conftest import BOTH, MINI, OA, PLAIN

FIELDS: Fields = {
    "ToUserName": "gh_oa",
    "FromUserName": "u1",
    "CreateTime": 1790000000,
    "MsgType": "text",
    "Content": "漏水 <b>&]]> 😀",
    "MsgId": 24389283982938273,
}


def opened(account: Account, request: SignedRequest) -> str:
    """The pushed text, opened by wechatpy."""
    query = request.query
    crypto = WeChatCrypto(account.token, account.aes_key, account.appid)
    body = json.loads(request.body) if account.format == "json" else request.body
    return str(crypto.decrypt_message(body, query["msg_signature"], query["timestamp"], query["nonce"]))


@pytest.mark.parametrize(
    ("timestamp", "nonce", "expected"),
    [
        ("1714036504", "1514711492", "f464b24fc39322e44b38aa78f5edd27bd1441696"),
        ("1714037059", "486452656", "899cf89e464efb63f54ddac96b0a0a235f53aa78"),
    ],
)
def test_a_signature_equals_the_known_vector(timestamp: str, nonce: str, expected: str) -> None:
    assert signature("AAAAA", timestamp, nonce) == expected


@pytest.mark.parametrize("account", [OA, BOTH, PLAIN, MINI], ids=lambda one: one.account)
def test_wechatpy_accepts_the_signature_of_the_query(account: Account) -> None:
    query = sign(account, FIELDS, openid="u1", timestamp=1790000000).query

    check_signature(account.token, query["signature"], query["timestamp"], query["nonce"])

    assert query["openid"] == "u1"


@pytest.mark.parametrize("account", [OA, BOTH, MINI], ids=lambda one: one.account)
def test_wechatpy_opens_what_was_encrypted(account: Account) -> None:
    request = sign(account, FIELDS, openid="u1", timestamp=1790000000)

    text = opened(account, request)

    fields = json.loads(text) if account.format == "json" else xmltodict.parse(text)["xml"]
    assert fields["Content"] == FIELDS["Content"]
    assert str(fields["MsgId"]) == "24389283982938273"


def test_safe_mode_shows_nothing_but_the_account_outside() -> None:
    body = sign(OA, FIELDS, openid="u1", timestamp=1790000000).body

    assert set(xmltodict.parse(body)["xml"]) == {"ToUserName", "Encrypt"}


def test_compatible_mode_carries_both_parts() -> None:
    outside = xmltodict.parse(sign(BOTH, FIELDS, openid="u1", timestamp=1790000000).body)["xml"]

    assert outside["Content"] == FIELDS["Content"]
    assert "Encrypt" in outside


def test_plaintext_mode_is_read_by_wechatpy() -> None:
    request = sign(PLAIN, FIELDS, openid="u1", timestamp=1790000000)

    message = parse_message(request.body)

    assert (message.type, message.content, message.id) == ("text", FIELDS["Content"], 24389283982938273)
    assert "encrypt_type" not in request.query


def test_each_try_is_signed_anew() -> None:
    first, second = (sign(OA, FIELDS, openid="u1", timestamp=1790000000) for _ in range(2))

    assert first.query["nonce"] != second.query["nonce"]
    assert first.body != second.body
    assert opened(OA, first) == opened(OA, second)


@settings(deadline=None)
@given(st.text())
def test_any_words_of_a_person_make_well_formed_pushes(words: str) -> None:
    for account in (PLAIN, replace(PLAIN, format="json")):
        body = sign(account, FIELDS | {"Content": words}, openid="u1", timestamp=1790000000).body
        if account.format == "json":
            json.loads(body)
        else:
            assert xmltodict.parse(body)["xml"]["FromUserName"] == "u1"


REPLY = (
    "<xml><ToUserName>u1</ToUserName><FromUserName>gh_oa</FromUserName><CreateTime>1</CreateTime>"
    "<MsgType>text</MsgType><Content>好</Content></xml>"
)
SEALED = WeChatCrypto(OA.token, OA.aes_key, OA.appid).encrypt_message(REPLY, "n", "1790000000")
CRYPTO_OF_ANOTHER = WeChatCrypto(OA.token, OA.aes_key, "wx-other")


def test_an_encrypted_reply_is_read() -> None:
    fields, text = read_reply(OA, SEALED.encode(), openid="u1")

    assert fields is not None
    assert fields["Content"] == "好"
    assert text == REPLY


@pytest.mark.parametrize("body", [b"", b"success"])
def test_success_and_nothing_are_no_reply(body: bytes) -> None:
    assert read_reply(OA, body, openid="u1")[0] is None


@pytest.mark.parametrize(
    "body",
    [
        REPLY,
        SEALED.replace("</xml>", ""),
        SEALED.replace("<Nonce><![CDATA[n]]>", "<Nonce><![CDATA[m]]>"),
        CRYPTO_OF_ANOTHER.encrypt_message(REPLY, "n", "1790000000"),
        WeChatCrypto(OA.token, OA.aes_key, OA.appid).encrypt_message(REPLY.replace("u1", "u2"), "n"),
        WeChatCrypto(OA.token, OA.aes_key, OA.appid).encrypt_message(REPLY.replace("gh_oa", "gh_x"), "n"),
        WeChatCrypto(OA.token, OA.aes_key, OA.appid).encrypt_message(REPLY.replace(">1<", "><"), "n"),
        "Success",
        " success",
        "<html>500</html>",
        "{}",
        "[]",
        "{",
    ],
    ids=[
        "not encrypted in safe mode",
        "cut off",
        "signature of another nonce",
        "appid of another account",
        "to somebody else",
        "from another account",
        "without time",
        "wrong case",
        "space before",
        "error page",
        "empty json",
        "json list",
        "broken json",
    ],
)
def test_a_reply_that_wechat_would_not_show_is_odd(body: str) -> None:
    with pytest.raises(OddReply):
        read_reply(OA, body.encode(), openid="u1")


@settings(deadline=None)
@given(st.binary(min_size=1))
def test_no_reply_whatsoever_breaks_the_platform(body: bytes) -> None:
    for account in (OA, PLAIN, MINI):
        try:
            fields, _ = read_reply(account, body, openid="u1")
        except OddReply:
            continue
        assert fields is None or fields["ToUserName"] == "u1"
