"""Before a start: bring the database to the newest migration and load the shipped pack."""

from __future__ import annotations

import asyncio
import sys

from tortoise.migrations.api import migrate

from models.database import configuration, disconnect, make_sure_of_file, opened
from services import packs
from startup import explained


async def prepare() -> None:
    """Repeatable; what staff changed stays."""
    make_sure_of_file()
    await migrate(config=configuration())
    await disconnect()
    async with opened():
        await packs.adopt("village")


if __name__ == "__main__":
    with explained():
        asyncio.run(prepare())
    sys.stdout.write("数据库已是最新，可以启动了。\n")
