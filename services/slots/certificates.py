"""志愿服务证明: issued from approved hours as they stand, printed as often as wanted, confirmed by a code."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from datetime import date, datetime

from models import Certificate, HoursOrigin, HoursState, Resident, Role, VolunteerHours, writing
from services import access, audit, households
from services.access import Actor
from services.clock import CHINA, china_today, now
from services.errors import Conflict, Invalid, NotFound
from services.masking import masked_name
from services.slots.attendance import Sheet
from services.slots.certificate_facts import Paper, Served
from services.slots.facts import OWN

_LETTERS = "abcdefghjkmnpqrstuvwxyz"
_SIGNS = _LETTERS + "23456789"
_CODE = 16
_GONE = "没有找到这张证明。"


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What anybody with the code learns; the name is masked, they have it on the paper before them."""

    number: str
    name: str
    community: str
    minutes: int
    starts_on: date
    ends_on: date
    issued_at: datetime
    valid: bool


async def approved(resident_id: int, starts_on: date, ends_on: date) -> tuple[Served, ...]:
    """The approved hours of a period, by day: what the system recorded, and what staff entered."""
    found = VolunteerHours.filter(
        person=f"{OWN}{resident_id}",
        state=HoursState.APPROVED,
        day__gte=starts_on,
        day__lte=ends_on,
    )
    return tuple(
        Served(one.day, one.words, one.minutes, entered=one.origin is HoursOrigin.ENTERED)
        for one in await found.order_by("day", "id")
    )


async def issue(actor: Actor, resident_id: int, starts_on: date, ends_on: date) -> Certificate:
    """Certify the hours of a period, by a resident for themself or by staff of their community.

    The same once more gives the same certificate. Raises: Forbidden, NotFound, Invalid (no name, days the
    wrong way round), Conflict (no community, no hours).
    """
    if starts_on > ends_on:
        raise Invalid("起止日期写反了。")
    async with writing():
        # One after the other, so that a double tap issues one.
        resident = await _in_sight(actor, resident_id)
        _ = await households.lock(resident.id)
        if not resident.name:
            raise Invalid("还没有登记姓名，请先补上再开证明。")
        if resident.community_id is None:
            raise Conflict("还没有选村（社区），请先选好再开证明。")
        served = await approved(resident.id, starts_on, ends_on)
        if not sum(one.minutes for one in served):
            raise Conflict("这段时间没有已认定的志愿服务时长。")
        return await _issued(actor, resident, starts_on, ends_on, served)


async def _issued(
    actor: Actor, resident: Resident, starts_on: date, ends_on: date, served: tuple[Served, ...]
) -> Certificate:
    entries = [[one.day.isoformat(), one.title, one.minutes, one.entered] for one in served]
    same = Certificate.filter(
        resident_id=resident.id, starts_on=starts_on, ends_on=ends_on, revoked_at=None
    ).order_by("-id")
    for one in await same:
        if one.entries == entries and one.name == resident.name:
            return one
    code = secrets.choice(_LETTERS) + "".join(secrets.choice(_SIGNS) for _ in range(_CODE - 1))
    made = await Certificate.create(
        number=code,
        code=code,
        community_id=resident.community_id,
        resident=resident,
        name=resident.name,
        minutes=sum(one.minutes for one in served),
        starts_on=starts_on,
        ends_on=ends_on,
        entries=entries,
        issued_by_id=actor.staff_id,
        issued_at=now(),
    )
    made.number = f"V{china_today().year}-{made.id:06d}"
    await made.save(update_fields=["number"])
    await _record(actor, made, "certificate.issue")
    return made


async def paper(actor: Actor, certificate_id: int) -> Sheet:
    """The PDF of a certificate; that staff read a name is audited. Raises: Forbidden, NotFound, Conflict."""
    made = await _found(actor, certificate_id)
    if made.revoked_at is not None:
        raise Conflict("这张证明已经作废。")
    if not made.name:
        raise Conflict("这位居民已经注销，不能再打印。")
    async with writing():
        await _record(actor, made, "certificate.print")
    served = tuple(
        Served(date.fromisoformat(day), title, minutes, entered=entered)
        for day, title, minutes, entered in made.entries
    )
    facts = Paper(
        made.number,
        made.code,
        made.name,
        made.community.name,
        made.starts_on,
        made.ends_on,
        made.issued_at.astimezone(CHINA).date(),
        served,
    )
    return Sheet(f"志愿服务证明 {made.number}.pdf", await asyncio.to_thread(_drawn, facts))


def _drawn(facts: Paper) -> bytes:
    from services.slots import certificate_paper  # heavy: loaded by the first paper, not by every process

    return certificate_paper.drawn(facts)


async def revoke(actor: Actor, certificate_id: int) -> Certificate:
    """Staff take a certificate back; its code says so from then on. Raises: Forbidden, NotFound."""
    access.require_role(actor, *access.DESK)
    async with writing():
        made = await _found(actor, certificate_id)
        if await Certificate.filter(id=made.id, revoked_at=None).update(revoked_at=now()):
            await _record(actor, made, "certificate.revoke")
        await made.refresh_from_db(fields=["revoked_at"])
    return made


async def confirmed(code: str) -> Confirmed:
    """What a code stands for, a revoked certificate included. Raises: NotFound."""
    made = await Certificate.get_or_none(code=code).select_related("community")
    if made is None:
        raise NotFound("没有这个验证码的证明，请核对后再查。")
    return Confirmed(
        made.number,
        masked_name(made.name),
        made.community.name,
        made.minutes,
        made.starts_on,
        made.ends_on,
        made.issued_at,
        made.revoked_at is None,
    )


async def _found(actor: Actor, certificate_id: int) -> Certificate:
    made = await Certificate.get_or_none(id=certificate_id).select_related("community")
    if made is None or not _sees(actor, made.resident_id, made.community_id):
        raise NotFound(_GONE)
    return made


async def _in_sight(actor: Actor, resident_id: int) -> Resident:
    found = await Resident.get_or_none(id=resident_id)
    if found is None or not _sees(actor, found.id, found.community_id):
        raise NotFound("没有找到这位居民。")
    return found


def _sees(actor: Actor, resident_id: int, community_id: int | None) -> bool:
    if actor.role is Role.RESIDENT:
        return actor.resident_id == resident_id
    access.require_role(actor, *access.DESK)
    return community_id in actor.community_ids


async def _record(actor: Actor, made: Certificate, action: str) -> None:
    await audit.record(actor, action, f"certificate {made.number}", community_id=made.community_id)
