"""志愿时长: from the system for shifts that people attended, or entered by hand and approved by another."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from models import HoursOrigin, HoursState, Resident, SignUp, Slot, VolunteerHours, writing
from services import access, audit
from services.access import Actor
from services.clock import CHINA, china_today, now
from services.errors import Conflict, Forbidden, Invalid, NotFound
from services.moving import needed
from services.slots.facts import OWN

MINUTE = 60


@dataclass(frozen=True, slots=True)
class Total:
    """Approved minutes of one resident: what the system recorded, and what staff entered."""

    recorded: int
    entered: int

    @property
    def minutes(self) -> int:
        """Both together."""
        return self.recorded + self.entered


async def of(resident_id: int) -> Total:
    """Minutes of the resident that count, by where they come from."""
    approved = VolunteerHours.filter(person=f"{OWN}{resident_id}", state=HoursState.APPROVED)
    found = {HoursOrigin.SYSTEM: 0, HoursOrigin.ENTERED: 0}
    for one in await approved:
        found[one.origin] += one.minutes
    return Total(found[HoursOrigin.SYSTEM], found[HoursOrigin.ENTERED])


async def replace(slot: Slot, came: Sequence[tuple[SignUp, Collection[str]]]) -> None:
    """Make the hours of a locked shift those of who came, once each."""
    there = {(one.sign_up_id, one.person): one for one in await VolunteerHours.filter(slot_id=slot.id)}
    wanted = [(made.id, person) for made, people in came for person in people]
    wrong = [one.id for key, one in there.items() if key not in wanted]
    if wrong:
        await VolunteerHours.filter(id__in=wrong).delete()
    new = [
        VolunteerHours(
            community_id=slot.community_id,
            person=person,
            origin=HoursOrigin.SYSTEM,
            state=HoursState.APPROVED,
            minutes=int((slot.ends_at - slot.starts_at).total_seconds() // MINUTE),
            day=slot.starts_at.astimezone(CHINA).date(),
            words=slot.offering.title,
            slot_id=slot.id,
            sign_up_id=sign_up_id,
            created_at=now(),
        )
        for sign_up_id, person in wanted
        if (sign_up_id, person) not in there
    ]
    await VolunteerHours.bulk_create(new)


async def page(
    actor: Actor, before: int | None, limit: int, *, resident_id: int | None, pending: bool
) -> list[VolunteerHours]:
    """Hours in the actor's scope, newest first; of one resident, or those that wait for approval."""
    access.require_role(actor, *access.DESK)
    found = VolunteerHours.filter(community_id__in=actor.community_ids)
    if resident_id is not None:
        found = found.filter(person=f"{OWN}{resident_id}")
    if pending:
        found = found.filter(state=HoursState.PENDING)
    if before is not None:
        found = found.filter(id__lt=before)
    return await found.order_by("-id").limit(limit)


async def enter(actor: Actor, resident_id: int, day: date, minutes: int, words: str) -> VolunteerHours:
    """Enter hours by hand; they count when somebody else has approved them. Audited.

    Raises: Forbidden, NotFound (resident), Invalid (a day ahead, no words).
    """
    access.require_role(actor, *access.DESK)
    said = needed(words, "请写明做了什么。")
    if day > china_today():
        raise Invalid("日期不能晚于今天。")
    resident = await Resident.get_or_none(id=resident_id)
    if resident is None or resident.community_id not in actor.community_ids:
        raise NotFound("没有找到这位居民。")
    async with writing():
        made = await VolunteerHours.create(
            community_id=resident.community_id,
            person=f"{OWN}{resident_id}",
            origin=HoursOrigin.ENTERED,
            state=HoursState.PENDING,
            minutes=minutes,
            day=day,
            words=said[:200],
            entered_by_id=actor.staff_id,
            created_at=now(),
        )
        await audit.record(
            actor, "hours.enter", f"hours {made.id}", community_id=made.community_id, minutes=minutes
        )
    return made


async def decide(actor: Actor, hours_id: int, *, approve: bool) -> VolunteerHours:
    """Approve or refuse hours that somebody else entered. Audited.

    Raises: NotFound, Forbidden (their own entry), Conflict (decided already).
    """
    access.require_role(actor, *access.DESK)
    found = await VolunteerHours.get_or_none(id=hours_id)
    if found is None or found.community_id not in actor.community_ids:
        raise NotFound("没有找到这条时长。")
    if found.origin is HoursOrigin.ENTERED and found.entered_by_id == actor.staff_id:
        raise Forbidden("自己录入的要由另一位工作人员审核。")
    state = HoursState.APPROVED if approve else HoursState.REFUSED
    async with writing():
        pending = VolunteerHours.filter(id=hours_id, state=HoursState.PENDING)
        if not await pending.update(state=state, decided_by_id=actor.staff_id, decided_at=now()):
            raise Conflict("这条已经审核过了。")
        await audit.record(
            actor, "hours.decide", f"hours {hours_id}", community_id=found.community_id, state=state.value
        )
    return await VolunteerHours.get(id=hours_id)
