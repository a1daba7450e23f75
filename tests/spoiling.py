"""Requests that WeChat would never send: real ones, spoiled at one depth or another.

Every choice is drawn from `chance`: a seeded one for a load that is the same each time, hypothesis's own
where a failure is to be made small.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from enum import Enum, auto
from itertools import count
from random import Random
from typing import Any, get_args

from sandbox.accounts import Account
from sandbox.messages import EVENTS, MessageType, Say, compose
from sandbox.wire import SignedRequest
from tests.bot.wire.accounts import encrypt_bytes, signed, xml

PEOPLE = ("spoiled-1", "spoiled-2", "spoiled-3")
KINDS: tuple[str, ...] = (*get_args(MessageType), *EVENTS)
_COMMON = frozenset({"ToUserName", "FromUserName", "CreateTime", "MsgType", "MsgId", "Event"})
_UNREAD = frozenset({"Scale", "Precision", "version", "errcode", "errmsg", "detail", "SessionFrom"})
_WORDS = ("三组路灯不亮", "你好", "1", "进度", "着火了")
_ids = count(int(time.time() * 1000))


class Depth(Enum):
    """Where a request is spoiled; the signatures are right but under KEYS, BODY and QUERY."""

    FIELDS = auto()
    INSIDE = auto()
    KEYS = auto()
    TIME = auto()
    SECRET = auto()
    BODY = auto()
    QUERY = auto()


STRANGE: tuple[Any, ...] = (
    None,
    -1,
    float("inf"),
    10**400,
    "",
    " \n\t",
    "水\x00管\x1b\x85坏\ufffe",
    "\ud83d漏水\udc00",
    "😀👨‍👩‍👧👍🏽\u202e反转\u2066",
    "]]><Content>着火</Content><![CDATA[",
    "<b>&lt;&amp;&#0;&a;</b>",
    "接单 99999999999999999999999",
    "9" * 400,
    "水" * 5000,
    "x" * 70_000,
    [],
    ["a", {"b": None}],
    {},
    {"List": [{"TemplateId": ["a"], "SubscribeStatusString": {}}]},
    {"a": {"b": {"c": {"d": {"e": {"f": {"g": {"h": {"i": 1}}}}}}}}},
)
_NAMES = (
    *("FromUserName", "MsgType", "Event", "MsgId", "CreateTime", "Content", "Recognition", "EventKey"),
    *("Location_X", "Latitude", "List", "result", "Encrypt", "MediaId", "a b", "#text", "", "字段"),
)
_TIMES = ("0", "-1", "x", "１７１４０３６５０４", "9" * 12, "9" * 400, "1.5", "\x00")
_SIGNATURES = ("", "0" * 40, "é" * 40, "a" * 5000)
_CONTENT_TYPES = ("text/xml", "application/json", "multipart/form-data", "", "image/png; charset=utf-16")
_MODES = ("", "raw", "AES", "aes aes", "1", "\x00")


def act(kind: str, account: Account, openid: str = PEOPLE[0], **given: Any) -> dict[str, Any]:
    """The fields of a message or event of this kind, as WeChat would send it."""
    values: dict[str, Any] = {
        "from": openid,
        "type": kind,
        "text": "三组路灯不亮",
        "media_id": "m1",
        "pic_url": "http://mmbiz.example/m1",
        "recognition": "自来水停了",
        "event_key": "菜单",
        "label": "三组路口",
        "title": "停水通知",
        "items": [{"template_id": "tpl-assigned"}],
    }
    say = Say.model_validate(values | given)
    return compose(say, to_user=account.original_id, msg_id=next(_ids), created_at=int(time.time()))


def with_one_strange_field(account: Account) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Every field of every message and event: left out, and holding each of the strange values."""
    for kind in KINDS:
        # What all share is spoiled in one message and in one event.
        names = act(kind, account).keys() - (_UNREAD if kind in ("text", "CLICK") else _UNREAD | _COMMON)
        for name in sorted(names):
            sound = [act(kind, account) for _ in range(len(STRANGE) + 1)]
            del sound[0][name]
            spoiled = [one | {name: value} for one, value in zip(sound[1:], STRANGE, strict=True)]
            yield f"{kind} {name}", [sound[0], *spoiled]


