"""WeChat's side of the callback where a test needs more than the sandbox gives: many tries, two processes."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from itertools import count

import httpx

from sandbox.accounts import Account
from sandbox.wire import SignedRequest, read_reply, sign
from settings import DEVELOPMENT_ACCOUNTS

OA = Account.of(DEVELOPMENT_ACCOUNTS[0])
_ids = count(int(time.time() * 1000))


@dataclass(frozen=True)
class Message:
    """One text message of one resident; every try of it carries the same MsgId."""

    text: str
    openid: str = "resident-1"
    msg_id: int = field(default_factory=lambda: next(_ids))

    def signed(self) -> SignedRequest:
        """A try of it, signed anew."""
        now = int(time.time())
        fields = {
            "ToUserName": OA.original_id,
            "FromUserName": self.openid,
            "CreateTime": now,
            "MsgType": "text",
            "Content": self.text,
            "MsgId": self.msg_id,
        }
        return sign(OA, fields, openid=self.openid, timestamp=now)


async def post(http: httpx.AsyncClient, address: str, request: SignedRequest) -> httpx.Response:
    """Send one try to one process."""
    return await http.post(
        f"{address}/wechat/oa",
        params=request.query,
        content=request.body,
        headers={"Content-Type": request.content_type},
    )


def words(response: httpx.Response, openid: str) -> str:
    """What the resident would read; empty for `success`."""
    fields, _ = read_reply(OA, response.content, openid=openid)
    return str((fields or {}).get("Content", ""))
