"""Entry point of taskiq: `taskiq worker worker.tasks:broker app`, `taskiq scheduler worker.tasks:scheduler`.

`app` is named so that it is imported and hands its part to `worker.hooks`. A task only rings for a job: the
work itself stands in the tables, so a task that is lost or comes twice changes nothing.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

import httpx
import structlog
from taskiq import TaskiqEvents, TaskiqScheduler, TaskiqState
from taskiq.schedule_sources import LabelScheduleSource

import settings
from logs import configure_logging
from models.database import connect, disconnect
from services.tokens import DatabaseTokens
from worker import hooks
from worker.broker import broker
from worker.clients import Clients
from worker.jobs import (
    DECISIONS,
    DELIVERIES,
    INBOX,
    MEDIA,
    PLACES,
    REFITS,
    REMINDERS,
    SETTLING,
    SURVEYS,
    TIMERS,
    jobs,
)
from worker.loop import Loop

log = structlog.get_logger(__name__)

scheduler = TaskiqScheduler(broker, [LabelScheduleSource(broker)])

_POLL = settings.load().poll_seconds
_TICK = max(1, round(_POLL))
_SLOW_TICK = 5 * _TICK
_ON_ITS_OWN = 10
"""How many times rarer a worker looks by itself where a scheduler rings."""

_running: list[Loop] = []


@broker.task("send_deliveries", schedule=[{"interval": _TICK}])
async def send_deliveries() -> None:
    """Ring for the deliveries."""
    _ring(DELIVERIES)


@broker.task("recover_inbox", schedule=[{"interval": _TICK}])
async def recover_inbox() -> None:
    """Ring for inbox messages whose lease has ended."""
    _ring(INBOX)


@broker.task("run_timers", schedule=[{"interval": _SLOW_TICK}])
async def run_timers() -> None:
    """Ring for reminders, escalations and whatever else the clock does."""
    _ring(TIMERS)


@broker.task("fetch_media", schedule=[{"interval": _SLOW_TICK}])
async def fetch_media() -> None:
    """Ring for the downloads."""
    _ring(MEDIA)


@broker.task("run_refits", schedule=[{"interval": _SLOW_TICK}])
async def run_refits() -> None:
    """Ring for the refit that somebody asked for, or that of the night."""
    _ring(REFITS)


@broker.task("tidy_places", schedule=[{"interval": _SLOW_TICK}])
async def tidy_places() -> None:
    """Ring for offered places that have expired."""
    _ring(PLACES)
    _ring(SURVEYS)


@broker.task("decide_slots", schedule=[{"interval": _SLOW_TICK}])
async def decide_slots() -> None:
    """Ring for slots with too few people, lots to draw, seasons to renew."""
    _ring(DECISIONS)


@broker.task("remind_of_slots", schedule=[{"interval": _SLOW_TICK}])
async def remind_of_slots() -> None:
    """Ring for reminders of slots that are near."""
    _ring(REMINDERS)


@broker.task("settle_slots", schedule=[{"interval": _SLOW_TICK}])
async def settle_slots() -> None:
    """Ring for slots that are over: who came, who stayed away."""
    _ring(SETTLING)


def _ring(name: str) -> None:
    for loop in _running:
        loop.ring(name)


@broker.on_event(TaskiqEvents.WORKER_STARTUP)
async def start(state: TaskiqState) -> None:
    """Open the database and start the loop of this worker process."""
    chosen = settings.load()
    configure_logging(chosen.log_level)
    await connect()
    stack = AsyncExitStack()
    http = await stack.enter_async_context(httpx.AsyncClient())
    recover = hooks.expired_inbox()
    if recover is None:
        log.warning("no recovery of the inbox in this worker: name `app` when starting it")
    loop = Loop(jobs(Clients(chosen, http, DatabaseTokens()), recover, seconds=_POLL * _ON_ITS_OWN))
    state.stop, state.stack = asyncio.Event(), stack
    state.loop = asyncio.create_task(loop.run(state.stop))
    _running.append(loop)


@broker.on_event(TaskiqEvents.WORKER_SHUTDOWN)
async def finish(state: TaskiqState) -> None:
    """Let every job end its batch, then close what `start` opened."""
    _running.clear()
    state.stop.set()
    await state.loop
    await state.stack.aclose()
    await disconnect()
