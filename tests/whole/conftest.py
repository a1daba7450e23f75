"""A seeded database, the sandbox and the service as processes of their own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from scripts.seed import seed
from tests import running


@pytest.fixture
def sandbox_url(tmp_path: Path) -> Iterator[str]:
    """The stand-in platform."""
    process, address = running.sandbox(tmp_path)
    process.start()
    yield address
    process.stop()


@pytest.fixture
async def seeded(db: str) -> str:
    """URL of a database with the demo communities, open in this process as well."""
    await seed()
    return db


@pytest.fixture
def two_services(seeded: str, sandbox_url: str, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Addresses of two processes of the service on one database."""
    started = [running.service(tmp_path, seeded, sandbox_url) for _ in range(2)]
    for process, _ in started:
        process.start()
    yield started[0][1], started[1][1]
    for process, _ in started:
        process.stop()


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    """A client with room for a storm."""
    limits = httpx.Limits(max_connections=200)
    async with httpx.AsyncClient(timeout=30, limits=limits, trust_env=False) as client:
        yield client
