"""One inbox row, one transaction: conversation locked, message answered, reply stored. All or nothing."""

from __future__ import annotations

import structlog

from bot import conversation, replies
from bot.turn import Turn
from bot.wire.messages import Incoming
from bot.wire.reply import split
from models import ReplyMode, writing
from services import conversations, deliveries, inbox, understanding
from services.conversations import Talk
from services.errors import DomainError
from services.inbox import Inbound, Overtaken
from services.ranking import NoOwner
from services.understanding import Knowledge

log = structlog.get_logger(__name__)


async def attempt(inbound: Inbound, message: Incoming) -> str:
    """Do the work of a message and return what to answer now, "" when the words go another way.

    Never fails: what goes wrong is logged, and the row is left to the next attempt.
    """
    try:
        return await settle(inbound, message)
    except Exception:
        # The one place where anything may go wrong without the resident hearing nothing.
        log.exception("message_failed", inbound=inbound.id, attempt=inbound.attempts)
    await inbox.postpone(inbound)
    return replies.LATER


async def settle(inbound: Inbound, message: Incoming) -> str:
    """Answer the message, or find the answer of who was faster; refusals are answers too.

    Raises: whatever went wrong; nothing of the work is stored then.
    """
    known = await understanding.knowledge()
    try:
        words = await _converse(inbound, message, known)
    except Overtaken:
        return (await inbox.look(inbound.id)).words or ""
    except NoOwner:
        raise
    except DomainError as refusal:
        words = await _refuse(inbound, message, refusal)
    deliveries.wake()
    return words


async def _converse(inbound: Inbound, message: Incoming, known: Knowledge) -> str:
    async with writing():
        talk = await conversations.lock(inbound.account, inbound.openid, wrote=_wrote(message))
        turn = Turn(talk, message, known)
        told = await conversation.answer(turn)
        if turn.aloud and told:
            await inbox.tell_later(inbound, told, talk.resident_id)
            told = ""
        return await _finish(inbound, talk, told, turn.rest)


async def _refuse(inbound: Inbound, message: Incoming, refusal: DomainError) -> str:
    try:
        async with writing():
            talk = await conversations.lock(inbound.account, inbound.openid, wrote=_wrote(message))
            return await _finish(inbound, talk, refusal.told)
    except Overtaken:
        return (await inbox.look(inbound.id)).words or ""


async def _finish(inbound: Inbound, talk: Talk, told: str, rest: str = "") -> str:
    reply = _outgoing(talk, told, rest) if told else ""
    mode = await inbox.finish(inbound, reply, talk.resident_id, *conversations.saving(talk))
    return reply if mode is ReplyMode.PASSIVE else ""


def _outgoing(talk: Talk, told: str, rest: str) -> str:
    """What goes out now: owed words first; what finds no room, and the rest, wait for 更多."""
    now, left = split(replies.joined(talk.owed, told))
    talk.more = replies.joined(left, rest)
    talk.owed = ""
    return now


def _wrote(message: Incoming) -> bool:
    return message.msg_type != "event"
