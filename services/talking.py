"""Words about an appeal that move nothing: replies, questions and answers, notes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from tortoise.expressions import Q

from models import (
    OPEN,
    Appeal,
    AppealEvent,
    AppealStatus,
    Assignment,
    Category,
    Conversation,
    Notice,
    Role,
    Verb,
)
from services import deliveries, following, history, holding, moving, notices, sentences
from services.access import Actor
from services.clock import now
from services.conversations import ANSWER_DAYS
from services.deliveries import Told
from services.errors import Forbidden, IllegalMove
from services.history import Act

_TALK = (Act.ASK.value, Act.ANSWER.value)
_LONGEST_ANSWER = 4096
"""An answer is kept as it came: nobody is asked to write it again."""


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
        raise IllegalMove(
            f"{appeal.number} 已并入 {into}，由 {into} 一起办理。",
            in_chat=f"请回复：{verb} {into} {what}",
            appeal_status=appeal.status.value,
        )


async def ask(actor: Actor, number: int, words: str) -> Appeal:
    """A question for the resident; until they answer, their conversation remembers who waits for it.

    Raises: NotFound, Forbidden, Invalid without words, IllegalMove when it was merged into another.
    """
    plain = moving.needed(words, "请写明要问什么。", in_chat=f"例如：问 {number} 您家是几栋几单元")
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
    """The resident's answer, passed on to all who wait for it; nobody asked: to whoever holds the appeal.

    What was merged since has its answer passed on to the holder of what it was merged into.
    Raises: NotFound, Forbidden when it is not their appeal, Invalid without words.
    """
    plain = moving.needed(words, "请写明您的答复。", most=_LONGEST_ANSWER)
    async with moving.acting_after(actor, number, _forget_question) as appeal:
        if actor.role is not Role.RESIDENT:
            raise Forbidden("只有提出诉求的居民可以答复。")
        askers = await _asking(appeal)
        event = await history.append(history.entry(appeal, Act.ANSWER, actor, plain))
        main = await following.target(appeal)
        if main.id != appeal.id:
            told = f"{number} 的居民答复：{plain}"
            _ = await history.append(history.entry(main, Act.ANSWER, actor, told, public=False))
        delicate = (await Category.get(id=appeal.category_id)).delicate
        payload = notices.answered(appeal, plain, delicate=delicate)
        people = askers if main.id == appeal.id and askers else await _holding(main)
        await deliveries.queue(*_told(Notice.ANSWERED, appeal, event, people, payload))
    return appeal


async def _forget_question(resident_id: int, number: int) -> None:
    """Their conversation turns to the question about another appeal that still waits, if there is one."""
    left = [one for one in await waiting(resident_id) if one.id != number]
    asked = Conversation.filter(resident_id=resident_id, asked_id=number)
    await asked.update(asked_id=left[-1].id if left else None, asked_at=now() if left else None)


async def waiting(resident_id: int) -> list[Appeal]:
    """The resident's open appeals about which somebody waits for an answer, who asked last at the end."""
    since = now() - timedelta(days=ANSWER_DAYS)
    said = AppealEvent.filter(appeal__resident_id=resident_id, verb__in=_TALK, at__gte=since)
    asked: dict[int, None] = {}
    for number, verb in await said.order_by("id").values_list("appeal_id", "verb"):
        asked.pop(number, None)
        if verb == Act.ASK.value:
            asked[number] = None
    found = [await following.alive(number) for number in asked]
    return [one for one in found if one is not None]


async def _asking(appeal: Appeal) -> list[int]:
    """Who asked about the appeal in WeChat since its last answer, each once."""
    people: list[int] = []
    said = AppealEvent.filter(appeal_id=appeal.id, verb__in=_TALK).order_by("-id")
    async for one in said:
        if one.verb == Act.ANSWER.value:
            break
        if one.actor_resident_id is not None and one.actor_resident_id not in people:
            people.append(one.actor_resident_id)
    return people


async def _holding(appeal: Appeal) -> Iterable[int]:
    held = await Assignment.filter(appeal_id=appeal.id).order_by("-id").first()
    return await holding.people_of(appeal, held) if held is not None else ()


async def open_question(appeal: Appeal) -> str:
    """What was asked of the resident and is still to be answered; empty when nobody waits."""
    said = AppealEvent.filter(appeal_id=appeal.id, verb__in=_TALK).order_by("-id")
    last = await said.first()
    open_ = appeal.status in OPEN and last is not None and last.verb == Act.ASK.value
    return last.words if last is not None and open_ else ""


_ONLY_WHILE = {
    Act.ASK.value: frozenset[AppealStatus](),
    Act.CORRECT.value: frozenset[AppealStatus](),
    Verb.SUSPEND.value: {AppealStatus.SUSPENDED},
    Verb.RESOLVE.value: {AppealStatus.RESOLVED, AppealStatus.CLOSED},
    Verb.CLOSE.value: {AppealStatus.CLOSED},
}
"""States in which the words of a verb still hold; those of the others hold until the appeal is reopened."""


async def last_words(appeal: Appeal) -> str:
    """The newest words of others that the resident may read and that still hold; "" for none."""
    if appeal.status is AppealStatus.CANCELLED:
        return ""
    reopened = await AppealEvent.filter(appeal_id=appeal.id, verb=Verb.REOPEN.value).order_by("-id").first()
    over = [verb for verb, states in _ONLY_WHILE.items() if appeal.status not in states]
    by_others = Q(actor_resident_id__isnull=True) | Q(actor_resident_id__not=appeal.resident_id)
    said = AppealEvent.filter(
        by_others, appeal_id=appeal.id, public=True, id__gt=reopened.id if reopened else 0
    )
    last = (
        await said.exclude(words="").exclude(role=Role.SYSTEM).exclude(verb__in=over).order_by("-id").first()
    )
    return last.words if last is not None else ""


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
