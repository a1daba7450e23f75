"""签到: three ways in, one record. By the resident's code, by the room's code, by name from the list.

Everything is written under the lock of the slot, so a code works once, whoever scans it where.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models import CheckIn, CheckInWay, Presence, Resident, SignUp, SignUpPerson, SignUpState, Slot, writing
from services import audit
from services.access import Actor
from services.clock import now
from services.errors import Conflict
from services.slots import checking, line, passes, steering
from services.slots.facts import DEPENDANT, OWN
from services.slots.gates import Refusal
from services.slots.passes import Pass


class NotCheckedIn(Conflict):
    """A check refuses. `facts["check"]` is its stable code; the words say why and what to do."""

    code = "check_in_refused"

    @classmethod
    def of(cls, refusal: Refusal) -> NotCheckedIn:
        """The refusal as an error."""
        return cls(refusal.words, check=refusal.code)


@dataclass(frozen=True, slots=True)
class Report:
    """That somebody came: a `code` that was scanned, or a sign-up; `people`, `guests` None: all of it.

    `client_id` names the report on the device that sends it: sent again, it is the same one.
    """

    at: datetime
    code: str | None = None
    sign_up_id: int | None = None
    people: tuple[str, ...] | None = None
    guests: int | None = None
    client_id: str | None = None

    @property
    def fingerprint(self) -> str:
        """The same for the same report, whenever it is sent."""
        said = [self.code, self.sign_up_id, sorted(self.people or ()), self.people is None, self.guests]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Entered:
    """A check-in as it stands, with the people who came by it; `repeated`: it was there already."""

    check_in: CheckIn
    people: tuple[str, ...]
    repeated: bool = False


CLIENT_ID_TAKEN = Refusal("client_id_taken", "这个编号已经用于另一条签到。", "请换一个编号再提交。")


async def pass_for(resident_id: int, sign_up_id: int) -> tuple[str, datetime]:
    """A fresh code for the resident's screen, and until when it is good. Shown to staff, who scan it.

    Raises: NotCheckedIn, with the same codes as a scan would give (not_yours, waiting, too_early …).
    """
    moment = now()
    made = await SignUp.get_or_none(id=sign_up_id).select_related("slot")
    resident = await Resident.get(id=resident_id)
    if made is None or made.household_id != resident.household_id:
        raise NotCheckedIn.of(_plain("not_yours"))
    attempt = await _attempt(made.slot, made, moment)
    refusal = checking.refusal(attempt)
    if refusal is not None:
        raise NotCheckedIn.of(refusal)
    shown = passes.new(made.id, made.slot_id, moment)
    return passes.code(shown), shown.expires_at


async def by_staff(actor: Actor, slot_id: int, report: Report) -> Entered:
    """Check in whom staff scanned or ticked. Raises: Forbidden, NotFound, NotCheckedIn."""
    async with writing():
        slot = await steering.locked(actor, slot_id)
        entered = await enter(slot, report, staff_id=actor.staff_id)
    if isinstance(entered, Refusal):
        raise NotCheckedIn.of(entered)
    return entered


async def by_room(
    resident_id: int, scene: str, people: Sequence[str] | None = None, guests: int | None = None
) -> list[Entered]:
    """Check the resident in who scanned the code of the room, with those whom they signed up.

    Never anybody of another household, and no other grown-up of their own: each checks in for themself.
    Raises: NotCheckedIn.
    """
    slot_id = passes.slot_of(scene)
    if slot_id is None:
        raise NotCheckedIn.of(_plain("forged"))
    async with writing():
        slot = await line.lock(slot_id)
        resident = await Resident.get(id=resident_id)
        found = [
            await _of_resident(slot, one, resident, people, guests) for one in await _own(slot, resident)
        ]
    entered = [one for one in found if isinstance(one, Entered)]
    if not entered:
        raise NotCheckedIn.of(
            next((one for one in found if isinstance(one, Refusal)), _plain("not_signed_up"))
        )
    return entered


async def undo(actor: Actor, check_in_id: int) -> CheckIn:
    """Take back a check-in that was a mistake; its code stays used. Audited.

    Raises: NotFound, Forbidden, Conflict (taken back already).
    """
    made = await CheckIn.get_or_none(id=check_in_id)
    async with writing():
        slot = await steering.locked(actor, made.slot_id if made else 0)
        if not await CheckIn.filter(id=check_in_id, undone_at=None).update(undone_at=now()):
            raise Conflict("这次签到已经撤销了。")
        await Presence.filter(check_in_id=check_in_id).delete()
        made = await CheckIn.get(id=check_in_id)
        if not await Presence.exists(sign_up_id=made.sign_up_id):
            attended = SignUp.filter(id=made.sign_up_id, state=SignUpState.ATTENDED)
            await attended.update(state=SignUpState.HELD)
        await unsettle(slot)
        await audit.record(
            actor, "check_in.undo", f"check_in {check_in_id}", community_id=slot.community_id, slot=slot.id
        )
    return made


async def enter(
    slot: Slot, report: Report, *, staff_id: int | None = None, way: CheckInWay | None = None
) -> Entered | Refusal:
    """Write a report about a locked slot, once; why not where a check refuses."""
    repeated = await _repeated(slot, report)
    if repeated is not None:
        return repeated
    shown = passes.read(report.code) if report.code is not None else None
    sign_up_id = shown.sign_up_id if shown else report.sign_up_id
    made = await SignUp.get_or_none(id=sign_up_id) if sign_up_id else None
    attempt = await _attempt(slot, made, report.at, report, shown)
    refusal = checking.refusal(attempt)
    if refusal is not None or made is None:
        return refusal or _plain("not_signed_up")
    check_in = await CheckIn.create(
        community_id=slot.community_id,
        slot_id=slot.id,
        sign_up_id=made.id,
        way=way or (CheckInWay.CODE if shown else CheckInWay.NAME),
        at=report.at,
        recorded_at=attempt.now,
        staff_id=staff_id,
        nonce=shown.nonce if shown else None,
        client_id=report.client_id,
        fingerprint=report.fingerprint,
    )
    await Presence.bulk_create(
        Presence(check_in_id=check_in.id, slot_id=slot.id, sign_up_id=made.id, person=one)
        for one in attempt.wanted
    )
    came = (SignUpState.HELD, SignUpState.ABSENT)
    await SignUp.filter(id=made.id, state__in=came).update(state=SignUpState.ATTENDED)
    await unsettle(slot)
    return Entered(check_in, attempt.wanted)


async def unsettle(slot: Slot) -> None:
    """Let the clock look again at a locked slot that it had settled."""
    if slot.settled_at is not None:
        await Slot.filter(id=slot.id).update(settled_at=None)


async def _repeated(slot: Slot, report: Report) -> Entered | Refusal | None:
    if report.client_id is None:
        return None
    there = await CheckIn.get_or_none(slot_id=slot.id, client_id=report.client_id)
    if there is None:
        return None
    if there.fingerprint != report.fingerprint:
        return CLIENT_ID_TAKEN
    people = await Presence.filter(check_in_id=there.id).order_by("id")
    return Entered(there, tuple(one.person for one in people), repeated=True)


async def _attempt(
    slot: Slot,
    made: SignUp | None,
    at: datetime,
    report: Report | None = None,
    shown: Pass | None = None,
) -> checking.Attempt:
    claim = await _claim(made) if made else None
    people = checking.chosen(claim, report.people, report.guests) if claim and report else ()
    scanned = None
    if report is not None and report.code is not None:
        scanned = checking.Scanned(sound=False)
    if shown is not None:
        used = await CheckIn.exists(nonce=shown.nonce)
        scanned = checking.Scanned(True, shown.slot_id, shown.expires_at, used)
    return checking.Attempt(
        at=at,
        now=now(),
        slot_id=slot.id,
        slot_state=slot.state,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        claim=claim,
        people=people,
        scanned=scanned,
    )


async def _claim(made: SignUp) -> checking.Claim:
    named = [one.person for one in await SignUpPerson.filter(sign_up_id=made.id).order_by("id")]
    present = [one.person for one in await Presence.filter(sign_up_id=made.id)]
    return checking.Claim(made.state, made.slot_id, checking.everybody(named, made.party), frozenset(present))


async def _own(slot: Slot, resident: Resident) -> list[SignUp]:
    """The resident's sign-ups for the slot; where they made none, those of their household."""
    if resident.household_id is None:
        return []
    ended = (SignUpState.CANCELLED, SignUpState.LAPSED)
    household = SignUp.filter(slot_id=slot.id, household_id=resident.household_id)
    found = await household.exclude(state__in=ended).order_by("id")
    if not found:
        return await household.order_by("-id").limit(1)
    return [one for one in found if one.resident_id == resident.id] or found


