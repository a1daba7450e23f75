"""What somebody can sign up for now, and what their household has signed up for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tortoise.expressions import Q

from models import Dependant, OfferingState, Resident, SignUp, SignUpPerson, SignUpState, Slot, SlotState
from services.clock import now
from services.slots.facts import DEPENDANT, OWN

CURRENT = (SignUpState.HELD, SignUpState.OFFERED, SignUpState.WAITING)
"""States in which a sign-up is still ahead of its household."""


@dataclass(frozen=True, slots=True)
class Someone:
    """A person whom a resident may sign up: the key that rows bear, and what the household calls them."""

    key: str
    name: str


async def open_for(community_id: int | None, limit: int) -> list[Slot]:
    """Slots with their offerings that residents of the community may sign up for now, the next ones first."""
    moment = now()
    here = Q(offering__everybody=True)
    if community_id is not None:
        here = here | Q(community_id=community_id)
    found = Slot.filter(
        here,
        state=SlotState.OPEN,
        offering__state=OfferingState.PUBLISHED,
        opens_at__lte=moment,
        closes_at__gt=moment,
        starts_at__gt=moment,
    )
    return await found.order_by("starts_at", "id").select_related("offering").limit(limit)


async def household_of(resident_id: int) -> list[Someone]:
    """Everybody whom the resident may sign up, themself first."""
    own = [Someone(f"{OWN}{resident_id}", "我自己")]
    resident = await Resident.get(id=resident_id)
    if resident.household_id is None:
        return own
    others = await Dependant.filter(household_id=resident.household_id, active=True).order_by("id")
    return own + [Someone(f"{DEPENDANT}{one.id}", one.name) for one in others]


async def ahead_of(resident_id: int, *states: SignUpState) -> list[SignUp]:
    """Sign-ups of the resident's household that are ahead, the next ones first, with their offerings."""
    resident = await Resident.get(id=resident_id)
    if resident.household_id is None:
        return []
    found = SignUp.filter(
        household_id=resident.household_id, state__in=states or CURRENT, slot__ends_at__gt=now()
    )
    return await found.order_by("slot__starts_at", "id").select_related("slot__offering")


async def names(sign_ups: Sequence[SignUp], resident_id: int) -> dict[int, list[str]]:
    """For each sign-up whom it is for, as the household calls them."""
    known = {one.key: one.name for one in await household_of(resident_id)}
    found: dict[int, list[str]] = {one.id: [] for one in sign_ups}
    for person in await SignUpPerson.filter(sign_up_id__in=list(found)).order_by("id"):
        found[person.sign_up_id].append(known.get(person.person, "家里人"))
    return found
