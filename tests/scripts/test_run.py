"""`make run` ends when it cannot start, instead of standing there."""

from __future__ import annotations

import asyncio
import sys

import pytest

from models import Area, AreaLevel
from scripts import demo
from tests import running


@pytest.mark.parametrize("script", ["scripts.run", "scripts.seed"])
async def test_a_demo_that_cannot_be_loaded_ends_the_process(db: str, script: str) -> None:
    for _ in range(2):
        await Area(name=demo.CITY, level=AreaLevel.CITY).save()
    environment = {"PATH": "/usr/bin:/bin", "DATABASE_URL": db, "PORT": str(running.free_port())}

    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", script, cwd=running.ROOT, env=environment, stderr=asyncio.subprocess.PIPE
    )
    try:
        async with asyncio.timeout(30):
            _, problem = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()

    assert process.returncode == 1
    assert "MultipleObjectsReturned" in problem.decode()
