"""Runs the jobs of a worker until told to stop: at once when rung for, else at their interval."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import structlog

from services import deliveries
from worker.jobs import DELIVERIES, Job

log = structlog.get_logger(__name__)


class Loop:
    """The jobs of one process, each in a task of its own, so that a slow download holds up no emergency."""

    def __init__(self, jobs: Iterable[Job]) -> None:
        self._bells = [(job, asyncio.Event()) for job in jobs]

    def ring(self, name: str) -> None:
        """Let the job of this name look for work now; nothing when there is none."""
        for job, bell in self._bells:
            if job.name == name:
                bell.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set; then every job ends its batch, and nothing new begins."""
        silence = deliveries.on_wake(lambda: self.ring(DELIVERIES))
        try:
            async with asyncio.TaskGroup() as group:
                for job, bell in self._bells:
                    group.create_task(_repeat(job, bell, stop), name=f"worker {job.name}")
                _ = await stop.wait()
                for job, bell in self._bells:
                    bell.set()
                    if job.interrupt is not None:
                        job.interrupt()
        finally:
            silence()


async def run_forever(stop: asyncio.Event, jobs: Iterable[Job]) -> None:
    """The worker inside another process: run `jobs` (see `worker.jobs.jobs`) until `stop` is set."""
    await Loop(jobs).run(stop)


async def _repeat(job: Job, bell: asyncio.Event, stop: asyncio.Event) -> None:
    while not stop.is_set():
        bell.clear()
        if not await _once(job):
            await _pause(bell, job.seconds)


async def _once(job: Job) -> int:
    try:
        return await job.run()
    except Exception:
        # What one row does must not stop the others; its lease brings it back.
        log.exception("job failed", job=job.name)
        return 0


async def _pause(bell: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            _ = await bell.wait()
    except TimeoutError:
        return
