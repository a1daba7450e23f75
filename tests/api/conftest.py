"""The web door served for real on loopback, and staff who are logged in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from functools import lru_cache
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sanic import Sanic

import api
from api.endpoint import Door
from models import Staff, writing
from services import auth
from tests.serving import serving as served

Api = Sanic[Any, Any]


def _door(more: Mapping[str, Door]) -> Api:
    app: Api = Sanic(f"api-{uuid4().hex[:8]}", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = 1024 * 1024
    # The banner imports every package of Sanic's family, one of which warns.
    app.config.MOTD = False
    api.install(app)
    for path, handler in more.items():
        app.add_route(handler, path)
    return app


@lru_cache(maxsize=1)
def _usual_door() -> Api:
    """Made once: compiling 200 routes takes longer than most tests."""
    return _door({})


@asynccontextmanager
async def serving(more: Mapping[str, Door] | None = None) -> AsyncIterator[tuple[Api, str]]:
    """The door alone, as `create_app()` mounts it; yields app and address.

    `more` are further handlers by address.
    """
    app = _door(more) if more else _usual_door()
    async with served(app) as address:
        yield app, address
    app.ctx = SimpleNamespace()


@pytest.fixture
async def base(db: str) -> AsyncIterator[str]:
    """Address of the running door, on a fresh database."""
    async with serving() as (_, address):
        yield address


@pytest.fixture
async def client(base: str) -> AsyncIterator[httpx.AsyncClient]:
    """Nobody."""
    async with httpx.AsyncClient(base_url=base, timeout=10, verify=False) as opened:
        yield opened


Enter = Callable[[Staff], Awaitable[httpx.AsyncClient]]


@pytest.fixture
async def enter(base: str) -> AsyncIterator[Enter]:
    """Log somebody in without their password."""
    opened: list[httpx.AsyncClient] = []

    async def _enter(staff: Staff) -> httpx.AsyncClient:
        async with writing():
            tokens = await auth.open_session(staff)
        headers = {"authorization": f"Bearer {tokens.access_token}"}
        address = f"{base}/api/v1/admin"
        # Nothing here speaks TLS, and loading certificates is most of what making a client costs.
        opened.append(httpx.AsyncClient(base_url=address, headers=headers, timeout=10, verify=False))
        return opened[-1]

    yield _enter
    for one in opened:
        await one.aclose()
