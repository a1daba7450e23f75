"""What the tests of the day share: a desk, families, a slot at a set time, and the clock put somewhere."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from models import Community, Dependant, DependantKind, Resident, SignUp, Slot, writing
from services import access, households
from services.access import Actor
from services.slots import signup
from tests.make import make_community, make_duty, make_offering, make_resident, make_slot

CHINA_NIGHT = datetime.fromisoformat("2026-12-31T23:30:00+08:00")
"""A start half an hour before midnight, at the end of month and year."""


async def desk_of(community: Community) -> Actor:
    """Staff of the community."""
    return await access.staff_actor(await make_duty(community))


async def stranger() -> Actor:
    """Staff of another community."""
    return await desk_of(await make_community())


async def slot_at(community: Community, starts_at: datetime = CHINA_NIGHT, **offering: Any) -> Slot:
    """A slot of two hours, open for sign-up since a week."""
    made = await make_offering(community, **offering)
    return await make_slot(made, starts_at=starts_at, closes_at=starts_at + timedelta(hours=1))


async def child_of(resident: Resident) -> Dependant:
    """A child of the resident's household."""
    async with writing():
        household_id = (await households.lock(resident.id)).household_id
    return await Dependant.create(
        household_id=household_id,
        kind=DependantKind.CHILD,
        name="小宝",
        born="2018-03-01",
        consent_at=CHINA_NIGHT,
        consent_by_id=resident.id,
    )


async def signed_up(
    slot: Slot, *people: str, guests: int = 0, resident: Resident | None = None
) -> tuple[Resident, SignUp]:
    """Somebody with a place in the slot, themself unless `people` says whom."""
    who = resident or await make_resident(community=await Community.get(id=slot.community_id))
    made = await signup.sign_up(who.id, slot.id, list(people) or [f"r{who.id}"], guests=guests)
    return who, made
