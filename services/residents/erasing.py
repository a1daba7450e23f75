"""注销: a resident is forgotten. Names and words are blanked, what happened stays, without words."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from pathlib import Path

import settings
from models import (
    OPEN,
    Appeal,
    AppealEvent,
    Attachment,
    AttachmentState,
    Block,
    CalendarLink,
    Certificate,
    Consent,
    Conversation,
    Delivery,
    DeliveryState,
    Dependant,
    InboundMessage,
    KeptAnswer,
    Resident,
    ResidentSession,
    RoutingDecision,
    SignUp,
    SignUpState,
    Survey,
    UncheckedWords,
    Urgency,
    writing,
)
from services import access, audit, ending, households
from services.access import Actor, resident_actor
from services.clock import now
from services.errors import Conflict
from services.slots import line, openings

_WORDS = "居民注销"
_BLANK = {"text": "", "fields": {}}
_NOBODY = {
    "name": "",
    "phone": "",
    "phone_hash": None,
    "phone_confirmed_at": None,
    "phone_confirmed_by_id": None,
    "address": "",
    "born": "",
}


async def erase(resident_id: int) -> None:
    """Forget the resident, in one transaction; whoever writes again afterwards is a stranger.

    Open appeals are withdrawn and their holders told, sign-ups end. Files go once the rows have.
    Raises: Conflict for who holds a post, or has an emergency open.
    """
    actor = resident_actor(resident_id)
    async with writing():
        talks = await Conversation.filter(resident_id=resident_id).order_by("id")
        for talk in talks:
            await Conversation.filter(id=talk.id).update(version=talk.version + 1)
        await _refuse_needed(resident_id)
        await _leave_slots(resident_id)
        for appeal in await Appeal.filter(resident_id=resident_id, status__in=list(OPEN)).order_by("id"):
            _ = await ending.withdraw(actor, appeal.number, _WORDS)
        files = await _blank_appeals(resident_id)
        for talk in talks:
            await _forget_talk(talk)
        await _forget_person(resident_id)
        await audit.record(actor, "resident.erase", f"resident {resident_id}")
    await asyncio.to_thread(_remove, files)


async def _refuse_needed(resident_id: int) -> None:
    posts: list[Actor] = await access.posts_of(resident_id)
    if posts:
        raise Conflict(f"您还是{posts[0].title}，请先让工作人员解除，再注销。")
    urgent = Appeal.filter(resident_id=resident_id, status__in=list(OPEN), urgency=Urgency.EMERGENCY)
    open_one = await urgent.first()
    if open_one is not None:
        raise Conflict(f"您报的险情 {open_one.number} 还没处理完，处理完再注销。")


async def _leave_slots(resident_id: int) -> None:
    """The household's sign-ups end and its people are blanked, unless somebody else lives there."""
    household_id = (await Resident.get(id=resident_id)).household_id
    if household_id is None:
        return
    _ = await households.lock(resident_id)
    shared = await Resident.filter(household_id=household_id).exclude(id=resident_id).exists()
    mine = SignUp.filter(household_id=household_id)
    mine = mine.filter(resident_id=resident_id) if shared else mine
    ahead = mine.filter(state__in=openings.CURRENT)
    for made in await ahead.order_by("slot_id", "id"):
        slot = await line.lock(made.slot_id)
        await made.refresh_from_db()
        if made.state.stands and slot.ends_at > now():
            await line.leave(slot, made, SignUpState.CANCELLED, _WORDS)
            await line.fill(slot)
            await line.count(slot)
    numbers = list(await mine.values_list("id", flat=True))
    await Survey.filter(sign_up_id__in=numbers).update(words="")
    await mine.update(answers="")
    if not shared:
        await Dependant.filter(household_id=household_id).update(name="", born="", needs="", active=False)


async def _blank_appeals(resident_id: int) -> list[str]:
    """Blank every word of and about the resident's appeals; returns the paths of their files."""
    numbers = list(await Appeal.filter(resident_id=resident_id).values_list("id", flat=True))
    await Appeal.filter(id__in=numbers).update(text="", place="", rating_words="", result="")
    await AppealEvent.filter(appeal_id__in=numbers).update(words="")
    await RoutingDecision.filter(appeal_id__in=numbers).update(matched=[])
    attached = Attachment.filter(appeal_id__in=numbers)
    files = list(await attached.exclude(path="").values_list("path", flat=True))
    gone = {"state": AttachmentState.LOST, "path": "", "media_id": "", "url": "", "words": ""}
    await attached.update(**gone, latitude=None, longitude=None)
    sent = Delivery.filter(appeal_id__in=numbers).exclude(state=DeliveryState.PENDING)
    await sent.update(payload=_BLANK)
    return [str(one) for one in files]


async def _forget_talk(talk: Conversation) -> None:
    name = f"erased-{talk.id}"
    await InboundMessage.filter(account=talk.account, openid=talk.openid).update(
        openid=name, payload={}, reply=""
    )
    await Consent.filter(conversation_id=talk.id).delete()
    await ResidentSession.filter(conversation_id=talk.id, ended_at=None).update(ended_at=now())
    await Conversation.filter(id=talk.id).update(
        openid=name,
        unionid=None,
        pending=None,
        pending_until=None,
        more="",
        owed="",
        following=False,
        reachable=False,
    )


async def _forget_person(resident_id: int) -> None:
    told = Delivery.filter(resident_id=resident_id)
    await told.filter(state=DeliveryState.PENDING).update(state=DeliveryState.STOOD_DOWN)
    await told.update(payload=_BLANK)
    await Block.filter(resident_id=resident_id).update(appeal="", answer="")
    await UncheckedWords.filter(resident_id=resident_id).delete()
    await KeptAnswer.filter(owner=f"r{resident_id}").delete()
    await CalendarLink.filter(resident_id=resident_id).delete()
    await Certificate.filter(resident_id=resident_id).update(name="")
    await Resident.filter(id=resident_id).update(**_NOBODY)


def _remove(paths: Collection[str]) -> None:
    folder = Path(settings.load().media_dir)
    for one in paths:
        (folder / one).unlink(missing_ok=True)
