"""Emergencies: alerted together, taken by any of them, stood down for all."""

from __future__ import annotations

import pytest

from models import Appeal, AppealStatus, AssignmentEnd, Delivery, DeliveryState, Notice, Urgency, writing
from services import access, clock, dispatch, handling
from services.errors import Forbidden, IllegalMove, Invalid, NotFound
from tests.make import make_resident
from tests.services.village import Village, make_village, open_assignment, told


@pytest.fixture
async def village(db: str) -> Village:
    return await make_village()


async def alarm(village: Village, **values: object) -> Appeal:
    appeal = await village.appeal(village.leader, urgency=Urgency.EMERGENCY, **values)
    async with writing():
        await handling.alert_emergency(appeal, ("119", "120"))
    return appeal


async def test_leader_members_and_community_duty_are_alerted_together(village: Village) -> None:
    alarmed = await told(await alarm(village), Notice.ALERT)
    assert set(alarmed) == {
        village.leader.resident_id,
        village.member.resident_id,
        village.second.resident_id,
        village.duty.resident_id,
    }
    assert all("119、120" in words and "路灯不亮" not in words for words in alarmed.values())


async def test_without_a_known_grid_the_community_is_alerted(village: Village) -> None:
    assert set(await told(await alarm(village, grid=None), Notice.ALERT)) == {village.duty.resident_id}


async def test_whoever_is_away_is_represented_and_the_reporter_is_not_alerted(village: Village) -> None:
    await village.leader.update_from_dict(
        {"leave_from": clock.china_today(), "deputy_id": village.second.id}
    ).save()
    reporter = await make_resident()
    await village.member.update_from_dict({"resident_id": reporter.id}).save()
    alarmed = await told(await alarm(village, resident=reporter), Notice.ALERT)
    assert set(alarmed) == {village.second.resident_id, village.duty.resident_id}


async def test_a_matter_of_conduct_alarms_the_parent_area_and_nobody_below(village: Village) -> None:
    alarmed = await told(await alarm(village, about_conduct=True), Notice.ALERT)
    assert set(alarmed) == {village.town_duty.resident_id}


async def test_who_is_complained_about_is_not_alarmed_but_whoever_stands_above(village: Village) -> None:
    appeal = await village.appeal(
        village.town_duty,
        urgency=Urgency.EMERGENCY,
        about_conduct=True,
        text=f"{village.town_duty.title}打我",
    )
    async with writing():
        assert await handling.alert_emergency(appeal, ("110",)) == (village.city_duty.title,)
    assert await told(appeal, Notice.ALERT) == {}


async def test_who_was_reached_is_named_and_staff_without_wechat_have_the_console(village: Village) -> None:
    await village.leader.update_from_dict({"resident_id": None}).save()
    await village.duty.update_from_dict({"resident_id": None}).save()
    appeal = await village.appeal(urgency=Urgency.EMERGENCY)
    async with writing():
        named = await handling.alert_emergency(appeal, ("119",))
    assert named == (village.duty.title, village.member.title, village.second.title)


async def test_whoever_is_near_a_place_learned_later_is_alerted_and_each_once(village: Village) -> None:
    other = await make_village()
    appeal = await alarm(village, grid=None)
    async with writing():
        await handling.alert_emergency(appeal, at=village.grid)
        await handling.alert_emergency(appeal, at=other.grid)
        await handling.alert_emergency(appeal, at=other.grid)
    people = [one.resident_id for one in await Delivery.filter(appeal_id=appeal.id, notice=Notice.ALERT)]
    assert len(people) == len(set(people)) == 8
    assert {village.leader.resident_id, other.leader.resident_id, other.duty.resident_id} <= set(people)


async def test_whoever_was_alerted_may_take_it_and_it_is_theirs(village: Village) -> None:
    for taker in (village.member, village.duty):
        appeal = await alarm(village)
        actor = (
            await access.staff_actor(village.duty)
            if taker is village.duty
            else access.grid_actor(village.member)
        )
        moved = await handling.accept(actor, appeal.number)
        assert moved.status is AppealStatus.ACCEPTED
        assert await dispatch.owner_name(appeal.id) == taker.title
        assert (await open_assignment(appeal)).accepted_by == taker.resident_id
        with pytest.raises(IllegalMove, match=f"已由 {actor.title} 接单"):
            await handling.accept(access.grid_actor(village.leader), appeal.number)


