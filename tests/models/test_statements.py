"""Statements that are written once, and several in one round trip."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tortoise.exceptions import IntegrityError

from models import Appeal, AppealEvent, Resident, Role, connection, on_postgres, rows, writing
from models.statements import Statement, among, inserting, listed, moved, next_id, together
from tests.make import make_appeal

MOMENT = datetime(2026, 3, 1, 4, 5, 6, tzinfo=UTC)


def _line(appeal: Appeal, words: str) -> AppealEvent:
    return AppealEvent(
        community_id=appeal.community_id,
        appeal_id=appeal.id,
        verb="note",
        role=Role.RESIDENT,
        actor="居民",
        words=words,
        at=MOMENT,
    )


async def test_what_is_inserted_reads_back_as_the_orm_would_have_written_it(db: str) -> None:
    appeal = await make_appeal()
    await _line(appeal, "一").save(force_create=True)
    await together(inserting(_line(appeal, "二"), _line(appeal, "三")))

    by_orm, *by_statement = await AppealEvent.all().order_by("id")

    assert [one.words for one in by_statement] == ["二", "三"]
    for one in by_statement:
        assert _rest(one) == _rest(by_orm)


def _rest(line: AppealEvent) -> dict[str, object]:
    columns = line._meta.fields_db_projection
    return {name: getattr(line, name) for name in columns if name not in ("id", "words")}


async def test_personal_fields_are_encrypted_on_this_way_too(db: str) -> None:
    await together(inserting(Resident(phone="13800000000", created_at=MOMENT)))

    assert "138" not in (await rows("SELECT phone FROM resident"))[0]["phone"]
    assert (await Resident.all())[0].phone == "13800000000"


async def test_writes_go_together_and_the_last_one_answers(db: str) -> None:
    appeal = await make_appeal()
    async with writing():
        found = await together(
            Statement("UPDATE appeal SET text = $1 WHERE id = $2", ("甲", appeal.id)),
            inserting(_line(appeal, "乙")),
            Statement("INSERT INTO revision (number, name) VALUES ($2, $1) RETURNING name", ("丙", 7)),
        )

    assert found == [{"name": "丙"}]
    assert (await Appeal.get(id=appeal.id)).text == "甲"
    assert (await AppealEvent.get(appeal_id=appeal.id)).words == "乙"


async def test_one_that_fails_takes_the_others_back_with_its_transaction(db: str) -> None:
    appeal = await make_appeal()
    with pytest.raises(IntegrityError):
        await _write_one_too_many(appeal)

    assert await AppealEvent.filter(appeal_id=appeal.id).count() == 0


async def _write_one_too_many(appeal: Appeal) -> None:
    first, second = _line(appeal, "一"), _line(appeal, "二")
    first.id = second.id = 7
    async with writing():
        await together(inserting(first), inserting(second))


async def test_a_reserved_id_is_the_next_one_and_is_free(db: str) -> None:
    appeal = await make_appeal()
    await _line(appeal, "一").save(force_create=True)
    async with writing():
        reserved = int((await rows(f"SELECT {next_id('appeal_event')} AS id"))[0]["id"])
        line = _line(appeal, "二")
        line.id = reserved
        await together(inserting(line))
    await _line(appeal, "三").save(force_create=True)

    assert [one.words for one in await AppealEvent.all().order_by("id")] == ["一", "二", "三"]


@pytest.mark.parametrize("count", [0, 1, 10, 11])
async def test_a_list_finds_what_is_in_it_and_nothing_else(db: str, count: int) -> None:
    made = [await Resident.create() for _ in range(12)]
    wanted = [one.id for one in made[:count]]

    found = await rows(f"SELECT id FROM resident WHERE id {among('$1')} ORDER BY id", listed(wanted))

    assert [row["id"] for row in found] == wanted


def test_places_are_counted_from_where_the_statement_stands() -> None:
    assert moved("a = $1 AND b = $12", 3) == "a = $4 AND b = $15"


async def test_a_connection_goes_back_without_a_transaction(db: str) -> None:
    if not on_postgres():
        pytest.skip("SQLite has one connection")
    async with connection().acquire_connection() as raw:
        await raw.execute("BEGIN")

    async with connection().acquire_connection() as raw:
        assert not raw.is_in_transaction()
