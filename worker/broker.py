"""The taskiq broker: Redis Streams with `REDIS_URL`, else in memory."""

from __future__ import annotations

from taskiq import AsyncBroker, InMemoryBroker
from taskiq_redis import RedisStreamBroker

import settings

QUEUE = "xianglin"
MOST_WAITING = 10_000
"""Tasks are hints: when nobody takes them, the oldest may go."""
LOCK_SECONDS = 30.0


def make_broker(redis_url: str | None) -> AsyncBroker:
    """A broker that is not started yet."""
    if redis_url is None:
        return InMemoryBroker()
    return RedisStreamBroker(
        redis_url,
        queue_name=QUEUE,
        consumer_group_name=QUEUE,
        maxlen=MOST_WAITING,
        # Without it a worker that is killed while it holds the lock stops all the others.
        unacknowledged_lock_timeout=LOCK_SECONDS,
    )


broker = make_broker(settings.load().redis_url)
