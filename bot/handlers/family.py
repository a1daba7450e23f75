"""孩子 小宝 2018-05-01, 老人 …, 生日 …: who belongs to the household, entered only with consent."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from bot import slot_replies
from bot.commands import Command, Word
from bot.turn import Turn
from models import DependantKind
from nlp.segment import normalise
from services import households

CONSENT_QUESTION = "consent"
YES, NO = 1, 2
WORDS = {
    **dict.fromkeys(("同意", "我同意", "是", "是的", "好", "好的", "可以", "行", "登记"), YES),
    **dict.fromkeys(("不同意", "我不同意", "不", "不要", "不行", "不可以", "不登记", "算了"), NO),
}
"""Answers that were written out."""

_APART = r"[-年月./\s]+"
_DAY = (
    rf"(?P<year>[0-9]{{4}})(?:{_APART}(?P<month>[0-9]{{1,2}}){_APART}(?P<day>[0-9]{{1,2}})[日号]?"
    r"|(?P<packed>[0-9]{4}))"
)
_SOMEBODY = re.compile(rf"(?P<name>[^\s0-9,，:：]{{1,8}})[\s,，:：]*{_DAY}")
_OWN = re.compile(_DAY)
_KINDS = {Word.CHILD: DependantKind.CHILD, Word.ELDER: DependantKind.ELDER}


async def enter(turn: Turn, command: Command) -> str | None:
    """Ask for consent to enter somebody; None when the words are no name and date. Raises: Invalid."""
    match = _SOMEBODY.fullmatch(normalise(command.words))
    if match is None:
        return None
    born = _day(match)
    households.check_born(born)
    name = command.words[match.start("name") : match.end("name")]
    turn.talk.ask(CONSENT_QUESTION, who=_KINDS[command.word].value, name=name, born=born.isoformat())
    return slot_replies.consent(name)


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
    """Enter their own birth date; None when the words are no date. Raises: Invalid."""
    match = _OWN.fullmatch(normalise(command.words))
    if match is None:
        return None
    await households.set_born(turn.talk.resident_id, _day(match))
    return slot_replies.BORN


def _day(match: re.Match[str]) -> date:
    month, day = match["month"] or match["packed"][:2], match["day"] or match["packed"][2:]
    try:
        return date(int(match["year"]), int(month), int(day))
    except ValueError as error:
        raise households.impossible() from error
