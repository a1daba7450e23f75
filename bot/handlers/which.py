"""Asking back which appeal a command means, when the number was left out and several fit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from bot import replies
from bot.commands import Command, Word, label
from bot.handlers import lists
from bot.turn import Turn
from models import Appeal, Rating

WHICH_QUESTION = "which"
AT_ONCE = 9
_RATINGS = {one.value: one for one in Rating}


def ask_which(turn: Turn, command: Command, fitting: Sequence[Appeal]) -> str:
    """List the candidates; a digit or the number completes the command."""
    turn.talk.ask(
        WHICH_QUESTION,
        word=command.word.value,
        words=command.words,
        until=command.until.isoformat() if command.until else None,
        rating=command.rating.value if command.rating else None,
        numbers=[one.number for one in fitting],
    )
    lines = replies.options(replies.which_line(one.number, turn.category_name(one)) for one in fitting)
    return lists.begin(turn, replies.which(label(command)), lines.splitlines(), AT_ONCE)


def completed(question: dict[str, Any], number: int) -> Command:
    """The command of the question with the number that was chosen."""
    return Command(
        Word(question["word"]),
        number,
        question["words"],
        date.fromisoformat(question["until"]) if question["until"] else None,
        _RATINGS.get(question["rating"]),
    )
