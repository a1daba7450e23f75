"""A process that cannot start says why in one sentence, and one that can do without Redis starts."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import httpx
import pytest
from tortoise.exceptions import DoesNotExist

from models import GridMember
from startup import explained
from tests import running

NOBODY = "127.0.0.1:9"
NO_FILE = [
    ({"DATABASE_URL": "sqlite://{folder}/file/below/x.sqlite3"}, "数据库文件打不开"),
    ({"DATABASE_URL": "sqlite://{folder}"}, "数据库文件打不开"),
    ({"DATABASE_URL": "sqlite://{folder}/file"}, "数据库文件打不开"),
    ({"DATABASE_URL": "sqlite://"}, "DATABASE_URL"),
]
"""SQLite files that nobody can open; `file` holds other things."""


async def _said(command: list[str], **environment: str) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *command,
        cwd=running.ROOT,
        env={"PATH": "/usr/bin:/bin", "LOG_LEVEL": "WARNING", **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    return process.returncode or 0, output.decode().strip()


def _given(folder: Path, environment: dict[str, str]) -> dict[str, str]:
    (folder / "file").write_text("not a database" * 99)
    return {name: value.format(folder=folder) for name, value in environment.items()}


async def _last_words(command: list[str], **environment: str) -> tuple[int, str]:
    code, output = await _said(command, **environment)
    return code, output.splitlines()[-1]


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"DATABASE_URL": f"postgres://village@{NOBODY}/village"}, "数据库连不上"),
        ({"DATABASE_URL": "sqlite://{folder}/empty.sqlite3"}, "python -m scripts.prepare"),
        ({"DATABASE_URL": "village.db"}, "DATABASE_URL"),
        *NO_FILE,
    ],
)
async def test_a_service_that_cannot_start_says_why_in_one_line_without_a_traceback(
    tmp_path: Path, environment: dict[str, str], told: str
) -> None:
    given = _given(tmp_path, environment)

    code, words = await _said(["app.py"], PORT=str(running.free_port()), **given)

    assert code == 1
    assert words.startswith("没有启动")
    assert told in words
    assert len(words.splitlines()) == 1


async def test_preparing_without_a_database_says_why() -> None:
    code, words = await _last_words(
        ["-m", "scripts.prepare"], DATABASE_URL=f"postgres://village@{NOBODY}/village"
    )

    assert code == 1
    assert "数据库连不上" in words


@pytest.mark.parametrize(("environment", "told"), NO_FILE)
async def test_preparing_a_file_that_cannot_be_opened_ends_at_once_with_one_line(
    tmp_path: Path, environment: dict[str, str], told: str
) -> None:
    async with asyncio.timeout(20):
        code, words = await _said(["-m", "scripts.prepare"], **_given(tmp_path, environment))

    assert code == 1
    assert words.startswith("没有启动")
    assert told in words
    assert len(words.splitlines()) == 1


async def test_a_service_whose_redis_is_away_answers_all_the_same(database_url: str, tmp_path: Path) -> None:
    _ = await _last_words(["-m", "scripts.prepare"], DATABASE_URL=database_url)
    process, address = running.service(
        tmp_path, database_url, f"http://{NOBODY}", REDIS_URL=f"redis://{NOBODY}/0"
    )
    process.start()

    async with httpx.AsyncClient(trust_env=False) as http:
        alive = await http.get(f"{address}/healthz")
        ready = await http.get(f"{address}/readyz")
    process.stop()

    assert alive.status_code == 200
    assert ready.status_code == 503
    assert process.process is not None
    assert process.process.returncode == 0


def test_a_row_that_is_not_as_we_thought_is_no_matter_of_settings() -> None:
    with pytest.raises(DoesNotExist), explained():
        raise DoesNotExist(GridMember)
