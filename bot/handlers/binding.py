"""绑定: a resident chooses community and grid by digit, name or place; a code from staff binds to a post."""

from __future__ import annotations

import re

from bot import replies, responder_replies
from bot.commands import Command
from bot.turn import Turn
from services import binding, residents
from services.locating import grid_map

COMMUNITY_QUESTION = "community"
GRID_QUESTION = "grid"
COMMUNITIES_SHOWN = 30
_DIGIT = re.compile(r"[0-9]{1,3}")
_MISTYPED_CODE = re.compile(r"[A-Za-z0-9 -]{4,}")


async def bind(turn: Turn, command: Command) -> str | None:
    """Start choosing, choose by name, or redeem a code; None when the words are an ordinary sentence."""
    if not command.words or _DIGIT.fullmatch(command.words):
        return await ask_community(turn)
    community = turn.known.community_called(command.words)
    if community is not None:
        return await bind_community(turn, community.id)
    if binding.looks_like_code(command.words):
        title = await binding.redeem(turn.talk, command.words)
        return replies.WRONG_CODE if title is None else responder_replies.post_bound(title)
    if _MISTYPED_CODE.fullmatch(command.words):
        return replies.WRONG_CODE
    return replies.unknown_community(command.words) if len(command.words) <= 12 else None


async def ask_community(turn: Turn) -> str:
    """Ask for the community, by digit where the list is short enough to read."""
    communities = turn.known.communities
    if len(communities) > COMMUNITIES_SHOWN:
        return replies.ask_community_by_name([one.name for one in communities])
    turn.talk.ask(COMMUNITY_QUESTION, ids=[one.id for one in communities])
    return replies.ask_community([one.name for one in communities])


async def bind_community(turn: Turn, community_id: int) -> str:
    """Bind to a community and ask for the grid."""
    community = turn.known.active_community(community_id)
    turn.talk.settle()
    moved = await residents.bind(turn.talk, turn.known, community_id, None)
    grids = await turn.known.grids(community_id)
    if grids:
        turn.talk.ask(GRID_QUESTION, ids=[one.id for one in grids])
    return replies.joined(
        replies.community_bound(community.name),
        replies.appeals_moved(moved) if moved else "",
        replies.ask_grid([one.name for one in grids]) if grids else "",
    )


async def bind_grid(turn: Turn, community_id: int, grid_id: int) -> str:
    """Bind to a grid of a community."""
    community = turn.known.active_community(community_id)
    names = {one.id: one.name for one in await turn.known.grids(community_id)}
    turn.talk.settle()
    moved = await residents.bind(turn.talk, turn.known, community_id, grid_id)
    return replies.joined(
        replies.grid_bound(community.name, names[grid_id]), replies.appeals_moved(moved) if moved else ""
    )


async def bind_by_point(turn: Turn) -> str | None:
    """Bind to the grid that the location lies in or near; None when there is none within reach."""
    message = turn.message
    if message.latitude is None or message.longitude is None:
        return None
    found = (await grid_map(turn.known)).grid_near(message.latitude, message.longitude, message.datum or "")
    return await bind_grid(turn, found.community_id, found.id) if found else None


def is_binding(question: dict[str, object] | None) -> bool:
    """Whether the pending question asks for community or grid."""
    return question is not None and question["kind"] in (COMMUNITY_QUESTION, GRID_QUESTION)
