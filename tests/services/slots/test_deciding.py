"""Too few people by the set time: the clock calls the slot off, once, and everybody hears."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from models import (
    AuditEntry,
    Community,
    Delivery,
    Notice,
    Offering,
    Resident,
    Role,
    SignUp,
    SignUpState,
    Slot,
    SlotState,
)
from services.access import Actor, staff_actor
from services.clock import now
from services.slots import deciding, offerings, signup
from tests.make import make_community, make_duty, make_offering, make_resident
from tests.services.slots.truth import broken

HOUR = timedelta(hours=1)


@pytest.fixture
async def community(db: str) -> Community:
    return await make_community()


@pytest.fixture
async def desk(community: Community) -> Actor:
    return await staff_actor(await make_duty(community))


@pytest.fixture
async def offering(community: Community) -> Offering:
    return await make_offering(community, attendance_least=3, title="扬剧沙龙")


async def slot_of(desk: Actor, offering: Offering, hours: float = 72, **values: Any) -> Slot:
    start = now() + hours * HOUR
    return await offerings.add_slot(desk, offering.id, start, start + HOUR, 5, **values)


async def claim(community: Community, slot: Slot, guests: int = 0) -> tuple[Resident, SignUp]:
    resident = await make_resident(community=community)
    return resident, await signup.sign_up(resident.id, slot.id, [f"r{resident.id}"], guests=guests)


async def test_too_few_a_day_before_it_is_called_off_and_everybody_hears_once(
    community: Community, desk: Actor, offering: Offering
) -> None:
    slot = await slot_of(desk, offering)
    resident, made = await claim(community, slot, guests=1)

    with time_machine.travel(slot.starts_at - 25 * HOUR, tick=True):
        assert await deciding.run_due() == 0
    with time_machine.travel(slot.starts_at - 23 * HOUR, tick=True):
        _ = await asyncio.gather(*(deciding.run_due() for _ in range(3)))
        assert await deciding.run_due() == 0

    assert (await Slot.get(id=slot.id)).state is SlotState.CALLED_OFF
    told = await Delivery.filter(notice=Notice.PLACE)
    assert [one.resident_id for one in told] == [resident.id]
    assert "至少 3 人，报了 2 人" in told[0].payload["text"]
    await made.refresh_from_db()
    assert (made.state, made.reason) == (SignUpState.CANCELLED, "报名的人不够（至少 3 人，报了 2 人）")
    entry = await AuditEntry.get(action="slot.call_off")
    assert (entry.role, entry.community_id) == (Role.SYSTEM, community.id)
    assert await broken() == []


async def test_enough_people_keep_it_whoever_leaves_later(
    community: Community, desk: Actor, offering: Offering
) -> None:
    slot = await slot_of(desk, offering)
    resident, made = await claim(community, slot, guests=2)
    with time_machine.travel(slot.starts_at - 23 * HOUR, tick=True):
        assert await deciding.run_due() == 1
        await signup.cancel(resident.id, made.id)
        assert await deciding.run_due() == 0

    assert (await Slot.get(id=slot.id)).state is SlotState.OPEN


async def test_where_sign_up_ends_earlier_it_is_decided_then(desk: Actor, offering: Offering) -> None:
    slot = await slot_of(desk, offering, closes_at=now() + 10 * HOUR)
    with time_machine.travel(now() + 11 * HOUR, tick=True):
        assert await deciding.run_due() == 1

    assert (await Slot.get(id=slot.id)).state is SlotState.CALLED_OFF


async def test_what_is_added_on_the_last_day_takes_place(desk: Actor, offering: Offering) -> None:
    slot = await slot_of(desk, offering, hours=10)
    with time_machine.travel(now() + 9 * HOUR, tick=True):
        assert await deciding.run_due() == 0

    assert (await Slot.get(id=slot.id)).state is SlotState.OPEN


async def test_where_nobody_is_too_few_nothing_is_called_off(community: Community, desk: Actor) -> None:
    slot = await slot_of(desk, await make_offering(community))
    with time_machine.travel(slot.starts_at - HOUR, tick=True):
        assert await deciding.run_due() == 1

    assert (await Slot.get(id=slot.id)).state is SlotState.OPEN


async def test_a_worker_that_slept_past_the_start_calls_nothing_off(desk: Actor, offering: Offering) -> None:
    slot = await slot_of(desk, offering)
    with time_machine.travel(slot.starts_at + HOUR / 2, tick=True):
        assert await deciding.run_due() == 1

    assert (await Slot.get(id=slot.id)).state is SlotState.OPEN


async def test_an_offer_that_expired_counts_nobody(
    community: Community, desk: Actor, offering: Offering
) -> None:
    slot = await slot_of(desk, offering)
    _, made = await claim(community, slot, guests=3)
    expired = now() - HOUR
    await SignUp.filter(id=made.id).update(state=SignUpState.OFFERED, offered_until=expired, line=1)
    with time_machine.travel(slot.starts_at - 23 * HOUR, tick=True):
        await deciding.run_due()

    assert (await Slot.get(id=slot.id)).state is SlotState.CALLED_OFF
