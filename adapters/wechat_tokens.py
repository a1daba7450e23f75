"""Access tokens: when one is renewed, and who renews it when many ask at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

RENEW_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Token:
    """An access token as the platform gave it; `expires_in` is the seconds left then."""

    value: str = field(repr=False)
    expires_in: int

    @property
    def use_for(self) -> int:
        """Seconds after which it is renewed: five minutes before the end, while both are valid.

        One that has less than ten minutes left is used for half of them, or every call would ask for a new
        one.
        """
        return max(self.expires_in - RENEW_SECONDS, self.expires_in // 2)


Fetch = Callable[[], Awaitable[Token]]


class TokenStore(Protocol):
    """Where tokens are kept, and who decides which caller fetches."""

    async def token(self, appid: str, *, stale: str | None, fetch: Fetch) -> str:
        """The token of `appid`; of all callers in all processes one runs `fetch`, the others get its token.

        `stale` is a token that WeChat has just refused: it is never returned unless `fetch` brings it again.
        When the kept one differs from it, somebody renewed in the meantime, and the kept one is returned.
        What `fetch` raises reaches all who waited for it, and nothing is kept.
        """


class MemoryTokenStore:
    """Tokens of one process, for tests and one-process tools."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: dict[str, tuple[str, float]] = {}
        self._flights: dict[str, asyncio.Task[str]] = {}

    async def token(self, appid: str, *, stale: str | None, fetch: Fetch) -> str:
        """As `TokenStore.token` promises, within this process."""
        value, until = self._kept.get(appid, ("", 0.0))
        if value and value != stale and self._clock() < until:
            return value
        flight = self._flights.get(appid)
        if flight is None:
            flight = asyncio.get_running_loop().create_task(self._renew(appid, fetch))
            self._flights[appid] = flight
            flight.add_done_callback(lambda done: self._land(appid, done))
        # Shielded: a caller that hangs up must not take the token from all the others.
        return await asyncio.shield(flight)

    async def _renew(self, appid: str, fetch: Fetch) -> str:
        fresh = await fetch()
        self._kept[appid] = (fresh.value, self._clock() + fresh.use_for)
        return fresh.value

    def _land(self, appid: str, done: asyncio.Task[str]) -> None:
        del self._flights[appid]
        if not done.cancelled():
            done.exception()  # looked at here, for the case that every caller has hung up
