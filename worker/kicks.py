"""Rings for the workers from a process that has none inside: `deliveries.wake` becomes a task."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from redis.exceptions import RedisError
from taskiq import AsyncBroker
from taskiq.exceptions import SendTaskError

from services import deliveries
from worker.broker import broker
from worker.tasks import send_deliveries

log = structlog.get_logger(__name__)


@asynccontextmanager
async def kicking(through: AsyncBroker = broker) -> AsyncIterator[None]:
    """Until it is left, every `deliveries.wake` of this process rings for a worker `through` the broker.

    Many at once make one task. While the broker is down the workers find the rows by themselves, so a broker
    that does not answer keeps no service from starting.
    """
    try:
        await through.startup()
    except RedisError as problem:
        log.warning("broker does not answer", problem=type(problem).__name__)
    flight: set[asyncio.Task[None]] = set()

    def kick() -> None:
        if not flight:
            task = asyncio.get_running_loop().create_task(_kick(through))
            flight.add(task)
            task.add_done_callback(flight.discard)

    silence = deliveries.on_wake(kick)
    try:
        yield
    finally:
        silence()
        await asyncio.gather(*flight)
        await through.shutdown()


async def _kick(through: AsyncBroker) -> None:
    try:
        _ = await send_deliveries.kicker().with_broker(through).kiq()
    except SendTaskError as problem:
        log.warning("broker does not take tasks", problem=type(problem).__name__)
