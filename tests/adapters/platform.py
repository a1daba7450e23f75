"""A tiny HTTP server on a free loopback port that answers as it is told and writes down what it got."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

DRIP_SECONDS = 0.1


@dataclass(frozen=True)
class Got:
    """One request."""

    method: str
    path: str
    query: dict[str, str]
    body: bytes

    @property
    def fields(self) -> dict[str, object]:
        """The JSON body."""
        value = json.loads(self.body)
        assert isinstance(value, dict)
        return value


@dataclass(frozen=True)
class Reply:
    """How one request is answered.

    `drop` closes the connection without a word, `silent` says nothing for ever, `drip` sends one byte at a
    time, each in time; `echo` is an errcode whose errmsg repeats all that was sent.
    """

    body: bytes = b'{"errcode": 0, "errmsg": "ok"}'
    status: int = 200
    content_type: str = "application/json"
    drop: bool = False
    silent: bool = False
    drip: bool = False
    echo: bool = False


OK = Reply()


def refused(errcode: int, errmsg: str = "refused") -> Reply:
    """An errcode, with HTTP status 200 as the platform gives it."""
    return Reply(json.dumps({"errcode": errcode, "errmsg": errmsg}).encode(), content_type="text/plain")


def answered(**fields: object) -> Reply:
    """Fields of a call that worked."""
    return Reply(json.dumps(fields).encode())


@dataclass
class Platform:
    """What the server does and did; `token-1` becomes `token-2` when it expires or is renewed by force."""

    base: str = ""
    got: list[Got] = field(default_factory=list)
    replies: deque[Reply] = field(default_factory=deque)
    always: Reply = OK
    token_replies: deque[Reply] = field(default_factory=deque)
    token_serial: int = 1
    expires_in: int = 7200

    def calls(self, path: str) -> list[Got]:
        """Requests to one path, in order."""
        return [one for one in self.got if one.path == path]

    @property
    def token_calls(self) -> list[Got]:
        """Requests for a token, in order."""
        return self.calls("/cgi-bin/stable_token")

    @property
    def sends(self) -> list[Got]:
        """All requests but those for a token, in order."""
        return [one for one in self.got if one.path != "/cgi-bin/stable_token"]

    def expire(self) -> None:
        """Somebody else renewed the token."""
        self.token_serial += 1

    def reply_to(self, got: Got) -> Reply:
        """What the request is answered with."""
        self.got.append(got)
        if got.path != "/cgi-bin/stable_token":
            reply = self.replies.popleft() if self.replies else self.always
            return refused(61010, f"{got.query} {got.body.decode()}") if reply.echo else reply
        if self.token_replies:
            return self.token_replies.popleft()
        if got.fields["force_refresh"]:
            self.token_serial += 1
        return answered(access_token=f"token-{self.token_serial}", expires_in=self.expires_in)


@asynccontextmanager
async def serving() -> AsyncIterator[Platform]:
    """The server, closed with all its connections at the end."""
    platform, handlers = Platform(), set[asyncio.Task[None]]()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        handlers.add(task)
        try:
            await _serve(platform.reply_to, reader, writer)
        except (asyncio.CancelledError, ConnectionError, asyncio.IncompleteReadError):
            return  # the test is over, or the client has gone
        finally:
            handlers.discard(task)
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    platform.base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/api"
    try:
        yield platform
    finally:
        server.close()
        for task in list(handlers):
            task.cancel()
        await asyncio.gather(*handlers)
        await server.wait_closed()


async def _serve(
    reply_to: Callable[[Got], Reply], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    reply = reply_to(await _request(reader))
    if reply.drop:
        writer.transport.abort()
        return
    if reply.silent:
        await asyncio.Event().wait()
    head = (
        f"HTTP/1.1 {reply.status} Said\r\nContent-Type: {reply.content_type}; charset=utf-8\r\n"
        f"Content-Length: {len(reply.body)}\r\nConnection: close\r\n\r\n"
    )
    writer.write(head.encode())
    for part in [reply.body[n : n + 1] for n in range(len(reply.body))] if reply.drip else [reply.body]:
        writer.write(part)
        await writer.drain()
        await asyncio.sleep(DRIP_SECONDS if reply.drip else 0)


async def _request(reader: asyncio.StreamReader) -> Got:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    method, target, _ = head.split("\r\n", 1)[0].split(" ")
    headers = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    address = urlsplit(target)
    path = address.path.removeprefix("/api")
    return Got(method, path, dict(parse_qsl(address.query, keep_blank_values=True)), body)
