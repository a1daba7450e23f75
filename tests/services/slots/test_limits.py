"""How many absences block somebody, and for how long, is the community's to choose."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from models import Block, Community
from services.clock import now
from services.slots import limits
from services.slots.limits import Limits
from tests.make import make_community, make_resident
from tests.services.slots.day import CHINA_NIGHT
from tests.services.slots.test_settling import DAY, held, texts


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(CHINA_NIGHT - DAY, tick=True) as traveller:
        yield traveller


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({}, Limits(3, 90 * DAY, 30 * DAY)),
        ({"absences_until_block": 1}, Limits(1, 90 * DAY, 30 * DAY)),
        ({"absence_days": 7, "block_days": 365}, Limits(3, 7 * DAY, 365 * DAY)),
    ],
)
async def test_what_a_community_has_not_chosen_is_as_usual(
    db: str, chosen: dict[str, Any], expected: Limits
) -> None:
    community = await make_community(**chosen)

    assert await limits.of(community.id) == expected


async def test_a_stricter_community_blocks_earlier_and_longer_and_says_so(
    db: str, clock: time_machine.Traveller
) -> None:
    community = await make_community(absences_until_block=2, absence_days=10, block_days=60)
    person = await make_resident(community=community)
    for day in (0, 9):
        await held(community, clock, day, person)

    block = await Block.get()
    assert block.times == 2
    assert timedelta(days=59) < block.until - now() <= timedelta(days=60)
    (warned,), (blocked,) = await texts("absent"), await texts("blocked")
    assert "10 天内满 2 次" in warned
    assert "10 天内已经 2 次" in blocked


async def test_absences_further_apart_than_the_community_looks_back_block_nobody(
    db: str, clock: time_machine.Traveller
) -> None:
    community = await make_community(absences_until_block=2, absence_days=10)
    person = await make_resident(community=community)
    for day in (0, 10):
        await held(community, clock, day, person)

    assert await Block.all().count() == 0


async def test_a_change_holds_from_then_on_and_leaves_blocks_as_they_are(
    db: str, clock: time_machine.Traveller
) -> None:
    community = await make_community(absences_until_block=1, block_days=10)
    person = await make_resident(community=community)
    await held(community, clock, 0, person)
    before = await Block.get()

    await Community.filter(id=community.id).update(absences_until_block=5)
    await held(community, clock, 20, person)

    after = await Block.get()
    assert (after.until, after.lifted_at) == (before.until, None)
