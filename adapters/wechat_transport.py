"""One HTTP exchange with the WeChat API: limits, errcodes, what broke and whether WeChat may have acted."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import httpx

from adapters.wechat_errors import MediaTooLarge, Verdict, WeChatError, refusal
from adapters.wechat_redaction import redact

MAX_JSON = 1024 * 1024
_NO_FILE = frozenset({"application/json", "text/plain", "text/html"})
# Nothing has reached WeChat when one of these is raised.
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


class Media(NamedTuple):
    """A file from WeChat."""

    content_type: str
    content: bytes


@dataclass(frozen=True)
class Exchange:
    """One request: `hidden` are values that no error text may show; `limit` is the most bytes to read."""

    method: str
    path: str
    query: Mapping[str, str]
    body: Mapping[str, object] | None = None
    hidden: tuple[str, ...] = ()
    limit: int = MAX_JSON


class Transport:
    """Sends exchanges to `base_url`; each ends within `deadline` seconds; `secret` is shown in no error."""

    def __init__(
        self, http: httpx.AsyncClient, base_url: str, secret: str, *, timeout: float, deadline: float
    ) -> None:
        self._http = http
        self._secret = secret
        self._base = base_url.rstrip("/")
        self._timeout = timeout
        self._deadline = deadline

    async def fields(self, exchange: Exchange) -> dict[str, object]:
        """The JSON object that WeChat answers with.

        Raises: WeChatError for an errcode, a broken connection, a time limit, an HTTP error, or no JSON.
        """
        try:
            answer = _object((await self._send(exchange)).content)
        except MediaTooLarge:
            raise unreadable("answer without end") from None
        if answer is None:
            raise unreadable("answer is not a JSON object")
        self._refuse(answer, exchange)
        return answer

    async def media(self, exchange: Exchange) -> Media:
        """The file that WeChat answers with, never more than `exchange.limit` bytes of it.

        Raises: WeChatError; MediaTooLarge.
        """
        media = await self._send(exchange)
        answer = _object(media.content)
        if answer is not None:
            self._refuse(answer, exchange)
        if answer is not None or media.content_type in _NO_FILE:
            raise unreadable("words instead of a file")
        return media

    async def _send(self, exchange: Exchange) -> Media:
        try:
            # httpx limits each step; a server that drips bytes needs a limit of the whole.
            async with asyncio.timeout(self._deadline):
                return await self._receive(exchange)
        except _NOT_SENT as error:
            raise _broken(error, known=True) from None
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            # From None: the original holds the request, and with it the token.
            raise _broken(error, known=False) from None

    async def _receive(self, exchange: Exchange) -> Media:
        content = None
        if exchange.body is not None:
            # Not escaped: some of WeChat's interfaces show \uXXXX as it is. Lone surrogates cannot be sent.
            content = json.dumps(exchange.body, ensure_ascii=False).encode(errors="ignore")
        async with self._http.stream(
            exchange.method,
            self._base + exchange.path,
            params=dict(exchange.query),
            content=content,
            headers={"Content-Type": "application/json"} if content else None,
            timeout=self._timeout,
            follow_redirects=False,
        ) as response:
            _check_status(response.status_code)
            return Media(
                response.headers.get("Content-Type", "").partition(";")[0].strip().lower(),
                await _bounded(response, exchange.limit),
            )

    def _refuse(self, answer: Mapping[str, object], exchange: Exchange) -> None:
        try:
            errcode = int(str(answer.get("errcode", 0)))
        except ValueError:
            raise unreadable("errcode is not a number") from None
        if errcode:
            message = redact(str(answer.get("errmsg", "")), self._secret, *exchange.hidden)
            raise refusal(errcode, message)


async def _bounded(response: httpx.Response, limit: int) -> bytes:
    parts, size = [], 0
    async for part in response.aiter_bytes():
        size += len(part)
        if size > limit:
            raise MediaTooLarge(limit)
        parts.append(part)
    return b"".join(parts)


def _check_status(status: int) -> None:
    if status >= 500:
        # A gateway in front may have passed the call on before it gave up.
        raise WeChatError(None, f"HTTP {status}", Verdict.BACK_OFF, outcome_known=False)
    if status == 429:
        raise WeChatError(None, "HTTP 429", Verdict.BACK_OFF)
    if status >= 300:
        raise WeChatError(None, f"HTTP {status}", Verdict.ALERT_NEXT)


def _object(content: bytes) -> dict[str, object] | None:
    # An image never starts like this, so files are not decoded in vain.
    if content.lstrip()[:1] != b"{":
        return None
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def unreadable(what: str) -> WeChatError:
    """The error for an answer that is not what the platform describes; the call may have worked."""
    return WeChatError(None, what, Verdict.BACK_OFF, outcome_known=False)


def _broken(error: Exception, *, known: bool) -> WeChatError:
    # The class says enough; the text of these errors may hold the address.
    return WeChatError(None, type(error).__name__, Verdict.BACK_OFF, outcome_known=known)
