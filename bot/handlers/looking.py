"""看 and 待办: what a responder may read. Looking at an appeal is written down."""

from __future__ import annotations

from bot import replies
from bot.commands import Command
from bot.handlers.which import ask_which
from bot.turn import Turn
from models import Appeal, AppealStatus, Assignment, Urgency
from services import audit, browsing
from services.access import Actor, visible_appeals
from services.browsing import Detail
from services.worklist import post_for

SHOWN = 10
_WAITING = frozenset({AppealStatus.ASSIGNED, AppealStatus.SUBMITTED, AppealStatus.RETURNED})


async def todo(turn: Turn, _command: Command) -> str:
    """Everything in hand, the most urgent and the oldest first."""
    if not await turn.posts():
        return replies.FOR_RESPONDERS_ONLY
    held = sorted((one.appeal for one in await turn.in_hand()), key=_first)
    if not held:
        return replies.NOTHING_IN_HAND
    return replies.todo([_todo_line(turn, one) for one in held[:SHOWN]], max(0, len(held) - SHOWN))


async def look(turn: Turn, command: Command) -> str | None:
    """Words, place and contact of one appeal, for whoever holds or supervises it; audited."""
    posts = await turn.posts()
    if not posts:
        return replies.FOR_RESPONDERS_ONLY
    in_hand = await turn.in_hand()
    number = command.number
    if number is None:
        if len(in_hand) != 1:
            held = [one.appeal for one in in_hand[:9]]
            return ask_which(turn, command, held) if held else replies.NOTHING_IN_HAND
        number = in_hand[0].appeal_id
    actor = await _onlooker(posts, in_hand, number)
    if actor is None:
        return replies.not_in_hand(number)
    detail = await browsing.detail(actor, number)
    holds = any(one.appeal_id == number for one in in_hand)
    await audit.record(actor, "appeal.look", f"appeal {number}", community_id=detail.appeal.community_id)
    return _shown(turn, detail, holds=holds)


async def _onlooker(posts: list[Actor], in_hand: list[Assignment], number: int) -> Actor | None:
    for one in in_hand:
        if one.appeal_id == number:
            return post_for(posts, one)
    for post in posts:
        if await visible_appeals(post).filter(id=number).exists():
            return post
    return None


def _shown(turn: Turn, detail: Detail, *, holds: bool) -> str:
    appeal, resident = detail.appeal, detail.resident
    spoken = [one for one in detail.events if one.words]
    # Who only supervises does not need name and phone: the console shows them, on a reason.
    values = (
        turn.category_name(appeal),
        appeal.urgency.label,
        appeal.status.label,
        appeal.text,
        " ".join(part for part in (appeal.grid.name if appeal.grid else "", appeal.place) if part),
        resident.name if holds else "",
        resident.phone if holds else "",
        replies.attachments_named(one.kind.label for one in detail.attachments),
        replies.by(appeal.accept_by if appeal.status in _WAITING else appeal.resolve_by),
        spoken[-1].words if len(spoken) > 1 else "",
    )
    actions = replies.detail_actions(appeal.number, waiting=appeal.status in _WAITING) if holds else ""
    return replies.detail(appeal.number, values, actions)


def _first(appeal: Appeal) -> tuple[bool, int]:
    return appeal.urgency is Urgency.NORMAL, appeal.id


def _todo_line(turn: Turn, appeal: Appeal) -> str:
    by = appeal.accept_by if appeal.status in _WAITING else appeal.resolve_by
    urgent = appeal.urgency is not Urgency.NORMAL
    return replies.todo_line(
        appeal.number, turn.category_name(appeal), appeal.status.label, by, urgent=urgent
    )
