"""日历: one time for everybody, and a resident's own sign-ups under a secret link.

The secret follows from the resident, the version of their link and the key of the settings: it can be shown
again, and whoever reads the table alone learns no link.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby

from tortoise.expressions import F

from models import CalendarLink, OfferingState, Resident, SignUp, SignUpState, Slot, SlotState, writing
from models.fields import keyed_hash
from services.clock import now
from services.errors import NotFound
from services.slots import ics
from services.slots.ics import Entry, Status

_SHOWN_AFTER = timedelta(days=60)
_MOST = 500
_SECRET = 31
_CERTAIN = (SignUpState.HELD, SignUpState.ATTENDED, SignUpState.ABSENT)
_OPEN = (SignUpState.OFFERED, SignUpState.WAITING, SignUpState.APPLIED)
_GONE = "没有找到这个日历。链接可能已经换过，请重新复制。"


async def link_for(resident_id: int) -> str:
    """The address of the resident's own calendar, made when first asked for. Raises: NotFound."""
    return await _link(resident_id, renew=False)


async def renew_link(resident_id: int) -> str:
    """A new address; the one before finds nothing any more. Raises: NotFound."""
    return await _link(resident_id, renew=True)


async def revoke_link(resident_id: int) -> None:
    """No address finds the calendar any more, until a link is asked for again."""
    async with writing():
        await CalendarLink.filter(resident_id=resident_id).update(secret_hash=None)


async def _link(resident_id: int, *, renew: bool) -> str:
    async with writing():
        # Locks the resident: of two first requests at once, the second finds the link of the first.
        if not await Resident.filter(id=resident_id).update(responder=F("responder")):
            raise NotFound("没有找到这位居民。")
        link = await CalendarLink.get_or_none(resident_id=resident_id)
        if link is None:
            link = CalendarLink(resident_id=resident_id)
        elif renew or link.secret_hash is None:
            link.version += 1
        secret = _secret(resident_id, link.version)
        link.secret_hash = keyed_hash(secret)
        await link.save()
    return f"/api/v1/calendar/{secret}.ics"


def _secret(resident_id: int, version: int) -> str:
    """124 bits that nobody guesses; begins with a letter, as codes in addresses do."""
    return "c" + keyed_hash(f"calendar:{resident_id}:{version}")[:_SECRET]


async def feed(secret: str) -> bytes:
    """What the household of the link's resident has signed up for, lately and ahead. Raises: NotFound."""
    link = await CalendarLink.get_or_none(secret_hash=keyed_hash(secret)).select_related("resident")
    if link is None:
        raise NotFound(_GONE)
    found: list[SignUp] = []
    if link.resident.household_id is not None:
        theirs = SignUp.filter(
            household_id=link.resident.household_id, slot__ends_at__gt=now() - _SHOWN_AFTER
        )
        found = (
            await theirs.order_by("-slot__starts_at", "slot_id", "id")
            .select_related("slot__offering")
            .limit(_MOST)
        )
    entries = [_own(list(group)) for _, group in groupby(found, key=lambda one: one.slot_id)]
    return ics.calendar("乡邻·我的报名", entries, now())


async def session(slot_id: int) -> bytes:
    """One time as everybody may see it; called off, too, so that calendars drop it. Raises: NotFound."""
    slot = await Slot.get_or_none(id=slot_id).select_related("offering")
    if slot is None or slot.offering.state not in (OfferingState.PUBLISHED, OfferingState.CLOSED):
        raise NotFound("没有找到这个场次。")
    off = slot.state is SlotState.CALLED_OFF
    status = Status.CANCELLED if off else Status.CONFIRMED
    entry = _entry(slot, status, int(off), slot.offering.description)
    return ics.calendar(slot.offering.title, [entry], now())


def _own(made: Sequence[SignUp]) -> Entry:
    """All sign-ups of one household for one slot as one entry: what is certain wins."""
    slot = made[0].slot
    states = {one.state for one in made}
    off = slot.state is SlotState.CALLED_OFF
    # Nobody ends a sign-up twice, so this only grows.
    sequence = len(made) - 1 + sum(1 for one in made if one.ended_at is not None) + int(off)
    if off or not states & {*_CERTAIN, *_OPEN}:
        return _entry(slot, Status.CANCELLED, sequence, "")
    certain = [one for one in made if one.state in _CERTAIN]
    if certain:
        places = sum(one.party for one in certain)
        return _entry(slot, Status.CONFIRMED, sequence, f"已报名，{places} 个名额")
    words = next(one.label for one in _OPEN if one in states)
    return _entry(slot, Status.TENTATIVE, sequence, words)


def _entry(slot: Slot, status: Status, sequence: int, words: str) -> Entry:
    offering = slot.offering
    return Entry(
        slot_id=slot.id,
        title=offering.title,
        place=offering.place,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        status=status,
        sequence=sequence,
        words=words,
        fills_time=offering.kind.fills_time,
    )
