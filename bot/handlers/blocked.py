"""申诉: who may sign up for nothing for a while says why they stayed away."""

from __future__ import annotations

from bot import slot_replies
from bot.commands import Command
from bot.turn import Turn
from models import WordsCheck
from services.slots import blocks


async def appeal(turn: Turn, command: Command) -> str | None:
    """Appeal against the block; None where there is none: then it is an ordinary sentence."""
    if not await blocks.of(turn.talk.resident_id):
        return None
    if not command.words:
        return slot_replies.WHY_APPEAL
    _ = await blocks.appeal(turn.talk.resident_id, command.words, WordsCheck.CHAT)
    return slot_replies.APPEALED
