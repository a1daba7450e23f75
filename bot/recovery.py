"""What a killed process left behind: messages without an answer, questions that nobody answered."""

from __future__ import annotations

import structlog

from bot import replies
from bot.answering import settle
from bot.handlers import media
from bot.wire.messages import Incoming, from_payload
from models import writing
from services import alerts, conversations, deliveries, inbox, intake, open_words, understanding
from services.inbox import Inbound
from services.intake import Report

log = structlog.get_logger(__name__)


async def recover_inbox(limit: int = 20) -> int:
    """Answer messages whose lease is over and settle expired questions; returns how many rows were touched.

    The words follow by push. What failed too often becomes an appeal for people to read.
    """
    taken = await inbox.take_over_expired(limit)
    for inbound in taken:
        await _again(inbound)
    return len(taken) + await _settle_expired(limit)


async def _settle_expired(limit: int) -> int:
    """How many expired questions were settled; one that cannot be does not hold up the others."""
    settled = 0
    for conversation in await open_words.expired(limit):
        try:
            await open_words.settle(conversation)
            settled += 1
        except Exception:
            log.exception("question_not_settled", conversation=conversation.id)
            await open_words.put_off(conversation)
    return settled


async def _again(inbound: Inbound) -> None:
    message = from_payload(inbound.payload)
    try:
        await (
            settle(inbound, message)
            if inbound.attempts <= inbox.ATTEMPTS
            else _give_to_people(inbound, message)
        )
    except Exception:
        log.exception("message_failed", inbound=inbound.id, attempt=inbound.attempts)
        await inbox.postpone(inbound)


async def _give_to_people(inbound: Inbound, message: Incoming) -> None:
    """The machine cannot do it: the words go to the duty staff as they are, and staff hear of the failure."""
    # On its own: staff must hear of it even where the words cannot be filed either.
    await alerts.raise_alert("inbox_failed", replies.alert_failed(inbox.ATTEMPTS))
    known = await understanding.knowledge()
    wrote = message.msg_type != "event"
    async with writing():
        talk = await conversations.lock(inbound.account, inbound.openid, wrote=wrote)
        if not await inbox.give_up(inbound, replies.LATER):
            return
        if wrote:
            text = message.text or f"[{message.msg_type}]"
            enclosures = media.enclosures(message)
            report = Report(text, intake.unjudged(known.lexicon.version), enclosures, triage=True)
            filed = await intake.file(talk, known, report)
            told = replies.filed_plainly(filed.appeal.number, filed.owner)
            await inbox.tell_later(inbound, told, talk.resident_id)
        await conversations.save(talk)
    deliveries.wake()
