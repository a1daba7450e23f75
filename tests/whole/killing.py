"""kill -9 under load, and what must be true afterwards: a little in the tests, a lot in `bench.kills`."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import httpx

from models import Delivery, DeliveryState, InboundMessage, InboundState
from services.clock import now
from tests import running
from tests.whole.aftermath import Aftermath
from tests.whole.caller import Message

AT_ONCE = 8
TRIES = 20
"""Longer than WeChat goes on, for machines on which a restart takes its time."""
LONGEST_LIFE = 20
"""Messages answered or pushes sent after which a victim is killed at the latest: work and not seconds, since
machines differ."""
LEASES = {"INBOX_LEASE_SECONDS": "3", "DELIVERY_LEASE_SECONDS": "20"}
MOST_WAITING = 150
"""While so many pushes wait nobody writes: there is always work, and yet none waits for as long as WeChat
remembers a `client_msg_id`."""
PAUSE_SECONDS = 0.5
GRIDS = "一二三四五六七八九"


@dataclass
class Place:
    """The running platform, and the process that is to be killed; `worker` says that it is no service."""

    sandbox_url: str
    victim: running.Running
    worker: bool


@contextmanager
def place(folder: Path, database_url: str, redis_url: str | None = None) -> Iterator[Place]:
    """The sandbox and the service that it posts to; with Redis a worker beside them, which is the victim."""
    port = str(running.free_port())
    platform, sandbox_url = running.sandbox(folder, f"http://127.0.0.1:{port}")
    chosen = LEASES | ({"REDIS_URL": redis_url} if redis_url else {})
    service, _ = running.service(folder, database_url, sandbox_url, PORT=port, **chosen)
    started = [platform, service]
    if redis_url:
        started.append(running.worker(folder, database_url, sandbox_url, redis_url, **LEASES))
    with ExitStack() as stack:
        for process in started:
            stack.callback(process.stop)
            process.start()
        yield Place(sandbox_url, started[-1], worker=redis_url is not None)


@dataclass
class Load:
    """Residents who write one message each, `AT_ONCE` of them at a time, until `stopped`.

    The platform signs, posts and tries again. Every other resident writes to the mini-program, whose answers
    are customer-service messages all of them.
    """

    sandbox_url: str
    written: int = 0
    taken: set[str] = field(default_factory=set)
    """Openids of those whose message was acknowledged."""
    stopped: bool = False

    async def run(self) -> None:
        """Write without a pause."""
        async with httpx.AsyncClient(timeout=60, trust_env=False) as http:
            await asyncio.gather(*(self._one_after_the_other(http) for _ in range(AT_ONCE)))

    async def _one_after_the_other(self, http: httpx.AsyncClient) -> None:
        while not self.stopped:
            if await _falls_behind():
                await asyncio.sleep(PAUSE_SECONDS)
                continue
            number = self.written
            self.written += 1
            grid = GRIDS[number // 2 % len(GRIDS)]
            message = Message(f"{grid}组的路灯坏了", openid=f"killed-{number}")
            if await self._acknowledged(http, message, "mini" if number % 2 else "oa"):
                self.taken.add(message.openid)

    async def _acknowledged(self, http: httpx.AsyncClient, message: Message, account: str) -> bool:
        """Whether any of the platform's tries was answered; all of them carry the same MsgId."""
        said = {"account": account, "from": message.openid, "text": message.text, "msg_id": message.msg_id}
        for _ in range(TRIES):
            answer = await http.post(f"{self.sandbox_url}/sandbox/api/say", json=said)
            if answer.json()["status"] == 200:
                return True
            await asyncio.sleep(PAUSE_SECONDS)
        return False


async def kill_under_load(where: Place, kills: int, *, patience: float = 150) -> Aftermath:
    """Kill the victim so often while residents write, and restart it; then wait until all work is done.

    What is not done within `patience` seconds stands as unfinished in what is returned.
    """
    load = Load(where.sandbox_url)
    cut = 0
    async with asyncio.TaskGroup() as group:
        group.create_task(load.run())
        since = now()
        for _ in range(kills):
            await _lives(where, load, since)
            where.victim.kill()
            cut += await _in_hand(where, since)
            since = now()
            await asyncio.to_thread(where.victim.start)
        load.stopped = True
    with suppress(TimeoutError):
        await running.until(_settled, seconds=patience)
    return await Aftermath.of(where.sandbox_url, load.taken, load.written, kills, cut)


async def _lives(where: Place, load: Load, since: datetime) -> None:
    """Wait until the victim that was started at `since` is due.

    A worker by pushes, a service now by pushes, now by messages, at times as soon as it answers.
    """
    due = random.randint(int(where.worker), LONGEST_LIFE)
    by_pushes = where.worker or random.random() < 0.5
    before = len(load.taken)

    async def worked() -> bool:
        if by_pushes:
            return await Delivery.filter(sent_at__gt=since).count() >= due
        return len(load.taken) - before >= due

    await running.until(worked, seconds=150)
    # Or it would die at the moments at which it was looked at.
    await asyncio.sleep(random.uniform(0, 0.2))


async def _in_hand(where: Place, since: datetime) -> bool:
    """Whether the victim that was started at `since` died with a message or a push half done."""
    if await Delivery.filter(begun_at__gt=since, state=DeliveryState.PENDING).exists():
        return True
    if where.worker:
        return False
    return await InboundMessage.filter(received_at__gt=since, state=InboundState.RECEIVED).exists()


async def _falls_behind() -> bool:
    return await Delivery.filter(state=DeliveryState.PENDING).count() >= MOST_WAITING


async def _settled() -> bool:
    waiting = await InboundMessage.filter(state=InboundState.RECEIVED).exists()
    return not waiting and not await Delivery.filter(state=DeliveryState.PENDING).exists()
