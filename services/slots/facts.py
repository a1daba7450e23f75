"""What the gates look at, read from the rows: the terms of a slot, and the people of a household."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from models import Dependant, DependantKind, Draw, SignUp, Slot, rows
from models.statements import with_parent
from models.types import STANDING
from services import households
from services.clock import now
from services.errors import Forbidden, Invalid, NotFound
from services.slots import gates, line, seasons

OWN = "r"
DEPENDANT = "d"


def terms(slot: Slot) -> gates.Terms:
    """The terms of a slot read with its offering."""
    offering = slot.offering
    # By lot every household has one chance for one place.
    party_most, household_most = (1, 1) if slot.by_lot else (offering.party_most, offering.household_most)
    return gates.Terms(
        offering_state=offering.state,
        slot_state=slot.state,
        community_id=slot.community_id,
        everybody=offering.everybody,
        starts_at=slot.starts_at,
        opens_at=slot.opens_at,
        closes_at=slot.closes_at,
        capacity=slot.capacity,
        party_most=party_most,
        household_most=household_most,
        age_from=offering.age_from,
        age_until=offering.age_until,
        required=tuple(one["label"] for one in offering.questions if one.get("required")),
    )


async def gather(
    member: households.Member,
    slot_id: int,
    people: Sequence[str],
    guests: int,
    answers: Mapping[str, str],
) -> tuple[Slot, gates.Ask]:
    """The slot with its offering, and the wish to sign these people up for it.

    Raises: NotFound, Forbidden (somebody of another household), Invalid (nobody, or somebody twice).
    """
    slot = await with_parent(Slot, "offering", slot_id)
    if slot is None:
        raise NotFound("没有找到这个场次。")
    if not people or len(set(people)) != len(people) or guests < 0:
        raise Invalid("请写明给谁报名，每人一次。")
    known = await _known(member, people)
    draw = await Draw.get(slot_id=slot.id) if slot.by_lot else None
    busy, blocked = await _busy(slot, people)
    ask = gates.Ask(
        moment=now(),
        community_id=member.community_id,
        party=len(people) + guests,
        people=tuple(
            gates.Person(
                key,
                one.name,
                one.born,
                busy.get(key),
                key in busy and busy[key] is None,
                blocked.get(key),
                guarded=one.guarded,
            )
            for key, one in known.items()
        ),
        household_places=await _places(slot, member.household_id),
        renewal_until=draw.renew_until if draw else None,
        renews=draw is not None and await seasons.renews(draw, member.household_id),
        late_until=line.given_until(slot) if draw is not None and draw.drawn_at is not None else None,
        answered=gates.answers_of(answers),
    )
    return slot, ask


class _Known(NamedTuple):
    """What the rows say of a person: how the household calls them, and whether a guardian acts for them."""

    name: str
    born: date | None
    guarded: bool = False


async def _known(member: households.Member, people: Sequence[str]) -> dict[str, _Known]:
    """Each of them by their key, in their order."""
    numbers = [int(key[1:]) for key in people if key.startswith(DEPENDANT) and key[1:].isdecimal()]
    found = {f"{OWN}{member.resident_id}": _Known("您", member.born)}
    if numbers:
        for one in await Dependant.filter(id__in=numbers, household_id=member.household_id, active=True):
            child = one.kind is DependantKind.CHILD
            found[f"{DEPENDANT}{one.id}"] = _Known(one.name, one.birth_date, guarded=child)
    if any(key not in found for key in people):
        raise Forbidden("只能给自己和自己家里人报名。")
    return {key: found[key] for key in people}


# One statement for both: every sign-up waits for it.
_BUSY = """
SELECT one.person, one.slot_id, offering.title, NULL AS until FROM sign_up_person AS one
JOIN slot ON slot.id = one.slot_id JOIN offering ON offering.id = slot.offering_id
WHERE one.active AND one.person IN ({people})
AND (one.slot_id = $1 OR ({fills} AND one.starts_at < $2 AND one.ends_at > $3))
UNION ALL SELECT person, 0, '', until FROM block
WHERE person IN ({people}) AND community_id = $4 AND until > $5 AND lifted_at IS NULL
"""


async def _busy(slot: Slot, people: Collection[str]) -> tuple[dict[str, str | None], dict[str, datetime]]:
    """Who is in this slot already (None), or busy at its time (with what); and who is blocked until when."""
    places = ", ".join(f"${number}" for number in range(6, 6 + len(people)))
    fills = "TRUE" if slot.offering.kind.fills_time else "FALSE"
    sql = _BUSY.format(people=places, fills=fills)
    busy: dict[str, str | None] = {}
    blocked: dict[str, datetime] = {}
    values = (slot.id, slot.ends_at, slot.starts_at, slot.community_id, now(), *people)
    for row in await rows(sql, *values):
        person = row["person"]
        if row["until"] is not None:
            blocked[person] = max(moment_of(row["until"]), blocked.get(person, slot.opens_at))
            continue
        here = int(row["slot_id"]) == slot.id
        busy[person] = None if here else busy.get(person, row["title"])
    return busy, blocked


def moment_of(value: datetime | str) -> datetime:
    """A moment from a row of a written statement; SQLite keeps it as text."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value


async def _places(slot: Slot, household_id: int) -> int:
    if slot.offering.household_most is None and not slot.by_lot:
        return 0
    held = SignUp.filter(slot_id=slot.id, household_id=household_id, state__in=list(STANDING))
    parties: list[Any] = await held.values_list("party", flat=True)
    return sum(parties)
