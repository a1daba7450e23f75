"""Work that a caller who hangs up cannot cut off.

Sanic cancels a handler whose caller has gone; cancelled while a transaction opens, its connection never comes
back. So every handler runs as a task of its own, and a stopping process waits for those that still run.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

log = logging.getLogger(__name__)
T = TypeVar("T")

_running: set[asyncio.Task[Any]] = set()


async def shielded(work: Coroutine[Any, Any, T]) -> T:
    """Run `work` to its end even when the caller is cancelled; whoever stays gets its result or error."""
    task = asyncio.create_task(work)
    _running.add(task)
    task.add_done_callback(_running.discard)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        task.add_done_callback(_log_unseen)
        raise


def _log_unseen(task: asyncio.Task[Any]) -> None:
    error = None if task.cancelled() else task.exception()
    if error is not None:
        log.warning("a handler whose caller had gone ended in %s", type(error).__name__)


async def drain(seconds: float = 10.0) -> None:
    """Wait for the handlers that still run; those that outlast `seconds` are left to their end."""
    if _running:
        await asyncio.wait(set(_running), timeout=seconds)
