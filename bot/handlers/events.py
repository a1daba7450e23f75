"""What people do without writing: follow, leave, scan, tap the menu, report a place, allow a push."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog

from bot import replies
from bot.commands import Command, parse
from bot.handlers import binding, small_talk
from bot.turn import Turn
from services import consents, resending
from services.clock import china_today
from services.conversations import open_menu_window

log = structlog.get_logger(__name__)

Run = Callable[[Turn, Command], Awaitable[str | None]]


async def receive(turn: Turn, run: Run) -> str:
    """Answer an event; "" where nothing is to be said. `run` carries out the command behind a menu key."""
    event = turn.message.event or ""
    if event == "CLICK":
        return await _tapped(turn, run)
    handler = _EVENTS.get(event)
    return await handler(turn) if handler else ""


async def _followed(turn: Turn) -> str:
    turn.talk.following = turn.talk.reachable = True
    open_menu_window(turn.talk)
    bound = await _scanned_community(turn)
    if bound:
        return replies.joined(replies.WELCOME, bound)
    if turn.talk.community_id is not None:
        return replies.WELCOME
    return replies.joined(replies.WELCOME, await binding.ask_community(turn))


async def _scanned(turn: Turn) -> str:
    turn.talk.following = turn.talk.reachable = True
    open_menu_window(turn.talk)
    return await _scanned_community(turn) or await small_talk.greet(turn)


async def _scanned_community(turn: Turn) -> str:
    """A community's own QR code carries its code; it never moves somebody who has chosen already."""
    scene = turn.message.scene
    community = turn.known.community_called(scene) if scene else None
    if community is None or turn.talk.community_id is not None:
        return ""
    return await binding.bind_community(turn, community.id)


async def _left(turn: Turn) -> str:
    turn.talk.following, turn.talk.window_left = False, 0
    turn.talk.settle()
    return ""


async def _tapped(turn: Turn, run: Run) -> str:
    open_menu_window(turn.talk)
    command = parse(turn.message.event_key or "", china_today())
    told = await run(turn, command) if command else None
    return told or await small_talk.menu(turn)


async def _located(turn: Turn) -> str:
    if not binding.is_binding(turn.talk.question):
        return ""
    # WeChat shows no reply to this event, so the words have to be pushed.
    turn.aloud = True
    return await binding.bind_by_point(turn) or ""


async def _allowed(turn: Turn) -> str:
    for item in turn.message.subscribe_items:
        if item.status == "accept":
            await consents.allow(turn.talk.id, item.template_id)
    return ""


async def _changed(turn: Turn) -> str:
    for item in turn.message.subscribe_items:
        if item.status == "reject":
            await consents.revoke(turn.talk.id, item.template_id)
    return ""


async def _pushed(turn: Turn) -> str:
    """What became of a card: one that never arrived goes to the next channel, or to the next owner."""
    status = turn.message.status or ""
    if status and status != "success":
        log.warning("template_push_failed", status=status)
        turn.talk.reachable = turn.talk.reachable and "user block" not in status
        _ = await resending.bounced(turn.talk.account, turn.message.msg_id or "", status)
    return ""


_EVENTS: dict[str, Callable[[Turn], Awaitable[str]]] = {
    "subscribe": _followed,
    "unsubscribe": _left,
    "SCAN": _scanned,
    "LOCATION": _located,
    "subscribe_msg_popup_event": _allowed,
    "subscribe_msg_change_event": _changed,
    "TEMPLATESENDJOBFINISH": _pushed,
}
