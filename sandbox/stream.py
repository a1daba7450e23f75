"""Live updates for the chat page, by server-sent events."""

from __future__ import annotations

import asyncio
import json

from sanic import Request

from sandbox.phones import Entry

# Below Sanic's response timeout, so that an idle page keeps its line.
HEARTBEAT_SECONDS = 15.0
# A page that reads more slowly than this loses lines and reloads its screens when it comes back.
MAX_WAITING = 1_000

Line = str | None


class Streams:
    """Every open page has a queue; `None` in it ends the line."""

    def __init__(self) -> None:
        self._queues: set[asyncio.Queue[Line]] = set()

    def entry(self, entry: Entry) -> None:
        """Tell the pages what appeared on a screen."""
        self._put(f"id: {entry.seq}\nevent: entry\ndata: {json.dumps(entry.as_json())}\n\n")

    def tell(self, event: str) -> None:
        """Tell the pages that something else changed: `faults`, `phones` or `reset`."""
        self._put(f"event: {event}\ndata: {{}}\n\n")

    async def close(self) -> None:
        """End every line, so that the server can stop at once."""
        self._put(None)

    async def serve(self, request: Request) -> None:
        """Hold one line open until the page leaves or the server stops."""
        queue: asyncio.Queue[Line] = asyncio.Queue(MAX_WAITING)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        response = await request.respond(content_type="text/event-stream", headers=headers)
        self._queues.add(queue)
        try:
            await response.send("retry: 1000\nevent: hello\ndata: {}\n\n")
            while (line := await _next(queue)) is not None:
                await response.send(line)
            await response.eof()
        finally:
            self._queues.discard(queue)

    def _put(self, line: Line) -> None:
        for queue in tuple(self._queues):
            if queue.full():
                self._queues.discard(queue)
                queue.get_nowait()
                queue.put_nowait(None)
            else:
                queue.put_nowait(line)


async def _next(queue: asyncio.Queue[Line]) -> Line:
    try:
        async with asyncio.timeout(HEARTBEAT_SECONDS):
            return await queue.get()
    except TimeoutError:
        return ": still here\n\n"
