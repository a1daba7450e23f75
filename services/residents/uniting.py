"""One resident across accounts: two rows that turn out to be one person become one, with all that is theirs.

Proof is a unionid that two accounts share, or a phone that both have confirmed, to WeChat or to staff. Two
people who speak through the same account are two people, whatever else they share: a number passes on, a
phone is borrowed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import structlog
from tortoise import Tortoise
from tortoise.expressions import F
from tortoise.models import Model

import settings
from adapters.wechat import Verdict, WeChatApi, WeChatError
from models import (
    CalendarLink,
    Conversation,
    Dependant,
    Household,
    Resident,
    SignUp,
    writing,
)
from services import audit
from services.access import SYSTEM
from services.slots import facts, persons, seasons

log = structlog.get_logger(__name__)

_KEPT = ("community_id", "grid_id", "name", "address", "born")
"""What the older row takes over from the younger one where it has nothing itself."""
_PHONE = ("phone", "phone_hash", "phone_confirmed_at", "phone_confirmed_by_id")
"""What belongs together: that a number was confirmed says nothing of another one."""
_CALLED_OTHERWISE: Mapping[str, frozenset[str]] = {
    "assignment": frozenset({"accepted_by"}),
    "dependant": frozenset({"consent_by_id"}),
    "binding_code": frozenset({"used_by"}),
}
"""Columns that name a resident without saying so; those called `…resident_id` are found by their name."""

_LATER = frozenset({Verdict.BACK_OFF, Verdict.REST_UNTIL_MIDNIGHT, Verdict.STOP})


async def by_unionid(unionid: str) -> int | None:
    """Unite whoever is known by this unionid; returns the resident that is left, None when nobody was two."""
    talks = await Conversation.filter(unionid=unionid).exclude(resident_id=None)
    return await _unite_all([int(one.resident_id or 0) for one in talks])


async def by_phone(hashed: str) -> int | None:
    """Unite whoever has confirmed this phone with whom staff entered by it, who never wrote themself."""
    found = await Resident.filter(phone_hash=hashed)
    spoken = {one.resident_id for one in await Conversation.filter(resident_id__in=[one.id for one in found])}
    sure = [one.id for one in found if one.phone_confirmed_at is not None or one.id not in spoken]
    return await _unite_all(sure)


async def look_up(api_for: Callable[[str], WeChatApi], limit: int = 20) -> int:
    """Ask WeChat for unionids of up to `limit` followers that have none yet; returns how many it told.

    Only where there is a mini-program to be united with. A follower without one is asked about once.
    """
    accounts = settings.load().wechat_accounts
    officials = [one.account for one in accounts if one.kind == "oa"]
    if len(officials) == len(accounts):
        return 0
    unknown = Conversation.filter(account__in=officials, unionid=None, following=True)
    told = 0
    for talk in await unknown.order_by("-id").limit(limit):
        try:
            unionid = await api_for(talk.account).unionid_of(talk.openid)
        except WeChatError as error:
            if error.verdict in _LATER:
                return 0
            unionid = ""
        await Conversation.filter(id=talk.id, unionid=None).update(unionid=unionid)
        told += 1
        if unionid:
            await by_unionid(unionid)
    return told


async def _unite_all(resident_ids: Iterable[int]) -> int | None:
    found = sorted(set(resident_ids))
    if len(found) < 2:
        return None
    for younger in found[1:]:
        await unite(found[0], younger)
    return found[0]


async def unite(older_id: int, younger_id: int) -> bool:
    """Make one resident of two; False when they are two people after all, or one of them is gone.

    Locks in this order: conversations, households, slots. What both had signed up for is theirs once.
    """
    async with writing():
        talks = Conversation.filter(resident_id__in=(older_id, younger_id))
        for talk in await talks.order_by("id"):
            await Conversation.filter(id=talk.id).update(version=F("version") + 1)
        found = {one.id: one for one in await Resident.filter(id__in=(older_id, younger_id))}
        if len(found) < 2 or await speak_as_two(older_id, younger_id):
            return False
        older, younger = found[older_id], found[younger_id]
        await _unite_households(older, younger)
        await persons.rename(f"{facts.OWN}{younger_id}", f"{facts.OWN}{older_id}")
        if older.household_id is not None:
            await seasons.keep_one(older.household_id)
        # A link belongs to the row that it was made for; the one that is left makes its own.
        await CalendarLink.filter(resident_id=younger_id).delete()
        for model, column in resident_columns():
            await model.filter(**{column: younger_id}).update(**{column: older_id})
        missing = {name: getattr(younger, name) for name in _KEPT if not getattr(older, name)}
        if _surer(younger, older):
            missing |= {name: getattr(younger, name) for name in _PHONE}
        await older.update_from_dict(missing | {"responder": older.responder or younger.responder}).save()
        await younger.delete()
        await audit.record(SYSTEM, "resident.unite", f"resident {older_id}", younger=younger_id)
    log.info("residents_united", resident=older_id, younger=younger_id)
    return True


def resident_columns() -> list[tuple[type[Model], str]]:
    """Every column of every table that names a resident by id, whether the database checks it or not."""
    found: list[tuple[type[Model], str]] = []
    for model in (Tortoise.apps or {})["models"].values():
        names = {one for one in model._meta.db_fields if one.endswith("resident_id")}
        names |= _CALLED_OTHERWISE.get(model._meta.db_table, frozenset())
        found += [(model, one) for one in sorted(names)]
    return found


def _surer(one: Resident, other: Resident) -> bool:
    """Whether the phone of the one is surer: confirmed by WeChat, by staff, or there at all."""

    def sureness(resident: Resident) -> int:
        if resident.phone_confirmed_at is None:
            return 1 if resident.phone else 0
        return 3 if resident.phone_confirmed_by_id is None else 2

    return sureness(one) > sureness(other)


async def speak_as_two(*resident_ids: int) -> bool:
    """Whether they write through one and the same account."""
    talks = await Conversation.filter(resident_id__in=resident_ids)
    own = [{one.account for one in talks if one.resident_id == resident_id} for resident_id in resident_ids]
    return bool(set.intersection(*own))


async def _unite_households(older: Resident, younger: Resident) -> None:
    """The younger one's family joins the older one's; who is there twice by name and birth date is one."""
    if younger.household_id is None or younger.household_id == older.household_id:
        return
    if older.household_id is None:
        older.household_id = younger.household_id
        return
    for household_id in sorted((older.household_id, younger.household_id)):
        await Household.filter(id=household_id).update(version=F("version") + 1)
    # Whoever is still entered comes last, and is the one that is found.
    own = await Dependant.filter(household_id=older.household_id).order_by("active", "id")
    there = {_likeness(one): one for one in own}
    for one in await Dependant.filter(household_id=younger.household_id):
        known = there.get(_likeness(one))
        if known is not None:
            kept, gone = (one, known) if one.active and not known.active else (known, one)
            await persons.rename(f"{facts.DEPENDANT}{gone.id}", f"{facts.DEPENDANT}{kept.id}")
            await Dependant.filter(id=gone.id).update(active=False)
    moved = {"household_id": older.household_id}
    await Dependant.filter(household_id=younger.household_id).update(**moved)
    await SignUp.filter(household_id=younger.household_id).update(**moved)
    await Resident.filter(household_id=younger.household_id).update(**moved)


def _likeness(one: Dependant) -> tuple[object, ...]:
    return one.kind, one.name, one.born
