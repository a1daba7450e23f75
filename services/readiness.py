"""Whether what this process needs answers, and how much work waits."""

from __future__ import annotations

import asyncio

from redis.asyncio import Redis
from redis.exceptions import RedisError
from tortoise.exceptions import BaseORMException

from models import rows

_ANSWER_WITHIN_SECONDS = 2.0
_WAITING = """
SELECT 'inbox' AS what, count(*) AS number FROM inbound_message WHERE state = 'received'
UNION ALL SELECT 'deliveries', count(*) FROM delivery WHERE state = 'pending'
UNION ALL SELECT 'dead_deliveries', count(*) FROM delivery WHERE state = 'dead'
"""


async def database_answers() -> bool:
    """Whether the database answers within two seconds."""
    try:
        async with asyncio.timeout(_ANSWER_WITHIN_SECONDS):
            await rows("SELECT 1 AS one")
    except (BaseORMException, OSError, TimeoutError):
        return False
    return True


async def broker_answers(redis_url: str | None) -> bool:
    """Whether Redis answers within two seconds; without Redis the worker is in this process."""
    if redis_url is None:
        return True
    client = Redis.from_url(redis_url, socket_timeout=_ANSWER_WITHIN_SECONDS)
    try:
        return bool(await client.ping())
    except (RedisError, OSError):
        return False
    finally:
        await client.aclose()


async def waiting() -> dict[str, int]:
    """How many inbound messages and deliveries wait, and how many deliveries are dead."""
    return {row["what"]: int(row["number"]) for row in await rows(_WAITING)}
