"""场地 as a room: a venue and what is held in it share its time, so their open slots never overlap.

Lock order: rows of offerings by id; whoever holds them locks no household and no slot before them.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from itertools import pairwise

from tortoise.expressions import F, Q

from models import Offering, OfferingKind, Slot, SlotState
from services.clock import now
from services.errors import Conflict
from services.slots.times import Taken


def room_of(offering: Offering) -> int | None:
    """Id of the venue whose time the slots of the offering take; None: they take nobody's."""
    return offering.id if offering.kind is OfferingKind.VENUE else offering.venue_id


async def lock(offering: Offering) -> None:
    """Until the caller's `writing()` ends nobody else adds slots to the offering, or to its room."""
    for one in sorted({offering.id, room_of(offering) or offering.id}):
        await Offering.filter(id=one).update(party_most=F("party_most"))


async def taken(offering: Offering, start: datetime, end: datetime) -> list[Taken]:
    """Slots of the offering and of its room that lie in this time, even in part."""
    room = room_of(offering)
    mine = Q(offering_id=offering.id)
    if room is not None:
        mine |= Q(offering_id=room) | Q(offering__venue_id=room)
    found = Slot.filter(mine, starts_at__lt=end, ends_at__gt=start)
    return [
        Taken(one.starts_at, one.ends_at, one.offering_id == offering.id, one.state is SlotState.OPEN)
        for one in await found.order_by("starts_at")
    ]


async def check_free(offering: Offering, start: datetime, end: datetime) -> None:
    """Raises: Conflict when the room of a locked offering is taken at that time."""
    if room_of(offering) is not None and any(one.open for one in await taken(offering, start, end)):
        raise Conflict("这个时间场地已经有安排，请换个时间。")


async def check_moved(offering: Offering) -> None:
    """Lock the room into which an offering has moved. Raises: Conflict when slots ahead overlap there."""
    await lock(offering)
    own = Slot.filter(offering_id=offering.id, state=SlotState.OPEN, ends_at__gt=now())
    spans = [(one.starts_at, one.ends_at) for one in await own]
    if not spans:
        return
    found = [one for one in await taken(offering, *outer(spans)) if one.open]
    if any(later.starts_at < one.ends_at for one, later in pairwise(found)):
        raise Conflict("这个时间场地已经有安排，请换个场地，或先取消重叠的场次。")


def outer(spans: Collection[tuple[datetime, datetime]]) -> tuple[datetime, datetime]:
    """From the first start to the last end. `spans` is not empty."""
    return min(start for start, _ in spans), max(end for _, end in spans)
