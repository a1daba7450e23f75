"""Rating and reopening: unhappiness goes to the supervisor of whoever resolved, not to the same hands."""

from __future__ import annotations

from typing import Any

import pytest

from models import Appeal, AppealEvent, AppealStatus, AssigneeKind, Notice, Rating
from services import access, clock, dispatch, handling
from services.errors import IllegalMove, Invalid, NotFound
from tests.services.village import (
    Holder,
    Village,
    make_village,
    open_assignment,
    organization_actor,
    told,
    verbs,
)


@pytest.fixture
async def village(db: str) -> Village:
    return await make_village()


async def resolved_by(village: Village, holder: Holder, level: int = 0) -> Appeal:
    appeal = await village.appeal(holder, status=AppealStatus.RESOLVED)
    await appeal.assignments.all().update(level=level)  # type: ignore[attr-defined]
    return appeal


@pytest.mark.parametrize("rating", [Rating.HAPPY, Rating.FAIR])
async def test_a_content_resident_closes_the_appeal(village: Village, rating: Rating) -> None:
    appeal = await village.appeal(status=AppealStatus.RESOLVED)

    moved = await handling.rate(access.resident_actor(village.resident.id), appeal.number, rating, "谢谢")

    assert (moved.status, moved.rating, moved.rating_words) == (AppealStatus.CLOSED, rating, "谢谢")
    assert (moved.timer, moved.closed_at is None) == (None, False)
    assert await verbs(appeal) == ["rate", "close"]
    assert rating.label in (await told(appeal))[village.member.resident_id or 0]


async def test_an_unhappy_resident_brings_it_back_to_the_supervisor_with_fresh_deadlines(
    village: Village,
) -> None:
    past = clock.now()
    appeal = await village.appeal(status=AppealStatus.RESOLVED, resolve_by=past, accept_by=past)

    moved = await handling.rate(
        access.resident_actor(village.resident.id), appeal.number, Rating.UNHAPPY, "还是不亮"
    )

    assert (moved.status, moved.rating, moved.escalation) == (AppealStatus.ASSIGNED, Rating.UNHAPPY, 1)
    assert moved.resolve_by > past
    assert moved.resolved_at is None
    assert (await open_assignment(appeal)).grid_member_id == village.leader.id
    assert "督办" in (await told(appeal, Notice.ASSIGNED))[village.leader.resident_id or 0]
    assert await verbs(appeal) == ["rate", "reopen"]


async def test_the_supervisor_of_each_rung_is_the_next_one(village: Village) -> None:
    resident = access.resident_actor(village.resident.id)
    cases: list[tuple[Holder, int, str, Any]] = [
        (village.organization, 0, "staff_id", village.duty.id),
        (village.leader, 1, "staff_id", village.duty.id),
        (village.duty, 2, "staff_id", village.town_duty.id),
        (village.town_duty, 3, "staff_id", village.city_duty.id),
        (village.city_duty, 4, "staff_id", village.city_duty.id),  # nobody is above
    ]
    for holder, level, column, expected in cases:
        appeal = await resolved_by(village, holder, level)
        await handling.rate(resident, appeal.number, Rating.UNHAPPY)
        held = await open_assignment(appeal)
        assert getattr(held, column) == expected, holder


async def test_what_closed_by_itself_may_still_be_rated(village: Village) -> None:
    appeal = await village.appeal(status=AppealStatus.CLOSED)
    resident = access.resident_actor(village.resident.id)

    happy = await handling.rate(resident, appeal.number, Rating.HAPPY)
    assert (happy.status, happy.rating) == (AppealStatus.CLOSED, Rating.HAPPY)

    unhappy = await handling.rate(resident, appeal.number, Rating.UNHAPPY)
    assert unhappy.status is AppealStatus.ASSIGNED


@pytest.mark.parametrize("status", [AppealStatus.ASSIGNED, AppealStatus.ACCEPTED, AppealStatus.CANCELLED])
async def test_what_is_not_resolved_cannot_be_rated(village: Village, status: AppealStatus) -> None:
    appeal = await village.appeal(status=status)
    with pytest.raises(IllegalMove, match="办结以后才能评价"):
        await handling.rate(access.resident_actor(village.resident.id), appeal.number, Rating.HAPPY)
    assert await AppealEvent.all().count() == 0


async def test_nobody_rates_the_appeal_of_somebody_else(village: Village) -> None:
    appeal = await village.appeal(status=AppealStatus.RESOLVED)
    with pytest.raises(NotFound):
        await handling.rate(access.resident_actor(village.resident.id + 999), appeal.number, Rating.HAPPY)
    with pytest.raises(NotFound):
        await handling.rate(
            access.resident_actor(village.member.resident_id or 0), appeal.number, Rating.HAPPY
        )


async def test_staff_reopen_with_a_reason_and_the_resident_is_told(village: Village) -> None:
    appeal = await village.appeal(status=AppealStatus.CLOSED)
    duty = await access.staff_actor(village.duty)
    with pytest.raises(Invalid, match="重办理由"):
        await handling.reopen(duty, appeal.number, "")

    await handling.reopen(duty, appeal.number, "回访发现没修好")

    words = (await told(appeal, Notice.PROGRESS))[village.resident.id]
    assert village.leader.title in words
    assert "回访" not in words


async def test_reopened_twice_none_of_the_former_hands_gets_it(village: Village) -> None:
    appeal = await village.appeal(status=AppealStatus.RESOLVED)
    resident = access.resident_actor(village.resident.id)
    await handling.rate(resident, appeal.number, Rating.UNHAPPY)
    leader = access.grid_actor(village.leader)
    await handling.accept(leader, appeal.number)
    await handling.resolve(leader, appeal.number, "又修了一次")
    await handling.rate(resident, appeal.number, Rating.UNHAPPY)
    assert (await open_assignment(appeal)).staff_id == village.duty.id


async def test_the_desk_that_only_passed_it_on_is_the_supervisor_of_who_resolved_it(village: Village) -> None:
    appeal = await village.appeal(village.duty)
    duty, kind = await access.staff_actor(village.duty), AssigneeKind.ORGANIZATION
    await dispatch.assign(duty, appeal.number, kind, village.organization.id)
    worker = await organization_actor(village.organization)
    await handling.accept(worker, appeal.number)
    await handling.resolve(worker, appeal.number, "去过了")

    await handling.rate(access.resident_actor(village.resident.id), appeal.number, Rating.UNHAPPY)

    assert (await open_assignment(appeal)).staff_id == village.duty.id


async def test_who_accepted_and_handed_it_over_does_not_get_it_again(village: Village) -> None:
    appeal = await village.appeal(village.leader)
    leader = access.grid_actor(village.leader)
    to = dispatch.Assignee(AssigneeKind.GRID_MEMBER, village.member.id, village.member.title)
    await handling.accept(leader, appeal.number)
    await handling.hand_over(leader, appeal.number, "不会修", to)
    await handling.resolve(access.grid_actor(village.member), appeal.number, "修好了")

    await handling.rate(access.resident_actor(village.resident.id), appeal.number, Rating.UNHAPPY)

    assert (await open_assignment(appeal)).staff_id == village.duty.id
