"""A staff member vouches for a phone: two rows become one where the word of staff goes that far."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from models import AuditEntry, Community, Conversation, Resident, phone_hash, writing
from services.access import Actor, resident_actor, staff_actor
from services.clock import now
from services.errors import Conflict, Forbidden, Invalid, NotFound
from services.residents import logins, uniting, vouching
from services.residents.logins import ResidentLogin
from tests.make import (
    make_area,
    make_area_duty,
    make_community,
    make_duty,
    make_grid,
    make_grid_member,
    make_resident,
    make_staff_login,
)
from tests.outside import Outside, outside

PHONE, OTHER = "13812345678", "13912345678"


@pytest.fixture
async def community(db: str) -> Community:
    return await make_community()


@pytest.fixture
async def desk(community: Community) -> Actor:
    return await staff_actor(await make_duty(community))


@pytest.fixture
async def wechat(db: str) -> AsyncIterator[Outside]:
    async with outside() as running:
        yield running


@pytest.fixture
async def chat(community: Community) -> Resident:
    """Somebody who chats with the official account; nobody knows their phone."""
    return await make_resident(community=community, name="张三丰")


def known_by(phone: str, *, sure: bool = True) -> dict[str, Any]:
    return {"phone": phone, "phone_hash": phone_hash(phone), "phone_confirmed_at": now() if sure else None}


async def mini(phone: str = PHONE, **values: Any) -> Resident:
    """Somebody in the mini-program whose phone WeChat vouched for."""
    return await make_resident(account="mini", **(known_by(phone) | values))


async def test_who_has_confirmed_the_phone_in_the_mini_program_is_the_same_resident(
    desk: Actor, chat: Resident
) -> None:
    _ = await mini()

    found = await vouching.confirm(desk, chat.id, "138 1234-5678")

    assert (found.resident.id, found.united) == (chat.id, True)
    left = await Resident.get()
    assert (left.name, left.phone, left.phone_confirmed_by_id) == ("张三丰", PHONE, None)
    assert {one.resident_id for one in await Conversation.all()} == {chat.id}
    assert [one.action for one in await AuditEntry.all().order_by("id")] == [
        "resident.vouch",
        "resident.unite",
    ]


async def test_the_one_who_is_left_is_told_when_the_other_row_is_the_older_one(
    desk: Actor, community: Community
) -> None:
    older = await mini(community=community)
    younger = await make_resident(community=community)

    found = await vouching.confirm(desk, younger.id, PHONE)

    assert (found.resident.id, found.united) == (older.id, True)


async def test_a_phone_that_nobody_else_has_is_confirmed_and_by_whom_and_once_more_is_the_same(
    desk: Actor, chat: Resident
) -> None:
    for _ in range(2):
        found = await vouching.confirm(desk, chat.id, PHONE)
        assert not found.united

    row = await Resident.get()
    assert (row.phone, row.phone_hash, row.phone_confirmed_by_id) == (
        PHONE,
        phone_hash(PHONE),
        desk.staff_id,
    )
    assert row.phone_confirmed_at is not None


async def test_who_confirms_it_in_the_mini_program_afterwards_is_the_same_resident(
    wechat: Outside, desk: Actor, chat: Resident
) -> None:
    _ = await vouching.confirm(desk, chat.id, PHONE)
    later = await make_resident(account="mini", openid="mini-1")
    talk = await Conversation.get(resident_id=later.id)
    code = wechat.platform.codes.issue("phone", "mini", "mini-1", phone_number=PHONE).value

    _ = await logins.confirm_phone(
        ResidentLogin(resident_actor(later.id), later.id, None, talk.id, 1), wechat.clients("mini"), code
    )

    left = await Resident.get()
    assert (left.id, left.phone_confirmed_by_id) == (chat.id, None)


async def test_staff_may_correct_themselves_but_not_what_wechat_said(
    desk: Actor, chat: Resident, community: Community
) -> None:
    _ = await vouching.confirm(desk, chat.id, OTHER)
    _ = await vouching.confirm(desk, chat.id, PHONE)
    assert (await Resident.get()).phone == PHONE

    surely = await mini(OTHER, community=community)
    with pytest.raises(Conflict, match="微信确认过"):
        await vouching.confirm(desk, surely.id, "13712345678")
    await surely.refresh_from_db()
    assert surely.phone == OTHER


async def test_a_number_under_another_name_unites_nobody(
    desk: Actor, chat: Resident, community: Community
) -> None:
    _ = await mini(name="李四", community=community)

    with pytest.raises(Conflict, match="李\\*\\*"):
        await vouching.confirm(desk, chat.id, PHONE)

    assert await Resident.all().count() == 2
    await chat.refresh_from_db()
    assert (chat.phone, chat.phone_confirmed_at) == ("", None)


async def test_a_number_that_surely_is_another_persons_is_refused(
    desk: Actor, chat: Resident, community: Community
) -> None:
    _ = await make_resident(community=community, **known_by(PHONE))

    with pytest.raises(Conflict, match="另一位居民"):
        await vouching.confirm(desk, chat.id, PHONE)


async def test_staff_reach_nobody_of_another_community(desk: Actor, chat: Resident) -> None:
    there = await make_community()
    foreign = await mini(community=there)

    with pytest.raises(NotFound):
        await vouching.confirm(desk, foreign.id, PHONE)
    with pytest.raises(Conflict, match="小程序"):
        await vouching.confirm(desk, chat.id, PHONE)
    assert await Resident.all().count() == 2
    assert await AuditEntry.all().count() == 0


async def test_staff_of_an_area_reach_the_communities_below_it(db: str) -> None:
    town = await make_area()
    first, second = await make_community(area=town), await make_community(area=town)
    chat, _ = await make_resident(community=first), await mini(community=second)

    found = await vouching.confirm(await staff_actor(await make_area_duty(town)), chat.id, PHONE)

    assert found.united


async def test_who_does_not_work_at_a_desk_may_not(chat: Resident, community: Community) -> None:
    grid = await staff_actor(await make_staff_login(await make_grid_member(await make_grid(community))))

    with pytest.raises(Forbidden):
        await vouching.confirm(grid, chat.id, PHONE)


@pytest.mark.parametrize("phone", ["", " ", "0514-87654321", "123", "1381234567", "+1 202 555 0100"])
async def test_only_a_mobile_phone_is_one_persons(desk: Actor, chat: Resident, phone: str) -> None:
    with pytest.raises(Invalid):
        await vouching.confirm(desk, chat.id, phone)


@pytest.mark.parametrize(
    ("older", "younger", "phone"),
    [
        ({"phone": OTHER}, {"phone": PHONE, "phone_confirmed_at": 1}, PHONE),
        ({"phone": OTHER, "phone_confirmed_at": 1}, {"phone": PHONE}, OTHER),
        (
            {"phone": OTHER, "phone_confirmed_at": 1, "phone_confirmed_by_id": 7},
            {"phone": PHONE, "phone_confirmed_at": 1},
            PHONE,
        ),
        ({"phone": OTHER, "phone_confirmed_at": 1}, {"phone": PHONE, "phone_confirmed_at": 1}, OTHER),
        ({}, {"phone": PHONE}, PHONE),
    ],
)
async def test_the_surer_phone_stays_with_what_belongs_to_it(
    db: str, older: dict[str, Any], younger: dict[str, Any], phone: str
) -> None:
    rows = []
    for account, values in (("oa", older), ("mini", younger)):
        hashed = {"phone_hash": phone_hash(values["phone"])} if values else {}
        sure = {"phone_confirmed_at": now()} if "phone_confirmed_at" in values else {}
        rows.append(await make_resident(account=account, **(values | hashed | sure)))

    async with writing():
        assert await uniting.unite(rows[0].id, rows[1].id)

    left = await Resident.get()
    sure = next(one for one in (older, younger) if one.get("phone") == phone)
    assert (left.phone, left.phone_hash) == (phone, phone_hash(phone))
    assert (left.phone_confirmed_at is not None) is ("phone_confirmed_at" in sure)
    assert left.phone_confirmed_by_id == sure.get("phone_confirmed_by_id")
