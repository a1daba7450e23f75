"""回复 1024 …: a responder's words for the resident, or the resident's answer to what was asked."""

from __future__ import annotations

from bot import replies, responder_replies
from bot.commands import Command, label
from bot.handlers import asked, responding, supplement
from bot.turn import Turn
from models import Appeal


async def reply(turn: Turn, command: Command) -> str | None:
    """Pass the words on; None when they are a sentence that merely begins like a command."""
    waiting = await supplement.questions(turn) if command.number is None else []
    if len(waiting) > 1 and command.words:
        return await asked.answer_one_of(turn, waiting, command.words, ())
    number = turn.talk.asked_appeal_id if command.number is None else command.number
    if number is None:
        return None
    if not command.words:
        return responder_replies.needs_words(label(command), number, command.word.value)
    own = await Appeal.filter(id=number, resident_id=turn.talk.resident_id).first()
    if own is not None:
        return await asked.answer(turn, own, command.words, ())
    if not await turn.posts():
        return replies.NOT_YOURS.format(number=number)
    return await responding.say_to_resident(await responding.acting(turn, number), number, command)
