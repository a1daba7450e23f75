"""Migrations of a database that is in use: rows stay, and what points to them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import pytest
from tortoise.backends.base.executor import EXECUTOR_CACHE

from models import Absence, Appeal, Attendance, Community, Grid, PlaceName, Slot, rows
from models.database import connect, connection, disconnect
from services.slots import reminding, settling, survey
from tests.migrating import migrated
from tests.services_at_hand import POSTGRES_URL, postgres_admin, require_postgres

_COMMUNITY = """
INSERT INTO area (name, level) VALUES ('示范镇', 'TOWN');
INSERT INTO community (area_id, code, name, work_start, work_end, active)
VALUES (1, 'xinlian', '新联村', '08:30', '17:30', true);
INSERT INTO grid (community_id, name, position, datum, active) VALUES (1, '三组', 0, 'GCJ-02', true);
INSERT INTO place_name (community_id, grid_id, name) VALUES (1, 1, '老槐树');
"""

_HOMES = ("粮站旁边5栋2单元302室", "")
_APPEALS = """
INSERT INTO category (code, name, prefers, delicate, active, shared, accept_minutes, resolve_minutes,
    urgent_accept_minutes, urgent_resolve_minutes)
VALUES ('other', '其他', 'staff', false, true, false, 1, 1, 1, 1);
INSERT INTO resident (responder, name, phone, address, created_at) VALUES (false, '', '', '', '2026-11-01');
""" + "".join(
    f"""
INSERT INTO appeal (community_id, resident_id, category_id, kind, status, urgency, about_conduct, unsure,
    text, place, account, created_at, accept_by, resolve_by, escalation, returns, rating_words, result)
VALUES (1, 1, 1, 'difficulty', 'assigned', 'normal', false, false, '漏水', '{home}', 'oa', '2026-11-01',
    '2026-11-01', '2026-11-01', 0, 0, '', '');
"""
    for home in _HOMES
)

_SLOTS = """
INSERT INTO offering (community_id, kind, state, title, description, place, tags, everybody, party_most,
    offer_minutes, cancel_hours, attendance_least, counts_absence, questions, created_at)
VALUES (1, 'activity', 'published', '扬剧沙龙', '', '', '[]', false, 4, 120, 2, 0, true, '[]', '2026-11-01');
""" + "".join(
    f"""
INSERT INTO slot (community_id, offering_id, state, starts_at, ends_at, opens_at, closes_at, capacity, taken,
    waiting, line)
VALUES (1, 1, '{state}', '{year}-05-01 02:00:00+00:00', '{year}-05-01 04:00:00+00:00',
    '2026-01-01 00:00:00+00:00', '{year}-04-30 02:00:00+00:00', 9, 0, 0, 0);
"""
    for state, year in (("open", 2099), ("open", 2020), ("called_off", 2099))
)

_LIFE = (
    ("models.0002_guards", _COMMUNITY),
    ("models.0005_same_matter", _APPEALS),
    ("models.0007_slots", _SLOTS),
)
"""What was written when that migration was the newest."""


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """URL of a database without a table."""
    if request.param == "sqlite":
        yield f"sqlite://{tmp_path / 'bare.sqlite3'}"
        return
    require_postgres()
    name = f"xl_bare_{uuid4().hex[:8]}"
    await postgres_admin(f'CREATE DATABASE "{name}"')
    yield urlunsplit(urlsplit(POSTGRES_URL)._replace(path=f"/{name}"))
    await postgres_admin(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
async def old(bare_url: str) -> AsyncIterator[None]:
    """A database that was filled as it grew, open at the newest migration."""
    EXECUTOR_CACHE.clear()
    for newest, written in _LIFE:
        migrated(bare_url, newest)
        await connect(bare_url)
        await connection().execute_script(written)
        await disconnect()
    migrated(bare_url)
    await connect(bare_url)
    yield
    await disconnect()


async def test_what_was_written_under_older_migrations_is_there_and_works(old: None) -> None:
    await _place_names_have_no_aliases_and_take_some()
    await _places_of_appeals_are_encrypted_and_read_as_before()
    await _slots_are_decided_settled_and_asked_about_as_new_ones_are()


async def _place_names_have_no_aliases_and_take_some() -> None:
    place = await PlaceName.get(name="老槐树").select_related("grid")
    assert (place.aliases, place.grid.name) == ([], "三组")
    added = await PlaceName.create(
        community=await Community.get(id=1), grid=await Grid.get(id=1), name="粮站", aliases=["老粮库"]
    )
    assert (await PlaceName.get(id=added.id)).aliases == ["老粮库"]
    await connection().execute_script(
        "INSERT INTO place_name (community_id, grid_id, name) VALUES (1, 1, '桥')"
    )
    assert (await PlaceName.get(name="桥")).aliases == []


async def _places_of_appeals_are_encrypted_and_read_as_before() -> None:
    stored = [row["place"] for row in await rows("SELECT place FROM appeal ORDER BY id")]
    assert "粮站" not in stored[0]
    assert stored[1] == ""
    assert tuple(one.place for one in await Appeal.all().order_by("id")) == _HOMES
    await Appeal.all().update(place="长" * 128)
    assert [one.place for one in await Appeal.all()] == ["长" * 128] * 2


async def _slots_are_decided_settled_and_asked_about_as_new_ones_are() -> None:
    found = await Slot.all().order_by("id").select_related("offering")
    assert [one.decide_at for one in found] == [datetime(2099, 4, 30, 2, tzinfo=UTC), None, None]
    assert {one.by_lot for one in found} == {False}
    offering = found[0].offering
    assert (offering.opening_hours, offering.audience, offering.project_id) == ([], "", None)
    assert await Slot.filter(decide_at__lte=datetime(2099, 5, 1, tzinfo=UTC)).count() == 1
    assert offering.survey is None
    assert survey.questions(offering) == [dict(one) for one in survey.USUAL]
    facts = {(one.attendance, one.reminders, one.settled_at) for one in found}
    assert facts == {(Attendance.UNSAID, 0, None)}
    assert (await settling.settle_due(), await reminding.remind_due()) == (1, 2)
    assert (await settling.settle_due(), await reminding.remind_due()) == (0, 0)
    assert await Absence.all().count() == 0
