"""Lists that may be longer than one answer."""

from __future__ import annotations

from collections.abc import Sequence

from bot import replies
from bot.turn import Turn


def begin(turn: Turn, heading: str, lines: Sequence[str], at_once: int, ending: str = "") -> str:
    """The heading and the first `at_once` lines; the others wait for 更多."""
    shown, others = lines[:at_once], lines[at_once:]
    turn.rest = replies.joined(*others, ending) if others else ""
    return replies.joined(heading, *shown, replies.more_waits(len(others)) if others else ending)
