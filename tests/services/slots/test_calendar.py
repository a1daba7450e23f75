"""Calendars: a published time for everybody, and the household's own under a secret that can be changed."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from models import CalendarLink, Community, OfferingKind, OfferingState, Resident, SignUp, SignUpState, Slot
from services.access import staff_actor
from services.clock import now
from services.errors import NotFound
from services.slots import calendar, signup, steering
from tests.make import make_community, make_duty, make_offering, make_resident, make_slot
from tests.services.slots.test_ics import parsed


@pytest.fixture
async def community(db: str) -> Community:
    return await make_community()


@pytest.fixture
async def resident(community: Community) -> Resident:
    return await make_resident(community=community)


def secret_of(link: str) -> str:
    return link.removeprefix("/api/v1/calendar/").removesuffix(".ics")


async def own(resident: Resident) -> list[Any]:
    return parsed(await calendar.feed(secret_of(await calendar.link_for(resident.id))))


async def claim(resident: Resident, slot: Slot, guests: int = 0) -> SignUp:
    return await signup.sign_up(resident.id, slot.id, [f"r{resident.id}"], guests=guests)


def state(event: Any) -> tuple[str, int]:
    return event.status.value, int(event.sequence.value)


async def test_a_sign_up_changes_its_entry_and_the_sequence_only_grows(
    community: Community, resident: Resident
) -> None:
    slot = await make_slot(await make_offering(community, title="书画室"))
    assert await own(resident) == []
    made = await claim(resident, slot, 1)
    (event,) = await own(resident)
    assert (state(event), event.description.value) == (("CONFIRMED", 0), "已报名，2 个名额")
    uid = event.uid.value

    await signup.cancel(resident.id, made.id)
    (event,) = await own(resident)
    assert state(event) == ("CANCELLED", 1)
    await claim(resident, slot)
    (event,) = await own(resident)
    assert state(event) == ("CONFIRMED", 2)
    desk = await staff_actor(await make_duty(community))
    await steering.call_off(desk, slot.id, "下雨")
    (event,) = await own(resident)
    assert state(event) == ("CANCELLED", 4)
    assert event.uid.value == uid == parsed(await calendar.session(slot.id))[0].uid.value


async def test_who_waits_has_a_tentative_entry(community: Community, resident: Resident) -> None:
    slot = await make_slot(await make_offering(community), capacity=1)
    await claim(await make_resident(community=community), slot)
    await claim(resident, slot)

    (event,) = await own(resident)

    assert (event.status.value, event.description.value) == ("TENTATIVE", "候补中")
    await SignUp.filter(resident_id=resident.id).update(state=SignUpState.OFFERED)
    assert (await own(resident))[0].description.value == "有名额待接受"


async def test_a_plot_fills_no_time_and_what_is_long_over_is_gone(
    community: Community, resident: Resident
) -> None:
    plot = await make_slot(await make_offering(community, kind=OfferingKind.PLOT))
    await claim(resident, plot)
    assert (await own(resident))[0].transp.value == "TRANSPARENT"

    await Slot.all().update(starts_at=now() - timedelta(days=62), ends_at=now() - timedelta(days=61))
    assert await own(resident) == []


async def test_a_link_is_shown_again_until_it_is_renewed_or_revoked(resident: Resident) -> None:
    first = await calendar.link_for(resident.id)
    assert await calendar.link_for(resident.id) == first
    stored = await CalendarLink.get()
    assert secret_of(first) not in str(stored.secret_hash)

    second = await calendar.renew_link(resident.id)
    assert second != first
    with pytest.raises(NotFound, match="换过"):
        await calendar.feed(secret_of(first))
    assert await calendar.feed(secret_of(second))

    await calendar.revoke_link(resident.id)
    with pytest.raises(NotFound):
        await calendar.feed(secret_of(second))
    assert await calendar.link_for(resident.id) not in (first, second)


async def test_two_who_ask_for_the_first_link_at_once_get_the_same(resident: Resident) -> None:
    links = await asyncio.gather(*[calendar.link_for(resident.id) for _ in range(4)])

    assert len(set(links)) == 1
    with pytest.raises(NotFound):
        await calendar.link_for(resident.id + 1)


async def test_a_feed_holds_nothing_of_other_households(community: Community, resident: Resident) -> None:
    other = await make_resident(community=community)
    await claim(other, await make_slot(await make_offering(community)))

    assert await own(resident) == []
    assert len(await own(other)) == 1


@pytest.mark.parametrize("state", list(OfferingState))
async def test_only_what_was_published_has_a_calendar_for_everybody(
    community: Community, state: OfferingState
) -> None:
    slot = await make_slot(await make_offering(community, state=state, description="带毛笔"))

    if state in (OfferingState.PUBLISHED, OfferingState.CLOSED):
        (event,) = parsed(await calendar.session(slot.id))
        assert event.description.value == "带毛笔"
    else:
        with pytest.raises(NotFound):
            await calendar.session(slot.id)
