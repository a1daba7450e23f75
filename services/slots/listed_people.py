"""Who stands in a list: residents found by their number or phone, or entered; and their household by name."""

from __future__ import annotations

from collections.abc import Sequence

from tortoise.expressions import F, Q

from models import Community, Dependant, Resident, SignUp, SignUpPerson, SignUpState, Slot, phone_hash
from services.access import Actor
from services.errors import Conflict, Invalid
from services.masking import masked_name
from services.slots import columns
from services.slots.columns import Wanted
from services.slots.facts import DEPENDANT, OWN

_LEFT = (SignUpState.CANCELLED, SignUpState.LAPSED)


async def lock_community(community_id: int) -> None:
    """Of two lists with the same new people, the second finds those whom the first has entered."""
    _ = await Community.filter(id=community_id).update(active=F("active"))


async def find_or_make(actor: Actor, slot: Slot, one: Wanted) -> Resident:
    """The resident of a row, inside `writing()` after `lock_community`.

    Who is new belongs to the community of the slot, and so does whoever had none; a name is only ever entered
    where there was none. Raises: Invalid, Conflict (the phone is somebody else's).
    """
    found = await _numbered(actor, one) if one.resident_id is not None else await _by_phone(slot, one)
    if found is None:
        if not one.name:
            raise Invalid("这个电话没有登记过，请写上姓名。")
        return await Resident.create(
            community_id=slot.community_id, name=one.name, phone=one.phone, phone_hash=phone_hash(one.phone)
        )
    missing: dict[str, object] = {}
    if found.community_id is None:
        missing["community_id"] = slot.community_id
    if one.name and not found.name:
        missing["name"] = one.name
    if missing:
        await found.update_from_dict(missing).save(update_fields=list(missing))
    return found


async def _by_phone(slot: Slot, one: Wanted) -> Resident | None:
    """Whom the phone belongs to; where several share it, the one of that name, of this community first."""
    same = await Resident.filter(phone_hash=phone_hash(one.phone)).order_by("id")
    same.sort(key=lambda other: other.community_id != slot.community_id)
    fitting = [other for other in same if not one.name or other.name == one.name]
    nameless = [other for other in same if not other.name]
    if same and not fitting and not nameless:
        raise Conflict(f"这个电话登记的是「{masked_name(same[0].name)}」，和表里的姓名对不上，请核对。")
    return next(iter(fitting or nameless), None)


async def _numbered(actor: Actor, one: Wanted) -> Resident:
    """The resident with that number, in the actor's sight: of their communities, or in one of their slots."""
    found = await Resident.get_or_none(id=one.resident_id)
    own = found is not None and found.community_id in actor.community_ids
    if found is None or not (
        own or await SignUp.exists(resident_id=found.id, community_id__in=actor.community_ids)
    ):
        raise Invalid(f"没有编号是 {one.resident_id} 的居民。")
    if one.name and found.name and one.name != found.name:
        raise Conflict(f"编号 {one.resident_id} 登记的是「{masked_name(found.name)}」，和表里的姓名对不上。")
    return found


async def keys(resident: Resident, names: Sequence[str]) -> list[str]:
    """The keys of these people of the resident's household. Raises: Invalid for a name that is not there."""
    known = {columns.OWN: f"{OWN}{resident.id}"}
    if resident.name:
        known[resident.name] = f"{OWN}{resident.id}"
    if resident.household_id is not None:
        for one in await Dependant.filter(household_id=resident.household_id, active=True).order_by("id"):
            known.setdefault(one.name, f"{DEPENDANT}{one.id}")
    unknown = [name for name in names if name not in known]
    if unknown:
        raise Invalid(f"家里没有登记过「{'、'.join(unknown)[:30]}」，请先由家人登记，或只写名额。")
    return [known[name] for name in names]


async def refuse_who_left(slot: Slot, people: Sequence[str]) -> None:
    """A list that is handed in again must not sign up anew who cancelled since. Raises: Conflict."""
    were = SignUpPerson.filter(Q(person__in=list(people)), slot_id=slot.id)
    states = {one.sign_up.state for one in await were.select_related("sign_up")}
    if states & set(_LEFT) and not any(one.stands for one in states):
        raise Conflict("这位居民取消过这一场。确实还要来，请勾选“取消过的也报”再上传。")
