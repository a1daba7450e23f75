"""Times of slots are of our time: what no clock in China can show would stop every list it stands in."""

from __future__ import annotations

import pytest

from models import Community, Slot, Staff
from tests.api.conftest import Enter
from tests.make import make_community, make_duty, make_offering


@pytest.fixture
async def duty(db: str) -> Staff:
    return await make_duty(await make_community())


@pytest.mark.parametrize(
    ("starts_at", "ends_at"),
    [
        ("9999-12-31T23:00:00Z", "9999-12-31T23:59:00Z"),
        ("2026-12-31T23:00:00Z", "9999-12-31T23:59:00Z"),
        ("0001-01-01T00:00:00+08:00", "2099-01-01T00:00:00Z"),
    ],
)
async def test_a_slot_far_from_our_time_is_refused(
    duty: Staff, enter: Enter, starts_at: str, ends_at: str
) -> None:
    offering = await make_offering(await Community.get(id=duty.community_id))
    body = {"starts_at": starts_at, "ends_at": ends_at, "capacity": 1}

    answer = await (await enter(duty)).post(f"/offerings/{offering.id}/slots", json=body)

    assert answer.status_code == 422
    assert {one["field"] for one in answer.json()["errors"]} <= {"starts_at", "ends_at"}
    assert await Slot.all().count() == 0
