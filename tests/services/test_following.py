"""Followers: what was merged, by staff or by residents, is told of, spoken to and kept without an orphan."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from contextvars import Context

import pytest

from models import (
    OPEN,
    Appeal,
    AppealEvent,
    AppealStatus,
    Assignment,
    AssignmentEnd,
    Delivery,
    Notice,
    OrganizationMember,
    Rating,
    Resident,
    Urgency,
)
from services import access, browsing, following, handling, revisions
from services.errors import DomainError, IllegalMove, Invalid, NotFound
from tests.make import make_resident
from tests.services.village import Village, make_village, open_assignment, told

S = AppealStatus


@pytest.fixture
async def village(db: str) -> Village:
    return await make_village()


async def _follower(village: Village, main: Appeal) -> tuple[Appeal, Resident]:
    """Somebody whose appeal staff merged into `main`."""
    resident = await make_resident(community=village.community)
    own = await village.appeal(resident=resident)
    await handling.merge(await access.staff_actor(village.duty), own.number, main.number)
    await own.refresh_from_db()
    return own, resident


async def _orphans() -> list[int]:
    """Open appeals that nobody holds, and merged ones below an appeal that is gone."""
    held = {one.appeal_id for one in await Assignment.filter(ended_at=None)}
    lost = [one.id for one in await Appeal.filter(status__in=list(OPEN)) if one.id not in held]
    for one in await Appeal.filter(status=S.MERGED):
        main = await following.target(one)
        if main.status is S.CANCELLED and main.resident_id != one.resident_id:
            lost.append(one.id)
    return lost


async def test_every_step_is_told_to_each_follower_once_and_without_the_words_of_others(
    village: Village,
) -> None:
    main = await village.appeal()
    first, anna = await _follower(village, main)
    second, _ = await _follower(village, main)
    third = await village.appeal(resident=anna)
    duty = await access.staff_actor(village.duty)
    await handling.merge(duty, third.number, main.number)
    await Delivery.all().delete()
    member = access.grid_actor(village.member)

    await handling.accept(member, main.number)
    assert "已接单" in (await told(first))[anna.id]
    assert second.resident_id in await told(second)
    assert await told(third) == {}
    await handling.reply(member, main.number, "您家钥匙放门口")
    await handling.close(duty, main.number, "住户自己修了")

    texts = [one.payload["text"] for one in await Delivery.filter(appeal_id=first.id).order_by("id")]
    assert len(texts) == 2
    assert f"不满意 {first.number}" in texts[1]
    assert "自己修" not in texts[1]
    assert all(str(main.number) not in one for one in texts)


async def test_supporters_are_counted_by_person_without_the_reporter(village: Village) -> None:
    main, alone = await village.appeal(), await village.appeal()
    _, resident = await _follower(village, main)
    duty = await access.staff_actor(village.duty)
    for reporter in (resident, village.resident):
        own = await village.appeal(resident=reporter)
        await handling.merge(duty, own.number, main.number)
    await _follower(village, main)

    assert await following.supporters([main, alone]) == {main.id: 2, alone.id: 0}
    listed = await browsing.page(duty, browsing.Filters(status=list(OPEN)), before=None, limit=10)
    assert {one.appeal.id: one.supporters for one in listed} == {main.id: 2, alone.id: 0}
    assert (await browsing.detail(duty, main.number)).supporters == 2


async def test_words_follow_through_a_chain_of_merges(village: Village) -> None:
    middle, last = await village.appeal(), await village.appeal()
    own, resident = await _follower(village, middle)
    duty = await access.staff_actor(village.duty)
    await handling.merge(duty, middle.number, last.number)
    await own.refresh_from_db()

    added = await handling.supplement(resident.id, own, "还是老样子")

    assert added.id == last.id
    event = await AppealEvent.filter(appeal_id=last.id, verb="supplement").first()
    assert event is not None
    assert (event.public, f"{own.number} 的居民补充" in event.words) == (False, True)
    assert await AppealEvent.filter(appeal_id=own.id, verb="supplement", public=True).exists()
    with pytest.raises(NotFound):
        await handling.supplement(village.resident.id + 999, own, "别人的话")


async def test_what_is_merged_already_names_the_one_to_merge_into(village: Village) -> None:
    main, other = await village.appeal(), await village.appeal()
    own, _ = await _follower(village, main)
    duty = await access.staff_actor(village.duty)
    with pytest.raises(Invalid, match=f"请并入 {main.number}"):
        await handling.merge(duty, other.number, own.number)
    with pytest.raises(Invalid):
        await handling.merge(duty, main.number, own.number)


async def test_an_answer_after_a_merge_reaches_whoever_handles_it_now(village: Village) -> None:
    main = await village.appeal(village.organization)
    resident = await make_resident(community=village.community)
    own = await village.appeal(resident=resident)
    await handling.ask(access.grid_actor(village.member), own.number, "几栋？")
    duty = await access.staff_actor(village.duty)
    await handling.merge(duty, own.number, main.number)
    await own.refresh_from_db()

    await handling.answer(access.resident_actor(resident.id), own.number, "3栋")

    answered = await Delivery.filter(notice=Notice.ANSWERED)
    members = await OrganizationMember.filter(organization_id=village.organization.id)
    holders = {one.resident_id for one in members}
    assert {one.resident_id for one in answered} == holders


async def test_a_withdrawn_appeal_leaves_its_followers_to_the_oldest_of_them(village: Village) -> None:
    main = await village.appeal()
    first, anna = await _follower(village, main)
    second, _ = await _follower(village, main)
    await handling.accept(access.grid_actor(village.member), main.number)

    await handling.withdraw(access.resident_actor(village.resident.id), main.number)

    await first.refresh_from_db()
    await second.refresh_from_db()
    assert (first.status, first.merged_into_id) == (S.ASSIGNED, None)
    assert (second.status, second.merged_into_id) == (S.MERGED, first.id)
    assert (await open_assignment(first)).grid_member_id == village.member.id
    assert first.timer is not None
    assert "接着办" in (await told(first, Notice.PROGRESS))[anna.id]
    assert await _orphans() == []


@pytest.mark.parametrize("verb", [handling.withdraw, handling.stand_down])
async def test_an_alarm_that_others_raised_too_goes_on_under_the_number_of_theirs(
    village: Village, verb: Callable[[access.Actor, int], Awaitable[Appeal]]
) -> None:
    main = await village.appeal(urgency=Urgency.EMERGENCY)
    own, anna = await _follower(village, main)
    await handling.alert_emergency(main, ("119",))

    await verb(access.resident_actor(village.resident.id), main.number)

    await own.refresh_from_db()
    assert (own.status, own.urgency) == (S.ASSIGNED, Urgency.EMERGENCY)
    assert await told(main, Notice.STAND_DOWN) == {}
    assert f"按 {own.number} 办" in (await told(main, Notice.PROGRESS))[village.leader.resident_id or 0]
    assert village.leader.resident_id in await told(own, Notice.ALERT)
    assert "接着办" in (await told(own, Notice.PROGRESS))[anna.id]


async def test_a_follower_who_leaves_calls_nobody_off(village: Village) -> None:
    main = await village.appeal(urgency=Urgency.EMERGENCY)
    own, anna = await _follower(village, main)
    await Appeal.filter(id=own.id).update(urgency=Urgency.EMERGENCY)
    await handling.alert_emergency(main, ("119",))

    await handling.stand_down(access.resident_actor(anna.id), own.number)

    await main.refresh_from_db()
    assert main.status is S.ASSIGNED
    assert await Delivery.filter(notice=Notice.STAND_DOWN).count() == 0


async def test_what_a_follower_adds_to_an_alarm_reaches_all_who_are_on_the_way(village: Village) -> None:
    main = await village.appeal(urgency=Urgency.EMERGENCY)
    own, anna = await _follower(village, main)
    await handling.alert_emergency(main, ("119",))

    await handling.supplement(anna.id, own, "火往东边去了")

    assert village.leader.resident_id in await told(main, Notice.PROGRESS)


async def test_a_holder_on_leave_is_not_handed_what_is_left(village: Village) -> None:
    main = await village.appeal()
    own, _ = await _follower(village, main)
    village.member.active = False
    await village.member.save()
    await revisions.bump(revisions.ROSTER)

    await handling.withdraw(access.resident_actor(village.resident.id), main.number)

    assert (await open_assignment(own)).grid_member_id == village.second.id


async def test_ones_own_second_report_goes_with_the_first(village: Village) -> None:
    main, again = await village.appeal(), await village.appeal()
    await handling.merge(await access.staff_actor(village.duty), again.number, main.number)

    await handling.withdraw(access.resident_actor(village.resident.id), main.number)

    assert await Assignment.filter(ended_at=None).count() == 0
    assert await _orphans() == []


async def test_a_verdict_of_a_follower_waits_for_the_end_and_stays_theirs(village: Village) -> None:
    main = await village.appeal()
    own, resident = await _follower(village, main)
    actor = access.resident_actor(resident.id)
    with pytest.raises(IllegalMove, match="办结以后"):
        await handling.rate(actor, own.number, Rating.HAPPY)
    await handling.resolve(access.grid_actor(village.member), main.number, "修好了")

    rated = await handling.rate(actor, own.number, Rating.FAIR, "慢了点")

    assert (rated.rating, rated.status) == (Rating.FAIR, S.MERGED)
    assert (await Appeal.get(id=main.id)).status is S.RESOLVED
    assert "一般" in (await told(own))[village.member.resident_id or 0]


async def test_an_unhappy_follower_comes_out_above_whoever_resolved_it(village: Village) -> None:
    main = await village.appeal()
    own, resident = await _follower(village, main)
    await handling.resolve(access.grid_actor(village.member), main.number, "修好了")

    again = await handling.rate(access.resident_actor(resident.id), own.number, Rating.UNHAPPY, "没好")

    assert (again.status, again.merged_into_id) == (S.ASSIGNED, None)
    held = await open_assignment(again)
    assert held.grid_member_id == village.leader.id
    assert (await Appeal.get(id=main.id)).status is S.RESOLVED


async def test_staff_take_a_wrong_merge_apart_and_anybody_may_get_it(village: Village) -> None:
    main = await village.appeal()
    own, _ = await _follower(village, main)

    await handling.reopen(await access.staff_actor(village.duty), own.number, "不是同一件")

    assert (await open_assignment(own)).grid_member_id in {village.member.id, village.second.id}
    assert await following.supporters([main]) == {main.id: 0}


async def test_a_reopened_appeal_keeps_its_followers(village: Village) -> None:
    main = await village.appeal()
    own, resident = await _follower(village, main)
    await handling.resolve(access.grid_actor(village.member), main.number, "修好了")

    await handling.rate(access.resident_actor(village.resident.id), main.number, Rating.UNHAPPY)

    await own.refresh_from_db()
    assert own.merged_into_id == main.id
    assert "重新办理" in (await told(own))[resident.id]


async def test_merging_and_withdrawing_at_once_leave_nobody_without_an_owner(village: Village) -> None:
    duty = await access.staff_actor(village.duty)
    actor = access.resident_actor(village.resident.id)
    for _ in range(4):
        main = await village.appeal()
        own, resident = await _follower(village, main)
        other = await village.appeal(resident=await make_resident(community=village.community))
        work = (
            handling.withdraw(actor, main.number),
            handling.merge(duty, other.number, main.number),
            handling.withdraw(access.resident_actor(resident.id), own.number),
        )

        async def attempt(one: object) -> None:
            with suppress(DomainError):
                await one  # type: ignore[misc]

        tasks = [asyncio.create_task(attempt(one), context=Context()) for one in work]
        await asyncio.gather(*tasks)
        assert await _orphans() == []


async def test_ending_notes_say_where_it_went(village: Village) -> None:
    main = await village.appeal()
    own, _ = await _follower(village, main)
    ended = await Assignment.get(appeal_id=own.id)
    assert (ended.ended_as, ended.note) == (AssignmentEnd.CANCELLED, f"并入 {main.number}")
