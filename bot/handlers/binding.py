"""绑定: a resident chooses community and grid by digit, name or place; a code from staff binds to a post."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches

from bot import codes, replies, responder_replies
from bot.commands import Command
from bot.turn import Turn
from models import Community
from services import binding
from services.locating import grid_map
from services.residents import belonging
from services.understanding import plain

COMMUNITY_QUESTION = "community"
GRID_QUESTION = "grid"
COMMUNITIES_SHOWN = 30
_DIGIT = re.compile(r"[0-9]{1,3}")
_PLACE = re.compile(r"\w{0,8}(?:村|社区|居委会|村委会|小区|网格|[组队])")
_SELF = re.compile(r"(?:[我俺咱]们?家?)?(?:是|住在?|在)?(.+?)的?(?:人|居民|村民)?")
"""How people name where they belong: 我是新联村三组的."""
_MARKS = re.compile(r"[\s，,、。.!！;；]+")
_NEAR_SHOWN = 3


async def bind(turn: Turn, command: Command) -> str | None:
    """Start choosing, choose by name, or redeem a code; None when the words are an ordinary sentence.

    绑定医保卡怎么弄 is one: only what is, nearly is, or sounds like a name of a place is taken for one.
    """
    words = codes.without_signs(command.words)
    if not words or _DIGIT.fullmatch(words):
        return await ask_community(turn)
    named = await _named(turn, words)
    if named is not None:
        return named
    code = codes.code_in(words)
    if code is not None:
        return await _redeem(turn, code)
    return replies.HOW_TO_BIND if codes.tells_of_code(words) else await _nearly_named(turn, words)


async def _redeem(turn: Turn, code: str) -> str | None:
    """None for what only looks like a code, and may answer what somebody asked."""
    title = await binding.redeem(turn.talk, code) if binding.looks_like_code(code) else None
    if title is not None:
        return responder_replies.post_bound(title)
    answers = turn.talk.asked_appeal_id is not None and "绑定" not in turn.text
    return None if answers else replies.WRONG_CODE


async def _named(turn: Turn, words: str) -> str | None:
    """Bind to the community or grid that is called so; a grid alone is one of the own community."""
    community = turn.known.community_called(words)
    if community is not None:
        return await bind_community(turn, community.id)
    wanted = plain(words)
    for one in turn.known.communities:
        rest = wanted.removeprefix(plain(one.name))
        if one.id == turn.talk.community_id or rest != wanted:
            grid = await turn.known.grid_called(one.id, rest)
            if grid is not None:
                return await bind_grid(turn, one.id, grid.id)
    return None


async def answered(turn: Turn, text: str) -> str | None:
    """Bind by an answer to the question for community or grid in one's own words; None when it names neither.

    A grid alone will do where one community has it; where several have, these are asked back.
    """
    whole = _MARKS.sub("", text)
    found = _SELF.fullmatch(whole)
    for words in dict.fromkeys((whole, found[1] if found else whole)):
        told = await _named(turn, words)
        if told is not None:
            return told
        having = [one for one in turn.known.communities if await turn.known.grid_called(one.id, words)]
        if having:
            return await _among(turn, having, words)
    return None


async def _among(turn: Turn, having: Sequence[Community], grid_name: str) -> str:
    """Bind to the grid of the one community that has it, or ask which of them is meant."""
    grid = await turn.known.grid_called(having[0].id, grid_name)
    if grid is not None and len(having) == 1:
        return await bind_grid(turn, having[0].id, grid.id)
    turn.talk.ask(COMMUNITY_QUESTION, ids=[one.id for one in having], grid=grid_name)
    return replies.ask_community([one.name for one in having])


async def _nearly_named(turn: Turn, words: str) -> str | None:
    """Offer the communities whose names are nearly so, or the list for what sounds like a place."""
    names = {one.name: one.id for one in turn.known.communities}
    near = get_close_matches(words, names, n=_NEAR_SHOWN)
    if near:
        turn.talk.ask(COMMUNITY_QUESTION, ids=[names[one] for one in near])
        return replies.near_communities(words, near)
    if _PLACE.fullmatch(words):
        return replies.joined(replies.unknown_community(words), await ask_community(turn))
    return None


async def ask_community(turn: Turn) -> str:
    """Ask for the community, by digit where the list is short enough to read."""
    communities = turn.known.communities
    if len(communities) > COMMUNITIES_SHOWN:
        return replies.ask_community_by_name([one.name for one in communities])
    turn.talk.ask(COMMUNITY_QUESTION, ids=[one.id for one in communities])
    return replies.ask_community([one.name for one in communities])


async def bind_community(turn: Turn, community_id: int, grid_name: str = "") -> str:
    """Bind to a community and ask for the grid, unless `grid_name` has told it already."""
    grid = await turn.known.grid_called(community_id, grid_name) if grid_name else None
    if grid is not None:
        return await bind_grid(turn, community_id, grid.id)
    community = turn.known.active_community(community_id)
    turn.talk.settle()
    moved = await belonging.bind(turn.talk, turn.known, community_id, None)
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
    moved = await belonging.bind(turn.talk, turn.known, community_id, grid_id)
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
