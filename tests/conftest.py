"""Databases for the tests: a fresh one for each test, on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import pytest
from sanic import Sanic
from tortoise.backends.base.executor import EXECUTOR_CACHE

from models.database import connect, disconnect
from tests.migrating import migrated
from tests.services_at_hand import POSTGRES_URL, postgres_admin, require_postgres

Sanic.test_mode = True


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: many tests wait for processes, leases and disks."""
    return min(4, (os.cpu_count() or 1) + 1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that share the one Redis run in one process, one after the other; the longest ones begin.

    Coverage is taken on SQLite, and not where processes of their own work: tracing costs half the time again.
    """
    for item in items:
        if item.get_closest_marker("postgres") or "whole" in item.path.parts:
            item.add_marker("no_cover")
        if item.get_closest_marker("redis"):
            item.add_marker(pytest.mark.xdist_group("redis"))
    items.sort(key=lambda item: "whole" not in item.path.parts)


def _elsewhere(work: Coroutine[Any, Any, None]) -> None:
    """Run in a thread: session fixtures may be asked for inside a running loop."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, work).result()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "template.sqlite3"
    migrated(f"sqlite://{path}")
    return path


@pytest.fixture(scope="session")
def postgres_database() -> Iterator[str]:
    """URL of a migrated PostgreSQL database of this test run's own; skips (or fails) without a server."""
    require_postgres()
    name = f"xl_{os.getpid()}_{uuid4().hex[:6]}"
    _elsewhere(postgres_admin(f'CREATE DATABASE "{name}"'))
    # Tests kill processes, not the machine: waiting for the disk would only make them slow.
    _elsewhere(postgres_admin(f'ALTER DATABASE "{name}" SET synchronous_commit = off'))
    url = urlunsplit(urlsplit(POSTGRES_URL)._replace(path=f"/{name}"))
    migrated(url)
    yield url
    _elsewhere(postgres_admin(f'DROP DATABASE "{name}" WITH (FORCE)'))


# DELETE without foreign-key checks takes milliseconds where TRUNCATE of all tables takes a second.
_EMPTY = """
SET session_replication_role = replica;
DO $$
DECLARE name text;
BEGIN
    FOR name IN SELECT tablename FROM pg_tables
        WHERE schemaname = 'public' AND tablename NOT LIKE '%migration%'
    LOOP
        EXECUTE format('DELETE FROM %I', name);
    END LOOP;
END $$;
ALTER SEQUENCE appeal_id_seq RESTART WITH 1001;
"""


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of an empty migrated database; the test runs once on each kind."""
    if request.param == "sqlite":
        path = tmp_path / "test.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        return f"sqlite://{path}"
    url: str = request.getfixturevalue("postgres_database")
    await postgres_admin(_EMPTY, url)
    return url


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[str]:
    """The database, opened in this process."""
    EXECUTOR_CACHE.clear()  # holds SQL of the other dialect
    await connect(database_url)
    yield database_url
    await disconnect()
