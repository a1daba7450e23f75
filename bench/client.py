"""The load client, a process of its own: `python -m bench.client PLAN FILE`, figures as JSON on stdout.

It only writes requests that were signed before and reads answers, so that it costs the machine little beside
the server that it measures; its own CPU time is part of the figures.
"""

from __future__ import annotations

import asyncio
import json
import random
import resource
import struct
import sys
import time
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

import uvloop

_LENGTH = b"\r\ncontent-length:"
_CLOSE = b"\r\nconnection: close"
_FRAME = struct.Struct("<I")
ANSWER_SECONDS = 30.0


@dataclass(frozen=True)
class Plan:
    """What to send where: `concurrency` callers, or `rate` arrivals a second where it is not 0."""

    port: int
    concurrency: int = 16
    rate: float = 0.0
    seed: int = 1
    fine: tuple[int, ...] = (200,)
    """Statuses that count as answers."""


class Caller(asyncio.Protocol):
    """One keep-alive connection with one request at a time on it."""

    def __init__(self) -> None:
        self._buffer = b""
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ready to send."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by inheritance

    def data_received(self, data: bytes) -> None:
        """Collect an answer until it is whole."""
        self._buffer += data
        head_end = self._buffer.find(b"\r\n\r\n")
        if head_end < 0:
            return
        head = self._buffer[:head_end].lower()
        at = head.find(_LENGTH)
        size = int(head[at + len(_LENGTH) :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        end = head_end + 4 + size
        if len(self._buffer) < end:
            return
        body, self._buffer = self._buffer[head_end + 4 : end], self._buffer[end:]
        if self._transport is not None and _CLOSE in head:
            self._transport.close()
            self._transport = None
        if self._answer is not None and not self._answer.done():
            self._answer.set_result((int(head[9:12]), body))

    def connection_lost(self, exc: Exception | None) -> None:
        """The server went away: whoever waits gets status 0."""
        self._transport = None
        if self._answer is not None and not self._answer.done():
            self._answer.set_result((0, b""))

    @property
    def usable(self) -> bool:
        """Whether another request may go over this connection."""
        return self._transport is not None and not self._transport.is_closing()

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """Send one request; status and body, status 0 when there was no answer in time."""
        assert self._transport is not None
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await self._answer
        except TimeoutError:
            self._transport.abort()
            return 0, b""


class Load:
    """One run over all requests; `answers` are (status, seconds, whether it carried words)."""

    def __init__(self, plan: Plan, requests: Sequence[bytes]) -> None:
        self.plan = plan
        self._waiting = deque(requests)
        self._idle: list[Caller] = []
        self.answers: list[tuple[int, float, bool]] = []

    async def run(self) -> float:
        """Send everything; seconds from the first request to the last answer."""
        started = time.perf_counter()
        await (self._open_loop() if self.plan.rate else self._closed_loop())
        return time.perf_counter() - started

    async def _closed_loop(self) -> None:
        async def caller() -> None:
            while self._waiting:
                await self._one(self._waiting.popleft(), time.perf_counter())

        await asyncio.gather(*(caller() for _ in range(self.plan.concurrency)))

    async def _open_loop(self) -> None:
        """Arrivals at random moments; each is timed from when it was due, not from when it could be sent."""
        chance = random.Random(self.plan.seed)
        due = time.perf_counter()
        going: set[asyncio.Task[None]] = set()
        while self._waiting:
            due += chance.expovariate(self.plan.rate)
            if (left := due - time.perf_counter()) > 0:
                await asyncio.sleep(left)
            task = asyncio.create_task(self._one(self._waiting.popleft(), due))
            going.add(task)
            task.add_done_callback(going.discard)
        if going:
            await asyncio.wait(going)

    async def _one(self, request: bytes, since: float) -> None:
        caller = await self._caller()
        status, body = await caller.ask(request)
        words = len(body) > len("success")
        self.answers.append((status, time.perf_counter() - since, words))
        if caller.usable:
            self._idle.append(caller)

    async def _caller(self) -> Caller:
        while self._idle:
            if (caller := self._idle.pop()).usable:
                return caller
        loop = asyncio.get_running_loop()
        _, made = await loop.create_connection(Caller, "127.0.0.1", self.plan.port)
        return made


def pack(requests: Iterable[bytes]) -> bytes:
    """Whole HTTP requests as one file that `unpack` reads."""
    return b"".join(_FRAME.pack(len(one)) + one for one in requests)


def unpack(packed: bytes) -> list[bytes]:
    """Inverse of `pack`."""
    requests, at = [], 0
    while at < len(packed):
        (size,) = _FRAME.unpack_from(packed, at)
        at += _FRAME.size
        requests.append(packed[at : at + size])
        at += size
    return requests


def percentile(sorted_values: Sequence[float], share: float) -> float:
    """The value that `share` of all do not exceed; 0 of nothing."""
    if not sorted_values:
        return 0.0
    return sorted_values[min(len(sorted_values) - 1, int(share * len(sorted_values)))]


@dataclass(frozen=True)
class Outcome:
    """What one run showed. Times in milliseconds; `cpu_share` is the client's own share of one core."""

    asked: int
    answered: int
    with_words: int
    seconds: float
    rate: float
    p50: float
    p99: float
    slowest: float
    cpu_share: float
    times: list[float]

    @classmethod
    def of(cls, load: Load, seconds: float) -> Outcome:
        """Figures of a finished run."""
        times = sorted(1000 * took for _, took, _ in load.answers)
        good = [words for status, _, words in load.answers if status in load.plan.fine]
        used = resource.getrusage(resource.RUSAGE_SELF)
        return cls(
            asked=len(load.answers),
            answered=len(good),
            with_words=sum(good),
            seconds=seconds,
            rate=len(good) / seconds,
            p50=percentile(times, 0.5),
            p99=percentile(times, 0.99),
            slowest=times[-1] if times else 0.0,
            cpu_share=(used.ru_utime + used.ru_stime) / seconds,
            times=times,
        )


def main() -> None:
    """Run the plan of the command line."""
    plan = Plan(**json.loads(sys.argv[1]))
    load = Load(plan, unpack(Path(sys.argv[2]).read_bytes()))
    seconds = uvloop.run(load.run())
    sys.stdout.write(json.dumps(asdict(Outcome.of(load, seconds))))


if __name__ == "__main__":
    main()
