"""How often something may be tried; counted in Redis when there is one, else in this process."""

from __future__ import annotations

import asyncio
import math
import time
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from limits import RateLimitItemPerSecond
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter

import settings
from services.errors import TooMany


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `times` tries of one kind in `seconds`, for each key."""

    name: str
    times: int
    seconds: int


LOGIN_PAIR = Limit("login-pair", 10, 300)
"""One user name from one address."""

LOGIN_ADDRESS = Limit("login-address", 60, 300)
"""One address, whatever the user name."""

BINDING = Limit("binding", 6, 600)
"""Binding codes tried by one WeChat user."""

WECHAT_ADDRESS = Limit("wechat-login-address", 300, 300)
"""Mini-program logins from one address: a whole village may stand behind one."""

REFRESH_ADDRESS = Limit("refresh-address", 120, 300)
"""Refreshes from one address."""

_limiters: WeakKeyDictionary[asyncio.AbstractEventLoop, MovingWindowRateLimiter] = WeakKeyDictionary()


def _limiter() -> MovingWindowRateLimiter:
    """The limiter of this event loop: its storage holds locks and connections that belong to the loop."""
    loop = asyncio.get_running_loop()
    if loop not in _limiters:
        redis_url = settings.load().redis_url
        storage = (
            RedisStorage(f"async+{redis_url}", implementation="redispy") if redis_url else MemoryStorage()
        )
        _limiters[loop] = MovingWindowRateLimiter(storage)
    return _limiters[loop]


async def spend(limit: Limit, *key: str) -> None:
    """Count one try of `key`. Network when Redis is set: never call it inside a transaction.

    Raises: TooMany, with `retry_after` in seconds.
    """
    item = RateLimitItemPerSecond(limit.times, limit.seconds, namespace=limit.name)
    if await _limiter().hit(item, *key):
        return
    window = await _limiter().get_window_stats(item, *key)
    raise too_often(max(1, math.ceil(window.reset_time - time.time())))


def too_often(wait: int) -> TooMany:
    """The refusal for whoever must wait so many seconds; the same words for every reason."""
    return TooMany(f"尝试太频繁，请 {math.ceil(wait / 60)} 分钟后再试。", retry_after=wait)
