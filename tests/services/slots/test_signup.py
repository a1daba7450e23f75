"""Sign-up: places held at once, a line in strict order, offers that expire, family limits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from models import (
    Community,
    Delivery,
    Dependant,
    DependantKind,
    Notice,
    OfferingKind,
    Resident,
    SignUp,
    SignUpState,
    Slot,
    SlotState,
    writing,
)
from services import households
from services.access import staff_actor
from services.errors import Conflict, DomainError, Forbidden, NotFound
from services.slots import line, signup, steering
from tests.make import make_community, make_duty, make_offering, make_resident, make_slot
from tests.services.slots.truth import broken


@pytest.fixture
async def community(db: str) -> Community:
    return await make_community()


async def family(community: Community) -> Resident:
    return await make_resident(community=community)


async def child_of(resident: Resident, born: str = "2018-03-01") -> Dependant:
    async with writing():
        household_id = (await households.lock(resident.id)).household_id
    return await Dependant.create(
        household_id=household_id,
        kind=DependantKind.CHILD,
        name="孙子",
        born=born,
        consent_at=datetime.now(UTC),
        consent_by_id=resident.id,
    )


async def claim(resident: Resident, slot: Slot, guests: int = 0, **more: object) -> SignUp:
    return await signup.sign_up(resident.id, slot.id, [f"r{resident.id}"], guests=guests, **more)  # type: ignore[arg-type]


async def refused(resident: Resident, slot: Slot, *people: str, **more: object) -> DomainError:
    with pytest.raises(DomainError) as caught:
        await signup.sign_up(resident.id, slot.id, list(people) or [f"r{resident.id}"], **more)  # type: ignore[arg-type]
    return caught.value


async def test_places_are_held_while_there_are_some_and_then_people_wait_in_order(
    community: Community,
) -> None:
    slot = await make_slot(await make_offering(community), capacity=3)

    made = [await claim(await family(community), slot, guests) for guests in (1, 0, 2, 0)]

    assert [one.state for one in made] == [
        SignUpState.HELD,
        SignUpState.HELD,
        SignUpState.WAITING,
        SignUpState.WAITING,
    ]
    assert [one.line for one in made] == [None, None, 1, 2]
    assert await broken() == []


async def test_a_place_given_back_is_offered_to_the_first_who_waits_and_told_once(
    community: Community,
) -> None:
    slot = await make_slot(await make_offering(community), capacity=1)
    first, second, third = [await family(community) for _ in range(3)]
    held = await claim(first, slot)
    waits, after = await claim(second, slot), await claim(third, slot)

    await signup.cancel(first.id, held.id)

    await waits.refresh_from_db()
    await after.refresh_from_db()
    assert (waits.state, after.state) == (SignUpState.OFFERED, SignUpState.WAITING)
    told = await Delivery.filter(notice=Notice.PLACE)
    assert [one.resident_id for one in told] == [second.id]
    accepted = await signup.accept(second.id, waits.id)
    assert accepted.state is SignUpState.HELD
    assert await broken() == []


async def test_a_big_party_at_the_head_of_the_line_is_not_passed_by(community: Community) -> None:
    slot = await make_slot(await make_offering(community), capacity=2)
    one, other = await family(community), await family(community)
    first, second = await claim(one, slot), await claim(other, slot)
    big = await claim(await family(community), slot, 1)
    small = await claim(await family(community), slot)

    await signup.cancel(one.id, first.id)
    await big.refresh_from_db()
    await small.refresh_from_db()
    assert (big.state, small.state) == (SignUpState.WAITING, SignUpState.WAITING)

    await signup.cancel(other.id, second.id)
    await big.refresh_from_db()
    assert big.state is SignUpState.OFFERED
    assert await broken() == []


async def test_an_expired_offer_goes_to_the_next_and_cannot_be_accepted(community: Community) -> None:
    slot = await make_slot(await make_offering(community), capacity=1)
    first, second, third = [await family(community) for _ in range(3)]
    held = await claim(first, slot)
    waits, after = await claim(second, slot), await claim(third, slot)
    await signup.cancel(first.id, held.id)
    await SignUp.filter(id=waits.id).update(offered_until=datetime.now(UTC) - timedelta(seconds=1))

    with pytest.raises(Conflict, match="过期"):
        await signup.accept(second.id, waits.id)

    await after.refresh_from_db()
    assert after.state is SignUpState.OFFERED
    assert await broken() == []


async def test_the_worker_passes_expired_offers_on(community: Community) -> None:
    slot = await make_slot(await make_offering(community), capacity=1)
    first, second, third = [await family(community) for _ in range(3)]
    held = await claim(first, slot)
    waits, after = await claim(second, slot), await claim(third, slot)
    await signup.cancel(first.id, held.id)
    await SignUp.filter(id=waits.id).update(offered_until=datetime.now(UTC) - timedelta(seconds=1))

    assert (await line.tidy_due(), await line.tidy_due()) == (1, 0)

    await after.refresh_from_db()
    assert after.state is SignUpState.OFFERED
    assert await broken() == []


async def test_a_newcomer_gets_the_place_of_an_expired_offer_that_nobody_waits_for(
    community: Community,
) -> None:
    slot = await make_slot(await make_offering(community), capacity=1)
    first, second = await family(community), await family(community)
    held, waits = await claim(first, slot), await claim(second, slot)
    await signup.cancel(first.id, held.id)
    await SignUp.filter(id=waits.id).update(offered_until=datetime.now(UTC) - timedelta(seconds=1))

    assert (await claim(await family(community), slot)).state is SignUpState.HELD
    assert await broken() == []


async def test_an_offer_that_is_declined_goes_on(community: Community) -> None:
    slot = await make_slot(await make_offering(community), capacity=1)
    first, second, third = [await family(community) for _ in range(3)]
    held = await claim(first, slot)
    waits, after = await claim(second, slot), await claim(third, slot)
    await signup.cancel(first.id, held.id)

    await signup.cancel(second.id, waits.id)

    await after.refresh_from_db()
    assert after.state is SignUpState.OFFERED
    assert await broken() == []


async def test_nobody_stands_in_a_slot_twice_but_may_come_back_after_cancelling(
    community: Community,
) -> None:
    slot = await make_slot(await make_offering(community))
    resident = await family(community)
    made = await claim(resident, slot)

    assert (await refused(resident, slot)).facts["gate"] == "signed_up"
    await signup.cancel(resident.id, made.id)
    assert (await claim(resident, slot)).state is SignUpState.HELD
    assert await broken() == []


async def test_a_guardian_signs_a_child_up_whose_age_counts_on_the_day(community: Community) -> None:
    slot = await make_slot(await make_offering(community, age_from=6, age_until=12))
    grandparent = await family(community)
    child, baby = await child_of(grandparent), await child_of(grandparent, "2025-01-01")

    made = await signup.sign_up(grandparent.id, slot.id, [f"d{child.id}"])

    assert (made.state, made.party) == (SignUpState.HELD, 1)
    assert (await refused(grandparent, slot, f"d{baby.id}")).facts["gate"] == "too_young"


async def test_nobody_signs_up_a_child_of_another_household(community: Community) -> None:
    slot = await make_slot(await make_offering(community))
    child = await child_of(await family(community))

    found = await refused(await family(community), slot, f"d{child.id}")

    assert isinstance(found, Forbidden)


async def test_time_conflicts_are_found_across_kinds_but_a_plot_fills_no_time(community: Community) -> None:
    resident = await family(community)
    start = datetime.now(UTC) + timedelta(days=2)
    choir = await make_slot(await make_offering(community, title="合唱队"), starts_at=start)
    shift = await make_offering(community, kind=OfferingKind.SHIFT)
    overlapping = await make_slot(shift, starts_at=start + timedelta(hours=1))
    after = await make_slot(shift, starts_at=start + timedelta(hours=2))
    plot = await make_slot(await make_offering(community, kind=OfferingKind.PLOT), starts_at=start)
    await claim(resident, choir)

    found = await refused(resident, overlapping)

    assert found.facts["gate"] == "time_conflict"
    assert "合唱队" in found.message
    assert (await claim(resident, after)).state is SignUpState.HELD
    assert (await claim(resident, plot)).state is SignUpState.HELD


async def test_a_household_has_its_limit_whoever_of_it_signs_up(community: Community) -> None:
    slot = await make_slot(await make_offering(community, household_most=2))
    one = await family(community)
    await claim(one, slot, guests=1)
    await one.refresh_from_db()
    partner = await make_resident(community=community, household_id=one.household_id)

    assert (await refused(partner, slot)).facts["gate"] == "household_full"


async def test_without_waiting_a_full_slot_says_that_it_is_full(community: Community) -> None:
    slot = await make_slot(await make_offering(community), capacity=1)
    await claim(await family(community), slot)

    assert (await refused(await family(community), slot, may_wait=False)).facts["gate"] == "full"
    assert await SignUp.all().count() == 1


async def test_a_held_place_cannot_be_given_back_at_the_last_minute(community: Community) -> None:
    start = datetime.now(UTC) + timedelta(hours=1)
    slot = await make_slot(await make_offering(community, cancel_hours=2), starts_at=start)
    resident = await family(community)
    made = await claim(resident, slot)

    with pytest.raises(Conflict, match="不能自己取消"):
        await signup.cancel(resident.id, made.id)


async def test_what_belongs_to_another_household_is_not_found(community: Community) -> None:
    slot = await make_slot(await make_offering(community))
    made = await claim(await family(community), slot)

    for verb in (signup.cancel, signup.accept):
        with pytest.raises(NotFound):
            await verb((await family(community)).id, made.id)


async def test_more_places_go_to_who_waits_and_fewer_than_are_held_are_refused(community: Community) -> None:
    desk = await staff_actor(await make_duty(community))
    slot = await make_slot(await make_offering(community), capacity=1)
    held = await claim(await family(community), slot)
    waits = await claim(await family(community), slot)

    await steering.resize(desk, slot.id, 2)
    await waits.refresh_from_db()
    assert waits.state is SignUpState.OFFERED

    with pytest.raises(steering.Oversubscribed) as caught:
        await steering.resize(desk, slot.id, 0)
    assert caught.value.facts["affected"] == [waits.id, held.id]
    assert await broken() == []


async def test_everybody_hears_that_a_slot_is_called_off(community: Community) -> None:
    desk = await staff_actor(await make_duty(community))
    slot = await make_slot(await make_offering(community), capacity=1)
    residents = [await family(community) for _ in range(2)]
    for one in residents:
        await claim(one, slot)

    await steering.call_off(desk, slot.id, "老师生病")

    assert {one.resident_id for one in await Delivery.filter(notice=Notice.PLACE)} == {
        one.id for one in residents
    }
    assert (await refused(await family(community), slot)).facts["gate"] == "called_off"
    assert (await Slot.get(id=slot.id)).state is SlotState.CALLED_OFF
    assert await broken() == []


async def test_staff_let_somebody_in_before_their_turn_and_take_somebody_off(community: Community) -> None:
    desk = await staff_actor(await make_duty(community))
    slot = await make_slot(await make_offering(community), capacity=2)
    held = await claim(await family(community), slot, 1)
    big, small = await claim(await family(community), slot, 1), await claim(await family(community), slot)
    with pytest.raises(Conflict, match="只剩 0 个"):
        await steering.promote(desk, small.id)

    await steering.take_off(desk, held.id, "报错了")

    await big.refresh_from_db()
    assert big.state is SignUpState.OFFERED
    other = await staff_actor(await make_duty(await make_community()))
    with pytest.raises(NotFound):
        await steering.take_off(other, big.id, "不是我的")
    assert await broken() == []


async def test_a_child_born_on_leap_day_is_signed_up_by_a_guardian_until_the_first_of_march(
    community: Community,
) -> None:
    resident = await family(community)
    child = await child_of(resident, "2008-02-29")
    with time_machine.travel(datetime(2026, 2, 28, 15, 59, 59, tzinfo=UTC), tick=False):
        offering = await make_offering(community)
        slots = [await make_slot(offering, starts_at=datetime(2026, 3, day, tzinfo=UTC)) for day in (5, 6)]
        made = await signup.sign_up(resident.id, slots[0].id, [f"d{child.id}"])
        assert made.state is SignUpState.HELD

    with time_machine.travel(datetime(2026, 2, 28, 16, 0, tzinfo=UTC), tick=False):
        error = await refused(resident, slots[1], f"d{child.id}")

    assert error.facts["gate"] == "of_age"
    assert "不能再由家里人代报" in error.told
    assert "本人" in error.told
