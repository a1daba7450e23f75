"""Words that wait in a conversation until their author says what they belong to; none is ever lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from models import Appeal, AttachmentKind, Conversation, Notice, Role, writing
from services import (
    conversations,
    deliveries,
    following,
    history,
    intake,
    notices,
    talking,
    understanding,
    worklist,
)
from services.access import Actor, resident_actor
from services.clock import now
from services.conversations import QUESTION_MINUTES
from services.deliveries import Told
from services.filing import Enclosure, attach
from services.history import Act
from services.intake import Report

WHOSE = "whose"
"""Kind of the pending question that asks a responder whether their words belong to an appeal."""

WHICH_ANSWER = "which_answer"
"""Kind of the pending question that asks a resident which of several questions their words answer."""

ANSWER_OR_MATTER = "answer_or_matter"
"""Kind of the pending question that asks whether words answer a question of a sign-up."""

_KINDS = {one.value: one for one in AttachmentKind}
_EXPIRED = 20


def facts(text: str, enclosures: tuple[Enclosure, ...]) -> dict[str, Any]:
    """What a pending question remembers of the words, as JSON."""
    return {"text": text, "enclosures": [asdict(one) for one in enclosures]}


def enclosures_of(question: Mapping[str, Any]) -> tuple[Enclosure, ...]:
    """What came with the words."""
    return tuple(Enclosure(**one | {"kind": _KINDS[one["kind"]]}) for one in question.get("enclosures", ()))


async def keep(resident_id: int, account: str, question: Mapping[str, Any]) -> bool:
    """Keep what a responder wrote as a note on the appeal, in full length, with what came with it.

    Joins the caller's transaction. Returns whether the appeal is still in their hands; the note is kept
    either way, since they wrote it while it was.
    """
    appeal = await Appeal.get(id=int(question["number"]))
    actors = await worklist.posts(resident_id)
    posts = [
        worklist.post_for(actors, one) for one in await worklist.in_hand(actors) if one.appeal_id == appeal.id
    ]
    holding = next((one for one in posts if one is not None), None)
    author = holding or next(iter(actors), Actor(Role.SYSTEM, "原经办人", resident_id=resident_id))
    _ = await history.append(history.entry(appeal, Act.NOTE, author, str(question["text"]), public=False))
    await attach(appeal.id, account, enclosures_of(question), now())
    return holding is not None


async def _pass_on(resident_id: int, account: str, question: Mapping[str, Any]) -> None:
    """Nobody said which question the words answer: they go to whoever asked last."""
    number = int(question["number"])
    appeal = await talking.answer(resident_actor(resident_id), number, str(question["text"]))
    main = await following.target(appeal)
    await attach(main.id, account, enclosures_of(question), now())


async def _file(resident_id: int, account: str, question: Mapping[str, Any]) -> None:
    """Nobody said what the words are: they become an appeal, and its number follows by push."""
    conversation = await Conversation.get(resident_id=resident_id, account=account)
    talk = await conversations.lock(account, conversation.openid, wrote=False)
    known = await understanding.knowledge()
    text = str(question["text"])
    judgement = await known.judge(text, talk.community_id)
    filed = await intake.file(talk, known, Report(text, judgement, enclosures_of(question)))
    words = notices.reply(f"您说的已登记，编号 {filed.appeal.number}，由{filed.owner}办理。")
    await deliveries.queue(
        Told(Notice.REPLY, resident_id, f"filed:{filed.appeal.number}", words, account=account)
    )
    await conversations.save(talk)


_UNANSWERED = {WHOSE: keep, WHICH_ANSWER: _pass_on, ANSWER_OR_MATTER: _file}


async def expired(limit: int = _EXPIRED) -> list[Conversation]:
    """Conversations whose pending question nobody answered in time, the oldest first."""
    return await Conversation.filter(pending_until__lte=now()).order_by("pending_until").limit(limit)


async def settle(conversation: Conversation) -> None:
    """Clear the expired question, and keep the words that waited for its answer."""
    async with writing():
        cleared = await Conversation.filter(
            id=conversation.id, pending_until=conversation.pending_until
        ).update(pending=None, pending_until=None)
        question = conversation.pending or {}
        unanswered = _UNANSWERED.get(question.get("kind", ""))
        if cleared == 1 and unanswered is not None and conversation.resident_id is not None:
            _ = await unanswered(conversation.resident_id, conversation.account, question)


async def put_off(conversation: Conversation) -> None:
    """Let a question that could not be settled wait once more, so that the others have their turn."""
    later = now() + timedelta(minutes=QUESTION_MINUTES)
    async with writing():
        await Conversation.filter(id=conversation.id, pending_until=conversation.pending_until).update(
            pending_until=later
        )
