"""An owner who cannot be reached is no owner: the appeal moves on, and who supervises is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from models import (
    Alert,
    Appeal,
    AppealStatus,
    AssigneeKind,
    Assignment,
    AssignmentEnd,
    Community,
    Conversation,
    Delivery,
    DeliveryState,
    Notice,
    Organization,
    OrganizationMember,
    Resident,
    Staff,
)
from services import claims, outcomes, unreachable
from services.errors import Conflict
from tests.make import (
    make_appeal,
    make_assignment,
    make_category,
    make_community,
    make_duty,
    make_grid,
    make_grid_member,
    make_organization,
)
from tests.outside import Outside, make_reachable, outside, tell


@dataclass
class Village:
    """A community with one organization that holds an appeal, a grid member, and a desk in WeChat."""

    community: Community
    organization: Organization
    members: list[Resident]
    appeal: Appeal
    assignment: Assignment
    duty: Staff


@pytest.fixture
async def wechat(db: str) -> AsyncIterator[Outside]:
    async with outside() as running:
        yield running


async def _village(wechat: Outside, *, members: int = 2) -> Village:
    community = await make_community()
    category = await make_category(prefers=AssigneeKind.ORGANIZATION)
    organization = await make_organization(category, community, members=members)
    grid = await make_grid(community)
    _ = await make_grid_member(grid, title="三组网格员")
    duty = await make_duty(community, resident=await make_reachable(wechat, "duty-1"))
    appeal = await make_appeal(community, grid=grid, category=category)
    assignment = await make_assignment(appeal, organization)
    posts = await OrganizationMember.filter(organization=organization).prefetch_related("resident")
    residents = [one.resident for one in posts if one.resident is not None]
    for one in residents:
        await tell(one, appeal=appeal, assignment_id=assignment.id)
    return Village(community, organization, residents, appeal, assignment, duty)


async def _lose(*residents: Resident) -> None:
    await Conversation.filter(resident_id__in=[one.id for one in residents]).update(following=False)


async def test_an_appeal_whose_owner_nobody_could_tell_gets_another_owner_and_the_desk_knows(
    wechat: Outside,
) -> None:
    village = await _village(wechat)
    await _lose(*village.members)

    _ = await wechat.send_all()

    ended = await Assignment.get(id=village.assignment.id)
    assert ended.ended_as is AssignmentEnd.UNREACHABLE
    held = await Assignment.get(appeal_id=village.appeal.id, ended_at=None)
    assert held.kind is not AssigneeKind.ORGANIZATION
    pushed = await Delivery.get(notice=Notice.ASSIGNED, assignment_id=held.id)
    assert pushed.state is DeliveryState.SENT
    told = await Delivery.get(notice=Notice.SUPERVISOR, state=DeliveryState.SENT)
    assert told.resident_id == village.duty.resident_id
    assert village.organization.name in told.payload["text"]
    assert village.organization.name in (await Alert.get()).words
    resident = await Delivery.filter(resident_id=village.appeal.resident_id).first()
    assert resident is not None
    assert "已转给三组网格员办理" in resident.payload["text"]


async def test_one_colleague_who_was_told_is_enough(wechat: Outside) -> None:
    village = await _village(wechat)
    await _lose(village.members[0])

    _ = await wechat.send_all()

    assert (await Assignment.get(appeal_id=village.appeal.id)).ended_at is None
    assert await Alert.all().count() == 0


async def test_two_last_pushes_that_die_at_once_move_the_appeal_once(
    wechat: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    village = await _village(wechat)
    await Delivery.all().update(next_channels=[])
    rows = await claims.claim(10)
    look, arrived, both = unreachable._told_or_pending, [], asyncio.Event()

    async def look_together(assignment_id: int) -> bool:
        # Without the lock both transactions stand here at once, and each sees the other's push alive.
        arrived.append(assignment_id)
        if len(arrived) == len(rows):
            both.set()
        await asyncio.wait([asyncio.ensure_future(both.wait())], timeout=0.3)
        return await look(assignment_id)

    monkeypatch.setattr(unreachable, "_told_or_pending", look_together)

    _ = await asyncio.gather(*(asyncio.create_task(outcomes.pass_on(row, 40037, "没有模板")) for row in rows))

    assert await Assignment.filter(appeal_id=village.appeal.id).count() == 2
    assert await Delivery.filter(state=DeliveryState.DEAD).count() == 2


async def test_whoever_accepted_all_the_same_keeps_the_appeal(wechat: Outside) -> None:
    village = await _village(wechat)
    await Appeal.all().update(status=AppealStatus.ACCEPTED)
    await _lose(*village.members)

    _ = await wechat.send_all()

    assert (await Assignment.get(appeal_id=village.appeal.id)).ended_at is None


async def test_an_owner_who_was_changed_in_the_meantime_moves_nothing(wechat: Outside) -> None:
    village = await _village(wechat)
    await _lose(*village.members)
    await Assignment.all().update(ended_at=village.appeal.created_at, ended_as=AssignmentEnd.HANDED_OVER)
    _ = await make_assignment(village.appeal, village.duty)

    _ = await wechat.send_all()

    assert (await Assignment.get(ended_at=None)).staff_id == village.duty.id


async def test_staff_keep_what_is_theirs_because_the_console_is_their_channel(wechat: Outside) -> None:
    community = await make_community()
    resident = await make_reachable(wechat, "duty-1")
    appeal = await make_appeal(community)
    assignment = await make_assignment(appeal, await make_duty(community, resident=resident))
    await tell(resident, appeal=appeal, assignment_id=assignment.id)
    await _lose(resident)

    _ = await wechat.send_all()

    assert (await Assignment.get(appeal_id=appeal.id)).ended_at is None
    assert str(appeal.id) in (await Alert.get()).words


async def test_the_push_dies_and_staff_are_alerted_even_when_nobody_else_can_take_the_appeal(
    wechat: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    village = await _village(wechat, members=1)
    await _lose(*village.members)

    async def nobody(*_given: object, **_named: object) -> None:
        raise Conflict("没有可派的人。")

    monkeypatch.setattr("services.dispatch.redispatch", nobody)

    _ = await wechat.send_all()

    assert (await Assignment.get(appeal_id=village.appeal.id)).ended_at is None
    assert await Delivery.filter(state=DeliveryState.DEAD).count() == 1
    assert "没有可派的人" in (await Alert.get()).words
