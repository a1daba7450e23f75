"""What a resident adds to an open appeal."""

from __future__ import annotations

import pytest

from models import Appeal, AppealStatus, Assignment, Delivery, DeliveryState, Notice, Urgency
from nlp.judgement import PlaceFound
from nlp.judgement import Urgency as Danger
from services import access, claims, handling, sentences
from services.clock import now
from services.errors import IllegalMove, NotFound
from tests.make import make_grid, make_grid_member
from tests.services.test_dispatch import judgement
from tests.services.village import Village, make_village, open_assignment, told, verbs


@pytest.fixture
async def village(db: str) -> Village:
    return await make_village()


async def test_words_are_added_and_the_holder_is_told_to_look(village: Village) -> None:
    appeal = await village.appeal()

    added = await handling.supplement(village.resident.id, appeal, "在五栋门口")

    assert added.text == "路灯不亮\n在五栋门口"
    words = (await told(appeal))[village.member.resident_id or 0]
    assert f"看 {appeal.number}" in words
    assert "五栋" not in words
    assert await verbs(appeal) == ["supplement"]


async def test_a_photo_alone_is_announced_without_changing_the_words(village: Village) -> None:
    appeal = await village.appeal()
    added = await handling.supplement(village.resident.id, appeal)
    assert added.text == "路灯不亮"
    assert len(await told(appeal)) == 1


async def test_another_category_goes_to_another_owner_before_anyone_accepted(village: Village) -> None:
    appeal = await village.appeal(village.duty, unsure=True)
    added = await handling.supplement(
        village.resident.id, appeal, "老人没人做饭", judgement=judgement(category=village.other.code)
    )
    assert (added.category_id, added.unsure) == (village.other.id, False)
    assert (await open_assignment(appeal)).organization_id == village.organization.id
    assert village.duty.resident_id not in await told(appeal, Notice.ASSIGNED)


async def test_another_grid_goes_to_its_grid_member(village: Village) -> None:
    there = await make_grid(village.community)
    expected = await make_grid_member(there)
    place = PlaceFound("四组", "四组", (there.id,))
    appeal = await village.appeal()
    await handling.supplement(
        village.resident.id, appeal, "在四组", judgement=judgement(sure=False, place=place)
    )
    assert (await open_assignment(appeal)).grid_member_id == expected.id
    by_location = await village.appeal()
    await handling.supplement(village.resident.id, by_location, grid_id=there.id)
    assert (await open_assignment(by_location)).grid_member_id == expected.id


async def test_an_ambiguous_place_moves_nothing(village: Village) -> None:
    other = await make_grid(village.community)
    place = PlaceFound("塘口", "塘口", (other.id, village.grid.id))
    appeal = await village.appeal()
    added = await handling.supplement(
        village.resident.id, appeal, "塘口", judgement=judgement(sure=False, place=place)
    )
    assert added.grid_id == village.grid.id


async def test_after_acceptance_the_owner_keeps_what_has_changed(village: Village) -> None:
    appeal = await village.appeal(status=AppealStatus.ACCEPTED, unsure=True)
    added = await handling.supplement(
        village.resident.id, appeal, "x", judgement=judgement(category=village.other.code)
    )
    assert (added.category_id, added.status) == (village.other.id, AppealStatus.ACCEPTED)
    assert await Assignment.filter(appeal_id=appeal.id).count() == 1


async def test_circumstances_of_another_category_do_not_move_what_is_understood(village: Village) -> None:
    appeal = await village.appeal()
    other = judgement(category=village.other.code, sure=True)
    added = await handling.supplement(village.resident.id, appeal, "孩子还在上学", judgement=other)
    assert added.category_id == appeal.category_id


async def test_unsure_words_change_nothing(village: Village) -> None:
    appeal = await village.appeal()
    unsure = judgement(category=village.other.code, sure=False)
    added = await handling.supplement(village.resident.id, appeal, "快点", judgement=unsure)
    assert added.category_id == village.category.id


