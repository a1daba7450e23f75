"""Schemathesis sends what the description allows, and what it does not, to the running API."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from api.endpoint import XLSX
from models import Area, AreaLevel, Conversation, Role, writing
from services import auth, login_lines, understanding
from tests.api.conftest import serving
from tests.api.matrix_world import make_world
from tests.make import make_area_duty, make_community, make_offering, make_resident, make_slot
from tests.outside import outside

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "unsupported_method",
)
ENDS_ITS_OWN_LOGIN = (
    "log_out",
    "change_password",
    "update_staff",
    "set_password",
    "log_out_resident",
    "erase_own_data",
)
"""Left out: after them every further request would be refused."""

FIRE = f"""
from schemathesis import serializer
from schemathesis.cli import schemathesis

@serializer({XLSX!r})
def as_it_is(context, value):
    return value if isinstance(value, bytes) else getattr(value, "data", str(value).encode())

schemathesis()
"""
"""The tool knows how to send pictures, but no tables."""

RUN = (
    FIRE,
    "run",
    "--max-examples=6",
    "--seed=1",
    "--workers=1",
    "--no-color",
    f"--checks={','.join(CHECKS)}",
)


STAFF_SIDE = ("--include-path-regex=^/api/v1/admin", "--phases=examples,fuzzing")
"""So many addresses that going through every boundary of each takes minutes."""

OTHER_SIDE = ("--exclude-path-regex=^/api/v1/admin", "--phases=examples,coverage,fuzzing")


async def _fire(base: str, token: str, side: Sequence[str], folder: Path) -> tuple[int, str]:
    left_out = [f"--exclude-operation-id={one}" for one in ENDS_ITS_OWN_LOGIN]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        *RUN,
        *left_out,
        *side,
        f"--header=Authorization: Bearer {token}",
        f"{base}/openapi.json",
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    return process.returncode or 0, output.decode()


# Each side once, and each on another database: this takes longer than anything else here.
@pytest.mark.parametrize(
    "database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
async def test_schemathesis_finds_no_breach_of_the_description_on_the_staffs_side(
    base: str, tmp_path: Path
) -> None:
    city = await Area.create(name="city", level=AreaLevel.CITY)
    for _ in range(2):
        _ = await make_world(city)
    staff = await make_area_duty(city, role=Role.CITY)
    async with writing():
        tokens = await auth.open_session(staff)

    code, output = await _fire(base, tokens.access_token, STAFF_SIDE, tmp_path)

    assert code == 0, output
    assert "fuzzing" in output.lower()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_schemathesis_finds_no_breach_of_the_description_on_the_residents_side(
    db: str, tmp_path: Path
) -> None:
    resident = await make_resident(openid="mini-1", account="mini")
    for _ in range(3):
        _ = await make_slot(await make_offering(await make_community()))
    _ = await understanding.knowledge()  # loaded now, as a process does that starts
    async with outside() as wechat, serving() as (app, base):
        app.ctx.wechat = wechat.clients
        async with writing():
            talk = await Conversation.get(resident=resident)
            tokens = await login_lines.begin("resident", talk.id)
        code, output = await _fire(base, tokens.access_token, OTHER_SIDE, tmp_path)

    assert code == 0, output
    assert "fuzzing" in output.lower()
