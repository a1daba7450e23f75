"""Marked as about the conduct of cadres it goes up, out of sight below; only those above take that back."""

from __future__ import annotations

import pytest

from models import AppealStatus, AuditEntry
from services import access, audit, browsing, handling
from services.errors import Forbidden, NotFound
from tests.services.village import Village, make_village, open_assignment, told


@pytest.fixture
async def village(db: str) -> Village:
    return await make_village()


async def test_a_marked_appeal_leaves_its_holder_for_the_parent_area_and_nobody_below_sees_it(
    village: Village,
) -> None:
    appeal = await village.appeal(status=AppealStatus.ACCEPTED)
    duty = await access.staff_actor(village.duty)

    moved = await handling.mark_conduct(duty, appeal.number, True, "说的是村干部")

    assert moved.about_conduct
    assert (await open_assignment(appeal)).staff_id == village.town_duty.id
    assert "已转给别人办理" in (await told(appeal))[village.member.resident_id or 0]
    for below in (duty, access.grid_actor(village.member)):
        with pytest.raises(NotFound):
            await browsing.detail(below, appeal.number)


async def test_only_those_above_take_the_mark_back_and_it_goes_to_whom_it_fits(village: Village) -> None:
    appeal = await village.appeal(village.town_duty, about_conduct=True)

    with pytest.raises(NotFound):
        await handling.mark_conduct(await access.staff_actor(village.duty), appeal.number, False, "不是")
    moved = await handling.mark_conduct(
        await access.staff_actor(village.town_duty), appeal.number, False, "说的是路灯"
    )

    assert not moved.about_conduct
    assert (await open_assignment(appeal)).grid_member_id == village.member.id


async def test_a_finished_appeal_is_hidden_and_stays_finished(village: Village) -> None:
    appeal = await village.appeal(status=AppealStatus.CLOSED)
    duty = await access.staff_actor(village.duty)

    moved = await handling.mark_conduct(duty, appeal.number, True, "说的是村干部")

    assert (moved.status, moved.about_conduct) == (AppealStatus.CLOSED, True)


async def test_the_audit_shows_the_mark_above_and_to_who_made_it_but_to_no_colleague(
    village: Village,
) -> None:
    appeal = await village.appeal()
    duty = await access.staff_actor(village.duty)
    await handling.mark_conduct(duty, appeal.number, True, "说的是村干部")
    await AuditEntry.filter(action=audit.CONDUCT).update(staff_id=None)
    above = await access.staff_actor(village.town_duty)

    def shown(found: list[AuditEntry]) -> list[str]:
        return [one.action for one in found if one.action == audit.CONDUCT]

    ask = {"action": None, "staff_id": None, "before": None, "limit": 9}
    assert shown(await audit.entries(above, **ask)) == [audit.CONDUCT]  # type: ignore[arg-type]
    assert shown(await audit.entries(duty, **ask)) == []  # type: ignore[arg-type]


async def test_field_staff_do_not_mark(village: Village) -> None:
    appeal = await village.appeal()

    with pytest.raises(Forbidden):
        await handling.mark_conduct(access.grid_actor(village.member), appeal.number, True, "不是我的事")
