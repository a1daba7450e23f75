"""户: the household of a resident, made when first needed, and locked by whoever signs up for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from models import Dependant, DependantKind, Household, Resident, SignUpPerson, rows, writing
from services.clock import china_today, now
from services.errors import Conflict, Invalid, NotFound
from services.slots import gates

MOST = 10
"""Dependants of one household; more are no family but a mistake."""
OLDEST = 120


class Member(NamedTuple):
    """A resident as one of their household."""

    resident_id: int
    household_id: int
    community_id: int | None
    born: date | None


# With what a sign-up asks of the resident: every sign-up begins here.
_LOCK = """
UPDATE household SET version = version + 1
WHERE id = (SELECT household_id FROM resident WHERE id = $1)
RETURNING id AS household_id, (SELECT community_id FROM resident WHERE id = $1) AS community_id,
    (SELECT born FROM resident WHERE id = $1) AS born
"""
_MEMBER = "SELECT household_id, community_id, born FROM resident WHERE id = $1"


async def lock(resident_id: int) -> Member:
    """Lock the resident's household until the caller's `writing()` ends. Raises: NotFound."""
    found = await rows(_LOCK, resident_id)
    if not found:
        made = await Household.create()
        # Guarded: of two first sign-ups of a resident at once, the second finds the household of the first.
        if not await Resident.filter(id=resident_id, household_id=None).update(household_id=made.id):
            await made.delete()
        found = await rows(_LOCK, resident_id)
    if not found:
        raise NotFound("没有找到这位居民。")
    return _member(resident_id, found[0])


async def member(resident_id: int, household_id: int) -> Member:
    """The same without a lock, as one of the household for which they signed up."""
    found = _member(resident_id, (await rows(_MEMBER, resident_id))[0])
    return found._replace(household_id=household_id)


def _member(resident_id: int, row: Mapping[str, Any]) -> Member:
    born = Resident._meta.fields_map["born"].to_python_value(row["born"])
    community_id = row["community_id"]
    return Member(resident_id, row["household_id"], community_id, date.fromisoformat(born) if born else None)


async def add_dependant(
    resident_id: int, kind: DependantKind, name: str, born: date, *, needs: str = ""
) -> Dependant:
    """Enter somebody whom the resident may sign up; that they consented is recorded with it.

    Raises: Invalid (a birth date that cannot be, a child of age), Conflict (entered already, or too many).
    """
    check_born(born)
    if kind is DependantKind.CHILD and age_today(born) >= gates.ADULT:
        raise Invalid(f"满 {gates.ADULT} 岁的要自己报名。")
    async with writing():
        household_id = (await lock(resident_id)).household_id
        there = await Dependant.filter(household_id=household_id, active=True)
        if any(one.name == name for one in there):
            raise Conflict(f"{name}已经登记过了。")
        if len(there) >= MOST:
            raise Conflict(f"一户最多登记 {MOST} 位家人。")
        return await Dependant.create(
            household_id=household_id,
            kind=kind,
            name=name,
            born=born.isoformat(),
            needs=needs,
            consent_at=now(),
            consent_by_id=resident_id,
        )


async def dependants_of(resident_id: int) -> list[Dependant]:
    """Everybody whom the resident's household may sign up, in the order in which they were entered."""
    resident = await Resident.get(id=resident_id)
    return await Dependant.filter(household_id=resident.household_id or 0, active=True).order_by("id")


async def remove_dependant(resident_id: int, dependant_id: int) -> None:
    """Remove somebody; sign-ups that are ahead have to be cancelled first. Raises: NotFound, Conflict."""
    async with writing():
        household_id = (await lock(resident_id)).household_id
        found = await Dependant.get_or_none(id=dependant_id, household_id=household_id, active=True)
        if found is None:
            raise NotFound("您家里没有登记这个人。")
        ahead = SignUpPerson.filter(person=f"d{dependant_id}", active=True, sign_up__slot__ends_at__gt=now())
        if await ahead.exists():
            raise Conflict(f"{found.name}还有没结束的报名，请先取消。")
        await Dependant.filter(id=dependant_id).update(active=False, needs="")


async def set_born(resident_id: int, born: date) -> None:
    """Enter the resident's own birth date. Raises: Invalid."""
    check_born(born)
    async with writing():
        await Resident.filter(id=resident_id).update(born=born.isoformat())


def check_born(born: date) -> None:
    """Raises: Invalid for a birth date in the future, or of somebody too old to be true."""
    if not 0 <= age_today(born) <= OLDEST or born > china_today():
        raise impossible()


def impossible() -> Invalid:
    """The refusal of a birth date that cannot be."""
    return Invalid("出生日期不对，请写成：2018-05-01")


def age_today(born: date) -> int:
    """Full years today, in China."""
    return gates.age_on(born, china_today())
