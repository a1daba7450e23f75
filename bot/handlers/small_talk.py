"""Greeting, thanks, menu, the rest of a long reply, and what cannot be understood."""

from __future__ import annotations

from bot import replies, responder_replies
from bot.commands import Command
from bot.handlers import own_appeals
from bot.turn import Turn

MENU_QUESTION = "menu"


async def greet(turn: Turn) -> str:
    """Say hello; a stranger is told how to choose a community."""
    return replies.joined(replies.GREETING, replies.bind_hint() if turn.talk.community_id is None else "")


async def thank(turn: Turn) -> str:
    """You are welcome; who has something to rate is told how."""
    return replies.joined(replies.THANKS, await _rate_hint(turn))


async def all_right(turn: Turn) -> str:
    """Words like 可以 or 知道了; who has something to rate is told how."""
    return replies.joined(replies.ALL_RIGHT, await _rate_hint(turn))


async def _rate_hint(turn: Turn) -> str:
    found = await own_appeals.unrated(turn)
    return replies.rate_hint(found[0].number) if found else ""


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
