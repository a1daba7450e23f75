"""Schemathesis sends what the description allows, and what it does not, to the running API."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from models import Area, AreaLevel, Role, Staff, writing
from services import auth
from tests.api.test_matrix import make_world
from tests.make import make_area_duty

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "unsupported_method",
)
ENDS_ITS_OWN_LOGIN = ("log_out", "change_password", "update_staff", "set_password")
"""Left out: after them every further request would be refused."""

RUN = (
    "from schemathesis.cli import schemathesis; schemathesis()",
    "run",
    "--max-examples=6",
    "--seed=1",
    "--workers=1",
    "--phases=examples,coverage,fuzzing",
    "--no-color",
    f"--checks={','.join(CHECKS)}",
)


async def _fire(base: str, staff: Staff, folder: Path) -> tuple[int, str]:
    async with writing():
        tokens = await auth.open_session(staff)
    left_out = [f"--exclude-operation-id={one}" for one in ENDS_ITS_OWN_LOGIN]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        *RUN,
        *left_out,
        f"--header=Authorization: Bearer {tokens.access_token}",
        f"{base}/openapi.json",
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    return process.returncode or 0, output.decode()


async def test_schemathesis_finds_no_server_error_and_no_breach_of_the_description(
    base: str, tmp_path: Path
) -> None:
    city = await Area.create(name="city", level=AreaLevel.CITY)
    for _ in range(2):
        _ = await make_world(city)
    staff = await make_area_duty(city, role=Role.CITY)

    code, output = await _fire(base, staff, tmp_path)

    assert code == 0, output
    assert "fuzzing" in output.lower()
