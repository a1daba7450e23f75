"""The only place where things are wired: `create_app()` builds one process of the service.

`python app.py` serves one process by the settings; `sanic app:create_app --factory --workers=4` serves many.
"""

from __future__ import annotations

import asyncio
import gc
from contextlib import AsyncExitStack
from types import SimpleNamespace

import httpx
from sanic import Sanic
from sanic.config import Config

import api
import settings as configuration
from bot import callback
from bot.recovery import recover_inbox
from logs import configure_logging
from models.database import connect, disconnect
from sandbox.doors import blueprint as sandbox_blueprint
from sandbox.template_fields import Template
from services import notices, understanding
from services.tokens import DatabaseTokens
from settings import Settings
from startup import explained
from worker import hooks
from worker.clients import Clients
from worker.jobs import jobs
from worker.loop import run_forever

Application = Sanic[Config, SimpleNamespace]

DEMO_LOGIN = ("duty", "xianglin-dev")
MAX_REQUEST_BYTES = 8 * 1024 * 1024

hooks.on_expired_inbox(recover_inbox)


def create_app(settings: Settings | None = None) -> Application:
    """One process: with the sandbox in development, with the worker inside when there is no Redis."""
    chosen = settings or configuration.load()
    configure_logging(chosen.log_level)
    app: Application = Sanic("xianglin", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = MAX_REQUEST_BYTES
    app.ctx.settings = chosen
    app.before_server_start(_open, priority=9)
    app.after_server_stop(_close)
    app.blueprint(callback.blueprint(chosen))
    api.install(app)
    if chosen.development:
        own_address = f"http://127.0.0.1:{chosen.port}"
        app.blueprint(
            sandbox_blueprint(
                chosen.wechat_accounts, own_address, staff_login=DEMO_LOGIN, templates=_templates(chosen)
            )
        )
    if chosen.redis_url:
        app.after_server_start(_ring_for_workers)
    elif chosen.run_worker:
        app.after_server_start(_start_worker)
        app.before_server_stop(_stop_worker)
    return app


def _templates(chosen: Settings) -> list[Template]:
    """The templates of every account as their owner would choose them on the platform."""
    layouts = {layout.family: layout for layout in notices.LAYOUTS.values()}
    return [
        Template(template_id, layouts[family].title, layouts[family].labels)
        for account in chosen.wechat_accounts
        for family, template_id in account.templates.items()
        if family in layouts
    ]


async def _open(app: Application) -> None:
    # What fails here must close what is open: a connection left behind keeps the process from ending.
    async with AsyncExitStack() as stack:
        stack.push_async_callback(disconnect)
        await connect(app.ctx.settings.database_url)
        http = await stack.enter_async_context(httpx.AsyncClient())
        app.ctx.wechat = Clients(app.ctx.settings, http, DatabaseTokens())
        _ = await understanding.knowledge()  # loaded now, not while the first resident waits
        _settle_memory()
        app.ctx.stack = stack.pop_all()


def _settle_memory() -> None:
    """Keep the collector from walking, again and again, over dictionaries that stay."""
    gc.collect()
    gc.freeze()


async def _close(app: Application) -> None:
    await app.ctx.stack.aclose()


async def _ring_for_workers(app: Application) -> None:
    from worker.kicks import kicking  # the broker: of no use where there is no Redis

    await app.ctx.stack.enter_async_context(kicking())


async def _start_worker(app: Application) -> None:
    settings: Settings = app.ctx.settings
    app.ctx.stop_worker = asyncio.Event()
    work = jobs(app.ctx.wechat, recover_inbox, seconds=settings.poll_seconds)
    app.ctx.worker = asyncio.create_task(run_forever(app.ctx.stop_worker, work))


async def _stop_worker(app: Application) -> None:
    app.ctx.stop_worker.set()
    await app.ctx.worker


def main() -> None:
    """Serve one process until stopped."""
    with explained():
        chosen = configuration.load()
        app = create_app(chosen)
        app.run(host=chosen.host, port=chosen.port, single_process=True, motd=False, access_log=False)


if __name__ == "__main__":
    main()
