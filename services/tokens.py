"""Access tokens as rows: every process shares one, and a lease says which of them fetches a new one."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from adapters.wechat import Token, Verdict, WeChatError
from adapters.wechat_tokens import Fetch
from models import AccessToken, rows, writing
from services.clock import now

LEASE = timedelta(seconds=40)
"""Longer than the slowest fetch (two calls of at most 18 s), so that no two processes fetch at once."""
LOOK_AGAIN_SECONDS = 0.1

# One statement takes the lease or finds it taken, and makes the row where there is none.
_TAKE_LEASE = """
INSERT INTO access_token (appid, token, lease_until) VALUES ($1, '', $2)
ON CONFLICT (appid) DO UPDATE SET lease_until = excluded.lease_until
WHERE access_token.lease_until IS NULL OR access_token.lease_until < $3
RETURNING appid
"""


class DatabaseTokens:
    """The `TokenStore` of the product: single flight by a task in this process, by a lease across them."""

    def __init__(self) -> None:
        self._flights: dict[tuple[str, str | None], asyncio.Task[str]] = {}

    async def token(self, appid: str, *, stale: str | None, fetch: Fetch) -> str:
        """As `TokenStore.token` promises. What `fetch` raises reaches those who waited in this process.

        Raises: WeChatError, BACK_OFF when another process holds the lease for longer than a fetch can take.
        """
        kept = await _kept(appid, stale)
        if kept is not None:
            return kept
        key = (appid, stale)
        flight = self._flights.get(key)
        if flight is None:
            flight = asyncio.get_running_loop().create_task(_renew(appid, stale, fetch))
            self._flights[key] = flight
            flight.add_done_callback(lambda done: self._land(key, done))
        # Shielded: a caller that hangs up must not take the token from all the others.
        return await asyncio.shield(flight)

    def _land(self, key: tuple[str, str | None], done: asyncio.Task[str]) -> None:
        del self._flights[key]
        if not done.cancelled():
            done.exception()  # looked at here, for the case that every caller has hung up


async def _kept(appid: str, stale: str | None) -> str | None:
    row = await AccessToken.get_or_none(appid=appid)
    if row is None or not row.token or row.token == stale or row.expires_at is None:
        return None
    return str(row.token) if row.expires_at > now() else None


async def _renew(appid: str, stale: str | None, fetch: Fetch) -> str:
    give_up = now() + LEASE
    while now() < give_up:
        lease = await _take_lease(appid)
        kept = await _kept(appid, stale)
        if kept is not None:
            if lease is not None:
                await _give_back(appid, lease)
            return kept
        if lease is not None:
            return await _fetch(appid, lease, fetch)
        await asyncio.sleep(LOOK_AGAIN_SECONDS)
    raise WeChatError(None, "another process holds the token's lease", Verdict.BACK_OFF)


async def _take_lease(appid: str) -> datetime | None:
    moment = now()
    async with writing():
        taken = await rows(_TAKE_LEASE, appid, moment + LEASE, moment)
    return moment + LEASE if taken else None


async def _fetch(appid: str, lease: datetime, fetch: Fetch) -> str:
    try:
        fresh: Token = await fetch()
    except BaseException:
        await _give_back(appid, lease)
        raise
    # Whoever fetched holds the newest token, also when the lease has run out in the meantime.
    async with writing():
        await AccessToken.filter(appid=appid).update(
            token=fresh.value, expires_at=now() + timedelta(seconds=fresh.use_for), lease_until=None
        )
    return fresh.value


async def _give_back(appid: str, lease: datetime) -> None:
    async with writing():
        await AccessToken.filter(appid=appid, lease_until=lease).update(lease_until=None)
