"""The running callback as WeChat's server sees it."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx

from bot import callback
from sandbox.accounts import Account
from sandbox.wire import SignedRequest, read_reply, sign
from settings import DEVELOPMENT_ACCOUNTS, Settings
from tests.sandbox.conftest import make_app
from tests.serving import serving

OA, PLAIN, MINI = (Account.of(one) for one in DEVELOPMENT_ACCOUNTS)
_ids = count(int(time.time() * 1000))


def text_fields(
    words: str, openid: str = "resident-1", account: Account = OA, **fields: Any
) -> dict[str, Any]:
    """A text message as WeChat pushes it."""
    return {
        "ToUserName": account.original_id,
        "FromUserName": openid,
        "CreateTime": int(time.time()),
        "MsgType": "text",
        "Content": words,
        "MsgId": next(_ids),
    } | fields


def signed(fields: dict[str, Any], account: Account = OA, *, age: int = 0) -> SignedRequest:
    """One try of a message, signed anew."""
    return sign(account, fields, openid=str(fields["FromUserName"]), timestamp=int(time.time()) - age)


@dataclass
class Line:
    """A connection to the running callback."""

    http: httpx.AsyncClient
    base: str

    async def post(self, request: SignedRequest, account: str = "oa") -> httpx.Response:
        """Send one try."""
        return await self.http.post(
            f"{self.base}/wechat/{account}",
            params=request.query,
            content=request.body,
            headers={"Content-Type": request.content_type},
        )

    async def say(self, words: str, openid: str = "resident-1", account: Account = OA) -> str:
        """What the phone would show."""
        response = await self.post(signed(text_fields(words, openid, account), account), account.account)
        assert response.status_code == 200, response.text
        return shown(response, openid, account)


def shown(response: httpx.Response, openid: str = "resident-1", account: Account = OA) -> str:
    """The words of an answer; empty for `success`."""
    fields, _ = read_reply(account, response.content, openid=openid)
    return str((fields or {}).get("Content", ""))


@asynccontextmanager
async def answering(guard_seconds: float = 4.0) -> AsyncIterator[Line]:
    """The callback alone on a free port, on the database that is open in this process."""
    app = make_app("callback")
    app.blueprint(callback.blueprint(Settings().model_copy(update={"passive_guard_seconds": guard_seconds})))
    async with serving(app) as base, httpx.AsyncClient(trust_env=False, timeout=20, verify=False) as http:
        yield Line(http, base)
