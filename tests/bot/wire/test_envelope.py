from __future__ import annotations

import base64
import json
import struct
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wechatpy.crypto import WeChatCrypto

from bot.wire import MAX_BODY, BadBody, BadSignature, WireError, open_envelope, parse, seal
from bot.wire.envelope import MAX_DEPTH
from bot.wire.signature import sign
from tests.bot.wire.accounts import (
    ALL,
    COMPATIBLE,
    MINI,
    NOW,
    PLAIN,
    SAFE,
    TEXT_XML,
    Keys,
    encrypt,
    encrypt_as_is,
    encrypt_bytes,
    posted,
    signed,
)

FIELDS = {
    "ToUserName": "gh_oa",
    "FromUserName": "resident-1",
    "CreateTime": "1714036504",
    "MsgType": "text",
    "Content": "我家漏水",
    "MsgId": "23456789",
}
TEXT_JSON = json.dumps(FIELDS | {"CreateTime": 1714036504, "MsgId": 23456789})


def opened(keys: Keys, message: str, *, outer: str = "") -> dict[str, object]:
    query, body = posted(keys, message, outer=outer)
    return open_envelope(keys, query, body, NOW)


def enveloped(secret: str) -> tuple[dict[str, str], bytes]:
    return signed(SAFE, secret=secret), json.dumps({"Encrypt": secret}).encode()


@pytest.mark.parametrize("keys", [SAFE, PLAIN, COMPATIBLE], ids=lambda keys: keys.mode)
def test_a_text_in_xml_is_read_in_every_mode(keys: Keys) -> None:
    assert opened(keys, TEXT_XML) == FIELDS


@pytest.mark.parametrize("keys", ALL, ids=lambda keys: keys.account)
def test_json_is_known_by_its_first_character_in_every_mode(keys: Keys) -> None:
    assert opened(keys, f" \r\n{TEXT_JSON}") == FIELDS | {"CreateTime": 1714036504, "MsgId": 23456789}


def test_a_byte_order_mark_is_skipped() -> None:
    assert open_envelope(PLAIN, signed(PLAIN), b"\xef\xbb\xbf" + TEXT_JSON.encode(), NOW)["MsgType"] == "text"


def test_compatible_mode_trusts_only_the_encrypted_part() -> None:
    forged = "<FromUserName>somebody-else</FromUserName><Content>转账</Content>"

    assert opened(COMPATIBLE, TEXT_XML, outer=forged) == FIELDS


@pytest.mark.parametrize("keys", [SAFE, COMPATIBLE, MINI], ids=lambda keys: keys.account)
def test_plaintext_sent_to_an_encrypted_account_is_refused(keys: Keys) -> None:
    with pytest.raises(BadSignature):
        open_envelope(keys, signed(keys), TEXT_XML.encode(), NOW)


def test_an_encrypted_message_for_a_plaintext_account_is_a_bad_body() -> None:
    query, body = posted(SAFE, TEXT_XML)

    with pytest.raises(BadBody):
        open_envelope(PLAIN, query, body, NOW)


def test_msg_signature_must_cover_the_encrypted_part() -> None:
    query, _ = posted(SAFE, TEXT_XML)
    _, other = posted(SAFE, TEXT_XML.replace("漏水", "着火"))

    with pytest.raises(BadSignature):
        open_envelope(SAFE, query, other, NOW)


def test_the_plain_signature_does_not_stand_in_for_msg_signature() -> None:
    query, body = posted(SAFE, TEXT_XML)

    with pytest.raises(BadSignature):
        open_envelope(SAFE, query | {"msg_signature": query["signature"]}, body, NOW)


def test_a_message_for_another_appid_is_refused() -> None:
    query, body = posted(Keys(appid="wx-other"), TEXT_XML)

    with pytest.raises(BadSignature, match="appid"):
        open_envelope(SAFE, query, body, NOW)


def test_a_message_under_another_key_is_refused() -> None:
    query, body = posted(Keys(aes_key="G" * 43), TEXT_XML)

    with pytest.raises(WireError):
        open_envelope(SAFE, query, body, NOW)


