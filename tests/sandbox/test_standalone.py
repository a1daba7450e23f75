"""`python -m sandbox` serves the platform alone, for the development accounts."""

from __future__ import annotations

import httpx
import pytest
from sanic import Sanic

import settings
from sandbox.__main__ import create_app, main
from settings import DEVELOPMENT_ACCOUNTS, Settings
from tests.serving import serving
from tests.test_settings import STRONG


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


def test_it_does_not_start_in_production(monkeypatch: pytest.MonkeyPatch) -> None:
    production = Settings.model_validate(STRONG)
    monkeypatch.setattr(settings, "load", lambda: production)
    monkeypatch.setattr("sys.argv", ["sandbox"])

    with pytest.raises(SystemExit, match="只用于开发和测试"):
        main()
