"""Posts: a one-time code from staff ties a WeChat user to a grid, organization or staff post."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from models import BindingCode, GridMember, OrganizationMember, Resident, Staff
from services import audit, binding_codes, revisions
from services.access import resident_actor
from services.clock import now
from services.conversations import Talk
from services.errors import Conflict, TooMany

TRIES = 6
PAUSE = timedelta(minutes=10)
_CODE = re.compile(rf"[A-Za-z0-9]{{{binding_codes.LENGTH}}}")


def looks_like_code(text: str) -> bool:
    """Whether the text can be a code, as typed with blanks or hyphens."""
    return _CODE.fullmatch(re.sub(r"[\s-]", "", text)) is not None


async def redeem(talk: Talk, code: str) -> str | None:
    """Tie the user to the post of the code, in the conversation's transaction; the post's title.

    None for a wrong, used or expired code: it counts on `talk`.
    Raises: TooMany (six wrong codes in ten minutes), Conflict (the post has ended).
    """
    _check_tries(talk)
    moment = now()
    spent = await BindingCode.filter(
        code_hash=binding_codes.code_hash(code), used_at=None, expires_at__gt=moment
    ).update(used_at=moment, used_by=talk.resident_id)
    if spent != 1:
        talk.code_tries += 1
        return None
    title = await _tie(talk.resident_id, await BindingCode.get(code_hash=binding_codes.code_hash(code)))
    talk.responder, talk.code_tries, talk.code_tries_at = True, 0, None
    await Resident.filter(id=talk.resident_id).update(responder=True)
    await revisions.bump(revisions.ROSTER)
    actor = replace(resident_actor(talk.resident_id), title=title)
    await audit.record(actor, "post.bind", title)
    return title


def _check_tries(talk: Talk) -> None:
    if talk.code_tries_at is None or talk.moment - talk.code_tries_at > PAUSE:
        talk.code_tries, talk.code_tries_at = 0, talk.moment
    if talk.code_tries >= TRIES:
        raise TooMany("绑定码错的次数太多了，请过 10 分钟再试。", retry_after=int(PAUSE.total_seconds()))


async def _tie(resident_id: int, code: BindingCode) -> str:
    if code.grid_member_id is not None:
        member = await GridMember.get(id=code.grid_member_id)
        return await _take(member, resident_id, member.title)
    if code.organization_member_id is not None:
        person = await OrganizationMember.get(id=code.organization_member_id).select_related("organization")
        return await _take(person, resident_id, f"{person.organization.name} {person.title}")
    staff = await Staff.get(id=code.staff_id)
    return await _take(staff, resident_id, staff.title)


async def _take(post: GridMember | OrganizationMember | Staff, resident_id: int, title: str) -> str:
    if not post.active:
        raise Conflict("这个岗位已经停用，请联系村（社区）工作人员。")
    post.resident_id = resident_id
    await post.save(update_fields=["resident_id"])
    return title
