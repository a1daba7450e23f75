"""The attendance sheet of a slot: who has places and who waits, in full, for those on the spot; audited."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass

from models import CheckIn, Dependant, Resident, SignUp, SignUpPerson, SignUpState, Slot, writing
from models.types import STANDING
from services import access, audit
from services.access import Actor
from services.clock import CHINA
from services.errors import NotFound
from services.sheets import Value
from services.slots import columns
from services.slots.columns import Listed
from services.slots.facts import DEPENDANT

_CAME = {SignUpState.ATTENDED: "是", SignUpState.ABSENT: "否"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file with the name under which it is saved."""

    name: str
    content: bytes


async def sheet(actor: Actor, slot_id: int) -> Sheet:
    """Everybody who stands in the slot with phone, people, needs and answers, in the order of their claim.

    Raises: Forbidden, NotFound.
    """
    slot = await slot_of(actor, slot_id)
    found = SignUp.filter(slot_id=slot.id, state__in=list(STANDING)).select_related("resident")
    made = sorted(await found, key=lambda one: (one.state is SignUpState.WAITING, one.line or 0, one.id))
    rows = await _rows(made)
    async with writing():
        await audit.record(
            actor, "slot.sheet", f"slot {slot.id}", community_id=slot.community_id, rows=len(rows)
        )
    questions = questions_of(slot)
    table = [columns.row_of(one, questions) for one in rows]
    return await _file(slot, "签到表", columns.headers(questions), table)


async def template(actor: Actor, slot_id: int) -> Sheet:
    """An empty list for bulk sign-up. Raises: Forbidden, NotFound."""
    slot = await slot_of(actor, slot_id)
    return await _file(slot, "报名表", columns.headers(questions_of(slot), columns.TEMPLATE), [])


async def slot_of(actor: Actor, slot_id: int) -> Slot:
    """The slot with its offering, when it is the actor's to steer. Raises: Forbidden, NotFound."""
    access.require_role(actor, *access.DESK)
    slot = await Slot.get_or_none(id=slot_id).select_related("offering")
    if slot is None or slot.community_id not in actor.community_ids:
        raise NotFound("没有找到这个场次。")
    return slot


def questions_of(slot: Slot) -> list[str]:
    """Labels of what is asked at sign-up, each once."""
    return list(dict.fromkeys(str(one["label"]) for one in slot.offering.questions))


async def _file(slot: Slot, kind: str, headers: list[str], rows: list[list[Value]]) -> Sheet:
    day = f"{slot.starts_at.astimezone(CHINA):%Y-%m-%d}"
    content = await asyncio.to_thread(_table, kind, headers, rows)
    return Sheet(f"{slot.offering.title} {day} {kind}.xlsx", content)


def _table(kind: str, headers: list[str], rows: list[list[Value]]) -> bytes:
    from services.sheets import xlsx  # heavy: loaded by the first table, not by every process

    return xlsx.written(kind, headers, rows)


async def _rows(made: Sequence[SignUp]) -> list[Listed]:
    people: dict[int, list[str]] = {one.id: [] for one in made}
    for one in await SignUpPerson.filter(sign_up_id__in=list(people)).order_by("id"):
        people[one.sign_up_id].append(one.person)
    numbers = {int(key[1:]) for keys in people.values() for key in keys if key.startswith(DEPENDANT)}
    dependants = {f"{DEPENDANT}{one.id}": one for one in await Dependant.filter(id__in=list(numbers))}
    came = await _came(list(people))
    return [_row(one, one.resident, people[one.id], dependants, came.get(one.id, "")) for one in made]


async def _came(sign_up_ids: Sequence[int]) -> dict[int, str]:
    """When somebody of a sign-up first checked in, in China."""
    acts = CheckIn.filter(sign_up_id__in=list(sign_up_ids), undone_at=None).order_by("-at")
    return {one.sign_up_id: f"{one.at.astimezone(CHINA):%H:%M}" for one in await acts}


def _row(
    made: SignUp, resident: Resident, keys: Sequence[str], dependants: dict[str, Dependant], came: str
) -> Listed:
    own = [dependants[key] for key in keys if key in dependants]
    names = [dependants[key].name if key in dependants else columns.OWN for key in keys]
    return Listed(
        name=resident.name,
        phone=resident.phone,
        party=made.party,
        people=tuple(names),
        state=made.state.label,
        line=made.line if made.state is SignUpState.WAITING else None,
        came=came or _CAME.get(made.state, ""),
        needs="；".join(f"{one.name}：{one.needs}" for one in own if one.needs),
        made=f"{made.created_at.astimezone(CHINA):%Y-%m-%d %H:%M}",
        resident_id=resident.id,
        answers=json.loads(made.answers) if made.answers else {},
    )
