"""Sentences about where the appeals of a resident stand."""

from __future__ import annotations

from datetime import datetime

from bot import replies
from models import FINISHED

OWN = "您反映的事："
_OVER = tuple(one.label for one in FINISHED)
"""How the state of an appeal ends that nobody holds any more, also within another one."""


def line(number: int, category: str, status: str, owner: str, until: datetime | None) -> str:
    """One appeal in a list; `owner` had it last, and is not named once it is over."""
    limit = f"，{replies.by(until)}前" if until else ""
    has_it = owner and not status.endswith(_OVER)
    return (
        f"{number}（{category}）：{status}，{owner}{limit}" if has_it else f"{number}（{category}）：{status}"
    )


def latest(words: str) -> str:
    """The last public words about an appeal."""
    return f"最新：{words}"


def waiting_for_answer(question: str) -> str:
    """Somebody asked, and the resident has not answered yet."""
    return f"等您答复：{question}\n请直接回复。"
