"""一季菜地: a slot whose places are given by lot: a sealed seed, renewals first, then applications."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from models import Draw, OfferingKind, OfferingState, SignUp, SignUpState, Slot, SlotState, writing
from services import audit, deliveries
from services.access import Actor
from services.clock import now
from services.errors import Conflict, Invalid, NotFound
from services.slots import line, lots, offerings, pushes, rooms

KEPT = (SignUpState.HELD, SignUpState.ATTENDED)
"""Who holds a plot may renew it."""


_AHEAD = (SignUpState.HELD, SignUpState.OFFERED, SignUpState.WAITING, SignUpState.APPLIED)
"""Of a season that has not begun, the surest first."""
_ONE_EACH = "一户只能报一份，您家报了两份，留下了一份"


@dataclass(frozen=True, slots=True)
class Season:
    """One season of plots; moments in UTC. Until `renew_until` the holders of `last_slot_id` alone sign up.

    `public_source` names a number that nobody knows yet and everybody will see, to join the seed.
    """

    starts_at: datetime
    ends_at: datetime
    capacity: int
    opens_at: datetime
    closes_at: datetime
    renew_until: datetime | None = None
    last_slot_id: int | None = None
    public_source: str = ""


async def open_season(actor: Actor, offering_id: int, season: Season) -> Draw:
    """Make the slot and the sealed seed of a season of plots.

    Raises: NotFound (offering, last season), Forbidden, Conflict (no plots, archived), Invalid (times the
    wrong way round, fewer plots than there are holders who may renew, nobody to renew).
    """
    async with writing():
        offering = await offerings.steered(actor, offering_id)
        if offering.kind is not OfferingKind.PLOT or offering.state is OfferingState.ARCHIVED:
            raise Conflict("只有没归档的菜地可以开新一季。")
        await rooms.lock(offering)
        _check_times(season)
        last = await _last(offering.id, season)
        seed = lots.new_seed()
        slot = await Slot.create(
            offering=offering,
            community_id=offering.community_id,
            starts_at=season.starts_at,
            ends_at=season.ends_at,
            opens_at=season.opens_at,
            closes_at=season.closes_at,
            capacity=season.capacity,
            by_lot=True,
            # Whose lots wait for a public number are drawn by whoever brings it.
            decide_at=None if season.public_source else season.closes_at,
        )
        draw = await Draw.create(
            community_id=offering.community_id,
            slot=slot,
            last_slot=last,
            renew_until=season.renew_until,
            seed=seed,
            seed_hash=lots.fingerprint(seed),
            public_source=season.public_source,
        )
        target = f"slot {slot.id}"
        detail = {"seed_hash": draw.seed_hash, "public_source": draw.public_source}
        await audit.record(actor, "slot.season", target, community_id=offering.community_id, **detail)
    return draw


async def renews(draw: Draw, household_id: int) -> bool:
    """Whether the household holds a place of the last season."""
    if draw.last_slot_id is None:
        return False
    return await SignUp.exists(slot_id=draw.last_slot_id, household_id=household_id, state__in=KEPT)


async def enter(slot_id: int, household_id: int, party: int) -> SignUpState | None:
    """Let a sign-up into a slot whose lots are to be drawn: who renews in time holds places, others applied.

    None when applications are over; the look is taken under the slot's lock, which the caller keeps until the
    sign-up is written, so that no application comes after the lots.
    """
    slot = await line.lock(slot_id)
    draw = await Draw.get(slot_id=slot.id)
    moment = now()
    if slot.state is not SlotState.OPEN or draw.drawn_at is not None or moment >= slot.closes_at:
        return None
    in_time = draw.renew_until is not None and moment < draw.renew_until
    if in_time and slot.free >= party and await renews(draw, household_id):
        slot.taken += party
        await line.count(slot)
        return SignUpState.HELD
    return SignUpState.APPLIED


async def keep_one(household_id: int) -> None:
    """Leave a locked household that was two one application or plot in each season ahead: the surest.

    Who made the other one is told. Locks the slots.
    """
    ahead = SignUp.filter(household_id=household_id, state__in=_AHEAD)
    found = await ahead.filter(slot__by_lot=True, slot__starts_at__gt=now()).order_by("slot_id", "id")
    for slot_id in sorted({one.slot_id for one in found}):
        slot = await line.lock(slot_id)
        theirs = await SignUp.filter(slot_id=slot_id, household_id=household_id, state__in=_AHEAD)
        for one in sorted(theirs, key=lambda made: (_AHEAD.index(made.state), made.id))[1:]:
            await line.leave(slot, one, SignUpState.CANCELLED, _ONE_EACH)
            await line.tell(slot, one, "taken_off", pushes.taken_off(slot, _ONE_EACH))
        await line.fill(slot)
        await line.count(slot)


async def tell_due(limit: int = 20) -> int:
    """Tell the holders of a last season, once, that they may renew; for up to `limit` seasons."""
    moment = now()
    due = Draw.filter(
        told_at=None,
        renew_until__gt=moment,
        slot__opens_at__lte=moment,
        slot__state=SlotState.OPEN,
        slot__offering__state=OfferingState.PUBLISHED,
    )
    found = await due.order_by("id").limit(limit).select_related("slot__offering")
    for draw in found:
        async with writing():
            if draw.renew_until is None or not await Draw.filter(id=draw.id, told_at=None).update(
                told_at=moment
            ):
                continue
            payload = pushes.renewal(draw.slot, draw.renew_until)
            holders = SignUp.filter(slot_id=draw.last_slot_id, state__in=KEPT)
            for one in await holders.order_by("id"):
                await line.tell(draw.slot, one, f"renew_{draw.slot_id}", payload)
    if found:
        deliveries.wake()
    return len(found)


def _check_times(season: Season) -> None:
    renew = season.renew_until or season.opens_at
    applied = renew < season.closes_at <= season.starts_at < season.ends_at
    if not applied or not season.opens_at <= renew or season.renew_until == season.opens_at:
        raise Invalid("时间顺序不对：开始报名、续租截止、申请截止、开始、结束要一个比一个晚。")
    if season.closes_at <= now():
        raise Invalid("申请截止要在今后。")


async def _last(offering_id: int, season: Season) -> Slot | None:
    """The season before, where its holders renew."""
    if season.renew_until is None:
        return None
    before = Slot.filter(offering_id=offering_id, starts_at__lt=season.starts_at, state=SlotState.OPEN)
    if season.last_slot_id is not None:
        before = before.filter(id=season.last_slot_id)
    last = await before.order_by("-starts_at").first()
    if last is None:
        raise NotFound("没有找到上一季，不能续租。第一季请不写续租截止。")
    held = await SignUp.filter(slot_id=last.id, state__in=KEPT).values_list("party", flat=True)
    if len(held) > season.capacity:
        raise Invalid(f"上一季有 {len(held)} 户可以续租，这一季至少要 {len(held)} 块。")
    return last
