"""A platform to call, and a client that calls it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from adapters.wechat import AppKeys, MemoryTokenStore, WeChatClient
from tests.adapters.platform import Platform, serving

KEYS = AppKeys(appid="wx-test", secret="the-secret-of-the-account")


@pytest.fixture
async def platform() -> AsyncIterator[Platform]:
    """A server that answers as told."""
    async with serving() as running:
        yield running


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    """The shared HTTP client of a process."""
    # Nothing here speaks TLS, and loading certificates is most of what making a client costs.
    async with httpx.AsyncClient(verify=False) as client:
        yield client


@pytest.fixture
def client(platform: Platform, http: httpx.AsyncClient) -> WeChatClient:
    """A client of one account with a token store of its own."""
    return WeChatClient(http, platform.base, KEYS, MemoryTokenStore(), timeout=5)


@pytest.fixture
def hasty(platform: Platform, http: httpx.AsyncClient) -> WeChatClient:
    """A client that waits for nothing longer than half a second."""
    return WeChatClient(http, platform.base, KEYS, MemoryTokenStore(), timeout=0.5)
