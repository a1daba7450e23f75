"""看 and 待办: what a responder may read. Looking at an appeal is written down."""

from __future__ import annotations

from bot import joining_replies, replies, responder_replies
from bot.commands import Command
from bot.handlers.which import ask_which
from bot.turn import Turn
from models import Appeal, AppealStatus, Attachment, AttachmentKind, Urgency
from services import datum, worklist
from services.place_words import where
from services.worklist import Reading

SHOWN = 10
_WAITING = frozenset({AppealStatus.ASSIGNED, AppealStatus.SUBMITTED, AppealStatus.RETURNED})


async def todo(turn: Turn, _command: Command) -> str:
    """Alarms that wait for anybody, then everything in hand, the most urgent and the oldest first."""
    if not await turn.posts():
        return responder_replies.FOR_RESPONDERS_ONLY
    held = sorted((one.appeal for one in await turn.in_hand()), key=_first)
    lines = [responder_replies.alarm_line(one.number) for one in await turn.alarms()]
    lines += [_todo_line(turn, one) for one in held]
    if not lines:
        return responder_replies.NOTHING_IN_HAND
    return responder_replies.todo(lines[:SHOWN], max(0, len(lines) - SHOWN))


async def look(turn: Turn, command: Command) -> str | None:
    """Words, place and contact of one appeal, for whoever holds or supervises it; audited."""
    posts = await turn.posts()
    if not posts:
        return responder_replies.FOR_RESPONDERS_ONLY
    in_hand, alarms = await turn.in_hand(), await turn.alarms()
    number = command.number
    if number is None:
        found = [*alarms, *(one.appeal for one in in_hand)]
        if len(found) != 1:
            return ask_which(turn, command, found[:9]) if found else responder_replies.NOTHING_IN_HAND
        number = found[0].number
    reading = await worklist.look(posts, in_hand, number)
    if reading is None:
        return responder_replies.NOT_IN_HAND.format(number=number)
    return _shown(turn, reading, may_take=any(one.number == number for one in alarms))


def _shown(turn: Turn, reading: Reading, *, may_take: bool) -> str:
    appeal, resident = reading.appeal, reading.appeal.resident
    waiting = appeal.status in _WAITING
    # Who only supervises does not need name and phone: the console shows them, on a reason.
    values = (
        turn.known.category_by_id(appeal.category_id).name,
        appeal.urgency.label,
        appeal.status.label,
        appeal.text,
        where(appeal.grid.name if appeal.grid else "", appeal.place),
        joining_replies.supported(reading.supporters),
        resident.name if reading.holds else "",
        resident.phone if reading.holds else "",
        responder_replies.attached([_attached(one) for one in reading.attachments]),
        replies.by(appeal.accept_by if waiting else appeal.resolve_by),
        reading.last_words,
    )
    actions = responder_replies.accept_hint(appeal.number) if may_take else ""
    if reading.holds:
        actions = responder_replies.detail_actions(appeal.number, waiting=waiting)
    return responder_replies.detail(appeal.number, values, actions)


def _attached(one: Attachment) -> responder_replies.Attached:
    """A place as a point of Chinese maps, a link by its address; a file has none in the chat."""
    if one.latitude is None or one.longitude is None:
        return one.kind.label, one.words, one.url if one.kind is AttachmentKind.LINK else ""
    point = datum.convert((one.longitude, one.latitude), one.datum, datum.GCJ)
    return one.kind.label, one.words, responder_replies.MAP.format(*point)


def _first(appeal: Appeal) -> tuple[bool, int]:
    return appeal.urgency is Urgency.NORMAL, appeal.id


def _todo_line(turn: Turn, appeal: Appeal) -> str:
    by = appeal.accept_by if appeal.status in _WAITING else appeal.resolve_by
    urgent = appeal.urgency is not Urgency.NORMAL
    return responder_replies.todo_line(
        appeal.number, turn.category_name(appeal), appeal.status.label, by, urgent=urgent
    )
