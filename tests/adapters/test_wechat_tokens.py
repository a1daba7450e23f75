from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import pytest

from adapters.wechat import MemoryTokenStore, Token, Verdict, WeChatClient, WeChatError
from adapters.wechat_session import FORCED_A_DAY
from tests.adapters.conftest import KEYS
from tests.adapters.platform import Platform, Reply, refused

TOKEN_CODES = [40001, 40014, 42001]


class Clock:
    """A clock that stands until it is moved."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


async def test_fifty_callers_at_once_fetch_one_token(client: WeChatClient, platform: Platform) -> None:
    await asyncio.gather(*(client.custom_text(f"resident-{n}", "好") for n in range(50)))

    assert len(platform.token_calls) == 1
    assert len(platform.sends) == 50
    assert {one.query["access_token"] for one in platform.sends} == {"token-1"}


async def test_fifty_callers_whose_token_died_renew_it_once(client: WeChatClient, platform: Platform) -> None:
    await client.custom_text("resident-0", "好")
    platform.expire()
    platform.replies.extend([refused(42001)] * 50)

    await asyncio.gather(*(client.custom_text(f"resident-{n}", "好") for n in range(50)))

    assert len(platform.token_calls) == 2
    assert [one.query["access_token"] for one in platform.sends].count("token-2") == 50


async def test_without_a_store_that_joins_them_fifty_callers_fetch_fifty_tokens(
    platform: Platform, http: httpx.AsyncClient
) -> None:
    clients = [WeChatClient(http, platform.base, KEYS, MemoryTokenStore()) for _ in range(50)]

    await asyncio.gather(*(one.custom_text("resident-1", "好") for one in clients))

    assert len(platform.token_calls) == 50


@pytest.mark.parametrize("errcode", TOKEN_CODES)
async def test_a_refused_token_is_renewed_once_and_the_call_made_again(
    client: WeChatClient, platform: Platform, errcode: int
) -> None:
    await client.custom_text("resident-1", "好")
    platform.expire()
    platform.replies.append(refused(errcode))

    await client.custom_text("resident-1", "在吗")

    assert [one.query["access_token"] for one in platform.sends] == ["token-1", "token-1", "token-2"]
    assert [one.fields["force_refresh"] for one in platform.token_calls] == [False, False]


async def test_when_the_platform_offers_the_same_token_again_renewal_is_forced(
    client: WeChatClient, platform: Platform
) -> None:
    platform.replies.append(refused(40001))

    await client.custom_text("resident-1", "好")

    assert [one.fields["force_refresh"] for one in platform.token_calls] == [False, False, True]
    assert platform.sends[-1].query == {"access_token": "token-2"}


@pytest.mark.parametrize("errcode", TOKEN_CODES)
async def test_a_token_refused_for_ever_is_no_loop(
    client: WeChatClient, platform: Platform, errcode: int
) -> None:
    platform.always = refused(errcode)

    with pytest.raises(WeChatError) as caught:
        await client.custom_text("resident-1", "好")

    assert (caught.value.code, caught.value.verdict) == (errcode, Verdict.BACK_OFF)
    assert len(platform.sends) == 2


async def test_forced_renewals_stay_below_what_the_platform_allows_a_day(
    client: WeChatClient, platform: Platform
) -> None:
    platform.always = refused(40001)

    for _ in range(30):
        with pytest.raises(WeChatError):
            await client.custom_text("resident-1", "好")

    assert [one.fields["force_refresh"] for one in platform.token_calls].count(True) == FORCED_A_DAY


async def test_when_forced_renewals_are_used_up_the_call_backs_off_with_its_own_code(
    client: WeChatClient, platform: Platform
) -> None:
    await client.custom_text("resident-1", "好")
    token = Reply(b'{"access_token": "token-1", "expires_in": 7000}')
    platform.token_replies.extend([token, refused(45009)])
    platform.always = refused(40001)

    with pytest.raises(WeChatError) as caught:
        await client.custom_text("resident-1", "好")
    assert (caught.value.code, caught.value.verdict) == (40001, Verdict.BACK_OFF)
    assert len(platform.sends) == 2  # not sent again under a token that was just refused


async def test_a_forced_renewal_that_fails_otherwise_fails_with_its_own_code(
    client: WeChatClient, platform: Platform
) -> None:
    await client.custom_text("resident-1", "好")
    token = Reply(b'{"access_token": "token-1", "expires_in": 7000}')
    platform.token_replies.extend([token, refused(48004)])
    platform.always = refused(40001)

    with pytest.raises(WeChatError) as caught:
        await client.custom_text("resident-1", "好")
    assert (caught.value.code, caught.value.verdict) == (48004, Verdict.STOP)


async def test_a_wrong_secret_goes_to_staff_and_is_not_asked_for_again(
    client: WeChatClient, platform: Platform
) -> None:
    platform.token_replies.append(refused(40001, "invalid credential"))

    with pytest.raises(WeChatError) as caught:
        await client.custom_text("resident-1", "好")
    assert (caught.value.code, caught.value.verdict) == (40001, Verdict.ALERT_NEXT)
    assert (len(platform.token_calls), platform.sends) == (1, [])


async def test_an_address_that_is_not_on_the_list_stops_everything(
    client: WeChatClient, platform: Platform
) -> None:
    platform.token_replies.append(refused(40164, "invalid ip, not in whitelist"))

    with pytest.raises(WeChatError) as caught:
        await client.custom_text("resident-1", "好")
    assert (caught.value.verdict, len(platform.got)) == (Verdict.STOP, 1)


@pytest.mark.parametrize(
    "answer", [b"{}", b'{"access_token": 7, "expires_in": 7200}', b'{"access_token": "a"}']
)
async def test_a_token_answer_without_a_token_is_an_error(
    client: WeChatClient, platform: Platform, answer: bytes
) -> None:
    platform.token_replies.append(Reply(answer))

    with pytest.raises(WeChatError, match="access_token"):
        await client.custom_text("resident-1", "好")


async def test_a_token_is_renewed_in_its_last_five_minutes() -> None:
    clock, fetched = Clock(), 0
    store = MemoryTokenStore(clock)

    async def fetch() -> Token:
        nonlocal fetched
        fetched += 1
        return Token(f"token-{fetched}", 7200)

    assert await store.token("wx", stale=None, fetch=fetch) == "token-1"
    clock.now += 6899
    assert await store.token("wx", stale=None, fetch=fetch) == "token-1"
    clock.now += 1
    assert await store.token("wx", stale=None, fetch=fetch) == "token-2"


async def test_a_token_that_was_renewed_meanwhile_is_taken_without_fetching() -> None:
    store = MemoryTokenStore()
    await store.token("wx", stale=None, fetch=_give("token-2"))

    assert await store.token("wx", stale="token-1", fetch=_never) == "token-2"


async def test_a_short_lived_token_is_not_fetched_on_every_call() -> None:
    store = MemoryTokenStore(Clock())
    await store.token("wx", stale=None, fetch=_give("token-1", expires_in=200))

    assert await store.token("wx", stale=None, fetch=_never) == "token-1"


async def test_a_failed_fetch_reaches_all_who_waited_and_the_next_caller_tries_again() -> None:
    store, started, tries = MemoryTokenStore(), asyncio.Event(), 0

    async def fail() -> Token:
        nonlocal tries
        tries += 1
        await started.wait()
        raise WeChatError(-1, "busy", Verdict.BACK_OFF)

    waiting = [asyncio.ensure_future(store.token("wx", stale=None, fetch=fail)) for _ in range(10)]
    started.set()
    results = await asyncio.gather(*waiting, return_exceptions=True)

    assert [type(one) for one in results] == [WeChatError] * 10
    assert tries == 1
    assert await store.token("wx", stale=None, fetch=_give("token-1")) == "token-1"


async def test_a_caller_that_hangs_up_does_not_take_the_token_from_the_others() -> None:
    store, started = MemoryTokenStore(), asyncio.Event()

    async def fetch() -> Token:
        started.set()
        await asyncio.sleep(0)
        return Token("token-1", 7200)

    first = asyncio.ensure_future(store.token("wx", stale=None, fetch=fetch))
    second = asyncio.ensure_future(store.token("wx", stale=None, fetch=_never))
    await started.wait()
    first.cancel()

    assert await second == "token-1"
    assert first.cancelled()


async def test_accounts_have_tokens_of_their_own() -> None:
    store = MemoryTokenStore()
    await store.token("wx-1", stale=None, fetch=_give("token-1"))

    assert await store.token("wx-2", stale=None, fetch=_give("token-2")) == "token-2"


async def _never() -> Token:
    raise AssertionError("fetched without need")


def _give(value: str, expires_in: int = 7200) -> Callable[[], Awaitable[Token]]:
    async def fetch() -> Token:
        return Token(value, expires_in)

    return fetch
