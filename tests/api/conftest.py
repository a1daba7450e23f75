"""The web door served for real on loopback, and staff who are logged in."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sanic import Sanic

import api
from api.endpoint import Door
from models import Staff, writing
from services import auth

Api = Sanic[Any, Any]


@asynccontextmanager
async def serving(more: Mapping[str, Door] | None = None) -> AsyncIterator[tuple[Api, str]]:
    """The door alone, as `create_app()` mounts it, on a free port of loopback; yields app and address.

    `more` are further handlers by address.
    """
    app: Api = Sanic(f"api-{uuid4().hex[:8]}", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = 1024 * 1024
    # The banner imports every package of Sanic's family, one of which warns.
    app.config.MOTD = False
    api.install(app)
    for path, handler in (more or {}).items():
        app.add_route(handler, path)
    # Sanic takes port 0 for "no port given" and would use 8000.
    sock = socket.create_server(("127.0.0.1", 0))
    port = sock.getsockname()[1]
    server: Any = await app.create_server(sock=sock, return_asyncio_server=True, access_log=False)
    await server.startup()
    await server.before_start()
    await server.start_serving()
    await server.after_start()
    try:
        yield app, f"http://127.0.0.1:{port}"
    finally:
        await server.before_stop()
        server.close()
        await server.wait_closed()
        await server.after_stop()


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
