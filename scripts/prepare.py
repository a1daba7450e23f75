"""Before a start: bring the database to the newest migration and load the shipped pack."""

from __future__ import annotations

import asyncio

from tortoise.migrations.api import migrate

from models.database import configuration, connect, disconnect
from services import packs


async def prepare() -> None:
    """Repeatable; what staff changed stays."""
    await migrate(config=configuration())
    await disconnect()
    await connect()
    await packs.adopt("village")
    await disconnect()


if __name__ == "__main__":
    asyncio.run(prepare())
