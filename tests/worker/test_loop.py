"""The loop looks when rung for, survives every error, and ends what it began before it stops."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from services import deliveries
from worker.jobs import DELIVERIES, INBOX, Job, jobs
from worker.loop import Loop, run_forever

NEVER = 3600.0


@dataclass
class Work:
    """A job that hands out what was prepared and says when it ran."""

    answers: list[int | Exception] = field(default_factory=list)
    runs: int = 0
    ran: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))
    gate: asyncio.Event | None = None

    async def __call__(self) -> int:
        """One batch."""
        self.runs += 1
        self.ran.release()
        if self.gate is not None:
            _ = await self.gate.wait()
        answer = self.answers.pop(0) if self.answers else 0
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def next_run(self, act: Callable[[], None] | None = None) -> None:
        """Wait for a run that nobody has waited for yet, after `act`."""
        if act is not None:
            act()
        async with asyncio.timeout(10):
            _ = await self.ran.acquire()


@pytest.fixture
async def stop() -> asyncio.Event:
    """What ends the loop."""
    return asyncio.Event()


async def test_what_is_due_is_done_at_once_until_nothing_is_left(stop: asyncio.Event) -> None:
    work = Work([3, 2, 0])
    task = asyncio.create_task(run_forever(stop, [Job(DELIVERIES, work, NEVER)]))
    for _ in range(3):
        await work.next_run()

    stop.set()
    await task
    assert work.runs == 3


async def test_a_wake_after_a_commit_rings_for_the_deliveries_alone(stop: asyncio.Event) -> None:
    sends, inbox = Work(), Work()
    loop = Loop([Job(DELIVERIES, sends, NEVER), Job(INBOX, inbox, NEVER)])
    task = asyncio.create_task(loop.run(stop))
    await sends.next_run()
    await inbox.next_run()

    await sends.next_run(deliveries.wake)
    assert (sends.runs, inbox.runs) == (2, 1)
    await inbox.next_run(lambda: loop.ring(INBOX))
    loop.ring("nothing of this name")

    stop.set()
    await task
    assert (sends.runs, inbox.runs) == (2, 2)


async def test_a_stopped_loop_hears_no_wake(stop: asyncio.Event) -> None:
    work = Work()
    task = asyncio.create_task(run_forever(stop, [Job(DELIVERIES, work, NEVER)]))
    await work.next_run()
    stop.set()
    await task

    deliveries.wake()

    assert work.runs == 1


async def test_an_error_is_logged_and_neither_this_job_nor_the_others_end(
    stop: asyncio.Event, capsys: pytest.CaptureFixture[str]
) -> None:
    bad, good = Work([ValueError("payload is broken")]), Work()
    loop = Loop([Job("bad", bad, NEVER), Job("good", good, NEVER)])
    task = asyncio.create_task(loop.run(stop))
    await bad.next_run()
    await good.next_run()

    await bad.next_run(lambda: loop.ring("bad"))
    await good.next_run(lambda: loop.ring("good"))

    stop.set()
    await task
    assert (bad.runs, good.runs) == (2, 2)
    assert "payload is broken" in capsys.readouterr().out


async def test_a_job_is_asked_again_when_its_time_has_passed(stop: asyncio.Event) -> None:
    work = Work()
    task = asyncio.create_task(run_forever(stop, [Job(DELIVERIES, work, 0.001)]))

    for _ in range(3):
        await work.next_run()

    stop.set()
    await task
    assert work.runs >= 3


async def test_a_batch_that_has_begun_is_ended_before_the_loop_stops(stop: asyncio.Event) -> None:
    work = Work([1], gate=asyncio.Event())
    task = asyncio.create_task(run_forever(stop, [Job(DELIVERIES, work, NEVER)]))
    await work.next_run()

    stop.set()
    done, _ = await asyncio.wait([task], timeout=0.05)
    assert not done
    assert work.gate is not None
    work.gate.set()
    await task

    assert (work.runs, work.answers) == (1, [])


async def test_a_ring_during_a_batch_is_not_lost(stop: asyncio.Event) -> None:
    work = Work(gate=asyncio.Event())
    loop = Loop([Job(DELIVERIES, work, NEVER)])
    task = asyncio.create_task(loop.run(stop))
    await work.next_run()

    deliveries.wake()
    assert work.gate is not None
    await work.next_run(work.gate.set)

    stop.set()
    await task
    assert work.runs == 2


def test_the_inbox_is_recovered_only_where_a_door_gave_its_function() -> None:
    async def recover(limit: int) -> int:
        return limit

    def api_for(account: str) -> object:
        raise LookupError(account)

    without = {job.name for job in jobs(api_for, None, seconds=1)}  # type: ignore[arg-type]
    given = {job.name for job in jobs(api_for, recover, seconds=1)}  # type: ignore[arg-type]

    assert given - without == {INBOX}
