"""One alert a day for each thing, and halts that staff can lift."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from models import Alert, AuditEntry, ChannelHalt, Delivery, DeliveryState, Notice, Staff, writing
from services import halts, watching
from services.access import grid_actor, staff_actor
from services.alerts import raise_alert
from services.clock import now
from services.errors import Conflict, Forbidden, NotFound
from tests.make import (
    make_appeal,
    make_area,
    make_area_duty,
    make_community,
    make_duty,
    make_grid,
    make_grid_member,
    make_resident,
)
from tests.outside import tell


async def test_the_same_thing_on_one_day_is_one_row_that_counts(db: str) -> None:
    for words in ("第一次", "第二次"):
        await raise_alert("token:oa", words)
    await raise_alert("token:mini", "另一个")

    first = await Alert.get(key__startswith="token:oa:")
    assert (first.times, first.words) == (2, "第二次")
    assert await Alert.all().count() == 2


async def test_the_next_day_in_china_is_a_new_row(db: str) -> None:
    with time_machine.travel("2026-11-23T15:59:00Z", tick=False):
        await raise_alert("token:oa", "周一")
    with time_machine.travel("2026-11-23T16:01:00Z", tick=False):
        await raise_alert("token:oa", "周二")

    assert [one.times for one in await Alert.all()] == [1, 1]


async def test_a_very_long_key_still_fits(db: str) -> None:
    await raise_alert("k" * 500, "很长")

    assert len((await Alert.get()).key) <= 96


async def test_a_halt_ends_by_itself_when_its_time_has_come(db: str) -> None:
    async with writing():
        assert await halts.halt("oa", "template", code=45009, until=now() + timedelta(hours=1))
        assert not await halts.halt("oa", "template", code=45009, until=now() + timedelta(hours=1))

    assert set(await halts.active()) == {("oa", "template")}
    await ChannelHalt.all().update(until=now())
    assert await halts.active() == {}


async def test_lifting_makes_what_waited_due_and_is_audited(db: str) -> None:
    actor = await staff_actor(await make_area_duty(await make_area()))
    async with writing():
        _ = await halts.halt("oa", halts.EVERYTHING, code=48004, until=None)
    await tell(await make_resident(), Notice.ASSIGNED)
    await Delivery.all().update(due_at=now() + timedelta(hours=1), error_code=48004)

    lifted = await halts.lift(actor, (await ChannelHalt.get()).id)

    assert lifted.lifted_at is not None
    assert await halts.active() == {}
    waiting = await Delivery.get()
    assert waiting.state is DeliveryState.PENDING
    assert waiting.due_at <= now()
    assert (await AuditEntry.get()).action == "halt.lift"
    with pytest.raises(Conflict):
        _ = await halts.lift(actor, lifted.id)


async def test_only_staff_lift_a_halt_that_exists(db: str) -> None:
    community = await make_community()
    actor = await staff_actor(await make_area_duty(await make_area()))

    with pytest.raises(NotFound):
        _ = await halts.lift(actor, 999)
    with pytest.raises(Forbidden):
        _ = await halts.lift(grid_actor(await make_grid_member(await make_grid(community))), 999)


async def test_staff_see_alerts_of_their_own_place_and_those_above_the_products_own(db: str) -> None:
    town = await make_area()
    here, elsewhere = await make_community(area=town), await make_community()
    await raise_alert("unreachable:1", "这里的", appeal=await make_appeal(here))
    await raise_alert("unreachable:2", "别处的", appeal=await make_appeal(elsewhere))
    await raise_alert("unreachable:3", "作风的", appeal=await make_appeal(here, about_conduct=True))
    await raise_alert("token:oa", "账号的")

    async def seen(staff: Staff) -> set[str]:
        found = await watching.list_alerts(await staff_actor(staff), before=None, limit=10)
        return {one.words for one in found}

    assert await seen(await make_duty(here)) == {"这里的"}
    assert await seen(await make_duty(elsewhere)) == {"别处的"}
    assert await seen(await make_area_duty(town)) == {"这里的", "作风的", "账号的"}
