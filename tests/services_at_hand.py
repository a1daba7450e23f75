"""Which outside services this machine has. With REQUIRE_SERVICES=1 a missing one fails the test."""

from __future__ import annotations

import os
import shutil
import socket
from urllib.parse import urlsplit

import asyncpg
import pytest

POSTGRES_URL = os.environ.get("TEST_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres")
REDIS_URL = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/9")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def listening(url: str) -> bool:
    """Whether somebody answers at host and port of the address."""
    parts = urlsplit(url)
    try:
        socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 0), timeout=1).close()
    except OSError:
        return False
    return True


def _require(there: bool, what: str) -> None:
    if there:
        return
    if os.environ.get("REQUIRE_SERVICES") == "1":
        pytest.fail(f"REQUIRE_SERVICES=1, but {what}")
    pytest.skip(what)


def require_postgres() -> None:
    """Skip, or fail under REQUIRE_SERVICES=1, when PostgreSQL does not answer."""
    _require(listening(POSTGRES_URL), "PostgreSQL does not answer at TEST_POSTGRES_URL")


def require_redis() -> str:
    """The Redis URL; skip, or fail under REQUIRE_SERVICES=1, when it does not answer."""
    _require(listening(REDIS_URL), "Redis does not answer at TEST_REDIS_URL")
    return REDIS_URL


def require_chromium() -> str:
    """Path of Chromium; skip, or fail under REQUIRE_SERVICES=1, when there is none."""
    _require(CHROMIUM is not None, "Chromium is not installed")
    return str(CHROMIUM)


async def postgres_admin(statement: str, url: str = POSTGRES_URL) -> None:
    """Run statements on the maintenance database, or on that of `url`."""
    admin = await asyncpg.connect(url)
    try:
        await admin.execute(statement)
    finally:
        await admin.close()