@pytest.mark.parametrize("aes_key", ["", "short", "ü" * 43, "A" * 44])
def test_an_account_with_a_broken_key_answers_bad_body_and_does_not_crash(aes_key: str) -> None:
    query, body = posted(SAFE, TEXT_XML)

    with pytest.raises(BadBody):
        open_envelope(Keys(aes_key=aes_key), query, body, NOW)


def test_a_truncated_encrypted_part_is_refused_at_every_length() -> None:
    whole = encrypt(SAFE, TEXT_XML)

    for length in range(0, len(whole), 7):
        with pytest.raises(WireError):
            open_envelope(SAFE, *enveloped(whole[:length]), NOW)


@pytest.mark.parametrize(
    "plaintext",
    [
        b"",
        b"\x00" * 16,
        b"\xff" * 32,
        b"r" * 16 + struct.pack(">I", 2**32 - 1) + b"<xml/>" + b"\x06" * 6,
        b"r" * 16 + struct.pack(">I", 4) + b"\xff\xfe\xfd\xfcwx-test" + b"\x01",
    ],
)
def test_a_well_signed_part_with_a_broken_inside_is_refused(plaintext: bytes) -> None:
    with pytest.raises(WireError):
        open_envelope(SAFE, *enveloped(encrypt_as_is(SAFE, plaintext)), NOW)


@pytest.mark.parametrize("secret", [None, 7, ["a"], {"a": "b"}, "", True])
def test_an_encrypted_part_of_another_type_is_a_bad_body(secret: object) -> None:
    query = signed(SAFE, secret="x")

    with pytest.raises(BadBody):
        open_envelope(SAFE, query, json.dumps({"Encrypt": secret}).encode(), NOW)


BROKEN = {
    "empty": b"",
    "blank": b" \n ",
    "text": b"hello",
    "not utf-8": b"<xml><a>\xff\xfe</a></xml>",
    "unclosed": b"<xml><a>",
    "other root": b"<html><body/></html>",
    "root without fields": b"<xml>words</xml>",
    "empty root": b"<xml/>",
    "list": b"[1, 2]",
    "number": b"7",
    "broken json": b'{"MsgType": ',
    "entity": b'<!DOCTYPE x [<!ENTITY a "aaaa">]><xml><Content>&a;</Content></xml>',
    "file entity": b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><Content>&a;</Content></xml>',
    "parameter entity": b'<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1/"> %a;]><xml><b>1</b></xml>',
    "laughing entities": b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><xml><c>&b;</c></xml>',
    "deep xml": b"<xml>" + b"<a>" * 9000 + b"</a>" * 9000 + b"</xml>",
    "deep json object": b'{"a":' * 9000 + b"1" + b"}" * 9000,
    "deep json list": b'{"a":' + b"[" * 30000 + b"]" * 30000 + b"}",
    "just too deep": b"<xml>" + b"<a>" * MAX_DEPTH + b"<b>1</b>" + b"</a>" * MAX_DEPTH + b"</xml>",
    "huge integer": b'{"MsgId": ' + b"9" * 6000 + b"}",
    "control characters": b"<xml><Content>a\x00b</Content></xml>",
    "declared encoding": '<?xml version="1.0" encoding="utf-16"?><xml><a>1</a></xml>'.encode("utf-16"),
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN.keys())
def test_a_body_that_is_no_message_is_a_bad_body(body: bytes) -> None:
    with pytest.raises(BadBody):
        open_envelope(PLAIN, signed(PLAIN), body, NOW)


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN.keys())
def test_the_same_inside_an_encrypted_part_is_refused_alike(body: bytes) -> None:
    with pytest.raises(WireError):
        open_envelope(SAFE, *enveloped(encrypt_bytes(SAFE, body)), NOW)


def test_an_unknown_declared_encoding_is_not_followed() -> None:
    body = b'<?xml version="1.0" encoding="no-such"?>' + TEXT_XML.encode()

    assert open_envelope(PLAIN, signed(PLAIN), body, NOW) == FIELDS


