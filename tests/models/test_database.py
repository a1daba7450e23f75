"""The one way to write."""

from __future__ import annotations

import asyncio
from base64 import b64decode, b64encode
from contextvars import Context
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tortoise.exceptions import FieldError, IntegrityError

from models import Resident, connect, database, disconnect, on_postgres, rows, writing
from models.fields import decrypt, encrypt
from tests.make import make_appeal, make_assignment, make_community, make_duty


async def test_a_failed_write_leaves_nothing(db: str) -> None:
    with pytest.raises(RuntimeError):
        await _write_then_fail()

    assert await Resident.all().count() == 0


async def _write_then_fail() -> None:
    async with writing():
        await Resident.create()
        async with writing():
            await Resident.create()
        raise RuntimeError("after both")


async def test_a_caller_that_is_cancelled_while_waiting_for_the_lock_leaves_it_usable(db: str) -> None:
    async with writing():
        await Resident.create()
        waiting = asyncio.create_task(_one_write(), context=Context())  # a caller of its own
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    await _one_write()
    assert await Resident.all().count() == 2


async def _one_write() -> None:
    async with writing():
        await Resident.create()


async def test_one_appeal_has_one_open_assignment(db: str) -> None:
    community = await make_community()
    duty = await make_duty(community)
    appeal = await make_appeal(community, holder=duty)

    with pytest.raises(IntegrityError):
        await make_assignment(appeal, duty)


async def test_numbers_have_four_digits_from_the_first_appeal(db: str) -> None:
    assert (await make_appeal()).number == 1001


async def test_personal_fields_stand_encrypted_and_read_plain(db: str) -> None:
    resident = await Resident.create(phone="13800000000")

    stored = (await rows("SELECT phone FROM resident WHERE id = $1", resident.id))[0]["phone"]

    assert "138" not in stored
    assert (await Resident.get(id=resident.id)).phone == "13800000000"


async def test_the_database_kind_is_known(db: str) -> None:
    assert on_postgres() == db.startswith("postgres")


async def test_a_value_under_a_key_that_is_not_in_the_settings_says_which_key_is_missing() -> None:
    with pytest.raises(FieldError, match="old-key"):
        decrypt("old-key.AAAA")


async def test_a_damaged_value_says_that_it_does_not_open() -> None:
    key, _, body = encrypt("13800000000").partition(".")
    raw = bytearray(b64decode(body))
    raw[-1] ^= 1

    with pytest.raises(FieldError, match="does not open"):
        decrypt(f"{key}.{b64encode(raw).decode()}")


def test_the_migration_command_finds_its_configuration_and_nothing_else() -> None:
    assert database.TORTOISE_ORM["apps"]["models"]["migrations"] == "migrations"

    with pytest.raises(AttributeError):
        _ = database.NO_SUCH_NAME


@pytest.mark.parametrize("before", ["sqlite://", "sqlite:///"], ids=["three slashes", "four slashes"])
async def test_the_folder_of_a_new_sqlite_database_is_made(before: str, tmp_path: Path) -> None:
    await connect(f"{before}{tmp_path}/new/folder/xianglin.sqlite3")
    try:
        await rows("SELECT 1 AS one")
    finally:
        await disconnect()

    assert (tmp_path / "new" / "folder" / "xianglin.sqlite3").is_file()


async def test_moments_compare_the_same_in_a_plain_statement_on_either_database(db: str) -> None:
    await Resident.create()

    later = datetime.now(UTC) + timedelta(hours=1)
    found = await rows("SELECT id FROM resident WHERE created_at < $1", later)

    assert len(found) == 1
