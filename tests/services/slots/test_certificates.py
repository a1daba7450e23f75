"""Certificates of volunteer hours: from what was served, printed alike each time, confirmed by a code."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pypdf
import pytest

from models import (
    Certificate,
    Community,
    HoursOrigin,
    HoursState,
    OfferingKind,
    Resident,
    VolunteerHours,
    writing,
)
from services.access import resident_actor, staff_actor
from services.clock import now
from services.errors import Conflict, DomainError, Invalid, NotFound
from services.slots import certificates, line, signup
from services.slots import hours as hours_of_shifts
from services.slots.certificate_facts import Paper, Served, hours
from services.slots.certificate_paper import drawn
from tests.make import make_community, make_duty, make_offering, make_resident, make_slot

PAPER = Paper(
    "V2026-000001",
    "abc234",
    "三组志愿者",
    "新联村",
    date(2026, 1, 1),
    date(2026, 12, 31),
    date(2026, 12, 31),
    (Served(date(2026, 3, 1), "清洁<b>家园</b>&", 90), Served(date(2026, 3, 8), "巡河", 45)),
)
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def text_of(content: bytes) -> str:
    pages = pypdf.PdfReader(BytesIO(content)).pages
    return "".join(one.extract_text() for one in pages).replace("\n", "").replace(" ", "")


def test_a_certificate_says_who_where_when_and_how_long() -> None:
    text = text_of(drawn(PAPER))

    for words in (
        "志愿服务证明",
        "V2026-000001",
        "三组志愿者",
        "新联村",
        "2026年1月1日",
        "2.25小时",
        "2次",
        "abc234",
    ):
        assert words in text
    assert "清洁<b>家园</b>&" in text


def test_the_same_facts_make_the_same_file() -> None:
    assert drawn(PAPER) == drawn(PAPER)


@pytest.mark.parametrize("name", ["𠮷野家", "阿卜杜热合曼·买买提", "名" * 32, "<script>", "\x07"])
def test_any_name_can_be_printed(name: str) -> None:
    content = drawn(Paper("V1", "c", name, "村", *YEAR, YEAR[1], PAPER.served))

    assert content.startswith(b"%PDF")
    if name.isprintable():
        assert name in text_of(content)


def test_many_entries_take_several_pages() -> None:
    served = tuple(Served(date(2026, 3, 1) + timedelta(days=n), f"第{n}次", 60) for n in range(120))
    content = drawn(Paper("V1", "c", "三组志愿者", "村", *YEAR, YEAR[1], served))

    assert len(pypdf.PdfReader(BytesIO(content)).pages) > 2
    assert all(f"第{n}次" in text_of(content) for n in (0, 60, 119))


@pytest.mark.parametrize(
    ("minutes", "words"), [(60, "1"), (90, "1.5"), (45, "0.75"), (50, "0.83"), (6000, "100"), (59, "0.98")]
)
def test_hours_are_cut_not_rounded_up(minutes: int, words: str) -> None:
    assert hours(minutes) == words


@pytest.fixture
async def community(db: str) -> Community:
    return await make_community(name="新联村")


@pytest.fixture
async def helper(community: Community) -> Resident:
    return await make_resident(community=community, name="张三丰")


async def served(helper: Resident, day: date, minutes: int = 120, **values: Any) -> VolunteerHours:
    usual: dict[str, Any] = {
        "origin": HoursOrigin.SYSTEM,
        "state": HoursState.APPROVED,
        "words": "巡河",
        "created_at": now(),
    }
    known: dict[str, Any] = {
        "community_id": helper.community_id,
        "person": f"r{helper.id}",
        "day": day,
        "minutes": minutes,
    }
    return await VolunteerHours.create(**(known | usual | values))


async def test_approved_hours_of_the_period_count_and_their_origin_is_told_apart(
    community: Community, helper: Resident
) -> None:
    for day in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1)):
        await served(helper, day)
    await served(helper, date(2026, 5, 1), 90, origin=HoursOrigin.ENTERED)
    for state in (HoursState.PENDING, HoursState.REFUSED):
        await served(helper, date(2026, 6, 1), origin=HoursOrigin.ENTERED, state=state)
    await served(await make_resident(community=community), date(2026, 6, 1))

    made = await certificates.issue(resident_actor(helper.id), helper.id, *YEAR)

    assert [one[0] for one in made.entries] == ["2026-01-01", "2026-05-01", "2026-12-31"]
    assert made.minutes == 330
    text = text_of((await certificates.paper(resident_actor(helper.id), made.id)).content)
    assert "系统记录4小时，人工登记并经审核1.5小时" in text


async def test_a_shift_that_was_attended_counts_by_itself(community: Community, helper: Resident) -> None:
    offering = await make_offering(community, kind=OfferingKind.SHIFT, title="巡河")
    slot = await make_slot(offering)
    made = await signup.sign_up(helper.id, slot.id, [f"r{helper.id}"])
    async with writing():
        await hours_of_shifts.replace(await line.lock(slot.id), [(made, [f"r{helper.id}"])])

    found = await certificates.approved(helper.id, date(2026, 1, 1), date(2099, 1, 1))

    assert [(one.title, one.minutes, one.entered) for one in found] == [("巡河", 120, False)]


async def test_a_code_confirms_the_certificate_with_a_masked_name(
    community: Community, helper: Resident
) -> None:
    await served(helper, date(2026, 11, 1))
    made = await certificates.issue(resident_actor(helper.id), helper.id, *YEAR)

    found = await certificates.confirmed(made.code)

    assert (found.name, found.community, found.minutes, found.valid) == ("张**", "新联村", 120, True)
    with pytest.raises(NotFound):
        await certificates.confirmed(made.number.lower())
    sheet = await certificates.paper(resident_actor(helper.id), made.id)
    assert "张三丰" in text_of(sheet.content)
    desk = await staff_actor(await make_duty(community))
    await certificates.revoke(desk, made.id)
    assert not (await certificates.confirmed(made.code)).valid
    with pytest.raises(Conflict, match="作废"):
        await certificates.paper(desk, made.id)


async def test_the_same_once_more_is_the_same_certificate_and_new_hours_make_a_new_one(
    community: Community, helper: Resident
) -> None:
    await served(helper, date(2026, 11, 1))
    actor = resident_actor(helper.id)

    twice = await asyncio.gather(*[certificates.issue(actor, helper.id, *YEAR) for _ in range(2)])
    assert len({one.number for one in twice}) == 1
    await served(helper, date(2026, 11, 2))
    await certificates.issue(actor, helper.id, *YEAR)

    assert [one.minutes for one in await Certificate.all().order_by("id")] == [120, 240]
    first = await certificates.paper(actor, twice[0].id)
    assert "2小时" in text_of(first.content)


async def test_without_hours_name_or_sight_there_is_none(community: Community, helper: Resident) -> None:
    actor = resident_actor(helper.id)
    stranger = await staff_actor(await make_duty(await make_community()))
    nameless = await make_resident(community=community)

    for who, whom, days, kind in (
        (actor, helper, YEAR, Conflict),
        (actor, helper, YEAR[::-1], Invalid),
        (actor, nameless, YEAR, NotFound),
        (resident_actor(nameless.id), nameless, YEAR, Invalid),
        (stranger, helper, YEAR, NotFound),
    ):
        with pytest.raises(DomainError) as refusal:
            await certificates.issue(who, whom.id, *days)
        assert type(refusal.value) is kind
