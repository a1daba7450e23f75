"""Merging and splitting."""

from __future__ import annotations

import asyncio
from contextvars import Context

import pytest

from models import Appeal, AppealEvent, AppealStatus, Notice, RoutingDecision, Urgency, writing
from services import access, dispatch, handling
from services.errors import DomainError, Forbidden, IllegalMove, Invalid, NotFound
from tests.make import make_resident
from tests.services.village import Village, make_village, open_assignment, told, verbs


@pytest.fixture
async def village(db: str) -> Village:
    return await make_village()


async def test_a_merged_appeal_ends_and_its_resident_is_told_when_the_other_is_done(
    village: Village,
) -> None:
    neighbour = await make_resident(community=village.community)
    main, twin = await village.appeal(village.second), await village.appeal(resident=neighbour)
    duty = await access.staff_actor(village.duty)

    merged = await handling.merge(duty, twin.number, main.number)

    assert (merged.status, merged.merged_into_id) == (AppealStatus.MERGED, main.id)
    assert "合并办理" in (await told(twin))[neighbour.id]
    assert str(main.number) not in (await told(twin))[neighbour.id]
    assert "不用再办" in (await told(twin))[village.member.resident_id or 0]
    assert await verbs(main) == ["note"]

    await handling.resolve(duty, main.number, "路灯已修好")
    assert "路灯已修好" in (await told(twin))[neighbour.id]


async def test_what_was_merged_before_moves_along(village: Village) -> None:
    first, second, third = [await village.appeal() for _ in range(3)]
    duty = await access.staff_actor(village.duty)
    await handling.merge(duty, first.number, second.number)
    await handling.merge(duty, second.number, third.number)
    assert (await Appeal.get(id=first.id)).merged_into_id == third.id


async def test_an_appeal_is_not_merged_into_itself_or_into_what_is_over(village: Village) -> None:
    one, done = await village.appeal(), await village.appeal(status=AppealStatus.RESOLVED)
    duty = await access.staff_actor(village.duty)
    with pytest.raises(Invalid, match="自己"):
        await handling.merge(duty, one.number, one.number)
    with pytest.raises(Invalid, match="不能再并入"):
        await handling.merge(duty, one.number, done.number)
    assert (await Appeal.get(id=one.id)).status is AppealStatus.ASSIGNED


async def test_nothing_is_merged_across_the_scope(village: Village) -> None:
    other = await make_village()
    one, foreign = await village.appeal(), await other.appeal()
    with pytest.raises(Forbidden):
        await handling.merge(await access.staff_actor(village.duty), one.number, foreign.number)


async def test_an_emergency_does_not_end_within_what_is_none(village: Village) -> None:
    singing = await village.appeal()
    danger = await _alarm(village)
    duty = await access.staff_actor(village.duty)

    with pytest.raises(Invalid, match="是险情"):
        await handling.merge(duty, danger.number, singing.number)

    assert (await Appeal.get(id=danger.id)).status is AppealStatus.ASSIGNED
    merged = await handling.merge(duty, singing.number, danger.number)
    assert merged.status is AppealStatus.MERGED


async def test_who_was_alerted_to_a_merged_emergency_goes_on_with_the_other(village: Village) -> None:
    main = await village.appeal(urgency=Urgency.EMERGENCY, grid=None)
    async with writing():
        await handling.alert_emergency(main, ("119",))
    danger = await _alarm(village)
    alerted = set(await told(danger, Notice.ALERT))

    await handling.merge(await access.staff_actor(village.duty), danger.number, main.number)

    words = await told(danger)
    others = alerted - {village.duty.resident_id}
    assert all(f"请按 {main.number} 处理" in words[one] for one in others)
    assert set(await told(main, Notice.ALERT)) == alerted


async def _alarm(village: Village) -> Appeal:
    danger = await village.appeal(urgency=Urgency.EMERGENCY)
    async with writing():
        await handling.alert_emergency(danger, ("119",))
    return danger


async def test_two_crossed_merges_at_once_end_with_one_of_them_open(village: Village) -> None:
    duty = await access.staff_actor(village.duty)
    for _ in range(5):
        one, other = await village.appeal(), await village.appeal()

        async def attempt(number: int, into: int) -> bool:
            try:
                await handling.merge(duty, number, into)
            except DomainError:
                return False
            return True

        done = await asyncio.gather(
            asyncio.create_task(attempt(one.number, other.number), context=Context()),
            asyncio.create_task(attempt(other.number, one.number), context=Context()),
        )
        states = {(await Appeal.get(id=x.id)).status for x in (one, other)}
        assert sorted(done) == [False, True]
        assert states == {AppealStatus.ASSIGNED, AppealStatus.MERGED}


async def test_splitting_makes_a_linked_appeal_with_an_owner_of_its_own(village: Village) -> None:
    appeal = await village.appeal(status=AppealStatus.ACCEPTED)
    duty = await access.staff_actor(village.duty)

    made = await handling.split(duty, appeal.number, "妈妈的养老金没发", village.other.code)

    assert (made.linked_to_id, made.text, made.status) == (
        appeal.id,
        "妈妈的养老金没发",
        AppealStatus.ASSIGNED,
    )
    assert (made.resident_id, made.grid_id) == (appeal.resident_id, appeal.grid_id)
    assert (await open_assignment(made)).organization_id == village.organization.id
    assert made.timer is not None
    assert (await RoutingDecision.get(appeal_id=made.id)).ranked[0]["code"] == village.other.code
    assert str(made.number) in (await told(appeal, Notice.PROGRESS))[village.resident.id]
    assert (await Appeal.get(id=appeal.id)).status is AppealStatus.ACCEPTED


async def test_only_the_desk_splits_what_is_open(village: Village) -> None:
    appeal = await village.appeal()
    with pytest.raises(Forbidden):
        await handling.split(access.grid_actor(village.member), appeal.number, "x", village.other.code)
    with pytest.raises(Forbidden):
        await handling.split(access.grid_actor(village.leader), appeal.number, "x", village.other.code)
    duty = await access.staff_actor(village.duty)
    with pytest.raises(NotFound, match="没有类别"):
        await handling.split(duty, appeal.number, "x", "nothing")
    with pytest.raises(Invalid):
        await handling.split(duty, appeal.number, "  ", village.other.code)
    done = await village.appeal(status=AppealStatus.CLOSED)
    with pytest.raises(IllegalMove):
        await handling.split(duty, done.number, "x", village.other.code)
    assert await AppealEvent.all().count() == 0
    assert await dispatch.owner_name(appeal.id) == village.member.title
