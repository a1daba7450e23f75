"""One fetch for all who ask, in one process and across two."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from adapters.wechat import Token, Verdict, WeChatError
from models import AccessToken, connection
from services import tokens
from services.clock import now
from services.tokens import DatabaseTokens


class Platform:
    """Gives out tokens slowly, and counts."""

    def __init__(self, *values: str, expires_in: int = 7200) -> None:
        self.values = list(values) or ["first", "second", "third"]
        self.asked = 0
        self.expires_in = expires_in
        self.go = asyncio.Event()
        self.go.set()
        self.reached = asyncio.Event()

    async def fetch(self) -> Token:
        """The next token, once `go` is set."""
        self.asked += 1
        self.reached.set()
        _ = await self.go.wait()
        return Token(self.values[self.asked - 1], self.expires_in)


async def _ask(store: DatabaseTokens, platform: Platform, stale: str | None = None) -> str:
    return await store.token("wx1", stale=stale, fetch=platform.fetch)


async def test_two_processes_that_ask_at_once_fetch_once(db: str) -> None:
    platform = Platform()
    stores = [DatabaseTokens(), DatabaseTokens()]

    found = await asyncio.gather(*(_ask(store, platform) for store in stores for _ in range(10)))

    assert set(found) == {"first"}
    assert platform.asked == 1


async def test_a_refused_token_is_renewed_once_by_all_who_were_refused(db: str) -> None:
    platform = Platform()
    stores = [DatabaseTokens(), DatabaseTokens()]
    stale = await _ask(stores[0], platform)

    found = await asyncio.gather(*(_ask(store, platform, stale) for store in stores for _ in range(10)))

    assert set(found) == {"second"}
    assert platform.asked == 2


async def test_who_comes_late_with_a_refused_token_gets_the_one_that_others_fetched(db: str) -> None:
    platform = Platform()
    store = DatabaseTokens()
    stale = await _ask(store, platform)
    _ = await _ask(store, platform, stale)

    assert await _ask(DatabaseTokens(), platform, stale) == "second"
    assert platform.asked == 2


async def test_a_token_is_renewed_before_its_end(db: str) -> None:
    platform = Platform()
    store = DatabaseTokens()
    _ = await _ask(store, platform)
    row = await AccessToken.get()
    assert row.expires_at is not None
    assert timedelta(seconds=6890) < row.expires_at - now() <= timedelta(seconds=6900)
    await AccessToken.all().update(expires_at=now())

    assert await _ask(store, platform) == "second"


async def test_a_failed_fetch_reaches_all_who_waited_and_leaves_the_way_free(db: str) -> None:
    store = DatabaseTokens()

    async def refuse() -> Token:
        raise WeChatError(40164, "not in the list", Verdict.STOP)

    answers = await asyncio.gather(
        *(store.token("wx1", stale=None, fetch=refuse) for _ in range(3)), return_exceptions=True
    )

    assert [getattr(one, "code", None) for one in answers] == [40164] * 3
    assert await _ask(store, Platform()) == "first"


async def test_a_process_that_died_while_fetching_holds_nobody_up_for_longer_than_its_lease(db: str) -> None:
    await AccessToken(appid="wx1", lease_until=now() - timedelta(seconds=1)).save(force_create=True)

    assert await _ask(DatabaseTokens(), Platform()) == "first"


async def test_a_lease_that_never_ends_is_answered_with_back_off(
    db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await AccessToken(appid="wx1", lease_until=now() + timedelta(hours=1)).save(force_create=True)
    monkeypatch.setattr(tokens, "LEASE", timedelta(milliseconds=200))

    with pytest.raises(WeChatError) as refused:
        _ = await _ask(DatabaseTokens(), Platform())

    assert refused.value.verdict is Verdict.BACK_OFF


async def test_a_caller_that_hangs_up_does_not_take_the_token_from_the_others(db: str) -> None:
    platform = Platform()
    platform.go.clear()
    store = DatabaseTokens()
    impatient = asyncio.create_task(_ask(store, platform))
    _ = await platform.reached.wait()
    patient = asyncio.create_task(_ask(store, platform))
    _ = impatient.cancel()
    platform.go.set()

    assert await patient == "first"
    assert platform.asked == 1


async def test_a_token_does_not_stand_in_the_database_as_it_is(db: str) -> None:
    _ = await _ask(DatabaseTokens(), Platform("very-secret-token"))

    (row,) = await connection().execute_query_dict("SELECT token FROM access_token")

    assert "very-secret-token" not in row["token"]
    assert len(row["token"]) > 20
