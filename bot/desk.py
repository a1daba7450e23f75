"""Who waits for an answer, and for how long. The work itself is never cut off by a caller who hangs up.

A cancelled transaction would never give its connection back, so every piece of work is a task of its own,
shielded from its caller and finished before the process stops.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from bot.answering import attempt
from bot.wire.messages import Incoming, dedup_key, to_payload
from models import ReplyMode
from services import inbox
from services.clock import now
from services.inbox import Inbound

_LOOK_SECONDS = 0.1
DRAIN_SECONDS = 15.0


class Desk:
    """The work of one process; open one in each."""

    def __init__(self, guard_seconds: float) -> None:
        """`guard_seconds`: after so long the caller gets `success`, and the words follow by push."""
        self._guard_seconds = guard_seconds
        self._tasks: set[asyncio.Task[Any]] = set()
        self._answers: dict[int, asyncio.Task[str]] = {}

    async def respond(self, message: Incoming, *, deferred: bool = False) -> str:
        """Take a message in; the words to answer with, "" for none and for words that follow by push.

        `deferred` where no passive reply exists. A caller who goes away harms nothing.
        """
        started = asyncio.get_running_loop().time()
        task = self._keep(self._respond(message, started + self._guard_seconds, deferred))
        return await asyncio.shield(task)

    async def drain(self) -> None:
        """Wait for the work that is going on; what does not end in time is left to its lease."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=DRAIN_SECONDS)

    async def _respond(self, message: Incoming, deadline: float, deferred: bool) -> str:
        inbound = await inbox.receive(
            message.account,
            message.openid,
            dedup_key(message),
            to_payload(message),
            mode=ReplyMode.DEFERRED if deferred else None,
        )
        if inbound.ours:
            _ = self._start(inbound, message)
        while (words := inbound.words) is None:
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                await inbox.defer(inbound.id)
                inbound = await inbox.look(inbound.id)
                continue
            answered = await self._wait(inbound, message, left)
            if answered is not None:
                return answered
            inbound = await inbox.look(inbound.id)
        return words

    async def _wait(self, inbound: Inbound, message: Incoming, left: float) -> str | None:
        """Wait a while for the answer: of this process, or of another one whose row is looked at."""
        running = self._answers.get(inbound.id)
        if running is None and inbound.lease_until <= now() and await inbox.take_over(inbound):
            running = self._start(await inbox.look(inbound.id), message)
        if running is None:
            await asyncio.sleep(min(_LOOK_SECONDS, left))
            return None
        done, _ = await asyncio.wait({running}, timeout=left)
        return running.result() if done else None

    def _start(self, inbound: Inbound, message: Incoming) -> asyncio.Task[str]:
        task = self._keep(attempt(inbound, message))
        self._answers[inbound.id] = task
        task.add_done_callback(lambda _done: self._answers.pop(inbound.id, None))
        return task

    def _keep(self, work: Coroutine[Any, Any, str]) -> asyncio.Task[str]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
