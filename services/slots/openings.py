"""What somebody can sign up for now, and what their household has signed up for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import Q

from models import (
    Dependant,
    Offering,
    OfferingKind,
    OfferingState,
    Resident,
    SignUp,
    SignUpPerson,
    SignUpState,
    Slot,
    SlotState,
    rows,
)
from models.statements import with_parents
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


_STANDS = Q(state=SlotState.OPEN, offering__state=OfferingState.PUBLISHED)


def _in_time(moment: datetime) -> Q:
    return Q(opens_at__lte=moment, closes_at__gt=moment, starts_at__gt=moment)


def _drawn(moment: datetime) -> Q:
    """Once its lots are drawn a season is open to its end."""
    return Q(draw__drawn_at__isnull=False, ends_at__gt=moment)


# The first open slot of each offering, however many slots the others have.
_NEXT = """
SELECT id FROM (
    SELECT slot.id, slot.starts_at,
        ROW_NUMBER() OVER (PARTITION BY slot.offering_id ORDER BY slot.starts_at, slot.id) AS place
    FROM slot JOIN offering ON offering.id = slot.offering_id
    WHERE (slot.community_id = $1 OR offering.everybody) AND offering.state = 'published'
    AND slot.state = 'open' AND (
        (slot.opens_at <= $2 AND slot.closes_at > $2 AND slot.starts_at > $2)
        OR (slot.ends_at > $2 AND slot.id IN (SELECT slot_id FROM draw WHERE drawn_at IS NOT NULL))
    )
) AS found WHERE place = 1 ORDER BY starts_at, id LIMIT $3
"""


async def next_of_each(community_id: int | None, limit: int) -> list[Slot]:
    """The next slot of each offering that residents of the community may sign up for now, with it."""
    found = await rows(_NEXT, community_id or 0, now(), limit)
    if not found:
        return []
    slots = Slot.filter(id__in=[row["id"] for row in found])
    return await slots.order_by("starts_at", "id").select_related("offering")


async def titles(community_id: int | None) -> dict[int, str]:
    """Id and title of every published offering that is for residents of the community."""
    here = Q(everybody=True)
    if community_id is not None:
        here |= Q(community_id=community_id)
    found = Offering.filter(here, state=OfferingState.PUBLISHED).order_by("id")
    pairs: list[tuple[int, str]] = await found.values_list("id", "title")
    return dict(pairs)


async def of_offerings(offering_ids: Collection[int], limit: int) -> list[Slot]:
    """Slots of these offerings that are open for sign-up now, with them, the next ones first."""
    if not offering_ids:
        return []
    found = Slot.filter(_STANDS, _in_time(now()) | _drawn(now()), offering_id__in=list(offering_ids))
    return await found.order_by("starts_at", "id").select_related("offering").limit(limit)


async def named_in(text: str, community_id: int | None) -> bool:
    """Whether the title of something that is open stands in the words."""
    called = [one for one, title in (await titles(community_id)).items() if title in text]
    return bool(await of_offerings(called, 1))


# The last slot of the page before, and the few seasons whose lots are drawn.
_BESIDE = (
    "own.id IN (SELECT CAST($1 AS BIGINT) UNION ALL SELECT slot_id FROM draw WHERE drawn_at IS NOT NULL)"
)


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
    at what is open to everybody, rather than one long look at both; what is drawn is few.
    """
    moment = now()
    beside = await with_parents(Slot, "offering", _BESIDE, after or 0)
    last = next((one for one in beside if one.id == after), None)
    wanted = _STANDS & _in_time(moment)
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
    found = {
        one.id: one
        for one in beside
        if _open_to(one, community_id, moment)
        and (last is None or _place(one) > _place(last))
        and kind in (None, one.offering.kind)
        and offering_id in (None, one.offering_id)
    }
    for look in looks:
        slots = Slot.filter(wanted, look).order_by("starts_at", "id").select_related("offering")
        found |= {one.id: one for one in await slots.limit(limit)}
    return sorted(found.values(), key=_place)[:limit]


def _place(slot: Slot) -> tuple[datetime, int]:
    return slot.starts_at, slot.id


def _open_to(season: Slot, community_id: int | None, moment: datetime) -> bool:
    """Whether residents of the community may still come to a season whose lots are drawn."""
    stands = (season.state, season.offering.state) == (SlotState.OPEN, OfferingState.PUBLISHED)
    theirs = season.offering.everybody or season.community_id == community_id
    return stands and theirs and season.ends_at > moment


async def shown(resident_id: int, slot_id: int) -> Slot:
    """One slot with its offering and who runs it, as soon as residents may read of it. Raises: NotFound."""
    resident = await Resident.get(id=resident_id)
    slot = await Slot.get_or_none(id=slot_id).select_related("offering__organization")
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
