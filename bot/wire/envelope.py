"""The envelope of a callback: size, signature, decryption and parsing, in this order, and sealing of replies.

In compatible mode the plain part is ignored, since only the encrypted part is covered by a signature.
"""

from __future__ import annotations

import binascii
import json
import struct
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from xml.parsers.expat import ExpatError

import xmltodict
from wechatpy.crypto import PrpCrypto, WeChatCrypto
from wechatpy.exceptions import InvalidAppIdException, WeChatException

from bot.wire import signature
from bot.wire.account import AccountKeys
from bot.wire.errors import BadBody, BadSignature

MAX_BODY = 64 * 1024
MAX_DEPTH = 8
"""Levels of nesting that are read; the platform's deepest event needs five."""

# wechatpy, xmltodict and json share no family of errors for bad input, so each is listed once, here.
_UNREADABLE = (
    WeChatException,
    ExpatError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    OverflowError,
    RecursionError,
    struct.error,
    binascii.Error,
)
_SEALED_XML = (
    "<xml><Encrypt><![CDATA[{Encrypt}]]></Encrypt><MsgSignature><![CDATA[{MsgSignature}]]></MsgSignature>"
    "<TimeStamp>{TimeStamp}</TimeStamp><Nonce><![CDATA[{Nonce}]]></Nonce></xml>"
)


def open_envelope(account: AccountKeys, query: Mapping[str, str], body: bytes, now: int) -> dict[str, object]:
    """The fields of the message inside `body`, at most MAX_DEPTH levels deep.

    `now` is unix seconds. Values are strings, None, numbers (JSON), or dicts and lists of these, for `parse`.
    Raises: BadSignature, BadBody; nothing else, whatever was sent.
    """
    if len(body) > MAX_BODY:
        raise BadBody("body is too large")
    signature.check_query(account, query, now)
    encrypted = query.get("encrypt_type", "raw") == "aes"
    if account.mode == "plain":
        if encrypted:
            raise BadBody("encrypted message for an account in plaintext mode")
        return _read(body)
    if not encrypted:
        raise BadSignature("plaintext message for an account that is encrypted")
    return _read(_decrypt(account, query, _read(body).get("Encrypt")))


def seal(account: AccountKeys, reply: str, nonce: str, timestamp: int) -> str:
    """Encrypt and sign a rendered reply, written in the account's format.

    `nonce` must be ours, letters and digits: it stands in the XML unescaped.
    """
    secret: str = _cipher(account.aes_key).encrypt(reply, account.appid).decode()
    fields: dict[str, str | int] = {
        "Encrypt": secret,
        "MsgSignature": signature.sign(account.token, str(timestamp), nonce, secret),
        "TimeStamp": timestamp,
        "Nonce": nonce,
    }
    return json.dumps(fields) if account.format == "json" else _SEALED_XML.format(**fields)


def _decrypt(account: AccountKeys, query: Mapping[str, str], secret: object) -> bytes:
    if not isinstance(secret, str) or not secret:
        raise BadBody("no encrypted part")
    given = query.get("msg_signature", "")
    signature.check(account.token, given, query.get("timestamp", ""), query.get("nonce", ""), secret)
    try:
        text: str = _cipher(account.aes_key).decrypt(secret, account.appid)
    except InvalidAppIdException as error:
        raise BadSignature("message for another appid") from error
    except _UNREADABLE as error:
        raise BadBody(f"cannot decrypt: {type(error).__name__}") from error
    return text.encode()


@lru_cache(maxsize=64)
def _cipher(aes_key: str) -> Any:  # noqa: ANN401 - wechatpy is untyped
    return PrpCrypto(WeChatCrypto("", aes_key, "").key)


def _read(body: bytes) -> dict[str, object]:
    body = body.removeprefix(b"\xef\xbb\xbf").strip()
    try:
        # Decoded here, so that a byte order mark or a declared encoding cannot choose another decoder.
        text = body.decode()
        value = json.loads(text) if text[:1] == "{" else _xml(text)
    except _UNREADABLE as error:
        raise BadBody(f"cannot parse: {type(error).__name__}") from error
    if not isinstance(value, dict):
        raise BadBody("not a set of fields")
    if _too_deep(value):
        raise BadBody("nested too deep")
    return value


def _xml(text: str) -> object:
    return xmltodict.parse(text, encoding="utf-8", xml_attribs=False, disable_entities=True)["xml"]


def _too_deep(value: dict[str, object]) -> bool:
    level: list[object] = [value]
    for _ in range(MAX_DEPTH):
        level = [child for one in level for child in _children(one) if isinstance(child, dict | list)]
        if not level:
            return False
    return True


def _children(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
