"""The verbs of whoever holds an appeal: what they change, write down and tell."""

from __future__ import annotations

import asyncio
from contextvars import Context
from datetime import date, timedelta

import pytest

from models import (
    Appeal,
    AppealEvent,
    AppealStatus,
    AssigneeKind,
    Assignment,
    AssignmentEnd,
    Delivery,
    DeliveryState,
    Notice,
    Resident,
    Role,
    RoutingDecision,
    Timer,
    Verb,
)
from services import access, clock, dispatch, handling
from services.errors import DomainError, Forbidden, IllegalMove, Invalid
from services.ranking import Assignee
from tests.make import make_organization
from tests.services.village import Village, make_village, open_assignment, organization_actor, told, verbs

TOMORROW = clock.china_today() + timedelta(days=1)


@pytest.fixture
async def village(db: str) -> Village:
    return await make_village()


async def test_accepting_tells_the_resident_who_and_by_when(village: Village) -> None:
    appeal = await village.appeal()
    actor = access.grid_actor(village.member)

    moved = await handling.accept(actor, appeal.number)

    assert moved.status is AppealStatus.ACCEPTED
    assert moved.timer in (Timer.REMIND_RESOLVE, Timer.ESCALATE_RESOLVE)
    assert moved.accepted_at is not None
    assert (await open_assignment(appeal)).accepted_by == village.member.resident_id
    words = (await told(appeal, Notice.PROGRESS))[village.resident.id]
    assert f"{village.member.title}已接单" in words
    assert await verbs(appeal) == ["accept"]


async def test_the_second_of_a_team_is_told_who_accepted_already(village: Village) -> None:
    appeal = await village.appeal(village.organization)
    manager = await organization_actor(village.organization)
    colleague = await organization_actor(village.organization, Role.ORGANIZATION_MEMBER)
    await handling.accept(manager, appeal.number)

    with pytest.raises(IllegalMove, match=f"{appeal.number} 已由 {manager.title} 接单"):
        await handling.accept(colleague, appeal.number)
    with pytest.raises(IllegalMove, match="您已经接单了"):
        await handling.accept(manager, appeal.number)


async def test_of_two_acceptors_at_once_one_wins_and_the_other_is_told_who(village: Village) -> None:
    manager = await organization_actor(village.organization)
    colleague = await organization_actor(village.organization, Role.ORGANIZATION_MEMBER)
    for _ in range(8):
        appeal = await village.appeal(village.organization)

        async def attempt(actor: access.Actor, number: int) -> Appeal | DomainError:
            try:
                return await handling.accept(actor, number)
            except DomainError as refused:
                return refused

        one, other = await asyncio.gather(
            *(
                asyncio.create_task(attempt(actor, appeal.number), context=Context())
                for actor in (manager, colleague)
            )
        )

        winner, loser = (manager, other) if isinstance(one, Appeal) else (colleague, one)
        assert isinstance(loser, IllegalMove)
        assert winner.title in loser.message
        assert (await open_assignment(appeal)).accepted_by == winner.resident_id
        assert await verbs(appeal) == ["accept"]


async def test_without_lock_and_guard_both_acceptors_would_win(village: Village) -> None:
    """Negative control: the harness of the test above can break the rule."""
    appeal = await village.appeal(village.organization)
    both_have_read = asyncio.Barrier(2)

    async def unguarded(number: int) -> int:
        found = await Appeal.get(id=number)
        await both_have_read.wait()
        if found.status is not AppealStatus.ASSIGNED:
            return 0
        return await Appeal.filter(id=number).update(status=AppealStatus.ACCEPTED)

    done = await asyncio.gather(*(asyncio.create_task(unguarded(appeal.number)) for _ in range(2)))

    assert done == [1, 1]


async def test_handing_over_needs_a_reason(village: Village) -> None:
    appeal = await village.appeal()
    with pytest.raises(Invalid, match="请写明转派理由"):
        await handling.hand_over(access.grid_actor(village.member), appeal.number, "  ")
    assert await Delivery.all().count() == 0


