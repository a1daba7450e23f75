"""A storm for few places, over two processes: never oversold, nobody twice, the line kept, told once."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from models import (
    Community,
    Conversation,
    Household,
    OfferingKind,
    Resident,
    SignUp,
    SignUpState,
    Slot,
    on_postgres,
)
from services.access import staff_actor
from services.slots import line, signup, steering
from tests.make import make_community, make_duty, make_offering, make_resident, make_slot
from tests.services.slots.truth import broken
from tests.whole.caller import Message, post, words

PEOPLE = 120
PLACES = 30
AT_ONCE = 16


async def _stormers(community: Community) -> list[str]:
    """Residents who write to the account for the first time with a household of their own."""
    for number in range(PEOPLE):
        resident = await Resident.create(community=community)
        await Conversation.create(account="oa", openid=f"storm-{number}", resident=resident)
    return [f"storm-{number}" for number in range(PEOPLE)]


async def test_a_storm_over_two_processes_sells_no_place_twice_and_a_repeated_message_claims_once(
    two_services: tuple[str, str], http: httpx.AsyncClient
) -> None:
    community = await Community.get(code="xinlian")
    offering = await make_offering(community, title="烘焙课", kind=OfferingKind.ACTIVITY)
    slot = await make_slot(offering, capacity=PLACES)
    openids = await _stormers(community)
    chance, turns = random.Random(7), asyncio.Semaphore(AT_ONCE)

    async def come(number: int, openid: str) -> None:
        """Sign up; some change their mind at once, some answer an offer that may not be there."""
        async with turns:
            address = two_services[number % 2]
            said = words(await post(http, address, Message("报名 烘焙课", openid=openid).signed()), openid)
            assert "烘焙课" in said
            mood = chance.random()
            if mood < 0.5:
                word = "取消 烘焙课" if mood < 0.3 else "接受"
                await post(http, address, Message(word, openid=openid).signed())

    async def disturb() -> None:
        """The desk resizes, offers expire and are passed on, all the while."""
        desk = await staff_actor(await make_duty(community))
        for capacity in (PLACES + 5, PLACES - 5, PLACES + 8, PLACES, PLACES + 3):
            with suppress(steering.Oversubscribed):
                await steering.resize(desk, slot.id, capacity)
            past = datetime.now(UTC) - timedelta(seconds=1)
            await SignUp.filter(state=SignUpState.OFFERED).update(offered_until=past)
            await line.tidy_due()

    await asyncio.gather(disturb(), *(come(number, one) for number, one in enumerate(openids)))

    assert await broken() == []
    assert await SignUp.all().count() == PEOPLE
    again = Message("报名 烘焙课", openid="resident-1")
    said = await asyncio.gather(*(post(http, two_services[n % 2], again.signed()) for n in range(6)))
    assert len({words(one, "resident-1") for one in said}) == 1
    assert await SignUp.all().count() == PEOPLE + 1
    assert (await Slot.get(id=slot.id)).taken > 0


async def test_without_the_guard_the_same_storm_does_oversell(
    db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harness can see what it looks for. SQLite lets one writer in at a time, guard or not."""
    if not on_postgres():
        pytest.skip("SQLite serialises writers by itself")
    community = await make_community()
    slot = await make_slot(await make_offering(community), capacity=3)
    residents = [
        await make_resident(community=community, household=await Household.create()) for _ in range(12)
    ]
    looked = asyncio.Barrier(len(residents))

    async def unguarded(slot_id: int, party: int, *, may_wait: bool) -> signup.Claimed | None:
        """Look whether there is room, then take it: what most sign-up systems do."""
        room: Any = await Slot.get(id=slot_id)
        async with asyncio.timeout(5):
            await looked.wait()
        await Slot.filter(id=slot_id).update(taken=room.taken + party)
        return signup.Claimed() if room.free >= party else None

    monkeypatch.setattr(signup, "_take", unguarded)
    await asyncio.gather(
        *(signup.sign_up(one.id, slot.id, [f"r{one.id}"]) for one in residents), return_exceptions=True
    )

    assert any("held of 3" in words or "counted" in words for words in await broken())
