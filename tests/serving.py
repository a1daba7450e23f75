"""An app served for real on a free port of loopback, in the loop of the test."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sanic import Sanic


@asynccontextmanager
async def serving(app: Sanic[Any, Any]) -> AsyncIterator[str]:
    """Serve until left; yields the address. An app may be served again: its routes are compiled once."""
    # Sanic takes port 0 for "no port given" and would use 8000.
    sock = socket.create_server(("127.0.0.1", 0))
    port = sock.getsockname()[1]
    server: Any = await app.create_server(sock=sock, return_asyncio_server=True, access_log=False)
    if not app.state.is_started:
        await server.startup()
    await server.before_start()
    await server.start_serving()
    await server.after_start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        await server.before_stop()
        server.close()
        await server.wait_closed()
        await server.after_stop()
