"""What somebody can sign up for now, and what their household has signed up for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import Q

from models import (
    Dependant,
    OfferingKind,
    OfferingState,
    Resident,
    SignUp,
    SignUpPerson,
    SignUpState,
    Slot,
    SlotState,
)
from services.clock import now
from services.errors import NotFound
from services.slots.facts import DEPENDANT, OWN

_NO_SLOT = "没有找到这个场次。"
MYSELF = "我自己"
CURRENT = (SignUpState.HELD, SignUpState.OFFERED, SignUpState.WAITING, SignUpState.APPLIED)
"""States in which a sign-up is still ahead of its household."""


@dataclass(frozen=True, slots=True)
class Someone:
    """A person whom a resident may sign up: the key that rows bear, and what the household calls them."""

    key: str
    name: str


def _open_now(moment: datetime) -> Q:
    return Q(
        state=SlotState.OPEN,
        offering__state=OfferingState.PUBLISHED,
        opens_at__lte=moment,
        closes_at__gt=moment,
        starts_at__gt=moment,
    )


async def open_for(community_id: int | None, limit: int) -> list[Slot]:
    """Slots with their offerings that residents of the community may sign up for now, the next ones first."""
    here = Q(offering__everybody=True)
    if community_id is not None:
        here = here | Q(community_id=community_id)
    found = Slot.filter(here, _open_now(now()))
    return await found.order_by("starts_at", "id").select_related("offering").limit(limit)


async def named_in(text: str, community_id: int | None, limit: int = 60) -> list[Slot]:
    """Those of `open_for` whose title stands in the words."""
    return [one for one in await open_for(community_id, limit) if one.offering.title in text]


async def page(
    community_id: int | None,
    after: int | None,
    limit: int,
    *,
    kind: OfferingKind | None = None,
    offering_id: int | None = None,
) -> list[Slot]:
    """Slots with their offerings that are open to residents of the community now, the next ones first.

    `after`: the last slot of the page before. Two short looks along an index, one at the own community, one
    at what is open to everybody, rather than one long look at both.
    """
    last = await Slot.get_or_none(id=after) if after is not None else None
    wanted = _open_now(now())
    if last is not None:
        # The first condition lets the index begin there.
        wanted &= Q(starts_at__gte=last.starts_at)
        wanted &= Q(starts_at__gt=last.starts_at) | Q(starts_at=last.starts_at, id__gt=last.id)
    if kind is not None:
        wanted &= Q(offering__kind=kind)
    if offering_id is not None:
        wanted &= Q(offering_id=offering_id)
    looks = [Q(offering__everybody=True)]
    if community_id is not None:
        looks.append(Q(community_id=community_id))
    found: dict[int, Slot] = {}
    for look in looks:
        slots = Slot.filter(wanted, look).order_by("starts_at", "id").select_related("offering")
        found |= {one.id: one for one in await slots.limit(limit)}
    return sorted(found.values(), key=lambda one: (one.starts_at, one.id))[:limit]


async def shown(resident_id: int, slot_id: int) -> Slot:
    """One slot with its offering, as soon as residents may read of it. Raises: NotFound."""
    resident = await Resident.get(id=resident_id)
    slot = await Slot.get_or_none(id=slot_id).select_related("offering")
    hidden = (OfferingState.DRAFT, OfferingState.ARCHIVED)
    if slot is None or slot.offering.state in hidden:
        raise NotFound(_NO_SLOT)
    mine = slot.offering.everybody or slot.community_id == resident.community_id
    if not mine and not await SignUp.exists(slot_id=slot.id, household_id=resident.household_id or 0):
        raise NotFound(_NO_SLOT)
    return slot


async def sign_ups_of(resident_id: int, before: int | None, limit: int) -> list[SignUp]:
    """Every sign-up of the resident's household with slot and offering, the last first."""
    resident = await Resident.get(id=resident_id)
    found = SignUp.filter(household_id=resident.household_id or 0)
    if before is not None:
        found = found.filter(id__lt=before)
    return await found.order_by("-id").select_related("slot__offering").limit(limit)


async def own_sign_up(resident_id: int, sign_up_id: int) -> SignUp:
    """One sign-up of the resident's household with slot and offering. Raises: NotFound."""
    resident = await Resident.get(id=resident_id)
    found = SignUp.get_or_none(id=sign_up_id, household_id=resident.household_id or 0)
    made = await found.select_related("slot__offering")
    if made is None:
        raise NotFound("没有找到您的这个报名。")
    return made


async def household_of(resident_id: int) -> list[Someone]:
    """Everybody whom the resident may sign up, themself first."""
    own = [Someone(f"{OWN}{resident_id}", MYSELF)]
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
