"""The blueprint: one platform, one courier, and the doors to them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sanic import Blueprint, HTTPResponse, Request, Sanic, file

from sandbox import api, inspection
from sandbox.accounts import AccountKeys
from sandbox.courier import TRY_SECONDS, Courier
from sandbox.inspection import PageFacts
from sandbox.platform import Platform
from sandbox.stream import Streams
from sandbox.template_fields import Template

AnySanic = Sanic[Any, Any]

PAGE = Path(__file__).parent / "page"
# The page shows texts of strangers: even if one slipped through as markup, no script of it would run.
CONTENT_POLICY = "default-src 'self'; img-src 'self' data: blob:; frame-ancestors 'self'"


def blueprint(
    accounts: Iterable[AccountKeys] = (),
    app_base_url: str = "http://127.0.0.1:8000",
    *,
    staff_login: tuple[str, str] | None = None,
    templates: Iterable[Template] = (),
    platform: Platform | None = None,
    try_seconds: float = TRY_SECONDS,
) -> Blueprint:
    """The stand-in WeChat platform under `/sandbox`, pushing to `{app_base_url}/wechat/<account>`.

    `staff_login` (name, password) is handed to the chat page for its 派单依据 panel; `templates` give cards
    their titles and labels; a `platform` given here brings its own accounts and templates. All state lives in
    the memory of one process: with several app processes, run it alone by `python -m sandbox`. It is for
    development and tests; whoever mounts it refuses that in production.
    """
    platform = platform or Platform(accounts, templates=templates)
    courier, streams = Courier(platform, app_base_url, try_seconds=try_seconds), Streams()
    bp = Blueprint("sandbox", url_prefix="/sandbox")
    api.add_routes(bp, platform, courier)
    inspection.add_routes(bp, platform, courier, streams, PageFacts(app_base_url, staff_login))
    _add_page(bp)

    @bp.before_server_start
    async def _open(_app: AnySanic) -> None:
        platform.phones.listeners.add(streams.entry)
        await courier.open()

    @bp.before_server_stop
    async def _close(_app: AnySanic) -> None:
        platform.phones.listeners.discard(streams.entry)
        await streams.close()
        await courier.close()

    return bp


def _add_page(bp: Blueprint) -> None:
    @bp.get("/", name="page")
    async def page(_request: Request) -> HTTPResponse:
        headers = {"Content-Security-Policy": CONTENT_POLICY, "Cache-Control": "no-cache"}
        return await file(PAGE / "index.html", headers=headers)

    bp.static("/page", PAGE, name="page_files")
