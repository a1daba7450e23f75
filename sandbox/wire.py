"""WeChat's side of the callback: signing, encrypting, and reading what the account answers. Pure.

The passive reply is judged as strictly as WeChat does, since an odd body there shows every resident that the
account is out of order.
"""

from __future__ import annotations

import binascii
import hashlib
import json
import re
import secrets
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from xml.parsers.expat import ExpatError

import xmltodict
from wechatpy.crypto import PrpCrypto, WeChatCrypto
from wechatpy.exceptions import WeChatException

from sandbox.accounts import Account

Fields = Mapping[str, object]

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# wechatpy and xmltodict raise no common family for bad input, so all of it is listed once.
_UNREADABLE = (
    WeChatException,
    ExpatError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    AssertionError,
    struct.error,
    binascii.Error,
)


class OddReply(Exception):
    """A passive reply that WeChat would not show; the message says why, for the developer."""


@dataclass(frozen=True)
class SignedRequest:
    """One callback request, ready to be posted."""

    query: dict[str, str]
    body: bytes
    content_type: str


def signature(token: str, *parts: str) -> str:
    """SHA-1 over the sorted parts, as in the GET check, the query and `msg_signature`."""
    # The platform's own protocol fixes SHA-1.
    return hashlib.sha1("".join(sorted((token, *parts))).encode(), usedforsecurity=False).hexdigest()


def sign(account: Account, fields: Fields, *, openid: str, timestamp: int) -> SignedRequest:
    """Render, encrypt as the account's mode wants, and sign; the nonce is new each time."""
    stamp, nonce = str(timestamp), str(secrets.randbelow(2**31))
    query = {
        "signature": signature(account.token, stamp, nonce),
        "timestamp": stamp,
        "nonce": nonce,
        "openid": openid,
    }
    outer: dict[str, object] = dict(fields)
    if account.encrypted:
        cipher = PrpCrypto(WeChatCrypto(account.token, account.aes_key, account.appid).key)
        sealed = cipher.encrypt(_render(account, fields), account.appid).decode()
        query |= {"encrypt_type": "aes", "msg_signature": signature(account.token, stamp, nonce, sealed)}
        outer = {"ToUserName": fields["ToUserName"]} if account.mode == "safe" else outer
        outer["Encrypt"] = sealed
    content_type = "application/json" if account.format == "json" else "text/xml"
    return SignedRequest(query, _render(account, outer).encode(), content_type)


def read_reply(account: Account, body: bytes, *, openid: str) -> tuple[dict[str, object] | None, str]:
    """What the account answered: fields, or None for `success` or nothing, beside the readable text of it.

    Raises: OddReply when WeChat would show that the account is out of order.
    """
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise OddReply("回复不是 UTF-8") from error
    if text in {"", "success"}:
        return None, text
    try:
        fields = _parse(text)
        if account.encrypted and "Encrypt" in fields:
            text = _open(account, fields)
            fields = _parse(text)
        elif account.mode == "safe":
            raise OddReply("安全模式下的回复没有加密")
    except _UNREADABLE as error:
        raise OddReply(f"回复无法解析：{type(error).__name__}") from error
    _check_addresses(account, fields, openid)
    return fields, text


def _open(account: Account, fields: Fields) -> str:
    crypto = WeChatCrypto(account.token, account.aes_key, account.appid)
    given = [str(fields[name]) for name in ("MsgSignature", "TimeStamp", "Nonce")]
    return str(crypto.decrypt_message({"Encrypt": fields["Encrypt"]}, *given))


def _check_addresses(account: Account, fields: Fields, openid: str) -> None:
    if fields.get("ToUserName") != openid or fields.get("FromUserName") != account.original_id:
        raise OddReply("回复的 ToUserName 或 FromUserName 不对")
    if not str(fields.get("CreateTime", "")).isdigit():
        raise OddReply("回复的 CreateTime 不是时间戳")


def _parse(text: str) -> dict[str, object]:
    if text.lstrip().startswith("{"):
        value = json.loads(text)
    else:
        value = xmltodict.parse(text, disable_entities=True)["xml"]
    if not isinstance(value, dict):
        raise OddReply("回复不是一组字段")
    return value


def _render(account: Account, fields: Fields) -> str:
    if account.format == "json":
        return json.dumps(_clean(unwrapped(fields)), ensure_ascii=False)
    return f"<xml>{_xml(fields)}</xml>"


def unwrapped(fields: Fields) -> dict[str, object]:
    """The JSON shape of the subscribe events: no wrapper, and `List` is an object when it has one item."""
    flat: dict[str, object] = {}
    for name, value in fields.items():
        if name.startswith("SubscribeMsg") and isinstance(value, dict):
            items = value["List"]
            flat["List"] = items[0] if len(items) == 1 else items
        else:
            flat[name] = value
    return flat


def _clean(value: object) -> object:
    if isinstance(value, str):
        return re.sub("[\ud800-\udfff]", "", value)
    if isinstance(value, Mapping):
        return {name: _clean(one) for name, one in value.items()}
    return [_clean(one) for one in value] if isinstance(value, list) else value


def _xml(value: object) -> str:
    if isinstance(value, Mapping):
        return "".join(_element(str(name), one) for name, one in value.items())
    if isinstance(value, int | float):
        return str(value)
    text = _NOT_XML.sub("", str(value)).replace("]]>", "]]]]><![CDATA[>")
    return f"<![CDATA[{text}]]>"


def _element(name: str, value: object) -> str:
    many = value if isinstance(value, list) else [value]
    return "".join(f"<{name}>{_xml(one)}</{name}>" for one in many)
