"""Somebody is in danger: the emergency numbers first, one alarm for each resident in ten minutes."""

from __future__ import annotations

import settings
from bot import replies
from bot.handlers.filing import PLACE_QUESTION
from bot.turn import Turn
from models import Appeal
from nlp.judgement import Judgement
from services import filing, handling, intake
from services.filing import Enclosure
from services.intake import Report

_ANY_DANGER = ("110", "119", "120")


async def alarm(turn: Turn, text: str, judgement: Judgement, enclosures: tuple[Enclosure, ...]) -> str:
    """File and announce an emergency, or join the alarm that is out already."""
    running = await intake.open_alarm(turn.talk)
    if running is not None:
        return await _join(turn, running, text, judgement, enclosures)
    filed = await intake.file(turn.talk, turn.known, Report(text, judgement, enclosures))
    number = filed.appeal.number
    if judgement.urgency.self_harm:
        return replies.self_harm(settings.load().psychology_hotline, number, filed.owner)
    if filed.appeal.grid_id is None:
        turn.talk.ask(PLACE_QUESTION, number=number, ids=[])
    hint = replies.bind_hint() if turn.talk.community_id is None else ""
    return replies.joined(replies.emergency(spoken_numbers(judgement), number, filed.owner), hint)


async def _join(
    turn: Turn, running: Appeal, text: str, judgement: Judgement, enclosures: tuple[Enclosure, ...]
) -> str:
    _ = await handling.supplement(turn.talk.resident_id, running, text, judgement=judgement)
    await filing.attach(running.id, turn.talk.account, enclosures, turn.talk.moment)
    turn.talk.about(running.id)
    if judgement.urgency.self_harm:
        hotline = settings.load().psychology_hotline
        return replies.self_harm(hotline, running.number, "")
    return replies.emergency_joined(spoken_numbers(judgement), running.number)


def spoken_numbers(judgement: Judgement) -> str:
    """The numbers to call, the fitting one first."""
    numbers = judgement.urgency.numbers or _ANY_DANGER
    gas = settings.load().gas_hotline
    return "、".join(one if one.isdigit() else gas for one in numbers)
