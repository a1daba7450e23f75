"""WeRoBot's echo, for comparison: `gunicorn -k gthread -w 1 bench.echo:application`.

WEROBOT_SESSION names a SQLite file for its default session store; without it there is no session. It answers
each of WeChat's tries anew: it knows no message ids.
"""

from __future__ import annotations

import os
from typing import Any

from werobot import WeRoBot
from werobot.session.sqlitestorage import SQLiteStorage

from settings import DEVELOPMENT_ACCOUNTS

ACCOUNT = DEVELOPMENT_ACCOUNTS[0]


def _robot() -> Any:  # noqa: ANN401 - werobot is untyped
    path = os.environ.get("WEROBOT_SESSION")
    robot = WeRoBot(token=ACCOUNT.token, app_id=ACCOUNT.appid, encoding_aes_key=ACCOUNT.aes_key)
    robot.config["SESSION_STORAGE"] = SQLiteStorage(path) if path else False

    def echo(message: Any) -> str:  # noqa: ANN401
        return str(message.content)

    robot.text(echo)
    return robot


application = _robot().wsgi
