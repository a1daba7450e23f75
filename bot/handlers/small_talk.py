"""Greeting, thanks, menu, the rest of a long reply, and what cannot be understood."""

from __future__ import annotations

from bot import replies, responder_replies
from bot.commands import Command
from bot.turn import Turn
from models import Appeal, AppealStatus
from services import following

MENU_QUESTION = "menu"


async def greet(turn: Turn) -> str:
    """Say hello; a stranger is told how to choose a community."""
    return replies.joined(replies.GREETING, replies.bind_hint() if turn.talk.community_id is None else "")


async def thank(turn: Turn) -> str:
    """You are welcome; who has something to rate is told how."""
    waiting = (
        await Appeal.filter(
            following.handled_in(AppealStatus.RESOLVED), resident_id=turn.talk.resident_id, rating=None
        )
        .order_by("-id")
        .first()
    )
    return replies.joined(replies.THANKS, replies.rate_hint(waiting.number) if waiting else "")


async def menu(turn: Turn, _command: Command | None = None) -> str:
    """What can be done here; the numbers answer by digit for ten minutes."""
    turn.talk.ask(MENU_QUESTION)
    responder = bool(await turn.posts())
    return replies.joined(replies.MENU, responder_replies.MENU_RESPONDER if responder else "")


async def more(turn: Turn, _command: Command) -> str:
    """The rest of the last long reply."""
    rest, turn.talk.more = turn.talk.more, ""
    return rest or replies.NO_MORE


async def bare_number(turn: Turn, command: Command) -> str:
    """A number without a verb."""
    about = responder_replies.WHAT_ABOUT_RESPONDER if await turn.posts() else replies.WHAT_ABOUT
    return about.format(number=command.number)
