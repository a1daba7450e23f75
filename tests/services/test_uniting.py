"""Two rows that are one person become one; two people never do."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from tortoise import Tortoise

from models import (
    Appeal,
    AuditEntry,
    Community,
    Conversation,
    Dependant,
    DependantKind,
    OfferingKind,
    Presence,
    Resident,
    SignUp,
    SignUpPerson,
    SignUpState,
    Slot,
    VolunteerHours,
    phone_hash,
)
from services import access, households
from services.clock import now
from services.residents import uniting
from services.slots import checkin, seasons, settling, signup
from services.slots.checkin import Report
from tests.make import make_appeal, make_community, make_duty, make_offering, make_resident, make_slot
from tests.outside import outside
from tests.services.slots.truth import broken


async def _both(**values: Any) -> tuple[Resident, Resident]:
    chat = await make_resident(openid="oa-1", **values)
    return chat, await make_resident(openid="mini-1", account="mini")


async def test_a_shared_unionid_makes_one_resident_with_all_that_is_theirs(db: str) -> None:
    community = await make_community()
    chat, mini = await _both(community=community, name="老住户")
    await Resident.filter(id=mini.id).update(address="3组12号", name="别名")
    theirs = await make_appeal(community, resident=mini)
    await Conversation.all().update(unionid="u1")

    assert await uniting.by_unionid("u1") == chat.id

    left = await Resident.get()
    assert (left.id, left.name, left.address) == (chat.id, "老住户", "3组12号")
    assert (await Appeal.get(id=theirs.id)).resident_id == chat.id
    assert {one.resident_id for one in await Conversation.all()} == {chat.id}
    assert [one.action for one in await AuditEntry.all()] == ["resident.unite"]
    assert await uniting.by_unionid("u1") is None


async def test_households_become_one_and_a_child_entered_twice_stands_once(db: str) -> None:
    chat, mini = await _both()
    born = date(2018, 5, 1)
    for one in (chat, mini):
        _ = await households.add_dependant(one.id, DependantKind.CHILD, "小宝", born)
    _ = await households.add_dependant(mini.id, DependantKind.ELDER, "奶奶", date(1940, 1, 1))

    assert await uniting.unite(chat.id, mini.id)

    assert [one.name for one in await households.dependants_of(chat.id)] == ["小宝", "奶奶"]


async def test_who_signed_up_on_both_sides_keeps_one_place(db: str) -> None:
    community = await make_community()
    chat, mini = await _both()
    await Resident.all().update(community_id=community.id)
    slot = await make_slot(await make_offering(community), capacity=3)
    kept = await signup.sign_up(chat.id, slot.id, [f"r{chat.id}"])
    twice = await signup.sign_up(mini.id, slot.id, [f"r{mini.id}"])

    assert await uniting.unite(chat.id, mini.id)

    assert (await SignUp.get(id=kept.id)).state is SignUpState.HELD
    assert (await SignUp.get(id=twice.id)).state is SignUpState.CANCELLED
    assert (await Slot.get(id=slot.id)).taken == 1
    assert {one.person for one in await SignUpPerson.all()} == {f"r{chat.id}"}
    assert await broken() == []


async def test_a_child_removed_on_one_side_stays_where_it_is_entered_on_the_other(db: str) -> None:
    chat, mini = await _both()
    born = date(2018, 5, 1)
    gone = await households.add_dependant(chat.id, DependantKind.CHILD, "小宝", born)
    await households.remove_dependant(chat.id, gone.id)
    _ = await households.add_dependant(mini.id, DependantKind.CHILD, "小宝", born)

    assert await uniting.unite(chat.id, mini.id)

    assert [one.name for one in await households.dependants_of(chat.id)] == ["小宝"]


async def test_by_lot_a_united_household_has_one_application(db: str) -> None:
    community = await make_community()
    chat, mini = await _both(community=community)
    plots = await make_offering(community, kind=OfferingKind.PLOT)
    desk = await access.staff_actor(await make_duty(community))
    moment, day = now(), timedelta(days=1)
    season = seasons.Season(moment + 9 * day, moment + 99 * day, 2, moment - day, moment + day)
    slot_id = (await seasons.open_season(desk, plots.id, season)).slot_id
    child = await households.add_dependant(mini.id, DependantKind.CHILD, "小宝", date(2018, 5, 1))
    first = await signup.sign_up(chat.id, slot_id, [f"r{chat.id}"])
    second = await signup.sign_up(mini.id, slot_id, [f"d{child.id}"])

    assert await uniting.unite(chat.id, mini.id)

    states = [(await SignUp.get(id=one.id)).state for one in (first, second)]
    assert states == [SignUpState.APPLIED, SignUpState.CANCELLED]
    assert await broken() == []


async def test_two_who_speak_through_the_same_account_stay_two(db: str) -> None:
    one, other = await make_resident(), await make_resident()
    await Conversation.all().update(unionid="u1")

    assert not await uniting.unite(one.id, other.id)
    assert await Resident.all().count() == 2


PHONE = "13812345678"


@pytest.mark.parametrize(
    ("spoke", "confirmed", "united"),
    [(False, False, True), (True, False, False), (True, True, True), (False, True, True)],
)
async def test_a_phone_unites_with_whom_staff_entered_or_who_confirmed_it_too(
    db: str, spoke: bool, confirmed: bool, united: bool
) -> None:
    mark: dict[str, Any] = {"phone": PHONE, "phone_hash": phone_hash(PHONE)}
    sure = now() if confirmed else None
    if spoke:
        older = await make_resident(openid="oa-1", **mark, phone_confirmed_at=sure)
    else:
        older = await Resident.create(**mark, phone_confirmed_at=sure)
    _ = await make_resident(openid="mini-1", account="mini", **mark, phone_confirmed_at=now())

    found = await uniting.by_phone(str(phone_hash(PHONE)))

    assert (found == older.id) is united
    assert await Resident.all().count() == (1 if united else 2)


async def test_followers_are_looked_up_once_and_united_with_the_mini_program(db: str) -> None:
    chat = await make_resident(openid="same")
    mini = await make_resident(openid="same", account="mini")
    await Conversation.filter(resident=mini).update(unionid="union-same")
    async with outside() as wechat:
        assert await uniting.look_up(wechat.clients) == 1
        assert await uniting.look_up(wechat.clients) == 0

    assert (await Resident.get()).id == chat.id


async def test_a_platform_that_is_busy_is_asked_again_later(db: str) -> None:
    _ = await make_resident(openid="same")
    async with outside() as wechat:
        wechat.fault("/cgi-bin/user/info", errcode=-1, times=1)
        assert await uniting.look_up(wechat.clients) == 0
        assert await uniting.look_up(wechat.clients) == 1


async def test_no_column_that_names_a_resident_is_forgotten(db: str) -> None:
    """Every foreign key to a resident, and every column whose description says so."""
    named = {(model._meta.db_table, column) for model, column in uniting.resident_columns()}
    for model in (Tortoise.apps or {})["models"].values():
        for name, field in model._meta.fields_map.items():
            says = "resident" in (field.description or "") and name.endswith(("_by", "_by_id", "_id"))
            if says or (getattr(field, "related_model", None) is Resident and field.source_field):
                assert (model._meta.db_table, field.source_field or name) in named


async def test_a_guardian_of_the_younger_row_is_the_older_one_afterwards(db: str) -> None:
    chat, mini = await _both()
    child = await households.add_dependant(
        mini.id, DependantKind.CHILD, "小宝", now().date() - timedelta(days=3000)
    )

    assert await uniting.unite(chat.id, mini.id)

    assert (await Dependant.get(id=child.id)).consent_by_id == chat.id


async def _twice(community: Community, chat: Resident, mini: Resident) -> tuple[Slot, SignUp, SignUp]:
    """Both rows have signed the same person up for one slot, the younger one with two guests."""
    await Resident.all().update(community_id=community.id)
    slot = await make_slot(await make_offering(community, kind=OfferingKind.SHIFT), capacity=5)
    kept = await signup.sign_up(chat.id, slot.id, [f"r{chat.id}"])
    return slot, kept, await signup.sign_up(mini.id, slot.id, [f"r{mini.id}"], guests=2)


async def test_who_came_along_by_the_other_sign_up_keeps_their_places(db: str) -> None:
    chat, mini = await _both()
    slot, _, other = await _twice(await make_community(), chat, mini)

    assert await uniting.unite(chat.id, mini.id)

    left = await SignUp.get(id=other.id)
    assert (left.state, left.party, left.resident_id) == (SignUpState.HELD, 2, chat.id)
    assert (await Slot.get(id=slot.id)).taken == 3
    assert await broken() == []


async def test_the_sign_up_by_which_they_came_is_the_one_that_stays(db: str) -> None:
    chat, mini = await _both()
    community = await make_community()
    desk = await access.staff_actor(await make_duty(community))
    slot, kept, other = await _twice(community, chat, mini)
    begins = now()
    await Slot.filter(id=slot.id).update(starts_at=begins, ends_at=begins + timedelta(hours=1))
    _ = await checkin.by_staff(desk, slot.id, Report(now(), sign_up_id=other.id))

    assert await uniting.unite(chat.id, mini.id)

    assert (await SignUp.get(id=kept.id)).state is SignUpState.CANCELLED
    assert (await SignUp.get(id=other.id)).state is SignUpState.ATTENDED
    assert {one.person for one in await Presence.all()} == {f"r{chat.id}", "g1", "g2"}
    assert await broken() == []


async def test_who_came_by_both_came_once(db: str) -> None:
    chat, mini = await _both()
    community = await make_community()
    desk = await access.staff_actor(await make_duty(community))
    slot, kept, other = await _twice(community, chat, mini)
    begins = now() - timedelta(hours=3)
    await Slot.filter(id=slot.id).update(starts_at=begins, ends_at=begins + timedelta(hours=1))
    for made in (kept, other):
        report = Report(begins, sign_up_id=made.id, people=(f"r{made.resident_id}",))
        _ = await checkin.by_staff(desk, slot.id, report)
    assert await settling.settle_due() == 1

    assert await uniting.unite(chat.id, mini.id)
    assert await settling.settle_due() == 1

    hours = await VolunteerHours.all()
    assert [(one.person, one.sign_up_id) for one in hours] == [(f"r{chat.id}", kept.id)]
    assert await broken() == []
