"""看 and 待办: what a responder may read. Looking at an appeal is written down."""

from __future__ import annotations

from datetime import datetime

from bot import joining_replies, replies, responder_replies
from bot.commands import Command
from bot.handlers import lists
from bot.handlers.which import ask_which
from bot.turn import Turn
from models import Appeal, AppealStatus, Attachment, AttachmentKind, Urgency
from services import datum, worklist
from services.place_words import where
from services.worklist import Reading

AT_ONCE = 10
_MOST_PAGES = 999
"""Numbers of appeals begin behind it."""
_WAITING = frozenset({AppealStatus.ASSIGNED, AppealStatus.SUBMITTED, AppealStatus.RETURNED})


async def todo(turn: Turn, command: Command) -> str | None:
    """Alarms that wait for anybody, then everything in hand by deadline, what is urgent first.

    A number behind it is a page of the list (the last one for more than there are), or else an appeal.
    """
    posts = await turn.posts()
    if not posts:
        return responder_replies.FOR_RESPONDERS_ONLY
    held = await worklist.in_hand(posts, most=None)
    lines = [responder_replies.alarm_line(one.number) for one in await turn.alarms()]
    lines += [_todo_line(turn, one) for one in sorted((one.appeal for one in held), key=_first)]
    if not lines:
        return responder_replies.NOTHING_IN_HAND
    page = command.number or 1
    if page > _MOST_PAGES:
        return await look(turn, command)
    first = (min(page, -(-len(lines) // AT_ONCE)) - 1) * AT_ONCE
    return lists.begin(turn, responder_replies.IN_HAND, lines[first:], AT_ONCE, responder_replies.HOW_TO_LOOK)


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
            return ask_which(turn, command, found) if found else responder_replies.NOTHING_IN_HAND
        number = found[0].number
    reading = await worklist.look(posts, in_hand, number)
    if reading is None:
        return responder_replies.NOT_IN_HAND.format(number=number)
    return _shown(turn, reading, may_take=any(one.number == number for one in alarms))


def _shown(turn: Turn, reading: Reading, *, may_take: bool) -> str:
    appeal, resident = reading.appeal, reading.appeal.resident
    waiting = appeal.status in _WAITING
    # Who only supervises does not need name and phone: the admin API shows them, on a reason.
    values = (
        turn.known.category_by_id(appeal.category_id).name,
        appeal.urgency.label,
        appeal.status.label,
        appeal.text,
        "；".join(reading.answers),
        where(appeal.grid.name if appeal.grid else "", appeal.place),
        joining_replies.supported(reading.supporters),
        resident.name if reading.holds else "",
        resident.phone if reading.holds else "",
        responder_replies.attached([_attached(one) for one in reading.attachments]),
        replies.by(_due(appeal)),
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


def _first(appeal: Appeal) -> tuple[bool, datetime, int]:
    return appeal.urgency is Urgency.NORMAL, _due(appeal), appeal.id


def _todo_line(turn: Turn, appeal: Appeal) -> str:
    urgent = appeal.urgency is not Urgency.NORMAL
    return responder_replies.todo_line(
        appeal.number, turn.category_name(appeal), appeal.status.label, _due(appeal), urgent=urgent
    )


def _due(appeal: Appeal) -> datetime:
    return appeal.accept_by if appeal.status in _WAITING else appeal.resolve_by
