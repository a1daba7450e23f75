"""Bulk sign-up from a list, and the attendance sheet, which can be handed in again."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from tortoise.expressions import F

from models import (
    AuditEntry,
    Community,
    Dependant,
    DependantKind,
    OfferingState,
    Resident,
    SignUp,
    SignUpPerson,
    SignUpState,
    Slot,
    phone_hash,
    writing,
)
from services import households
from services.access import Actor, staff_actor
from services.clock import now
from services.errors import Conflict, Invalid, NotFound
from services.sheets import Value, xlsx
from services.slots import attendance, bulk, columns, signup
from services.slots.bulk import Outcome, Report
from tests.make import make_community, make_duty, make_offering, make_resident, make_slot
from tests.services.slots.truth import broken

PHONE = "13800000001"
OTHER = "13800000002"


@pytest.fixture
async def community(db: str) -> Community:
    return await make_community()


@pytest.fixture
async def desk(community: Community) -> Actor:
    return await staff_actor(await make_duty(community))


@pytest.fixture
async def slot(community: Community) -> Slot:
    return await make_slot(await make_offering(community))


async def neighbour(community: Community, name: str = "甲", phone: str = PHONE, **more: Any) -> Resident:
    return await make_resident(
        community=community, name=name, phone=phone, phone_hash=phone_hash(phone), **more
    )


async def child_of(resident: Resident, name: str, needs: str = "") -> Dependant:
    async with writing():
        household_id = (await households.lock(resident.id)).household_id
    await resident.refresh_from_db()
    return await Dependant.create(
        household_id=household_id,
        kind=DependantKind.CHILD,
        name=name,
        born="2018-03-01",
        needs=needs,
        consent_at=now(),
        consent_by_id=resident.id,
    )


def listed(*rows: list[Value], questions: tuple[str, ...] = ()) -> bytes:
    headers = columns.headers(questions, columns.TEMPLATE)
    return xlsx.written("报名表", headers, [[*row, *[""] * (len(headers) - len(row))] for row in rows])


async def handed_in(desk: Actor, slot: Slot, *rows: list[Value], **how: bool) -> Report:
    return await bulk.sign_up_all(desk, slot.id, listed(*rows), **how)


def told(report: Report) -> list[tuple[int, Outcome]]:
    return [(one.row, one.outcome) for one in report.rows]


async def test_known_and_new_people_are_signed_up_and_every_row_is_answered(
    community: Community, desk: Actor, slot: Slot
) -> None:
    known = await neighbour(community)

    report = await handed_in(
        desk, slot, ["甲", "+86 138-0000-0001", 2], ["乙", OTHER, ""], ["丙", "12", 1], ["丁", "", 1]
    )

    assert told(report) == [
        (2, Outcome.SIGNED_UP),
        (3, Outcome.SIGNED_UP),
        (4, Outcome.REFUSED),
        (5, Outcome.REFUSED),
    ]
    assert ["电话" in one.reason for one in report.rows[2:]] == [True, True]
    made = await SignUp.filter(slot_id=slot.id).order_by("id").select_related("resident")
    assert [(one.resident.name, one.party) for one in made] == [("甲", 2), ("乙", 1)]
    assert made[0].resident_id == known.id
    assert made[1].resident.phone_hash == phone_hash(OTHER)
    assert (await AuditEntry.get(action="slot.bulk")).detail["signed_up"] == 2
    assert await broken() == []


async def test_the_same_list_twice_signs_up_nobody_twice(desk: Actor, slot: Slot) -> None:
    rows: list[list[Value]] = [["甲", PHONE, 1], ["乙", OTHER, 3]]
    await handed_in(desk, slot, *rows)

    again = await handed_in(desk, slot, *rows)

    assert [one.outcome for one in again.rows] == [Outcome.THERE_ALREADY] * 2
    assert (await SignUp.all().count(), await Resident.all().count()) == (2, 2)
    assert (await Slot.get(id=slot.id)).taken == 4


async def test_two_desks_with_the_same_list_at_once_enter_everybody_once(desk: Actor, slot: Slot) -> None:
    rows: list[list[Value]] = [[f"居民{number}", f"1380000000{number}", 1] for number in range(5)]

    await asyncio.gather(
        handed_in(desk, slot, *rows), handed_in(desk, slot, *reversed(rows), all_or_nothing=True)
    )

    assert (await SignUp.all().count(), await Resident.all().count()) == (5, 5)
    assert await broken() == []


async def test_all_or_nothing_writes_nothing_when_one_row_is_refused(desk: Actor, slot: Slot) -> None:
    report = await handed_in(desk, slot, ["甲", PHONE, 1], ["乙", "", 1], all_or_nothing=True)

    assert not report.written
    assert "没有写入" in report.rows[0].reason
    assert (await SignUp.all().count(), await Resident.all().count()) == (0, 0)
    assert (await Slot.get(id=slot.id)).taken == 0
    assert (await handed_in(desk, slot, ["甲", PHONE, 1], all_or_nothing=True)).written


async def test_who_cancelled_since_is_not_signed_up_by_the_same_list(
    community: Community, desk: Actor, slot: Slot
) -> None:
    resident = await neighbour(community)
    await handed_in(desk, slot, ["甲", PHONE, 1])
    await signup.cancel(resident.id, (await SignUp.get()).id)

    report = await handed_in(desk, slot, ["甲", PHONE, 1])
    assert (report.rows[0].outcome, "取消过" in report.rows[0].reason) == (Outcome.REFUSED, True)
    assert (await handed_in(desk, slot, ["甲", PHONE, 1], again=True)).count(Outcome.SIGNED_UP) == 1


async def test_staff_overrule_when_sign_up_is_open_and_an_age_nobody_entered(
    community: Community, desk: Actor
) -> None:
    offering = await make_offering(community, age_from=60)
    for times in ({"opens_at": now() + timedelta(hours=1)}, {"closes_at": now() - timedelta(hours=1)}):
        slot = await make_slot(offering, **times)
        report = await handed_in(desk, slot, ["甲", PHONE, 1])
        assert report.count(Outcome.SIGNED_UP) == 1
        await SignUpPerson.all().delete()


@pytest.mark.parametrize(
    ("gate", "words"),
    [
        ({"state": OfferingState.DRAFT}, "不能报名"),
        ({"party_most": 1}, "最多报 1 个"),
        ({"household_most": 1}, "每户最多 1 个"),
        ({"questions": [{"label": "忌口", "required": True}]}, "忌口"),
        ({"age_from": 60}, "要满 60 岁"),
    ],
)
async def test_what_protects_others_holds_for_lists_too(
    community: Community, desk: Actor, gate: dict[str, object], words: str
) -> None:
    slot = await make_slot(await make_offering(community, **gate))
    await neighbour(community, born="1990-01-01")

    report = await bulk.sign_up_all(
        desk, slot.id, listed(["甲", PHONE, 2], questions=("忌口",) if "questions" in gate else ())
    )

    assert report.rows[0].outcome is Outcome.REFUSED
    assert words in report.rows[0].reason


async def test_a_phone_of_somebody_else_is_not_given_away(
    community: Community, desk: Actor, slot: Slot
) -> None:
    await neighbour(community, name="王秀英")

    report = await handed_in(desk, slot, ["李四", PHONE, 1])

    assert "王**" in report.rows[0].reason
    assert "秀英" not in report.rows[0].reason


async def test_people_of_the_household_are_signed_up_by_name(
    community: Community, desk: Actor, slot: Slot
) -> None:
    resident = await neighbour(community)
    child = await child_of(resident, "小宝")

    report = await handed_in(
        desk, slot, ["甲", PHONE, "", "小宝"], ["甲", PHONE, "", "大宝"], ["甲", PHONE, 1, "本人、小宝"]
    )

    assert told(report) == [(2, Outcome.SIGNED_UP), (3, Outcome.REFUSED), (4, Outcome.REFUSED)]
    assert [one.person for one in await SignUpPerson.all()] == [f"d{child.id}"]


async def test_more_than_there_is_room_for_wait_in_the_order_of_the_list(
    community: Community, desk: Actor
) -> None:
    slot = await make_slot(await make_offering(community), capacity=1)

    report = await handed_in(desk, slot, ["甲", PHONE, 1], ["乙", OTHER, 1])

    assert told(report)[1] == (3, Outcome.WAITING)
    assert "候补第 1 号" in report.rows[1].reason


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        (["姓名"], "两列"),
        (["姓名", "电话", "电话"], "有两个"),
        (["姓名", "电话", "名鹅"], "名鹅"),
        (["姓名", "电话", "问题：忌口"], "忌口"),
    ],
)
async def test_columns_that_do_not_fit_are_named(
    desk: Actor, slot: Slot, headers: list[str], words: str
) -> None:
    with pytest.raises(Invalid, match=words):
        await bulk.sign_up_all(desk, slot.id, xlsx.written("报名表", headers, [["甲", PHONE]]))


async def test_an_empty_list_a_past_slot_and_a_foreign_one_are_refused(
    community: Community, desk: Actor, slot: Slot
) -> None:
    with pytest.raises(Invalid, match="没有要报名的人"):
        await handed_in(desk, slot)
    past = await make_slot(await make_offering(community), starts_at=now() - timedelta(days=1))
    with pytest.raises(Conflict, match="已经结束"):
        await handed_in(desk, past, ["甲", PHONE, 1])
    stranger = await staff_actor(await make_duty(await make_community()))
    with pytest.raises(NotFound):
        await handed_in(stranger, slot, ["甲", PHONE, 1])
    with pytest.raises(NotFound):
        await attendance.sheet(stranger, slot.id)


async def test_the_number_of_a_resident_out_of_sight_finds_nobody(
    community: Community, desk: Actor, slot: Slot
) -> None:
    far = await neighbour(await make_community())
    table = xlsx.written("报名表", ["姓名", "居民编号"], [["甲", far.id]])

    report = await bulk.sign_up_all(desk, slot.id, table)

    assert "没有编号" in report.rows[0].reason


async def _facts(slot: Slot) -> list[tuple[object, ...]]:
    """What makes a sign-up, in order."""
    found: list[tuple[object, ...]] = []
    for one in await SignUp.filter(slot_id=slot.id).order_by("id"):
        people = await SignUpPerson.filter(sign_up_id=one.id).order_by("id").values_list("person", flat=True)
        found.append((one.resident_id, one.household_id, one.party, one.state, one.line, one.answers, people))
    return found


async def test_an_exported_sheet_handed_in_for_another_slot_gives_the_same_sign_ups(
    community: Community, desk: Actor
) -> None:
    questions = [{"label": "忌口", "required": True}, {"label": "=1+1", "required": False}]
    offering = await make_offering(community, questions=questions)
    slots = [await make_slot(offering, capacity=5, starts_at=now() + timedelta(days=day)) for day in (1, 2)]
    first = await neighbour(community)
    child = await child_of(first, "小宝", needs="花生过敏")
    nameless = await make_resident(community=community)
    waits = await neighbour(community, "乙", OTHER)
    await signup.sign_up(
        first.id, slots[0].id, [f"r{first.id}", f"d{child.id}"], guests=1, answers={"忌口": "=cmd|' /C'!A0"}
    )
    await signup.sign_up(
        nameless.id, slots[0].id, [f"r{nameless.id}"], guests=1, answers={"忌口": "无", "=1+1": "2"}
    )
    await signup.sign_up(waits.id, slots[0].id, [f"r{waits.id}"], answers={"忌口": "@无"})

    sheet = await attendance.sheet(desk, slots[0].id)
    report = await bulk.sign_up_all(desk, slots[1].id, sheet.content, all_or_nothing=True)

    assert report.written
    assert await _facts(slots[1]) == await _facts(slots[0])
    assert [one.state for one in await SignUp.filter(slot_id=slots[1].id).order_by("id")][
        -1
    ] is SignUpState.WAITING
    table = xlsx.read(sheet.content)
    assert "小宝：花生过敏" in table[1]
    assert sheet.name.endswith("签到表.xlsx")
    seen = await AuditEntry.get(action="slot.sheet")
    assert (seen.target, seen.detail["rows"]) == (f"slot {slots[0].id}", 3)
    assert await broken() == []


async def test_whoever_is_refused_after_a_look_at_the_line_leaves_nothing_behind(
    community: Community, slot: Slot
) -> None:
    await Slot.filter(id=slot.id).update(taken=F("capacity"))
    resident = await neighbour(community)

    async with writing():
        with pytest.raises(signup.Refused):
            await signup.sign_up(resident.id, slot.id, [f"r{resident.id}"], may_wait=False)

    assert await SignUp.all().count() == 0
