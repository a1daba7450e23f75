"""Staff tap twice, or lose the reply: under one key a request of theirs has one effect and one answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from models import Community, Offering, OfferingKind, SignUp, Slot, Staff, VolunteerHours
from services.clock import now
from tests.api.conftest import Enter
from tests.make import make_community, make_duty, make_offering, make_resident, make_slot
from tests.services.slots.day import signed_up

KEY = {"idempotency-key": "0f8fad5b-d9cb"}
DAY = timedelta(days=1)


@pytest.fixture
async def duty(db: str) -> Staff:
    return await make_duty(await make_community())


async def twice(client: Any, path: str, body: dict[str, Any]) -> None:
    """The same request once more gives the same answer."""
    first, again = [await client.post(path, json=body, headers=KEY) for _ in range(2)]

    assert first.is_success, first.text
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    other = await client.post(path, json=body | {"x": 1}, headers=KEY)
    assert other.status_code == 422


async def test_a_draft_a_slot_and_a_season_are_made_once(duty: Staff, enter: Enter) -> None:
    client = await enter(duty)
    community = await Community.get(id=duty.community_id)
    plots = await make_offering(community, kind=OfferingKind.PLOT)
    made = await make_offering(community)
    start, day = (now() + 9 * DAY).replace(microsecond=0), DAY
    times = {"starts_at": start.isoformat(), "ends_at": (start + day).isoformat(), "capacity": 3}
    season = times | {"opens_at": now().isoformat(), "closes_at": (start - day).isoformat()}

    await twice(client, f"/offerings/{made.id}/slots", times)
    await twice(await enter(await make_duty(community)), f"/offerings/{plots.id}/seasons", season)
    draft = {"community_id": community.id, "kind": "activity", "title": "合唱"}
    await twice(await enter(await make_duty(community)), "/offerings", draft)

    assert await Slot.filter(offering_id=made.id).count() == 1
    assert await Slot.filter(offering_id=plots.id).count() == 1
    assert await Offering.filter(title="合唱").count() == 1


async def test_hours_are_entered_once(duty: Staff, enter: Enter) -> None:
    resident = await make_resident(community_id=duty.community_id)
    day = (now() - DAY).date().isoformat()
    body = {"resident_id": resident.id, "day": day, "minutes": 60, "words": "送餐"}

    await twice(await enter(duty), "/volunteer-hours", body)

    assert await VolunteerHours.all().count() == 1


async def test_a_transfer_is_answered_alike(duty: Staff, enter: Enter) -> None:
    community = await Community.get(id=duty.community_id)
    offering = await make_offering(community)
    slot = await make_slot(offering)
    later = await make_slot(offering, starts_at=slot.starts_at + DAY)
    _, made = await signed_up(slot)

    await twice(await enter(duty), f"/sign-ups/{made.id}/transfer", {"slot_id": later.id})

    assert await SignUp.filter(slot_id=later.id).count() == 1
