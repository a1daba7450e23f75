"""换场: old places given up and new ones taken together, or nothing happened."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from models import (
    Community,
    Delivery,
    Notice,
    Offering,
    OfferingKind,
    Resident,
    SignUp,
    SignUpState,
    Slot,
)
from services import deliveries
from services.access import Actor, staff_actor
from services.errors import Conflict, DomainError, NotFound
from services.slots import signup, transfer
from tests.make import make_community, make_duty, make_offering, make_resident, make_slot
from tests.services.slots.truth import broken

NEXT = datetime.now(UTC) + timedelta(days=3)


@pytest.fixture
async def community(db: str) -> Community:
    return await make_community()


@pytest.fixture
async def desk(community: Community) -> Actor:
    return await staff_actor(await make_duty(community))


async def pair(community: Community, **values: Any) -> tuple[Offering, Slot, Slot]:
    """An offering with a slot tomorrow and a later one, of two places each."""
    offering = await make_offering(community, **values)
    later = await make_slot(offering, capacity=2, starts_at=NEXT)
    return offering, await make_slot(offering, capacity=2), later


async def claim(community: Community, slot: Slot, guests: int = 0, **more: Any) -> SignUp:
    resident = await make_resident(community=community)
    return await signup.sign_up(resident.id, slot.id, [f"r{resident.id}"], guests=guests, **more)


async def counts(*slots: Slot) -> list[tuple[int, int]]:
    found = [await Slot.get(id=one.id) for one in slots]
    return [(one.taken, one.waiting) for one in found]


async def test_a_sign_up_moves_and_who_waited_gets_its_places(community: Community, desk: Actor) -> None:
    _, old, new = await pair(community)
    made = await claim(community, old, 1, answers={"过敏": "花生"})
    waits = await claim(community, old)

    there = await transfer.transfer(desk, made.id, new.id)

    await made.refresh_from_db()
    await waits.refresh_from_db()
    assert (made.state, there.state, waits.state) == (
        SignUpState.CANCELLED,
        SignUpState.HELD,
        SignUpState.OFFERED,
    )
    assert (there.party, there.answers, there.resident_id) == (2, made.answers, made.resident_id)
    assert await counts(old, new) == [(1, 0), (2, 0)]
    events = [
        deliveries.event_of(one)
        for one in await Delivery.filter(notice=Notice.PLACE, resident_id=made.resident_id)
    ]
    assert events == [f"sign_up:{there.id}:transferred"]
    assert await broken() == []


async def refused(desk: Actor, made: SignUp, slot: Slot) -> DomainError:
    with pytest.raises(DomainError) as caught:
        await transfer.transfer(desk, made.id, slot.id)
    before = made.state
    await made.refresh_from_db()
    assert made.state is before
    assert await broken() == []
    return caught.value


async def test_where_it_is_full_or_somebody_waits_nothing_happens(community: Community, desk: Actor) -> None:
    _, old, new = await pair(community)
    made = await claim(community, old)
    big, held = await claim(community, new, 1), await claim(community, old)
    assert (await refused(desk, made, new)).facts["gate"] == "full"

    await signup.cancel(big.resident_id, big.id)
    _ = await claim(community, new)
    _ = await claim(community, new, 1)  # waits for two places, one is free
    assert (await refused(desk, held, new)).facts["gate"] == "full"
    assert await Delivery.all().count() == 0


async def test_gates_of_the_new_slot_hold(community: Community, desk: Actor) -> None:
    offering, old, new = await pair(community, household_most=1)
    made = await claim(community, old)
    again = await signup.sign_up(made.resident_id, new.id, [f"r{made.resident_id}"])
    assert (await refused(desk, made, new)).facts["gate"] == "signed_up"
    await signup.cancel(made.resident_id, again.id)

    other = await make_slot(await make_offering(community), starts_at=NEXT)
    elsewhere = await signup.sign_up(made.resident_id, other.id, [f"r{made.resident_id}"])
    assert (await refused(desk, made, new)).facts["gate"] == "time_conflict"
    await signup.cancel(made.resident_id, elsewhere.id)

    relative = await make_resident(community=community)
    resident = await Resident.get(id=made.resident_id)
    await Resident.filter(id=relative.id).update(household_id=resident.household_id)
    _ = await signup.sign_up(relative.id, new.id, [f"r{relative.id}"])
    assert (await refused(desk, made, new)).facts["gate"] == "household_full"
    assert offering.household_most == 1


async def test_the_place_that_is_given_up_stands_in_nobodys_way(community: Community, desk: Actor) -> None:
    offering, old, _ = await pair(community)
    overlapping = await make_slot(offering, starts_at=old.starts_at + timedelta(hours=1))
    made = await claim(community, old)

    assert (await transfer.transfer(desk, made.id, overlapping.id)).state is SignUpState.HELD


async def test_what_cannot_move_says_why(community: Community, desk: Actor) -> None:
    _, old, new = await pair(community)
    made = await claim(community, old)
    foreign = await make_slot(await make_offering(community))
    begun = await make_slot(old.offering, starts_at=datetime.now(UTC) - timedelta(hours=1))
    lots = await make_slot(old.offering, starts_at=NEXT + timedelta(days=1), by_lot=True)

    assert isinstance(await refused(desk, made, foreign), NotFound)
    assert "已经在" in (await refused(desk, made, old)).message
    assert "已经开始" in (await refused(desk, made, begun)).message
    assert "抽签" in (await refused(desk, made, lots)).message
    stranger = await staff_actor(await make_duty(await make_community()))
    assert isinstance(await refused(stranger, made, new), NotFound)
    await signup.cancel(made.resident_id, made.id)
    with pytest.raises(Conflict, match="不能换场"):
        await transfer.transfer(desk, made.id, new.id)
    with pytest.raises(NotFound):
        await transfer.transfer(desk, 999, new.id)
    with pytest.raises(NotFound):
        await transfer.transfer(desk, made.id, 999)


async def test_moves_to_and_fro_at_once_end_without_deadlock(community: Community, desk: Actor) -> None:
    _, one, two = await pair(community)
    await Slot.filter(id__in=[one.id, two.id]).update(capacity=20)
    first = [await claim(community, one) for _ in range(6)]
    second = [await claim(community, two) for _ in range(6)]

    _ = await asyncio.gather(
        *(transfer.transfer(desk, made.id, two.id) for made in first),
        *(transfer.transfer(desk, made.id, one.id) for made in second),
    )

    assert await counts(one, two) == [(6, 0), (6, 0)]
    assert await broken() == []


async def test_the_same_move_twice_at_once_is_made_once(community: Community, desk: Actor) -> None:
    _, old, new = await pair(community)
    made = await claim(community, old)

    results = await asyncio.gather(
        *(transfer.transfer(desk, made.id, new.id) for _ in range(3)), return_exceptions=True
    )

    assert sorted(isinstance(one, SignUp) for one in results) == [False, False, True]
    assert await counts(old, new) == [(0, 0), (1, 0)]
    assert await broken() == []


async def test_who_waits_may_be_moved_to_where_there_is_room(community: Community, desk: Actor) -> None:
    _, old, new = await pair(community, kind=OfferingKind.SHIFT)
    _ = await claim(community, old, 1)
    waits = await claim(community, old)

    assert (await transfer.transfer(desk, waits.id, new.id)).state is SignUpState.HELD
    assert await counts(old, new) == [(2, 0), (1, 0)]
    assert await broken() == []
