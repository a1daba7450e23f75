"""Databases of the benchmarks' own on PostgreSQL and Redis, made for a run and dropped after it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

from redis.asyncio import Redis
from redis.exceptions import RedisError
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.migrations.api import migrate

from models.database import configuration, connect, disconnect
from scripts.seed import seed
from tests.services_at_hand import POSTGRES_URL, REDIS_URL, postgres_admin


@asynccontextmanager
async def database(copy_of: str | None = None) -> AsyncIterator[str]:
    """URL of a migrated database with the demo communities, or of a copy of another; dropped at the end."""
    name = f"bench_{os.getpid()}_{uuid4().hex[:6]}"
    template = f' TEMPLATE "{urlsplit(copy_of).path[1:]}"' if copy_of else ""
    await postgres_admin(f'CREATE DATABASE "{name}"{template}')
    try:
        url = urlunsplit(urlsplit(POSTGRES_URL)._replace(path=f"/{name}"))
        if copy_of is None:
            await prepare(url)
        yield url
    finally:
        await postgres_admin(f'DROP DATABASE "{name}" WITH (FORCE)')


async def prepare(url: str) -> None:
    """Bring a database to the newest migration and seed it."""
    await migrate(config=configuration(url))
    await disconnect()
    async with opened(url):
        await seed()


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[None]:
    """The database, open in this process."""
    EXECUTOR_CACHE.clear()  # holds SQL of the other dialect
    await connect(url)
    try:
        yield
    finally:
        await disconnect()


@asynccontextmanager
async def redis() -> AsyncIterator[str | None]:
    """URL of a database of Redis that was empty and is emptied at the end; None where none is to be had."""
    found = await _empty_redis()
    try:
        yield found
    finally:
        if found is not None:
            async with Redis.from_url(found) as client:
                await client.flushdb()


async def _empty_redis() -> str | None:
    # From the last one on: the first ones are what people and other programs take.
    for number in reversed(range(16)):
        url = urlunsplit(urlsplit(REDIS_URL)._replace(path=f"/{number}"))
        try:
            async with Redis.from_url(url) as client:
                if await client.dbsize() == 0:
                    await client.set("benchmark", os.getpid())
                    return url
        except RedisError:
            continue
    return None
