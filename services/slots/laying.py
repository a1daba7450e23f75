"""排期: slots are laid out many at once: a weekly class, a venue's opening hours, last week again.

Each verb plans first; with `make` off that is all, with it on the slots are made, and a second time none.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models import CommunityDay, Offering, OfferingKind, OfferingState, Slot, SlotState, writing
from services import audit
from services.access import Actor
from services.clock import now
from services.errors import Conflict, Invalid
from services.slots import offerings, opening_hours, rooms, series, times
from services.slots.times import Plan, Session, Skipped

MOST = 2_000
"""Slots in one request."""
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Places:
    """What every slot of a layout has: so many places, sign-up from and until so long before its start."""

    capacity: int
    opens_before: timedelta | None = None
    """None: sign-up opens at once."""
    closes_before: timedelta = timedelta(0)

    def __post_init__(self) -> None:
        """Raises: Invalid when sign-up would end before it starts."""
        if self.opens_before is not None and self.opens_before <= self.closes_before:
            raise Invalid("报名开始要早于报名截止，请改报名时间。")

    def session(self, start: datetime, end: datetime) -> Session:
        """One slot with these terms."""
        opens = None if self.opens_before is None else start - self.opens_before
        return Session(start, end, self.capacity, start - self.closes_before, opens)


@dataclass(frozen=True, slots=True)
class Off:
    """Which days to leave out: those named, and public holidays."""

    named: frozenset[date] = frozenset()
    holidays: bool = True


async def weekly(
    actor: Actor, offering_id: int, wanted: series.Weekly, places: Places, off: Off, *, make: bool
) -> Plan:
    """Slots of a recurring class. Raises: NotFound, Forbidden, Invalid, Conflict (archived, a plot)."""
    sessions = [places.session(*span) for span in series.spans(wanted)]
    return await _lay(actor, offering_id, lambda _offering: sessions, off, make=make)


async def opening(
    actor: Actor,
    offering_id: int,
    dates: tuple[date, date],
    pieces: tuple[timedelta, timedelta],
    places: Places,
    off: Off,
    *,
    make: bool,
) -> Plan:
    """Slots out of a venue's opening hours, first to last of `dates`; `pieces`: their length and the gap.

    Raises: NotFound, Forbidden, Invalid (no venue, or one without hours), Conflict (archived).
    """
    series.check_range(*dates)

    def want(offering: Offering) -> list[Session]:
        if offering.kind is not OfferingKind.VENUE or not offering.opening_hours:
            raise Invalid("只有写了开放时间的场地才能按开放时间排。")
        open_then = [opening_hours.Piece.of(one) for one in offering.opening_hours]
        return [places.session(*span) for span in opening_hours.cut(open_then, *dates, *pieces)]

    return await _lay(actor, offering_id, want, off, make=make)


async def next_week(actor: Actor, offering_id: int, day: date, off: Off, *, make: bool) -> Plan:
    """The slots of the week of `day` once more, seven days later, with their clock times and places.

    A slot that was called off is not copied, which is told. Raises: NotFound, Forbidden, Conflict.
    """
    offering = await offerings.operated(actor, offering_id)
    start = times.at(times.monday(day), datetime.min.time())
    found = Slot.filter(offering_id=offering.id, starts_at__gte=start, starts_at__lt=start + _WEEK)
    last = await found.order_by("starts_at")
    copies = [_copy(one) for one in last if one.state is SlotState.OPEN]
    gone = [
        Skipped(times.moved(one.starts_at, 7), "was_called_off", "原来那一周的这一场取消了，没有复制。")
        for one in last
        if one.state is not SlotState.OPEN
    ]
    plan = await _lay(actor, offering_id, lambda _offering: copies, off, make=make)
    skipped = sorted((*plan.skipped, *gone), key=lambda one: one.starts_at)
    return Plan(plan.sessions, tuple(skipped), plan.unsure)


def _copy(one: Slot) -> Session:
    moments = (one.starts_at, one.ends_at, one.closes_at, one.opens_at)
    start, end, closes, opens = (times.moved(moment, 7) for moment in moments)
    return Session(start, end, one.capacity, closes, opens)


async def _lay(
    actor: Actor, offering_id: int, want: Callable[[Offering], Sequence[Session]], off: Off, *, make: bool
) -> Plan:
    async with writing():
        offering = await offerings.operated(actor, offering_id)
        if offering.state is OfferingState.ARCHIVED:
            raise Conflict("已归档的不能再排期。")
        if offering.kind is OfferingKind.PLOT:
            raise Conflict("菜地按季开放，请用“新一季”。")
        await rooms.lock(offering)
        wanted = want(offering)
        if len(wanted) > MOST:
            raise Invalid(f"一次最多排 {MOST} 场，请缩短日期。")
        plan = await _plan(offering, wanted, off)
        if make and plan.sessions:
            await _make(actor, offering, plan.sessions)
    return plan


async def _plan(offering: Offering, wanted: Sequence[Session], off: Off) -> Plan:
    if not wanted:
        return Plan((), ())
    entered = await CommunityDay.filter(community_id=offering.community_id)
    away = times.DaysOff({one.day: one.working for one in entered}, off.named, off.holidays)
    there = await rooms.taken(offering, *rooms.outer([(one.starts_at, one.ends_at) for one in wanted]))
    return times.fit(wanted, there, away, now(), room=rooms.room_of(offering) is not None)


async def _make(actor: Actor, offering: Offering, sessions: Collection[Session]) -> None:
    moment = now()
    made = [
        Slot(
            offering_id=offering.id,
            community_id=offering.community_id,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            opens_at=one.opens_at or moment,
            closes_at=one.closes_at,
            capacity=one.capacity,
            decide_at=times.deciding(one.starts_at, one.closes_at, moment),
        )
        for one in sessions
    ]
    await Slot.bulk_create(made)
    target = f"offering {offering.id}"
    await audit.record(actor, "slot.lay", target, community_id=offering.community_id, made=len(made))