def test_as_deep_as_the_platforms_own_events_is_read() -> None:
    deepest = "<xml><a><b><c><d><e>1</e></d></c></b></a></xml>"

    assert opened(PLAIN, deepest) == {"a": {"b": {"c": {"d": {"e": "1"}}}}}


def test_a_body_above_the_cap_is_refused_before_anything_is_read() -> None:
    with pytest.raises(BadBody, match="large"):
        open_envelope(PLAIN, {}, b"x" * (MAX_BODY + 1), NOW)


def test_reasons_never_show_what_was_sent() -> None:
    with pytest.raises(BadBody) as caught:
        open_envelope(PLAIN, signed(PLAIN), b'{"Content": "320102199003078888', NOW)

    assert "320102" not in str(caught.value)


@pytest.mark.parametrize("keys", [SAFE, MINI], ids=lambda keys: keys.format)
def test_a_sealed_reply_is_opened_by_the_platform(keys: Keys) -> None:
    sealed = seal(keys, "<xml>好的 😀</xml>", "abc123", NOW)

    if keys.format == "json":
        given = json.loads(sealed)
    else:
        given = open_envelope(PLAIN, signed(PLAIN), sealed.encode(), NOW)
    assert given["MsgSignature"] == sign(keys.token, str(NOW), "abc123", given["Encrypt"])
    crypto = WeChatCrypto(keys.token, keys.aes_key, keys.appid)
    assert crypto.decrypt_message(given, given["MsgSignature"], str(NOW), "abc123") == "<xml>好的 😀</xml>"


def attempt(keys: Keys, query: dict[str, str], body: bytes) -> None:
    """Read and parse; any error but the one family escapes and fails the test."""
    status = 200
    try:
        parse(keys.account, open_envelope(keys, query, body, NOW))
    except WireError as error:
        status = error.status
    assert status in {200, 400, 403}


@given(body=st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    attempt(PLAIN, signed(PLAIN), body)
    attempt(SAFE, signed(SAFE, secret=""), body)


@given(data=st.data(), keys=st.sampled_from(ALL))
@settings(max_examples=200)
def test_any_mutation_of_a_real_callback_is_read_or_refused(data: st.DataObject, keys: Keys) -> None:
    query, body = posted(keys, TEXT_JSON if keys.format == "json" else TEXT_XML)
    start = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(start, min(len(body), start + 30)))
    attempt(keys, query, body[:start] + data.draw(st.binary(max_size=12)) + body[end:])


@given(secret=st.text(max_size=120) | st.binary(max_size=120).map(lambda raw: base64.b64encode(raw).decode()))
def test_any_well_signed_encrypted_part_is_read_or_refused(secret: str) -> None:
    attempt(SAFE, *enveloped(secret))


@given(inside=st.binary(max_size=200).map(lambda raw: raw[: len(raw) // 16 * 16]))
def test_any_decrypted_bytes_are_read_or_refused(inside: bytes) -> None:
    attempt(SAFE, *enveloped(encrypt_as_is(SAFE, inside)))


queries = st.dictionaries(
    st.sampled_from(["signature", "timestamp", "nonce", "msg_signature", "encrypt_type", "openid"]),
    st.text(max_size=20) | st.text("0123456789", max_size=12) | st.sampled_from(["aes", "raw"]),
)


@given(query=queries, keys=st.sampled_from(ALL))
def test_any_query_string_is_read_or_refused(query: dict[str, str], keys: Keys) -> None:
    attempt(keys, query, TEXT_XML.encode())


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = (*FIELDS, "Event", "EventKey", "Location_X", "Location_Y", "List", "Status", "result", "Recognition")


@given(fields=st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=10), anything, max_size=12))
@settings(max_examples=200)
def test_any_json_fields_are_read_or_refused(fields: dict[str, Any]) -> None:
    attempt(PLAIN, signed(PLAIN), json.dumps(fields).encode())
