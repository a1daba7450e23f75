"""The list that staff take along, and what their devices report later, once each, whatever was sent twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from models import Dependant, Presence, SignUp, SignUpPerson, SignUpState, Slot, writing
from services import access, audit
from services.access import Actor
from services.errors import NotFound
from services.masking import masked_name, masked_phone
from services.slots import checkin, checking, steering
from services.slots.checkin import Entered, Report
from services.slots.facts import DEPENDANT
from services.slots.gates import Refusal


@dataclass(frozen=True, slots=True)
class Listed:
    """One person who may come: the key by which to tick them, and just enough to recognise them."""

    person: str
    name: str
    came: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A sign-up on the list; `resident` and `phone` of who made it are masked."""

    sign_up_id: int
    resident: str
    phone: str
    people: tuple[Listed, ...]


async def of(actor: Actor, slot_id: int) -> tuple[Slot, list[Row]]:
    """Everybody who holds a place in the slot. Raises: Forbidden, NotFound."""
    access.require_role(actor, *access.DESK)
    slot = await Slot.get_or_none(id=slot_id).select_related("offering")
    if slot is None or slot.community_id not in actor.community_ids:
        raise NotFound("没有找到这个场次。")
    states = (SignUpState.HELD, SignUpState.ATTENDED, SignUpState.ABSENT)
    sign_ups = await (
        SignUp.filter(slot_id=slot.id, state__in=states).order_by("id").select_related("resident")
    )
    named: defaultdict[int, list[str]] = defaultdict(list)
    for one in await SignUpPerson.filter(slot_id=slot.id, active=True).order_by("id"):
        named[one.sign_up_id].append(one.person)
    came = {(one.sign_up_id, one.person) for one in await Presence.filter(slot_id=slot.id)}
    names = await _names([person for people in named.values() for person in people])
    return slot, [
        Row(
            one.id,
            masked_name(one.resident.name),
            masked_phone(one.resident.phone),
            tuple(
                Listed(key, _called(key, one, names), (one.id, key) in came)
                for key in checking.everybody(named[one.id], one.party)
            ),
        )
        for one in sign_ups
    ]


async def report(
    actor: Actor, slot_id: int, reports: Sequence[Report]
) -> list[tuple[Report, Entered | Refusal]]:
    """Write what a device recorded offline; every entry has an answer of its own, in the given order.

    One that is refused keeps no other from being written. Sent again, the batch changes nothing and is
    answered alike. Audited. Raises: Forbidden, NotFound.
    """
    async with writing():
        slot = await steering.locked(actor, slot_id)
        found = [(one, await checkin.enter(slot, one, staff_id=actor.staff_id)) for one in reports]
        refused = {one.client_id or "": answer.code for one, answer in found if isinstance(answer, Refusal)}
        await audit.record(
            actor,
            "check_in.batch",
            f"slot {slot.id}",
            community_id=slot.community_id,
            entries=len(found),
            refused=refused,
        )
    return found


async def _names(people: Sequence[str]) -> dict[str, str]:
    numbers = {int(one[1:]) for one in people if one.startswith(DEPENDANT)}
    found = await Dependant.filter(id__in=list(numbers)) if numbers else []
    return {f"{DEPENDANT}{one.id}": masked_name(one.name) for one in found}


def _called(key: str, made: SignUp, names: dict[str, str]) -> str:
    if key.startswith(checking.GUEST):
        return f"同来{key[1:]}"
    return names.get(key) or masked_name(made.resident.name) or "居民"
