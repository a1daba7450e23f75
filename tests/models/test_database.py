"""The one way to write."""

from __future__ import annotations

import asyncio
from contextvars import Context

import pytest
from tortoise.exceptions import IntegrityError

from models import Resident, on_postgres, rows, writing
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