def sealed(
    account: Account, inside: bytes, *, secret: str | None = None, timestamp: str = ""
) -> SignedRequest:
    """A request that is rightly signed over `inside`, or over a `secret` in its place; now unless told."""
    timestamp = timestamp or str(int(time.time()))
    if not account.encrypted:
        return SignedRequest(signed(account, timestamp=timestamp), inside, "text/xml")
    secret = encrypt_bytes(account, inside) if secret is None else secret
    fields = {"ToUserName": account.original_id, "Encrypt": secret}
    body = as_json(fields) if account.format == "json" else _as_xml(fields)
    return SignedRequest(signed(account, secret=secret, timestamp=timestamp), body, "text/xml")


def as_json(fields: Mapping[str, Any]) -> bytes:
    """JSON that carries any text, a lone surrogate as the escape that JSON has for it."""
    return json.dumps(fields, ensure_ascii=False).encode(errors="backslashreplace")


def spoiled(chance: Random, account: Account, depth: Depth) -> SignedRequest:
    """One request, spoiled at `depth` and sound everywhere above it."""
    given = {"text": chance.choice(_WORDS), "recognition": chance.choice([None, *_WORDS])}
    key = chance.choice(["", "菜单", "qrscene_xinlian", "进度"])
    fields = act(chance.choice(KINDS), account, chance.choice(PEOPLE), event_key=key, **given)
    if depth is Depth.FIELDS:
        fields = _with_strange_fields(chance, fields)
    inside = as_json(fields) if chance.choice([False, True]) else _as_xml(fields)
    if depth is Depth.INSIDE:
        inside = cut(chance, inside)
    if depth is Depth.KEYS:
        return sealed(_under_other_keys(chance, account), inside)
    if depth is Depth.TIME:
        return sealed(account, inside, timestamp=chance.choice((*_TIMES, str(int(time.time()) - 700))))
    if depth is Depth.SECRET and account.encrypted:
        secret = cut(chance, encrypt_bytes(account, inside).encode()).decode(errors="replace")
        return sealed(account, inside, secret=secret)
    request = sealed(account, inside)
    if depth is Depth.BODY:
        return replace(request, body=cut(chance, request.body), content_type=chance.choice(_CONTENT_TYPES))
    return replace(request, query=_odd_query(chance, request.query)) if depth is Depth.QUERY else request


def cut(chance: Random, whole: bytes) -> bytes:
    """Bytes flipped, left out, put in, doubled, or cut off at any place."""
    start = chance.randint(0, len(whole))
    end = chance.choice([start, min(len(whole), start + chance.randint(1, 40)), len(whole)])
    new = bytes(chance.randint(0, 255) for _ in range(chance.randint(0, 12)))
    return whole[:start] + chance.choice([b"", new, whole[start:end] * 2]) + whole[end:]


def _as_xml(fields: Mapping[str, Any]) -> bytes:
    return xml(fields).encode(errors="surrogatepass")


def _with_strange_fields(chance: Random, fields: dict[str, Any]) -> dict[str, Any]:
    for _ in range(chance.randint(1, 3)):
        name = chance.choice([*fields, chance.choice(_NAMES)])
        if chance.choice([False, False, True]):
            fields.pop(name, None)
        else:
            fields[name] = chance.choice(STRANGE)
    return fields


def _under_other_keys(chance: Random, account: Account) -> Account:
    other: dict[str, Any] = chance.choice([{"token": "other"}, {"appid": "wx-other"}, {"aes_key": "G" * 43}])
    return replace(account, **other)


def _odd_query(chance: Random, query: dict[str, str]) -> dict[str, str]:
    name = chance.choice([*query, "encrypt_type", "msg_signature"])
    values = {"timestamp": _TIMES, "encrypt_type": _MODES}.get(name, _SIGNATURES)
    left = {key: value for key, value in query.items() if key != name}
    return left if chance.choice([False, False, True]) else left | {name: chance.choice(values)}
