"""Run the stand-in platform alone: `python -m sandbox --port 8001 --app http://127.0.0.1:8000`."""

from __future__ import annotations

import argparse
import sys
from types import SimpleNamespace

from sanic import Sanic
from sanic.config import Config

import settings
from sandbox.doors import blueprint
from settings import DEVELOPMENT_ACCOUNTS


def create_app(app_base_url: str) -> Sanic[Config, SimpleNamespace]:
    """A server with nothing but the sandbox, for the development accounts."""
    app = Sanic("sandbox")
    app.config.FALLBACK_ERROR_FORMAT = "json"
    app.blueprint(blueprint(DEVELOPMENT_ACCOUNTS, app_base_url))
    return app


def main() -> None:
    """Serve until stopped; production has the real platform."""
    if not settings.load().development:
        sys.exit("没有启动：这是微信平台的替身，只用于开发和测试。")
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="微信平台的替身，只用于开发和测试")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8001)
    parser.add_argument("--app", default="http://127.0.0.1:8000", help="被推送的服务的地址")
    given = parser.parse_args()
    create_app(given.app).run(host=given.host, port=given.port, single_process=True, motd=False)


if __name__ == "__main__":
    main()
