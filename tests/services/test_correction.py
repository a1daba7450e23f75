"""Correcting a category: dispatched afresh before anyone accepted, and kept as training words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models import AppealStatus, AuditEntry, RoutingDecision, Timer, writing
from services import access, clock, dispatch, handling, talking
from services.errors import Forbidden, NotFound
from tests.services.test_dispatch import choose, judgement
from tests.services.village import Village, make_village, open_assignment, reserved, told, verbs


@pytest.fixture
async def village(db: str) -> Village:
    return await make_village()


async def test_before_acceptance_a_correction_redispatches_and_is_kept_with_the_prediction(
    village: Village,
) -> None:
    appeal = await village.appeal(unsure=True)
    await appeal.assignments.all().delete()  # type: ignore[attr-defined]
    async with writing():
        await dispatch.assign_new(
            appeal, village.category, judgement(), await choose(village), await reserved()
        )

    moved = await handling.correct_category(
        await access.staff_actor(village.duty), appeal.number, village.other.code
    )

    assert (moved.category_id, moved.unsure, moved.status) == (
        village.other.id,
        False,
        AppealStatus.ASSIGNED,
    )
    assert (await open_assignment(appeal)).organization_id == village.organization.id
    predicted, given = await RoutingDecision.filter(appeal_id=appeal.id).order_by("id")
    assert predicted.corrected_to == village.other.code
    assert predicted.ranked[0]["code"] == "lamp"
    assert given.corrected_to is None
    assert village.organization.name in (await told(appeal))[village.resident.id]
    entry = await AuditEntry.get(target=f"appeal {appeal.number}")
    assert (entry.action, entry.detail["after"]) == ("appeal.category", village.other.code)


async def test_after_acceptance_the_owner_stays(village: Village) -> None:
    appeal = await village.appeal(status=AppealStatus.ACCEPTED)
    moved = await handling.correct_category(
        await access.staff_actor(village.duty), appeal.number, village.other.code
    )
    assert (moved.category_id, moved.status) == (village.other.id, AppealStatus.ACCEPTED)
    assert (await open_assignment(appeal)).grid_member_id == village.member.id
    assert await verbs(appeal) == ["correct"]


async def test_confirming_an_unsure_category_dispatches_it_out_of_triage(village: Village) -> None:
    appeal = await village.appeal(village.duty, unsure=True)
    await handling.correct_category(
        await access.staff_actor(village.duty), appeal.number, village.category.code
    )
    assert (await open_assignment(appeal)).grid_member_id == village.member.id


async def test_a_delicate_category_is_not_named_to_the_resident(village: Village) -> None:
    await village.other.update_from_dict({"delicate": True}).save()
    appeal = await village.appeal()

    await handling.correct_category(await access.staff_actor(village.duty), appeal.number, village.other.code)

    words = (await told(appeal))[village.resident.id]
    assert "只有办理的人能看到" in words
    assert village.other.name not in words
    assert await talking.last_words(appeal) == ""


async def test_confirming_a_sure_category_moves_nothing(village: Village) -> None:
    appeal = await village.appeal()
    await handling.correct_category(
        await access.staff_actor(village.duty), appeal.number, village.category.code
    )
    assert await verbs(appeal) == ["confirm"]
    assert (await open_assignment(appeal)).grid_member_id == village.member.id


async def test_after_acceptance_the_deadline_follows_and_both_sides_hear_it(village: Village) -> None:
    await village.other.update_from_dict({"resolve_minutes": 20_000}).save()
    appeal = await village.appeal(status=AppealStatus.ACCEPTED, resolve_by=clock.now() + timedelta(days=3))

    moved = await handling.correct_category(
        await access.staff_actor(village.duty), appeal.number, village.other.code
    )

    assert (moved.resolve_by - clock.now()).days > 20
    assert moved.timer is Timer.REMIND_RESOLVE
    words = await told(appeal)
    for one in (village.resident.id, village.member.resident_id or 0):
        assert clock.spoken(moved.resolve_by) in words[one]


@pytest.mark.parametrize("days", [3, -3])
async def test_a_shorter_time_never_moves_the_deadline_into_the_past(village: Village, days: int) -> None:
    await village.other.update_from_dict({"resolve_minutes": 1}).save()
    before, moment = clock.now() + timedelta(days=days), clock.now()
    appeal = await village.appeal(status=AppealStatus.ACCEPTED, resolve_by=before)

    moved = await handling.correct_category(
        await access.staff_actor(village.duty), appeal.number, village.other.code
    )

    assert moved.resolve_by == before if days < 0 else moment <= moved.resolve_by < before


async def test_the_deadline_becomes_that_of_the_right_category(village: Village) -> None:
    await village.other.update_from_dict({"resolve_minutes": 20_000}).save()
    appeal = await village.appeal(resolve_by=clock.now())
    moved = await handling.correct_category(
        await access.staff_actor(village.duty), appeal.number, village.other.code
    )
    assert (moved.resolve_by - clock.now()).days > 20


async def test_only_the_desk_in_scope_corrects_and_only_to_what_exists(village: Village) -> None:
    appeal = await village.appeal()
    for holder in (village.member, village.leader):
        with pytest.raises(Forbidden):
            await handling.correct_category(access.grid_actor(holder), appeal.number, village.other.code)
    other = await make_village()
    with pytest.raises(NotFound):
        await handling.correct_category(
            await access.staff_actor(other.duty), appeal.number, village.other.code
        )
    with pytest.raises(NotFound):
        await handling.correct_category(await access.staff_actor(village.duty), appeal.number, "nothing")