async def test_danger_makes_it_an_emergency_that_everybody_near_hears_of(village: Village) -> None:
    appeal = await village.appeal()
    danger = judgement(sure=False, urgency=Danger(True, ("119",)))
    added = await handling.supplement(village.resident.id, appeal, "着火了", judgement=danger)
    assert added.urgency is Urgency.EMERGENCY
    assert (await open_assignment(appeal)).grid_member_id == village.leader.id
    alarmed = await told(appeal, Notice.ALERT)
    assert {village.leader.resident_id, village.duty.resident_id} <= set(alarmed)
    assert "119" in alarmed[village.leader.resident_id or 0]


async def test_what_an_emergency_is_stays_and_a_new_grid_hears_of_it(village: Village) -> None:
    there = await make_grid(village.community)
    near = await make_grid_member(there)
    appeal = await village.appeal(village.duty, urgency=Urgency.EMERGENCY, grid=None, unsure=True)
    place = PlaceFound("四组", "四组", (there.id,))

    added = await handling.supplement(
        village.resident.id,
        appeal,
        "在四组小学路",
        judgement=judgement(category=village.other.code, place=place),
    )

    assert (added.category_id, added.grid_id) == (village.category.id, there.id)
    assert added.urgency is Urgency.EMERGENCY
    assert set(await told(appeal, Notice.ALERT)) == {near.resident_id, village.duty.resident_id}


async def test_a_finished_appeal_and_somebody_elses_take_nothing(village: Village) -> None:
    done = await village.appeal(status=AppealStatus.CLOSED)
    with pytest.raises(IllegalMove):
        await handling.supplement(village.resident.id, done, "x")
    with pytest.raises(NotFound):
        await handling.supplement(village.resident.id + 999, await village.appeal(), "x")
    assert await Delivery.all().count() == 0
    assert (await Appeal.get(id=done.id)).text == "路灯不亮"


async def test_what_comes_in_a_row_is_one_push_that_says_what_came(village: Village) -> None:
    appeal = await village.appeal()
    for came in ("位置", "照片", "链接", "照片", "视频"):
        await handling.supplement(village.resident.id, appeal, came=came)
    await handling.supplement(village.resident.id, appeal, "就在桥头")

    push = await Delivery.get(appeal_id=appeal.id)

    assert "位置、照片、链接、视频、文字" in push.payload["text"]
    assert f"看 {appeal.number}" in push.payload["fields"]["words"][:20]
    assert push.due_at > now()


async def test_what_comes_after_the_push_is_a_push_of_its_own(village: Village) -> None:
    appeal = await village.appeal()
    await handling.supplement(village.resident.id, appeal, came="位置")
    await Delivery.all().update(due_at=now())
    assert len(await claims.claim(10)) == 1

    await handling.supplement(village.resident.id, appeal, came="照片")
    await handling.supplement(village.resident.id, appeal, came="视频")

    first, second = await Delivery.all().order_by("id")
    assert "照片" not in first.payload["text"]
    assert "补充了照片、视频" in second.payload["text"]


async def test_in_an_emergency_nothing_waits(village: Village) -> None:
    appeal = await village.appeal(urgency=Urgency.EMERGENCY)
    await handling.supplement(village.resident.id, appeal, came="位置")
    assert len(await claims.claim(10)) == 1


async def test_the_wish_for_a_person_is_told_with_what_else_came(village: Village) -> None:
    appeal = await village.appeal()
    await handling.supplement(village.resident.id, appeal, came="照片")
    await handling.supplement(village.resident.id, appeal, "想找工作人员", came=sentences.CALL)
    text = (await told(appeal))[village.member.resident_id or 0]
    assert "居民补充了照片，想请您联系" in text


async def test_who_lost_the_appeal_is_not_told_what_came_for_it(village: Village) -> None:
    appeal = await village.appeal()
    await handling.supplement(village.resident.id, appeal, came="照片")
    await handling.withdraw(access.resident_actor(village.resident.id), appeal.number)
    waiting = await Delivery.filter(state=DeliveryState.PENDING, resident_id=village.member.resident_id)
    assert ["已撤回" in one.payload["text"] for one in waiting] == [True]
