"""Nothing went wrong unseen: no failure in the log, and no message without its end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from structlog.processors import format_exc_info
from structlog.testing import capture_logs

from models import InboundMessage, InboundState


class _Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@contextmanager
def _failures() -> Iterator[Callable[[], list[Any]]]:
    """Errors and stack traces logged so far, through structlog or the standard library."""
    kept = _Kept()
    logging.getLogger().addHandler(kept)
    try:
        with capture_logs(processors=[format_exc_info]) as entries:
            yield lambda: [*kept.lines, *filter(_is_failure, entries)]
    finally:
        logging.getLogger().removeHandler(kept)


def _is_failure(entry: Any) -> bool:
    return entry["log_level"] in ("error", "critical") or "exception" in entry


async def _waiting() -> bool:
    return await InboundMessage.filter(state=InboundState.RECEIVED).exists()


@asynccontextmanager
async def unharmed() -> AsyncIterator[None]:
    """Let all work that began inside end; fail when any of it failed, was put off or was given up."""
    # What a failed example left behind must not fail the next one, or hypothesis could not make it small.
    await InboundMessage.exclude(state=InboundState.DONE).delete()
    with _failures() as failures:
        yield
        async with asyncio.timeout(10):
            while not failures() and await _waiting():  # noqa: ASYNC110 - it happens in the database
                await asyncio.sleep(0)
        failed = failures()
        assert not failed, failed
    assert not await InboundMessage.exclude(state=InboundState.DONE).exists()