async def _of_resident(
    slot: Slot, made: SignUp, resident: Resident, people: Sequence[str] | None, guests: int | None
) -> Entered | Refusal:
    claim = await _claim(made)
    mine = made.resident_id == resident.id
    theirs = tuple(one for one in claim.missing if _may_bring(one, resident.id, mine=mine))
    if people is None and guests is None:
        wanted = theirs
    else:
        wanted = checking.chosen(claim, [one for one in people or () if one in claim.people], guests)
        if any(not _may_bring(one, resident.id, mine=mine) for one in wanted):
            return _plain("not_yours")
    if not wanted:
        return _plain("already_in" if claim.present else "not_yours")
    named = tuple(one for one in wanted if not one.startswith(checking.GUEST))
    report = Report(now(), sign_up_id=made.id, people=named, guests=len(wanted) - len(named))
    return await enter(slot, report, way=CheckInWay.ROOM)


def _may_bring(person: str, resident_id: int, *, mine: bool) -> bool:
    """Oneself, the dependants of the household, and the guests of one's own sign-up."""
    if person.startswith(checking.GUEST):
        return mine
    return person == f"{OWN}{resident_id}" or person.startswith(DEPENDANT)


def _plain(code: str) -> Refusal:
    """A refusal whose words name no time."""
    check = checking.words(code)
    return Refusal(check.code, check.reason, check.next_step)
