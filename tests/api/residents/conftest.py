"""The door with the platform behind it, and residents who log in by WeChat's own code."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest

from tests.api.conftest import Api, serving
from tests.outside import Outside, outside

LogIn = Callable[[str], Awaitable[httpx.AsyncClient]]


@pytest.fixture
async def wechat(db: str) -> AsyncIterator[Outside]:
    """The stand-in platform over HTTP."""
    async with outside() as running:
        yield running


@pytest.fixture
async def served(wechat: Outside) -> AsyncIterator[tuple[Api, str]]:
    """The running door, wired to the platform, and its address."""
    async with serving() as (app, address):
        app.ctx.wechat = wechat.clients
        yield app, f"{address}/api/v1"


@pytest.fixture
def door(served: tuple[Api, str]) -> str:
    """Address of the running door, wired to the platform."""
    return served[1]


@pytest.fixture
async def caller(door: str) -> AsyncIterator[httpx.AsyncClient]:
    """Nobody yet."""
    async with httpx.AsyncClient(base_url=door, timeout=30, verify=False) as opened:
        yield opened


@pytest.fixture
async def log_in(door: str, wechat: Outside) -> AsyncIterator[LogIn]:
    """Log in whoever has this openid in the mini-program."""
    opened: list[httpx.AsyncClient] = []

    async def _log_in(openid: str) -> httpx.AsyncClient:
        client = httpx.AsyncClient(base_url=door, timeout=30, verify=False)
        opened.append(client)
        code = wechat.platform.codes.issue("login", "mini", openid).value
        tokens = (await client.post("/auth/wechat", json={"code": code})).raise_for_status().json()
        client.headers["authorization"] = f"Bearer {tokens['access_token']}"
        return client

    yield _log_in
    for one in opened:
        await one.aclose()
