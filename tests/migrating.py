"""Migrations by a process of their own: coverage would trace all that the library builds on the way.

`python -m tests.migrating URL [MIGRATION]` brings the database to that migration, or to the newest.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys

from tortoise.migrations.api import migrate

from models.database import configuration, disconnect
from tests.running import ROOT


def migrated(url: str, target: str | None = None) -> None:
    """Bring the database to the migration `target`, or to the newest. Raises: CalledProcessError."""
    command = [sys.executable, "-m", "tests.migrating", url, *([target] if target else [])]
    subprocess.run(command, cwd=ROOT, check=True)


async def _migrate(url: str, target: str | None = None) -> None:
    await migrate(config=configuration(url), target=target)
    await disconnect()


if __name__ == "__main__":
    asyncio.run(_migrate(*sys.argv[1:]))
