"""HTTP as bytes on a socket, for requests that no client library would send."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Answer:
    """`status` is 0 when the other side hung up without one."""

    status: int
    body: bytes = b""


async def ask(address: str, pieces: Iterable[bytes]) -> Answer:
    """Send piece by piece until an answer comes, as one must who is refused in the middle of a large body."""
    parts = urlsplit(address)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    sending = asyncio.create_task(_send(writer, pieces))
    try:
        return await _answer(reader)
    except (ConnectionError, asyncio.IncompleteReadError):
        return Answer(0)
    finally:
        sending.cancel()
        writer.transport.abort()


async def _send(writer: asyncio.StreamWriter, pieces: Iterable[bytes]) -> None:
    with contextlib.suppress(ConnectionError):
        for piece in pieces:
            writer.write(piece)
            await writer.drain()


async def _answer(reader: asyncio.StreamReader) -> Answer:
    status = 100
    while status == 100:  # go on, says the server, and answers afterwards
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower().split("\r\n")
        status = int(first.split()[1])
    headers = dict(line.split(": ", 1) for line in lines if line)
    return Answer(status, await reader.read(int(headers.get("content-length", 0))))
