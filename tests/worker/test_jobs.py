"""All jobs together against database and platform, and the wiring between processes."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from taskiq import BrokerMessage, InMemoryBroker
from taskiq_redis import RedisStreamBroker

from adapters.wechat import MemoryTokenStore
from models import Delivery, DeliveryState
from sandbox.phones import Entry
from services import deliveries
from settings import Settings
from tests.outside import Outside, make_reachable, outside, tell
from tests.running import Running
from tests.services_at_hand import require_redis
from worker import hooks, tasks
from worker.broker import broker, make_broker
from worker.clients import Clients
from worker.jobs import jobs
from worker.kicks import kicking
from worker.loop import run_forever

NEVER = 3600.0
TASKIQ = str(Path(sys.executable).parent / "taskiq")


@pytest.fixture
async def wechat(db: str) -> AsyncIterator[Outside]:
    async with outside() as running:
        yield running


class Screen:
    """Hears everything that appears on a phone."""

    def __init__(self, wechat: Outside) -> None:
        self.cards: asyncio.Queue[Entry] = asyncio.Queue()
        wechat.platform.phones.listeners.add(self.cards.put_nowait)

    async def next(self, seconds: float = 60) -> Entry:
        """The next card."""
        async with asyncio.timeout(seconds):
            return await self.cards.get()


async def test_the_worker_inside_the_app_sends_what_is_queued_as_soon_as_it_is_woken(
    wechat: Outside,
) -> None:
    screen, stop = Screen(wechat), asyncio.Event()
    resident = await make_reachable(wechat, "grid-1")
    worker = asyncio.create_task(run_forever(stop, jobs(wechat.clients, None, seconds=NEVER)))
    await tell(resident)

    deliveries.wake()
    card = await screen.next()
    stop.set()
    await worker

    assert card.openid == "grid-1"
    assert (await Delivery.get()).state is DeliveryState.SENT


def test_with_an_address_of_redis_tasks_go_over_its_streams() -> None:
    assert isinstance(make_broker(None), InMemoryBroker)
    assert isinstance(make_broker("redis://127.0.0.1:6379/9"), RedisStreamBroker)


class Recorder(InMemoryBroker):
    """A broker that takes tasks when it is up, and runs none."""

    def __init__(self, *, up: bool = True) -> None:
        super().__init__()
        self.up = up
        self.taken: asyncio.Queue[str] = asyncio.Queue()

    async def kick(self, message: BrokerMessage) -> None:
        """Note the task."""
        self.taken.put_nowait(message.task_name)
        if not self.up:
            raise ConnectionError


async def test_many_wakes_of_an_app_at_once_make_one_task() -> None:
    recorder = Recorder()

    async with kicking(recorder):
        for _ in range(50):
            deliveries.wake()
    deliveries.wake()

    assert recorder.taken.qsize() == 1
    assert recorder.taken.get_nowait() == "send_deliveries"


async def test_a_broker_that_is_down_stops_nobody_and_is_asked_again() -> None:
    recorder = Recorder(up=False)

    async with kicking(recorder), asyncio.timeout(10):
        deliveries.wake()
        _ = await recorder.taken.get()
        await asyncio.sleep(0)
        deliveries.wake()
        deliveries.wake()

    assert recorder.up is False


async def test_every_job_has_a_task_with_a_schedule_and_all_of_them_only_ring() -> None:
    found = broker.get_all_tasks()

    assert set(found) >= {
        "send_deliveries",
        "recover_inbox",
        "run_timers",
        "fetch_media",
        "run_refits",
        "tidy_places",
        "remind_of_slots",
        "settle_slots",
    }
    ringing = (tasks.send_deliveries, tasks.recover_inbox, tasks.run_timers, tasks.fetch_media)
    slots = (tasks.tidy_places, tasks.remind_of_slots, tasks.settle_slots)
    for task in (*ringing, tasks.run_refits, *slots):
        assert task.labels["schedule"][0]["interval"] >= 1
        await task.original_func()


def test_the_last_recovery_that_was_handed_over_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks, "_recover", [])
    assert hooks.expired_inbox() is None

    async def first(limit: int) -> int:
        return limit

    async def last(limit: int) -> int:
        return limit

    hooks.on_expired_inbox(first)
    hooks.on_expired_inbox(last)

    assert hooks.expired_inbox() is last


async def test_clients_are_made_once_for_each_known_account() -> None:
    async with httpx.AsyncClient() as http:
        clients = Clients(Settings(), http, MemoryTokenStore())

        assert clients("oa") is clients("oa")
        assert clients("oa") is not clients("mini")
        with pytest.raises(LookupError):
            _ = clients("nobody")


@pytest.mark.redis
async def test_a_worker_process_sends_when_an_app_or_the_scheduler_rings_and_stops_politely(
    wechat: Outside, db: str, tmp_path: Path
) -> None:
    redis = f"{require_redis().rpartition('/')[0]}/8"
    # It looks by itself at its start and then not for hours: what is sent later was rung for.
    environment = {
        "DATABASE_URL": db,
        "REDIS_URL": redis,
        "WECHAT_API_BASE": wechat.base,
        "POLL_SECONDS": str(NEVER),
    }
    worker = Running(
        [TASKIQ, "worker", "worker.tasks:broker", "app", "--workers", "1"],
        environment,
        tmp_path / "worker.log",
    )
    scheduler = Running(
        [TASKIQ, "scheduler", "worker.tasks:scheduler"],
        environment | {"POLL_SECONDS": "1"},
        tmp_path / "scheduler.log",
    )
    screen = Screen(wechat)
    resident = await make_reachable(wechat, "grid-1")
    await tell(resident, event="before its start")
    try:
        worker.start()
        _ = await screen.next()
        await tell(resident, event="rung for by an app")
        async with kicking(make_broker(redis)):
            deliveries.wake()
            _ = await screen.next()
        await tell(resident, event="rung for by the scheduler")
        scheduler.start()
        _ = await screen.next()
        assert worker.process is not None
        worker.process.send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(worker.process.wait, 60) == 0
    finally:
        worker.kill()
        scheduler.kill()

    log = worker.log.read_text()
    assert "Traceback" not in log
    assert "no recovery of the inbox" not in log
    assert await Delivery.filter(state=DeliveryState.SENT).count() == 3
