"""Whole HTTP requests as WeChat would send them, signed and encrypted before the clock runs."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlencode

from sandbox.accounts import Account
from sandbox.wire import sign
from settings import DEVELOPMENT_ACCOUNTS

OA = Account.of(DEVELOPMENT_ACCOUNTS[0])
_numbers = count(time.time_ns() // 1000)


@dataclass(frozen=True)
class Message:
    """A text message of one WeChat user; each has a MsgId of its own."""

    openid: str
    text: str
    msg_id: int = field(default_factory=lambda: next(_numbers))


def request(message: Message, path: str) -> bytes:
    """One POST, good for ten minutes."""
    now = int(time.time())
    fields = {
        "ToUserName": OA.original_id,
        "FromUserName": message.openid,
        "CreateTime": now,
        "MsgType": "text",
        "Content": message.text,
        "MsgId": message.msg_id,
    }
    signed = sign(OA, fields, openid=message.openid, timestamp=now)
    head = (
        f"POST {path}?{urlencode(signed.query)} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Content-Type: {signed.content_type}\r\nContent-Length: {len(signed.body)}\r\n\r\n"
    )
    return head.encode() + signed.body


def requests(messages: Iterable[Message], path: str) -> list[bytes]:
    """One POST for each message, in their order."""
    return [request(one, path) for one in messages]
