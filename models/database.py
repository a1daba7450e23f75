"""The way to the database: Tortoise's configuration and the one helper that opens a writing transaction."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from tortoise import Tortoise
from tortoise.backends.base.client import BaseDBAsyncClient, TransactionalDBClient
from tortoise.backends.base.config_generator import expand_db_url
from tortoise.connection import get_connection
from tortoise.exceptions import DBConnectionError
from tortoise.transactions import in_transaction

import settings

SQLITE_DEFAULTS = {"journal_mode": "WAL", "synchronous": "FULL", "busy_timeout": "20000"}


def _chosen(url: str | None) -> str:
    """The address of the database. Some write four slashes before an absolute path; three mean the same."""
    found = url or settings.load().database_url
    return found.replace("sqlite:////", "sqlite:///", 1)


def _credentials(url: str, pool_max: int) -> dict[str, Any]:
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    if parts.scheme == "sqlite":
        query = SQLITE_DEFAULTS | query
    else:
        query = {"minsize": "1", "maxsize": str(pool_max)} | query
    config: dict[str, Any] = expand_db_url(urlunsplit(parts._replace(query=urlencode(query))))
    config["engine"] = "models.sqlite_engine" if parts.scheme == "sqlite" else "models.postgres_engine"
    return config


def configuration(url: str | None = None) -> dict[str, Any]:
    """Tortoise's configuration for `url` (default: DATABASE_URL); SQLite: IMMEDIATE, WAL, FULL sync."""
    chosen = _chosen(url)
    return {
        "connections": {"default": _credentials(chosen, settings.load().database_pool_max)},
        "apps": {
            "models": {"models": ["models"], "default_connection": "default", "migrations": "migrations"}
        },
        "use_tz": True,
        "timezone": "UTC",
    }


def __getattr__(name: str) -> Any:  # noqa: ANN401 - module attribute read by the migration command
    """`TORTOISE_ORM` for the `tortoise` command, built when asked for."""
    if name == "TORTOISE_ORM":
        make_sure_of_file()
        return configuration()
    raise AttributeError(name)


def make_sure_of_file(url: str | None = None) -> None:
    """Make the folder of a SQLite file and open the file once: Tortoise waits forever for one it cannot open.

    Raises: DBConnectionError.
    """
    chosen = _chosen(url)
    if not chosen.startswith("sqlite://") or ":memory:" in chosen:
        return
    path = Path(chosen.removeprefix("sqlite://").partition("?")[0])
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(path, timeout=20)) as opened:
            opened.execute("PRAGMA schema_version")
    except (OSError, sqlite3.Error) as problem:
        raise DBConnectionError(f"数据库文件打不开：{path}") from problem


async def connect(url: str | None = None) -> None:
    """Open the database for this process; usable from every task."""
    make_sure_of_file(url)
    await Tortoise.init(config=configuration(url), _enable_global_fallback=True)


async def disconnect() -> None:
    """Close every connection; without it the process does not end."""
    await Tortoise.close_connections()


@asynccontextmanager
async def opened() -> AsyncIterator[None]:
    """The database, open for a script; it is closed also when the script fails, so that the process ends."""
    await connect()
    try:
        yield
    finally:
        await disconnect()


def connection() -> BaseDBAsyncClient:
    """The connection of the running transaction, or the pool outside of one."""
    return get_connection("default")


def on_postgres() -> bool:
    """Whether the database is PostgreSQL (else SQLite)."""
    return bool(connection().capabilities.dialect == "postgres")


@asynccontextmanager
async def writing() -> AsyncIterator[BaseDBAsyncClient]:
    """The one way to write: a transaction (IMMEDIATE on SQLite); inside another it joins that one.

    Never a network call, gather or create_task inside.
    """
    current = connection()
    if isinstance(current, TransactionalDBClient):
        yield current
        return
    async with in_transaction() as opened:
        yield opened


async def rows(sql: str, *values: object) -> list[dict[str, Any]]:
    """Run one statement with `$1`-style places on either database; rows as dictionaries.

    A list belongs to `statements.among`.
    """
    current = connection()
    if current.capabilities.dialect == "postgres":
        return await current.execute_query_dict(sql, list(values))
    return await current.execute_query_dict(_question_marks(sql), [_plain(one) for one in values])


def _plain(value: object) -> object:
    """What SQLite has no type for, as text."""
    if isinstance(value, datetime):
        return value.isoformat(" ")
    return json.dumps(value) if isinstance(value, list) else value


@lru_cache(maxsize=256)
def _question_marks(sql: str) -> str:
    for number in range(sql.count("$"), 0, -1):
        sql = sql.replace(f"${number}", f"?{number}")
    return sql
