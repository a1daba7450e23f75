"""`python -m sandbox` serves the platform alone, for the development accounts."""

from __future__ import annotations

import httpx
from sanic import Sanic

from sandbox.__main__ import create_app
from settings import DEVELOPMENT_ACCOUNTS
from tests.serving import serving


async def test_it_plays_the_development_accounts() -> None:
    Sanic.test_mode = True
    app = create_app("http://127.0.0.1:9")
    app.config.MOTD = False

    async with serving(app) as base, httpx.AsyncClient(trust_env=False) as http:
        listed = (await http.get(f"{base}/sandbox/api/accounts")).json()
        page = await http.get(f"{base}/sandbox/")

    assert [one["account"] for one in listed] == [one.account for one in DEVELOPMENT_ACCOUNTS]
    assert page.headers["content-security-policy"].startswith("default-src 'self'")
    assert "cdn" not in page.text.lower()
