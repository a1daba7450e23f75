"""Staff change a slot whose line waits, that has begun, or that is over."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from models import Community, Delivery, OfferingKind, SignUp, SignUpState, Slot, SlotState
from services.access import Actor
from services.clock import now
from services.errors import Conflict
from services.slots import signup, steering
from services.slots.steering import Oversubscribed
from tests.make import make_community, make_offering, make_slot
from tests.services.slots.day import desk_of, signed_up
from tests.services.slots.truth import broken


@pytest.fixture
async def community(db: str) -> Community:
    return await make_community()


@pytest.fixture
async def desk(community: Community) -> Actor:
    return await desk_of(community)


async def full(community: Community, capacity: int, guests: int = 0) -> tuple[Slot, SignUp, SignUp]:
    """A slot whose places are all held, and one who waits for one and `guests` more."""
    slot = await make_slot(await make_offering(community), capacity=capacity)
    _, held = await signed_up(slot, guests=capacity - 1)
    _, waits = await signed_up(slot, guests=guests)
    assert waits.state is SignUpState.WAITING
    return slot, held, waits


async def test_nobody_is_let_in_to_a_slot_that_has_begun(community: Community, desk: Actor) -> None:
    slot, held, waits = await full(community, 1)
    with time_machine.travel(slot.starts_at + timedelta(minutes=5), tick=True):
        await steering.take_off(desk, held.id, "没来")

        with pytest.raises(Conflict, match="已经开始"):
            await steering.promote(desk, waits.id)

    assert (await SignUp.get(id=waits.id)).state is SignUpState.WAITING
    assert not await Delivery.exists(dedup_key__startswith=f"sign_up:{waits.id}:")


async def test_what_is_over_is_not_called_off(community: Community, desk: Actor) -> None:
    slot, held, _ = await full(community, 1)
    with (
        time_machine.travel(slot.ends_at + timedelta(minutes=5), tick=True),
        pytest.raises(Conflict, match="已经结束"),
    ):
        await steering.call_off(desk, slot.id, "下雨")

    assert (await Slot.get(id=slot.id)).state is SlotState.OPEN
    assert (await SignUp.get(id=held.id)).state is SignUpState.HELD


async def test_fewer_places_than_somebody_waits_for_are_refused_with_who_it_is(
    community: Community, desk: Actor
) -> None:
    slot, held, waits = await full(community, 3, guests=2)
    _, behind = await signed_up(slot)
    await signup.cancel(held.resident_id, held.id)
    await signup.cancel(waits.resident_id, waits.id)
    _, big = await signed_up(slot, guests=2)
    assert (await SignUp.get(id=behind.id)).state is SignUpState.OFFERED

    with pytest.raises(Oversubscribed) as caught:
        await steering.resize(desk, slot.id, 2)
    assert caught.value.facts["affected"] == [big.id]

    await steering.take_off(desk, big.id, "这次坐不下")
    assert (await steering.resize(desk, slot.id, 2)).capacity == 2
    _, other = await signed_up(slot)
    assert other.state is SignUpState.HELD
    assert await broken() == []


async def test_a_plot_that_comes_free_in_its_season_goes_to_who_waits(
    community: Community, desk: Actor
) -> None:
    plots = await make_offering(community, kind=OfferingKind.PLOT)
    start = now() + timedelta(days=1)
    slot = await make_slot(plots, capacity=1, starts_at=start, ends_at=start + timedelta(days=90))
    _, held = await signed_up(slot)
    _, waits = await signed_up(slot)
    _, last = await signed_up(slot)
    with time_machine.travel(start + timedelta(days=20), tick=True):
        await steering.take_off(desk, held.id, "搬走了")
        offered = await SignUp.get(id=waits.id)
        assert offered.state is SignUpState.OFFERED
        assert (await signup.accept(waits.resident_id, waits.id)).state is SignUpState.HELD
    with (
        time_machine.travel(slot.ends_at + timedelta(minutes=1), tick=True),
        pytest.raises(Conflict, match="已经结束"),
    ):
        await steering.promote(desk, last.id)
    assert await broken() == []