async def test_handing_over_without_a_target_goes_to_the_next_by_ranking(village: Village) -> None:
    appeal = await village.appeal(status=AppealStatus.ACCEPTED, accepted_at=clock.now())

    moved = await handling.hand_over(access.grid_actor(village.member), appeal.number, "不在我们网格")

    assert moved.status is AppealStatus.ASSIGNED
    assert moved.accepted_at is None
    held = await open_assignment(appeal)
    assert held.grid_member_id == village.second.id
    before = await Assignment.get(appeal_id=appeal.id, grid_member_id=village.member.id)
    assert before.ended_as is AssignmentEnd.HANDED_OVER
    assert set(await told(appeal, Notice.ASSIGNED)) == {village.second.resident_id}
    event = await AppealEvent.get(appeal_id=appeal.id)
    assert (event.verb, event.public) == (Verb.HAND_OVER.value, False)
    assert "不在我们网格" not in (await told(appeal))[village.resident.id]


async def test_handed_over_twice_it_does_not_come_back_to_the_first(village: Village) -> None:
    appeal = await village.appeal()
    await handling.hand_over(access.grid_actor(village.member), appeal.number, "不归我")
    await handling.hand_over(access.grid_actor(village.second), appeal.number, "也不归我")
    assert (await open_assignment(appeal)).grid_member_id == village.leader.id


async def test_handing_over_to_somebody_named(village: Village) -> None:
    appeal = await village.appeal()
    to = Assignee(AssigneeKind.ORGANIZATION, village.organization.id, village.organization.name)

    await handling.hand_over(access.grid_actor(village.member), appeal.number, "归他们", to)

    assert (await open_assignment(appeal)).organization_id == village.organization.id
    assert len(await told(appeal, Notice.ASSIGNED)) == 2


async def test_the_first_return_goes_to_the_next_and_both_steps_stand_in_the_history(
    village: Village,
) -> None:
    appeal = await village.appeal()

    moved = await handling.give_back(access.grid_actor(village.member), appeal.number, "不归我们管")

    assert (moved.status, moved.returns) == (AppealStatus.ASSIGNED, 1)
    assert (await open_assignment(appeal)).grid_member_id == village.second.id
    assert await verbs(appeal) == ["return", "assign"]


async def test_returned_twice_the_community_holds_it_and_may_accept_or_assign(village: Village) -> None:
    appeal = await village.appeal()
    await handling.give_back(access.grid_actor(village.member), appeal.number, "不归我们管")
    moved = await handling.give_back(access.grid_actor(village.second), appeal.number, "也不归我")

    assert (moved.status, moved.returns) == (AppealStatus.RETURNED, 2)
    assert (await open_assignment(appeal)).staff_id == village.duty.id
    assert moved.timer is not None

    duty = await access.staff_actor(village.duty)
    accepted = await handling.accept(duty, appeal.number)
    assert accepted.status is AppealStatus.ACCEPTED
    back = await dispatch.assign(duty, appeal.number, AssigneeKind.GRID_MEMBER, village.member.id)
    assert back.status is AppealStatus.ASSIGNED


async def test_suspending_pauses_the_deadline_and_resuming_shifts_it(village: Village) -> None:
    appeal = await village.appeal(status=AppealStatus.ACCEPTED)
    actor = access.grid_actor(village.member)

    suspended = await handling.suspend(actor, appeal.number, TOMORROW, "等配件")

    assert (suspended.status, suspended.timer) == (AppealStatus.SUSPENDED, Timer.RESUME)
    assert "等配件" in (await told(appeal))[village.resident.id]
    week = timedelta(days=7)
    early = clock.now() - week
    await Appeal.filter(id=appeal.id).update(
        suspended_at=early, resolve_by=early + timedelta(days=2), resume_on=TOMORROW
    )
    resumed = await handling.resume(actor, appeal.number)
    assert resumed.status is AppealStatus.ACCEPTED
    assert resumed.resolve_by > clock.now()
    assert (resumed.suspended_at, resumed.resume_on) == (None, None)


@pytest.mark.parametrize("days", [-1, 0, 184])
async def test_a_suspension_must_end_within_half_a_year(village: Village, days: int) -> None:
    appeal = await village.appeal(status=AppealStatus.ACCEPTED)
    until: date = clock.china_today() + timedelta(days=days)
    with pytest.raises(Invalid, match="半年以内"):
        await handling.suspend(access.grid_actor(village.member), appeal.number, until, "等配件")


async def test_a_suspended_appeal_that_staff_reassign_gets_its_time_back(village: Village) -> None:
    early = clock.now() - timedelta(days=7)
    appeal = await village.appeal(
        status=AppealStatus.SUSPENDED,
        suspended_at=early,
        resolve_by=early + timedelta(days=2),
        resume_on=TOMORROW,
    )
    duty = await access.staff_actor(village.duty)
    moved = await dispatch.assign(duty, appeal.number, AssigneeKind.GRID_MEMBER, village.second.id)
    assert moved.resolve_by > clock.now()
    assert moved.suspended_at is None


