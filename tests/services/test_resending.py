"""Dead deliveries tried again by staff, and cards that WeChat reports lost afterwards."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from models import AuditEntry, Conversation, Delivery, DeliveryState, Notice, Staff
from services import resending
from services.access import Actor, grid_actor, staff_actor
from services.clock import now
from services.errors import Conflict, DomainError, Forbidden, NotFound
from tests.make import (
    make_appeal,
    make_assignment,
    make_community,
    make_duty,
    make_grid,
    make_grid_member,
)
from tests.outside import Outside, make_reachable, outside, rows_of, tell


@pytest.fixture
async def wechat(db: str) -> AsyncIterator[Outside]:
    async with outside() as running:
        yield running


async def _dead(wechat: Outside, **values: bool) -> Delivery:
    community = await make_community()
    _ = await make_duty(community, username="own")
    resident = await make_reachable(wechat, "grid-1")
    await Conversation.all().update(following=False)
    await tell(resident, appeal=await make_appeal(community, holder=None, **values))
    _ = await wechat.send_all()
    return await Delivery.get(state=DeliveryState.DEAD)


async def _own(dead: Delivery) -> Actor:

    return await staff_actor(await Staff.get(username="own"))


async def test_a_dead_delivery_is_tried_again_over_all_channels(wechat: Outside) -> None:
    dead = await _dead(wechat)
    actor = await _own(dead)
    await Conversation.all().update(following=True)

    fresh = await resending.retry(actor, dead.id)
    _ = await wechat.send_all()

    fresh = await Delivery.get(id=fresh.id)
    assert (fresh.channel.value, fresh.state) == ("template", DeliveryState.SENT)
    assert await Delivery.filter(state=DeliveryState.DEAD).count() == 0
    assert (await AuditEntry.get()).action == "delivery.retry"


async def test_a_delivery_dies_and_is_tried_again_as_often_as_staff_like(wechat: Outside) -> None:
    dead = await _dead(wechat)
    actor = await _own(dead)

    for _ in range(3):
        _ = await resending.retry(actor, dead.id)
        _ = await wechat.send_all()
        dead = await Delivery.get(state=DeliveryState.DEAD)

    assert max(len(one.dedup_key) for one in await Delivery.all()) <= 128


async def test_only_a_dead_delivery_can_be_tried_again_and_only_once(wechat: Outside) -> None:
    dead = await _dead(wechat)
    actor = await _own(dead)
    _ = await resending.retry(actor, dead.id)
    before = await Delivery.all().count()

    with pytest.raises(Conflict):
        _ = await resending.retry(actor, dead.id)

    assert await Delivery.all().count() == before


async def test_staff_of_another_community_do_not_see_it(wechat: Outside) -> None:
    dead = await _dead(wechat)
    stranger = await staff_actor(await make_duty(await make_community()))

    with pytest.raises(NotFound):
        _ = await resending.retry(stranger, dead.id)

    assert (await Delivery.get(id=dead.id)).state is DeliveryState.DEAD


async def test_complaints_about_conduct_stay_out_of_sight_of_the_community(wechat: Outside) -> None:
    dead = await _dead(wechat, about_conduct=True)

    with pytest.raises(DomainError):
        _ = await resending.retry(await _own(dead), dead.id)


async def test_a_grid_member_cannot_try_again(wechat: Outside) -> None:
    dead = await _dead(wechat)
    grid = await make_grid(await make_community())

    with pytest.raises(Forbidden):
        _ = await resending.retry(grid_actor(await make_grid_member(grid)), dead.id)


async def test_the_push_of_an_assignment_that_has_ended_is_not_tried_again(wechat: Outside) -> None:
    dead = await _dead(wechat)
    appeal = await make_appeal(await make_community())
    ended = await make_assignment(
        appeal, await make_grid_member(await make_grid(await make_community())), ended_at=now()
    )
    await Delivery.filter(id=dead.id).update(assignment_id=ended.id)

    with pytest.raises(Conflict):
        _ = await resending.retry(await _own(dead), dead.id)

    assert (await Delivery.get(id=dead.id)).state is DeliveryState.DEAD


async def test_a_card_that_wechat_reports_lost_goes_to_the_next_channel(wechat: Outside) -> None:
    resident = await make_reachable(wechat, "grid-1", window=3)
    await tell(resident)
    _ = await wechat.send_all()
    sent = await Delivery.get()

    assert await resending.bounced("oa", sent.provider_id, "failed:user block")
    _ = await wechat.send_all()

    assert await rows_of(resident) == [("template", "fell_back"), ("customer", "sent")]
    assert not await resending.bounced("oa", sent.provider_id, "failed:user block")


@pytest.mark.parametrize(("number", "status"), [("1", "success"), ("", "failed:user block"), ("9", "failed")])
async def test_other_reports_change_nothing(wechat: Outside, number: str, status: str) -> None:
    resident = await make_reachable(wechat, "grid-1")
    await tell(resident, Notice.PROGRESS)
    _ = await wechat.send_all()

    assert not await resending.bounced("oa", number, status)

    assert await Delivery.filter(due_at__gt=now() + timedelta(days=1)).count() == 0
    assert (await rows_of(resident))[-1] == ("template", "sent")
