"""看 and 待办: what a responder may read. Looking at an appeal is written down."""

from __future__ import annotations

from bot import joining_replies, replies, responder_replies
from bot.commands import Command
from bot.handlers.which import ask_which
from bot.turn import Turn
from models import Appeal, AppealStatus, Urgency
from services import worklist
from services.worklist import Reading

SHOWN = 10
_WAITING = frozenset({AppealStatus.ASSIGNED, AppealStatus.SUBMITTED, AppealStatus.RETURNED})


async def todo(turn: Turn, _command: Command) -> str:
    """Everything in hand, the most urgent and the oldest first."""
    if not await turn.posts():
        return responder_replies.FOR_RESPONDERS_ONLY
    held = sorted((one.appeal for one in await turn.in_hand()), key=_first)
    if not held:
        return responder_replies.NOTHING_IN_HAND
    return responder_replies.todo([_todo_line(turn, one) for one in held[:SHOWN]], max(0, len(held) - SHOWN))


async def look(turn: Turn, command: Command) -> str | None:
    """Words, place and contact of one appeal, for whoever holds or supervises it; audited."""
    posts = await turn.posts()
    if not posts:
        return responder_replies.FOR_RESPONDERS_ONLY
    in_hand = await turn.in_hand()
    number = command.number
    if number is None:
        if len(in_hand) != 1:
            held = [one.appeal for one in in_hand[:9]]
            return ask_which(turn, command, held) if held else responder_replies.NOTHING_IN_HAND
        number = in_hand[0].appeal_id
    reading = await worklist.look(posts, in_hand, number)
    return responder_replies.NOT_IN_HAND.format(number=number) if reading is None else _shown(turn, reading)


def _shown(turn: Turn, reading: Reading) -> str:
    appeal, resident = reading.appeal, reading.appeal.resident
    waiting = appeal.status in _WAITING
    # Who only supervises does not need name and phone: the console shows them, on a reason.
    values = (
        turn.category_name(appeal),
        appeal.urgency.label,
        appeal.status.label,
        appeal.text,
        " ".join(part for part in (appeal.grid.name if appeal.grid else "", appeal.place) if part),
        joining_replies.supported(reading.supporters),
        resident.name if reading.holds else "",
        resident.phone if reading.holds else "",
        replies.attachments_named(one.kind.label for one in reading.attachments),
        replies.by(appeal.accept_by if waiting else appeal.resolve_by),
        reading.last_words,
    )
    actions = responder_replies.detail_actions(appeal.number, waiting=waiting) if reading.holds else ""
    return responder_replies.detail(appeal.number, values, actions)


def _first(appeal: Appeal) -> tuple[bool, int]:
    return appeal.urgency is Urgency.NORMAL, appeal.id


def _todo_line(turn: Turn, appeal: Appeal) -> str:
    by = appeal.accept_by if appeal.status in _WAITING else appeal.resolve_by
    urgent = appeal.urgency is not Urgency.NORMAL
    return responder_replies.todo_line(
        appeal.number, turn.category_name(appeal), appeal.status.label, by, urgent=urgent
    )