async def test_resolving_asks_for_a_rating_and_ends_the_assignment(village: Village) -> None:
    appeal = await village.appeal(status=AppealStatus.ACCEPTED)

    moved = await handling.resolve(access.grid_actor(village.member), appeal.number, "路灯已修好。")

    assert (moved.status, moved.result) == (AppealStatus.RESOLVED, "路灯已修好")
    assert moved.timer is Timer.CLOSE_SILENT
    words = (await told(appeal))[village.resident.id]
    assert f"满意 {appeal.number}" in words
    held = await dispatch.current(appeal.id)
    assert held.ended_as is AssignmentEnd.FINISHED
    assert await dispatch.owner_name(appeal.id) == village.member.title
    assert not await dispatch.holds(access.grid_actor(village.member), appeal)


async def test_resolved_by_staff_the_holder_is_told_to_stop(village: Village) -> None:
    appeal = await village.appeal()
    await handling.resolve(await access.staff_actor(village.duty), appeal.number, "已当场解决")
    words = (await told(appeal))[village.member.resident_id or 0]
    assert "不用再办" in words


async def test_withdrawing_stops_the_holder_and_takes_back_unsent_pushes(village: Village) -> None:
    appeal = await village.appeal()
    duty = await access.staff_actor(village.duty)
    await dispatch.assign(duty, appeal.number, AssigneeKind.GRID_MEMBER, village.second.id)

    moved = await handling.withdraw(access.resident_actor(village.resident.id), appeal.number)

    assert (moved.status, moved.timer) == (AppealStatus.CANCELLED, None)
    push = await Delivery.get(appeal_id=appeal.id, notice=Notice.ASSIGNED)
    assert push.state is DeliveryState.STOOD_DOWN
    assert "撤回" in (await told(appeal))[village.second.resident_id or 0]


async def test_the_reporter_is_not_pushed_about_their_own_act(village: Village) -> None:
    appeal = await village.appeal()
    await handling.withdraw(access.resident_actor(village.resident.id), appeal.number)
    assert village.resident.id not in await told(appeal)


async def test_staff_close_with_a_reason_that_the_resident_reads(village: Village) -> None:
    appeal = await village.appeal()
    duty = await access.staff_actor(village.duty)
    with pytest.raises(Invalid, match="归档理由"):
        await handling.close(duty, appeal.number, " ")

    moved = await handling.close(duty, appeal.number, "重复反映")

    assert moved.status is AppealStatus.CLOSED
    assert "重复反映" in (await told(appeal))[village.resident.id]
    assert (await dispatch.current(appeal.id)).ended_as is AssignmentEnd.CANCELLED


async def test_nobody_handles_their_own_appeal_even_when_it_was_given_to_them(village: Village) -> None:
    assert village.member.resident_id is not None
    appeal = await village.appeal(resident=await Resident.get(id=village.member.resident_id))
    with pytest.raises(Forbidden, match="您自己提出的"):
        await handling.accept(access.grid_actor(village.member), appeal.number)


async def test_a_push_to_the_holder_never_holds_the_words_of_the_resident(village: Village) -> None:
    appeal = await village.appeal(text="我叫张三丰住在五栋，电话13800000000")
    await handling.hand_over(access.grid_actor(village.member), appeal.number, "不归我")
    for one in await Delivery.filter(notice=Notice.ASSIGNED):
        assert "张三丰" not in str(one.payload)
        assert "13800000000" not in str(one.payload)


async def test_every_handing_on_leaves_a_decision_that_says_why(village: Village) -> None:
    appeal = await village.appeal()
    await handling.hand_over(access.grid_actor(village.member), appeal.number, "不在我们网格")
    decision = await RoutingDecision.get(appeal_id=appeal.id)
    assert decision.why.startswith("不在我们网格。")
    assert decision.chosen == village.second.title
    dropped = [one for one in decision.candidates if not one["kept"]]
    assert dropped[0]["name"] == village.member.title
    assert dropped[0]["why"] == "已经派过，这次不再派"


async def test_nobody_is_handed_an_appeal_that_no_one_can_be_pushed_about(village: Village) -> None:
    unbound = await make_organization(village.other, village.community, members=0)
    appeal = await village.appeal()
    duty = await access.staff_actor(village.duty)
    with pytest.raises(Invalid, match="绑定码"):
        await dispatch.assign(duty, appeal.number, AssigneeKind.ORGANIZATION, unbound.id)
