"""Words about an appeal that move nothing: replies, questions and answers, notes."""

from __future__ import annotations

from collections.abc import Iterable

from models import Appeal, AppealEvent, AppealStatus, Assignment, Category, Conversation, Notice, Role
from services import deliveries, following, history, holding, moving, notices, sentences
from services.access import Actor
from services.clock import now
from services.deliveries import Told
from services.errors import Forbidden, IllegalMove
from services.history import Act


async def reply(actor: Actor, number: int, words: str) -> Appeal:
    """Words of the holder or of staff for the resident, shown in the history and pushed.

    Raises: NotFound, Forbidden, Invalid without words, IllegalMove when it was merged into another.
    """
    plain = moving.needed(words, "请写明要回复居民的话。")
    async with moving.acting(actor, number) as appeal:
        await moving.may_talk(actor, appeal)
        await _check_merged(appeal, "回复", "想说的话")
        event = await history.append(history.entry(appeal, Act.REPLY, actor, plain))
        await moving.tell_resident(appeal, event, sentences.said(actor.title, plain))
    return appeal


async def _check_merged(appeal: Appeal, verb: str, what: str) -> None:
    if appeal.status is AppealStatus.MERGED:
        into = (await following.target(appeal)).number
        words = f"{appeal.number} 已并入 {into}，请回复：{verb} {into} {what}"
        raise IllegalMove(words, appeal_status=appeal.status.value)


async def ask(actor: Actor, number: int, words: str) -> Appeal:
    """A question for the resident; until they answer, their conversation remembers who waits for it.

    Raises: NotFound, Forbidden, Invalid without words, IllegalMove when it was merged into another.
    """
    plain = moving.needed(words, f"请写明要问什么，例如：问 {number} 您家是几栋几单元")
    # The conversation before the appeal, as everywhere: the other order could wait for each other.
    async with moving.acting_after(actor, number, _remember_question) as appeal:
        await moving.may_talk(actor, appeal)
        await _check_merged(appeal, "问", "想问的话")
        event = await history.append(history.entry(appeal, Act.ASK, actor, plain))
        payload = notices.asked(appeal, plain, who=actor.title)
        await deliveries.queue(*_told(Notice.ASKED, appeal, event, [appeal.resident_id], payload))
    return appeal


async def _remember_question(resident_id: int, number: int) -> None:
    await Conversation.filter(resident_id=resident_id).update(asked_id=number, asked_at=now())


async def answer(actor: Actor, number: int, words: str) -> Appeal:
    """The resident's answer, passed on to whoever asked last; nobody asked: to whoever holds the appeal.

    What was merged since has its answer passed on to the holder of what it was merged into.
    Raises: NotFound, Forbidden when it is not their appeal, Invalid without words.
    """
    plain = moving.needed(words, "请直接写您的答复。")
    async with moving.acting_after(actor, number, _forget_question) as appeal:
        if actor.role is not Role.RESIDENT:
            raise Forbidden("只有提出诉求的居民可以答复。")
        event = await history.append(history.entry(appeal, Act.ANSWER, actor, plain))
        main = await following.target(appeal)
        if main.id != appeal.id:
            told = f"{number} 的居民答复：{plain}"
            _ = await history.append(history.entry(main, Act.ANSWER, actor, told, public=False))
        delicate = (await Category.get(id=appeal.category_id)).delicate
        payload = notices.answered(appeal, plain, delicate=delicate)
        people = await _waiting(appeal) if main.id == appeal.id else await _holding(main)
        await deliveries.queue(*_told(Notice.ANSWERED, appeal, event, people, payload))
    return appeal


async def _forget_question(resident_id: int, number: int) -> None:
    asked = Conversation.filter(resident_id=resident_id, asked_id=number)
    await asked.update(asked_id=None, asked_at=None)


async def _waiting(appeal: Appeal) -> Iterable[int]:
    asked = AppealEvent.filter(appeal_id=appeal.id, verb=Act.ASK.value).order_by("-id")
    last = await asked.first()
    if last is not None and last.actor_resident_id is not None:
        return [last.actor_resident_id]
    return await _holding(appeal)


async def _holding(appeal: Appeal) -> Iterable[int]:
    held = await Assignment.filter(appeal_id=appeal.id).order_by("-id").first()
    return await holding.people_of(appeal, held) if held is not None else ()


async def last_question(number: int) -> str:
    """What was asked of the resident last; empty when nobody asked."""
    asked = await AppealEvent.filter(appeal_id=number, verb=Act.ASK.value).order_by("-id").first()
    return asked.words if asked is not None else ""


async def note(actor: Actor, number: int, words: str) -> Appeal:
    """A remark for whoever handles it, never shown to the resident.

    Raises: NotFound, Forbidden, Invalid without words.
    """
    plain = moving.needed(words, "请写明备注内容。")
    async with moving.acting(actor, number) as appeal:
        await moving.may_talk(actor, appeal)
        _ = await history.append(history.entry(appeal, Act.NOTE, actor, plain, public=False))
    return appeal


def _told(
    notice: Notice, appeal: Appeal, event: AppealEvent, people: Iterable[int], payload: dict[str, object]
) -> list[Told]:
    return [Told(notice, one, f"event:{event.id}", payload, appeal) for one in people]
