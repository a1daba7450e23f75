"""A stand-in platform and a tiny official account, each on a real server, with a clock set by hand."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any, cast

import httpx
import pytest
from sanic import HTTPResponse, Request, Sanic, text
from sanic.response import raw

from sandbox import Account, Platform, Preset, Template, blueprint
from tests.serving import serving

NOW = 1_790_000_000.0
OA = Account("oa", appid="wx-oa", secret="s-oa", token="AAAAA", templates={"assigned": "tpl-assigned"})
PLAIN = replace(OA, account="oa-plain", appid="wx-plain", mode="plain", aes_key="")
BOTH = replace(OA, account="oa-both", appid="wx-both", mode="compatible")
MINI = replace(OA, account="mini", appid="wx-mini", kind="mini", format="json")
ACCOUNTS = (OA, PLAIN, BOTH, MINI)

_names = itertools.count(1)


@dataclass
class Clock:
    """Time that passes only when a test says so."""

    at: float = NOW

    def __call__(self) -> float:
        """The time, in Unix seconds."""
        return self.at


@dataclass
class Received:
    """One push that reached the account."""

    account: str
    query: dict[str, str]
    body: bytes
    content_type: str
    hang_up: Callable[[], None]


@dataclass
class OfficialAccount:
    """The other end: keeps what comes and answers as the test wants."""

    answer: Callable[[Received], Awaitable[bytes | HTTPResponse]]
    received: list[Received] = field(default_factory=list)
    arrived: asyncio.Condition = field(default_factory=asyncio.Condition)


@dataclass
class Sandbox:
    """The running platform as a test sees it."""

    http: httpx.AsyncClient
    platform: Platform
    clock: Clock
    official: OfficialAccount

    async def say(self, words: str = "你好", **body: object) -> dict[str, Any]:
        """Let somebody say something; returns what the platform answers."""
        response = await self.http.post("/say", json={"from": "resident-1", "text": words, **body})
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    async def token(self, account: Account = OA, *, force: bool = False) -> str:
        """A valid access token."""
        body = {
            "grant_type": "client_credential",
            "appid": account.appid,
            "secret": account.secret,
            "force_refresh": force,
        }
        answer = (await self.http.post("/cgi-bin/stable_token", json=body)).json()
        return str(answer["access_token"])

    async def call(self, path: str, body: object, *, account: Account = OA) -> dict[str, Any]:
        """POST to the API with a valid token."""
        params = {"access_token": await self.token(account)}
        answer: dict[str, Any] = (await self.http.post(path, params=params, json=body)).json()
        return answer

    async def screen(self, openid: str, account: str = "oa", after: int = 0) -> list[dict[str, Any]]:
        """What stands on a phone."""
        params: dict[str, str | int] = {"account": account, "after": after}
        entries: list[dict[str, Any]] = (
            await self.http.get(f"/phones/{openid}/messages", params=params)
        ).json()
        return entries


def make_app(name: str) -> Sanic[Any, Any]:
    """An app with a name of its own."""
    Sanic.test_mode = True
    app: Sanic[Any, Any] = Sanic(f"{name}-{next(_names)}", configure_logging=False)
    app.config.FALLBACK_ERROR_FORMAT = "json"
    # The banner imports every package of Sanic's family, one of which warns.
    app.config.MOTD = False
    # Compiling the server anew for each app is most of what an app of one test costs.
    app.config.TOUCHUP = False
    return app


@pytest.fixture
async def official() -> AsyncIterator[tuple[str, OfficialAccount]]:
    """The account's address and its record; it answers `success` unless told otherwise."""

    async def success(_received: Received) -> bytes:
        return b"success"

    account = OfficialAccount(success)
    app = make_app("official")

    @app.post("/wechat/<name:str>")
    async def callback(request: Request, name: str) -> HTTPResponse:
        query = {key: str(request.args.get(key)) for key in request.args}
        transport = cast(asyncio.Transport, request.transport)
        push = Received(name, query, request.body, request.content_type, transport.abort)
        async with account.arrived:
            account.received.append(push)
            account.arrived.notify_all()
        answer = await account.answer(push)
        return raw(answer, content_type="text/plain") if isinstance(answer, bytes) else answer

    @app.get("/")
    async def alive(_request: Request) -> HTTPResponse:
        return text("alive")

    async with serving(app) as base:
        yield base, account


@pytest.fixture
async def sandbox(official: tuple[str, OfficialAccount]) -> AsyncIterator[Sandbox]:
    """A running platform whose tries last 0.2 s instead of 5."""
    clock = Clock()
    platform = Platform(
        ACCOUNTS,
        clock=clock,
        templates=[Template("tpl-labelled", "派单通知", {"thing1": "诉求内容", "time2": "办理时限"})],
        phones=[Preset("resident-1", "居民"), Preset("grid-1", "网格员")],
    )
    app = make_app("sandbox")
    login = ("duty", "xianglin-dev")
    app.blueprint(blueprint(app_base_url=official[0], platform=platform, try_seconds=0.2, staff_login=login))
    async with (
        serving(app) as base,
        httpx.AsyncClient(base_url=f"{base}/sandbox/api", timeout=10, trust_env=False, verify=False) as http,
    ):
        yield Sandbox(http, platform, clock, official[1])
