"""A place is claimed for somebody: what the offering asks first is asked one by one, and words answer it.

The questions wait in the conversation as its one pending question. Commands, danger and a running alarm go
before them; words that look like a matter of their own are asked back, and filed where nobody says what they
are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self

from bot import slot_replies
from bot.commands import Command, Word
from bot.handlers import emergency, filing, media
from bot.turn import Turn
from models import SignUp, SignUpState, Slot, WordsCheck
from nlp.judge import SENTENCE
from nlp.judgement import Judgement
from services import intake, open_words
from services.conversations import QUESTION_MINUTES
from services.slots import answering, facts, signup
from services.slots.openings import MYSELF, Someone

WORDS_QUESTION = "sign_up_words"
"""Kind of the pending question that free words answer."""

ANSWER, OTHER = 1, 2
WORDS = {"是回答": ANSWER, "回答": ANSWER, "另外的事": OTHER, "另外反映": OTHER, "另报": OTHER}
"""The choices written out, when it is asked whether words are an answer."""

_NO_MORE = frozenset({"不报了", "不报名了", "先不报", "先不报了", "不报", "算了"})
_ANSWERING = frozenset({Word.DIGIT, Word.NUMBER, Word.RATE, Word.REPLY})
"""Commands that are as well an answer: a number, 一般, 回答 花生."""

Question = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Whom:
    """Who is to be signed up: keys and names of the household, and how many come along without a name."""

    keys: tuple[str, ...]
    names: tuple[str, ...]
    guests: int = 0

    @classmethod
    def of(cls, people: Sequence[Someone], party: int | None) -> Self:
        """These people, in a party of so many; where that was not said, they alone."""
        names = tuple("您" if one.name == MYSELF else one.name for one in people)
        return cls(tuple(one.key for one in people), names, max((party or 0) - len(people), 0))

    @property
    def called(self) -> str:
        """As an answer calls them."""
        who, party = "、".join(self.names), len(self.keys) + self.guests
        return f"{who}（共 {party} 个名额）" if self.guests else who


async def claim(turn: Turn, slot: Slot, whom: Whom, answers: Mapping[str, str] | None = None) -> str:
    """Sign these people up; what has to be answered before is asked."""
    given = dict(answers or {})
    try:
        made = await answering.sign_up(
            turn.talk.resident_id,
            slot.id,
            whom.keys,
            guests=whom.guests,
            answers=given,
            checked=WordsCheck.CHAT,
        )
    except signup.Refused as refusal:
        if refusal.facts.get("gate") != "unanswered":
            return refusal.told
        return _ask(turn, slot, whom, given)
    title, when = slot.offering.title, slot_replies.time_of(slot.starts_at, slot.ends_at)
    if made.state is SignUpState.HELD:
        return slot_replies.held(title, when, slot.offering.place, whom.called)
    if made.state is SignUpState.APPLIED:
        return slot_replies.applied(title, made.id, slot.closes_at, whom.called)
    before = await SignUp.filter(slot_id=slot.id, state=SignUpState.WAITING, line__lt=made.line).count()
    return slot_replies.waits(title, when, whom.called, before)


def _ask(turn: Turn, slot: Slot, whom: Whom, answers: dict[str, str]) -> str:
    required = facts.terms(slot).required
    left = [one for one in required if not answers.get(one, "").strip()]
    kept = {"keys": whom.keys, "names": whom.names, "guests": whom.guests}
    turn.talk.ask(WORDS_QUESTION, slot=slot.id, answers=answers, label=left[0], **kept)
    return slot_replies.asked(slot.offering.title, left[0], len(required) - len(left) + 1, len(required))


async def take(turn: Turn, command: Command | None) -> str | None:
    """Words that answer the question of a sign-up; None where none is pending, or these are no answer."""
    question = turn.talk.question
    if question is None or question["kind"] != WORDS_QUESTION or _asked_since(turn):
        return None
    words = _said(turn, command)
    if words is None:
        return _dropped(turn, command)
    judgement = await turn.known.judge(turn.text, turn.talk.community_id)
    if emergency.in_danger(judgement) or await intake.open_alarm(turn.talk) is not None:
        return None
    if words in _NO_MORE:
        return _no_more(turn)
    if _is_a_matter(words, judgement):
        kept = open_words.facts(words, media.enclosures(turn.message))
        turn.talk.ask(open_words.ANSWER_OR_MATTER, sign_up=question, **kept)
        return slot_replies.answer_or_matter(question["label"])
    return await _answered(turn, question, words)


def _asked_since(turn: Turn) -> bool:
    """Whether a responder has asked something after this question: what is said now is for them."""
    talk = turn.talk
    if talk.asked_appeal_id is None or talk.asked_at is None or talk.pending_until is None:
        return False
    return talk.asked_at > talk.pending_until - timedelta(minutes=QUESTION_MINUTES)


def _said(turn: Turn, command: Command | None) -> str | None:
    """The words of an answer; None for a command that is none."""
    if command is None:
        return turn.text.strip()
    if command.word not in _ANSWERING:
        return None
    if command.word in (Word.DIGIT, Word.NUMBER):
        return turn.text.strip()
    if command.number is not None:
        return None
    return command.words.strip() or turn.text.strip() if command.word is Word.REPLY else turn.text.strip()


def _dropped(turn: Turn, command: Command | None) -> str | None:
    """A bare 取消 leaves the sign-up that was about to be made; other commands are carried out."""
    bare = command is not None and command.word is Word.CANCEL
    return _no_more(turn) if bare and command and not command.words and not command.number else None


def _no_more(turn: Turn) -> str:
    turn.talk.settle()
    return slot_replies.NOT_SIGNED_UP


def _is_a_matter(words: str, judgement: Judgement) -> bool:
    """Whether words are a sentence that is sure of its category: more than what a form is filled with."""
    return len(words) >= SENTENCE and judgement.intent.is_appeal and judgement.sure


async def _answered(turn: Turn, question: Question, words: str) -> str:
    turn.talk.settle()
    slot = await Slot.get(id=question["slot"]).select_related("offering")
    answers = question["answers"] | {question["label"]: words}
    whom = Whom(tuple(question["keys"]), tuple(question["names"]), question["guests"])
    return await claim(turn, slot, whom, answers)


async def settle(turn: Turn, question: Question, choice: int) -> str:
    """It was said what the words are: the answer, or a matter of their own, which is filed."""
    turn.talk.settle()
    if choice == ANSWER:
        return await _answered(turn, question["sign_up"], str(question["text"]))
    return await _file(turn, question)


async def settle_unanswered(turn: Turn) -> None:
    """Something else was said instead: the words are filed, so that somebody reads them."""
    question = turn.talk.question or {}
    turn.talk.settle()
    turn.preface.append(await _file(turn, question))


async def _file(turn: Turn, question: Question) -> str:
    text = str(question["text"])
    judgement = await turn.known.judge(text, turn.talk.community_id)
    told = await filing.file_words(turn, text, judgement, open_words.enclosures_of(question), ask=False)
    slot = await Slot.get(id=question["sign_up"]["slot"]).select_related("offering")
    return slot_replies.filed_instead(told, slot.offering.title)
