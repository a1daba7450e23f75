"""A staff member confirms a resident's phone where WeChat has not: having seen or called them.

Uniting cannot be taken back, so staff's word goes less far than WeChat's: never against what WeChat has said,
never between two names, and never into a community that is not theirs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from models import Resident, phone_hash, writing
from services import access, audit
from services.access import Actor
from services.clock import now
from services.errors import Conflict, Invalid, NotFound
from services.masking import masked_name
from services.residents import uniting
from services.slots import columns

_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_IN_MINI_PROGRAM = "请居民在小程序里自己确认手机号。"


@dataclass(frozen=True, slots=True)
class Vouched:
    """The resident who is left, and whether two rows became one."""

    resident: Resident
    united: bool


async def confirm(actor: Actor, resident_id: int, phone: str) -> Vouched:
    """Say that the phone is this resident's; whoever `uniting.by_phone` is sure of is the same resident then.

    Audited. The same again changes nothing more.
    Raises: Forbidden, NotFound (outside the scope), Invalid (no mobile phone), Conflict (WeChat says
    otherwise, the number bears another name, somebody of another community has it, or surely another person).
    """
    access.require_role(actor, *access.DESK)
    number = _digits(phone)
    hashed = str(phone_hash(number))
    async with writing():
        resident = await Resident.filter(id=resident_id).select_for_update().first()
        if resident is None or resident.community_id not in actor.community_ids:
            raise NotFound("没有找到这位居民。")
        by_wechat = resident.phone_confirmed_at is not None and resident.phone_confirmed_by_id is None
        if by_wechat and resident.phone_hash != hashed:
            raise Conflict(f"微信确认过的是另一个号码。换了号码的，{_IN_MINI_PROGRAM}")
        await _refuse_others(actor, resident, hashed)
        if not by_wechat:
            values = {"phone": number, "phone_hash": hashed, "phone_confirmed_by_id": actor.staff_id}
            await resident.update_from_dict(values | {"phone_confirmed_at": now()}).save()
            await audit.record(
                actor, "resident.vouch", f"resident {resident_id}", community_id=resident.community_id
            )
    return await _united(resident_id, hashed)


def _digits(phone: str) -> str:
    try:
        number = columns.phone_of(phone)
    except ValueError as error:
        raise Invalid(str(error)) from error
    # A line in the house is a family's, a mobile phone is a person's.
    if not _MOBILE.fullmatch(number):
        raise Invalid("请写 11 位手机号。")
    return number


async def _refuse_others(actor: Actor, resident: Resident, hashed: str) -> None:
    for one in await Resident.filter(phone_hash=hashed).exclude(id=resident.id).order_by("id"):
        if one.community_id is not None and one.community_id not in actor.community_ids:
            raise Conflict(f"这个号码别处已有居民在用，{_IN_MINI_PROGRAM}")
        if one.name and resident.name and one.name != resident.name:
            raise Conflict(f"这个号码登记的是「{masked_name(one.name)}」，和这位居民不是同一个名字，请核对。")
        if one.phone_confirmed_at is not None and await uniting.speak_as_two(one.id, resident.id):
            raise Conflict("这个号码已经是另一位居民确认过的，请核对。")


async def _united(resident_id: int, hashed: str) -> Vouched:
    before = await Resident.filter(phone_hash=hashed).count()
    left = await uniting.by_phone(hashed)
    found = await Resident.get_or_none(id=resident_id) or await Resident.get(id=left)
    return Vouched(found, await Resident.filter(phone_hash=hashed).count() < before)
