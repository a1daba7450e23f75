"""What a message wants: an appeal (difficulty, suggestion, question) or one of the short commands."""

from __future__ import annotations

import re

from nlp.judgement import Intent
from nlp.signs import INTENTS, Reading, read

TELLING = 2.0
"""Category score from which a message has a matter of its own and is no noise."""

CLEAR = 0.5
"""Score from which an intent is told beyond doubt; 1 is clearly yes, 0 undecided."""

_MARKS = re.compile(r"[^0-9a-z\u3400-\u9fff]+")
_CHOICE = re.compile(
    r"[0-9]{1,2}|(?:选|第|选第|我选)[0-9一二三四五六七八九]{1,2}(?:个|号|项)?|[0-9](?:个|号|项)"
)
_NUMBER = re.compile(r"(?:编号|诉求|工单|单号)?[0-9]{4,8}号?")
_SHORTEST_CODE = 4
_APPEALS = tuple(intent for intent in Intent if intent.is_appeal)


def core(text: str) -> str:
    """A normalised text without marks, blanks and emoji."""
    return _MARKS.sub("", text)


def intent(text: str, score: float = 0.0) -> Intent:
    """Judge a normalised text; `score` is that of its best category, so that a matter is no noise."""
    return formal(core(text)) or decided(read(text), score)


def formal(bare: str) -> Intent | None:
    """What a message is by its form alone: a digit to choose, or the number of an appeal."""
    if len(bare) > 2 * _SHORTEST_CODE and not bare.isascii():
        return None
    if _CHOICE.fullmatch(bare):
        return Intent.MENU_CHOICE
    if _NUMBER.fullmatch(bare):
        return Intent.PROGRESS
    return None


def decided(reading: Reading, score: float) -> Intent:
    """The intent that speaks loudest."""
    most = max(reading.intents)
    best = INTENTS[reading.intents.index(most)]
    doubtful = best is Intent.NOISE and score >= TELLING and most < CLEAR
    return Intent.DIFFICULTY if doubtful else best


def doubtful(text: str) -> bool:
    """Whether no intent of a normalised text is told beyond doubt: what stands before it has to decide."""
    return formal(core(text)) is None and max(read(text).intents) < CLEAR


def appeal_kind(text: str) -> Intent:
    """Difficulty, suggestion or question of a normalised text that is an appeal."""
    return max(_APPEALS, key=dict(zip(INTENTS, read(text).intents, strict=True)).__getitem__)
