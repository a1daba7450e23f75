"""A responder wrote without a verb: do the words belong to an appeal in hand, or to a matter of their own?

The words wait in the conversation. Answered or not, they are never lost: the next message, or the end of the
ten minutes, makes them a note.
"""

from __future__ import annotations

from bot import responder_replies
from bot.handlers import filing
from bot.turn import Turn
from services import intake, open_words
from services.filing import Enclosure

BELONGS, OWN = 1, 2
_OWN_WORDS = ("自己", "我自己", "我自己的事", "自己的事", "自己有困难", "我自己有困难", "是我自己")
_BELONGS_WORDS = ("回复", "是", "是的", "对", "是回复")
WORDS = dict.fromkeys(_BELONGS_WORDS, BELONGS) | dict.fromkeys(_OWN_WORDS, OWN)
"""The choices written out."""


async def ask_whose(turn: Turn, text: str, enclosures: tuple[Enclosure, ...]) -> str | None:
    """Ask, when the user holds an appeal. None when they hold none, or are in danger: they speak for
    themselves.
    """
    in_hand = await turn.in_hand()
    if not in_hand or await intake.open_alarm(turn.talk) is not None:
        return None
    number = in_hand[0].appeal_id
    turn.talk.ask(open_words.WHOSE, number=number, **open_words.facts(text, enclosures))
    return responder_replies.whose(number)


async def settle(turn: Turn, choice: int) -> str:
    """Do as the responder answered."""
    question = turn.talk.question or {}
    if choice == OWN:
        turn.talk.settle()
        text = str(question["text"])
        judgement = await turn.known.judge(text, turn.talk.community_id)
        return await filing.file_words(turn, text, judgement, open_words.enclosures_of(question))
    return await _keep(turn, responder_replies.NOTED)


async def settle_unanswered(turn: Turn) -> None:
    """Another message came instead of an answer: the words become a note."""
    turn.preface.append(await _keep(turn, responder_replies.NOTED_BEFORE))


async def _keep(turn: Turn, noted: str) -> str:
    """Make the words a note, and say so by `noted`, or that somebody else has the appeal by now."""
    question = turn.talk.question or {}
    number = int(question["number"])
    turn.talk.settle()
    in_hand = await open_words.keep(turn.talk.resident_id, turn.talk.account, question)
    return (noted if in_hand else responder_replies.NOTED_ELSEWHERE).format(number=number)
