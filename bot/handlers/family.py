"""孩子 小宝 2018-05-01, 老人 …, 生日 …: who belongs to the household, entered only with consent."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from bot import slot_replies
from bot.commands import Command, Word
from bot.turn import Turn
from models import DependantKind
from services import households

CONSENT_QUESTION = "consent"
YES = 1

_DAY = r"(?P<year>[0-9]{4})[-年./](?P<month>[0-9]{1,2})[-月./](?P<day>[0-9]{1,2})日?"
_SOMEBODY = re.compile(rf"(?P<name>[^\s0-9,，:：]{{1,8}})[\s,，:：]*{_DAY}")
_OWN = re.compile(_DAY)
_KINDS = {Word.CHILD: DependantKind.CHILD, Word.ELDER: DependantKind.ELDER}


async def enter(turn: Turn, command: Command) -> str | None:
    """Ask for consent to enter somebody; None when the words are no name and date."""
    match = _SOMEBODY.fullmatch(command.words)
    born = _day(match) if match else None
    if match is None or born is None:
        return None
    households.check_born(born)
    turn.talk.ask(CONSENT_QUESTION, who=_KINDS[command.word].value, name=match["name"], born=born.isoformat())
    return slot_replies.consent(match["name"])


async def settle(turn: Turn, question: dict[str, Any], choice: int) -> str:
    """Do as the resident answered."""
    turn.talk.settle()
    if choice != YES:
        return slot_replies.NOT_ENTERED
    kind = next(one for one in DependantKind if one.value == question["who"])
    born = date.fromisoformat(question["born"])
    made = await households.add_dependant(turn.talk.resident_id, kind, question["name"], born)
    return slot_replies.entered(made.name)


async def born(turn: Turn, command: Command) -> str | None:
    """Enter their own birth date; None when the words are no date."""
    match = _OWN.fullmatch(command.words)
    day = _day(match) if match else None
    if day is None:
        return None
    await households.set_born(turn.talk.resident_id, day)
    return slot_replies.BORN


def _day(match: re.Match[str]) -> date | None:
    try:
        return date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None
