"""A responder wrote without a verb: do the words belong to an appeal in hand, or to a matter of their own?

The words wait in the conversation. Answered or not, they are never lost: the next message, or the end of the
ten minutes, makes them a note.
"""

from __future__ import annotations

from dataclasses import asdict

from bot import responder_replies
from bot.handlers import filing
from bot.turn import Turn
from models import AttachmentKind
from services import intake, worklist
from services.clock import now
from services.filing import Enclosure, attach

BELONGS, OWN = 1, 2
_KINDS = {one.value: one for one in AttachmentKind}
_OWN_WORDS = frozenset({"自己", "我自己", "我自己的事", "自己的事", "自己有困难", "我自己有困难", "是我自己"})
_BELONGS_WORDS = frozenset({"回复", "是", "是的", "对", "是回复"})


async def ask_whose(turn: Turn, text: str, enclosures: tuple[Enclosure, ...]) -> str | None:
    """Ask, when the user holds an appeal. None when they hold none, or are in danger: they speak for
    themselves.
    """
    in_hand = await turn.in_hand()
    if not in_hand or await intake.open_alarm(turn.talk) is not None:
        return None
    number = in_hand[0].appeal_id
    turn.talk.ask(worklist.WHOSE, number=number, text=text, enclosures=[asdict(one) for one in enclosures])
    return responder_replies.whose(number)


def is_pending(turn: Turn) -> bool:
    """Whether words of this responder wait for the answer."""
    return turn.talk.question is not None and turn.talk.question["kind"] == worklist.WHOSE


def choice_in_words(text: str) -> int | None:
    """The answer when it was written out."""
    text = text.strip("。.!！ ")
    if text in _OWN_WORDS:
        return OWN
    return BELONGS if text in _BELONGS_WORDS else None


async def settle(turn: Turn, choice: int) -> str:
    """Do as the responder answered."""
    question = turn.talk.question or {}
    turn.talk.settle()
    number, text = int(question["number"]), str(question["text"])
    enclosures = _enclosures(question)
    if choice == OWN:
        judgement = await turn.known.judge(text, turn.talk.community_id)
        return await filing.file_words(turn, text, judgement, enclosures)
    if not await worklist.keep_note(turn.talk.resident_id, number, text):
        return responder_replies.NOT_IN_HAND.format(number=number)
    await attach(number, turn.talk.account, enclosures, now())
    return responder_replies.NOTED.format(number=number)


async def settle_unanswered(turn: Turn) -> None:
    """Another message came instead of an answer: the words become a note."""
    question = turn.talk.question or {}
    number = int(question["number"])
    turn.talk.settle()
    if await worklist.keep_note(turn.talk.resident_id, number, str(question["text"])):
        await attach(number, turn.talk.account, _enclosures(question), now())
        turn.preface.append(responder_replies.NOTED_BEFORE.format(number=number))


def _enclosures(question: dict[str, object]) -> tuple[Enclosure, ...]:
    stored = question.get("enclosures")
    found = stored if isinstance(stored, list) else []
    return tuple(Enclosure(**{**one, "kind": _KINDS[one["kind"]]}) for one in found)
