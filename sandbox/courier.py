"""Carries signed pushes to the account's callback: five seconds, three tries in all."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field

import httpx

from sandbox.accounts import Account
from sandbox.messages import Fields, Say
from sandbox.phones import Entry, Via
from sandbox.platform import Platform
from sandbox.replies import MINI_OUT_OF_ORDER, OUT_OF_ORDER, Shown, shown
from sandbox.wire import OddReply, read_reply, sign

TRY_SECONDS = 5.0
TRIES = 3

log = logging.getLogger("sandbox.courier")


@dataclass(frozen=True)
class Posted:
    """How the callback took one push; `problem` says, for the developer, why WeChat would complain."""

    tries: int
    status: int | None
    body: bytes
    problem: str = ""


@dataclass(frozen=True)
class Said:
    """What the person sees after an act."""

    msg_id: str | None
    replies: list[Shown]
    posted: Posted
    raw: str = ""
    entries: list[Entry] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        """The answer of `POST /sandbox/api/say`."""
        return {
            "replies": self.replies,
            "tries": self.posted.tries,
            "status": self.posted.status,
            "raw": self.raw,
            "problem": self.posted.problem,
            "msg_id": self.msg_id,
            "seq": [entry.seq for entry in self.entries],
        }


class Courier:
    """Posts to one product; must be opened inside the running loop and closed there."""

    def __init__(self, platform: Platform, app_base_url: str, *, try_seconds: float = TRY_SECONDS) -> None:
        self._platform = platform
        self._base = app_base_url.rstrip("/")
        self._try_seconds = try_seconds
        self._http: httpx.AsyncClient | None = None
        self._background: set[asyncio.Task[Said]] = set()

    async def open(self) -> None:
        """Open the connections."""
        # Each try is bounded as a whole below, hence no limit per read or write here.
        limits = httpx.Limits(max_connections=200, max_keepalive_connections=50)
        self._http = httpx.AsyncClient(timeout=None, trust_env=False, limits=limits)  # noqa: S113 - see above

    async def close(self) -> None:
        """Give up what is still on its way and close the connections."""
        for task in self._background:
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        if self._http is not None:
            await self._http.aclose()
            self._http = None

    def say_later(self, say: Say) -> None:
        """Push an event that WeChat sends by itself, without holding up the caller."""
        if self._http is None:
            # The server is stopping; WeChat's own push would be lost the same way.
            return
        task = asyncio.create_task(self.say(say))
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def say(self, say: Say) -> Said:
        """Let a person act, push it, and show them what came back.

        Raises: Impossible.
        """
        fields, _ = self._platform.act(say)
        account = self._platform.accounts[say.account]
        posted = await self._post(account, fields, say.openid)
        reply, raw, problem = _judge(account, posted, say)
        posted = Posted(posted.tries, posted.status, posted.body, problem)
        if problem:
            log.warning("%s: %s", account.account, problem)
        replies = [] if reply is None or say.silent else [reply]
        msg_id = fields.get("MsgId")
        return Said(None if msg_id is None else str(msg_id), replies, posted, raw, self._show(say, replies))

    def _show(self, say: Say, replies: list[Shown]) -> list[Entry]:
        phone = self._platform.phones.get(say.account, say.openid)
        entries = []
        for reply in replies:
            rest = {name: value for name, value in reply.items() if name not in {"type", "text"}}
            via: Via = "system" if reply["type"] == "system" else "passive"
            kind, text = str(reply["type"]), str(reply["text"])
            entries.append(self._platform.phones.show(phone, "down", via, kind, text, **rest))
        return entries

    async def _post(self, account: Account, fields: Fields, openid: str) -> Posted:
        problem = ""
        for attempt in range(1, TRIES + 1):
            # WeChat signs each try anew; the message in it stays the same.
            request = sign(account, fields, openid=openid, timestamp=int(self._platform.clock()))
            try:
                async with asyncio.timeout(self._try_seconds):
                    response = await self._client().post(
                        f"{self._base}/wechat/{account.account}",
                        params=request.query,
                        content=request.body,
                        headers={"Content-Type": request.content_type},
                    )
            except TimeoutError:
                problem = f"{self._try_seconds:g} 秒内没有回复"
            except httpx.TransportError as error:
                problem = f"连接失败：{type(error).__name__}"
            else:
                return Posted(attempt, response.status_code, response.content)
        return Posted(TRIES, None, b"", problem)

    def _client(self) -> httpx.AsyncClient:
        if self._http is None:
            raise RuntimeError("the courier is not open")
        return self._http


def _judge(account: Account, posted: Posted, say: Say) -> tuple[Shown | None, str, str]:
    """(what to show, readable reply, what is wrong with it)."""
    raw = posted.body.decode(errors="replace")
    try:
        if posted.status is None:
            raise OddReply(posted.problem)
        if not 200 <= posted.status < 300:
            raise OddReply(f"HTTP {posted.status}")
        fields, raw = read_reply(account, posted.body, openid=say.openid)
        if fields is None:
            return None, raw, ""
        reply = shown(fields)
        if account.mini and reply is not None:
            raise OddReply("小程序客服没有被动回复，只能回 success 或转人工")
    except OddReply as odd:
        sentence = MINI_OUT_OF_ORDER if account.mini else OUT_OF_ORDER
        return {"type": "system", "text": sentence}, raw, str(odd)
    return reply, raw, ""