async def test_whoever_was_not_alerted_may_not(village: Village) -> None:
    appeal = await alarm(village)
    other = await make_village()
    with pytest.raises(NotFound):
        await handling.accept(access.grid_actor(other.member), appeal.number)
    quiet = await village.appeal(village.leader)
    with pytest.raises(NotFound):
        await handling.accept(access.grid_actor(village.member), quiet.number)
    with pytest.raises(Forbidden):
        await handling.accept(await access.staff_actor(village.duty), quiet.number)


async def test_a_false_alarm_stands_down_everybody_who_was_alerted(village: Village) -> None:
    appeal = await alarm(village)

    moved = await handling.stand_down(access.resident_actor(village.resident.id), appeal.number)

    assert (moved.status, moved.timer) == (AppealStatus.CANCELLED, None)
    assert set(await told(appeal, Notice.STAND_DOWN)) == set(await told(appeal, Notice.ALERT))
    alarms = await Delivery.filter(appeal_id=appeal.id, notice=Notice.ALERT)
    assert {one.state for one in alarms} == {DeliveryState.STOOD_DOWN}
    assert (await dispatch.current(appeal.id)).ended_as is AssignmentEnd.CANCELLED


async def test_a_withdrawn_alarm_stands_down_everybody_who_was_alerted(village: Village) -> None:
    appeal = await alarm(village)

    await handling.withdraw(access.resident_actor(village.resident.id), appeal.number)

    stood_down = await told(appeal, Notice.STAND_DOWN)
    assert set(stood_down) == set(await told(appeal, Notice.ALERT))
    assert all("撤回" in words and "误报" not in words for words in stood_down.values())
    alarms = await Delivery.filter(appeal_id=appeal.id, notice=Notice.ALERT)
    assert {one.state for one in alarms} == {DeliveryState.STOOD_DOWN}


async def test_staff_stand_down_and_the_reporter_is_told(village: Village) -> None:
    appeal = await alarm(village)
    moved = await handling.stand_down(await access.staff_actor(village.duty), appeal.number)
    assert moved.status is AppealStatus.CLOSED
    stood_down = await told(appeal, Notice.STAND_DOWN)
    assert village.duty.resident_id not in stood_down
    assert village.leader.resident_id in stood_down
    assert "误报" in (await told(appeal, Notice.PROGRESS))[village.resident.id]


async def test_everybody_who_was_alerted_hears_that_it_is_resolved_but_for_who_resolved_it(
    village: Village,
) -> None:
    appeal = await alarm(village)
    leader = access.grid_actor(village.leader)
    await handling.accept(leader, appeal.number)

    await handling.resolve(leader, appeal.number, "阀门已关，人没事")

    over = await told(appeal, Notice.STAND_DOWN)
    assert set(over) == set(await told(appeal, Notice.ALERT)) - {village.leader.resident_id}
    assert all("办结" in words for words in over.values())


async def test_everybody_who_was_alerted_hears_that_staff_closed_it(village: Village) -> None:
    appeal = await alarm(village)

    await handling.close(await access.staff_actor(village.duty), appeal.number, "消防队已处理")

    over = await told(appeal, Notice.STAND_DOWN)
    assert set(over) == set(await told(appeal, Notice.ALERT)) - {village.duty.resident_id}
    assert all("归档" in words for words in over.values())


async def test_an_ended_appeal_that_was_no_emergency_stands_nobody_down(village: Village) -> None:
    appeal = await village.appeal(village.leader)

    await handling.close(await access.staff_actor(village.duty), appeal.number, "已电话告知")

    assert await told(appeal, Notice.STAND_DOWN) == {}


async def test_grid_members_cannot_declare_a_false_alarm_and_ordinary_appeals_have_none(
    village: Village,
) -> None:
    appeal = await alarm(village)
    with pytest.raises(Forbidden):
        await handling.stand_down(access.grid_actor(village.leader), appeal.number)
    ordinary = await village.appeal()
    with pytest.raises(Invalid, match="不是险情"):
        await handling.stand_down(access.resident_actor(village.resident.id), ordinary.number)
