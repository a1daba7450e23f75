"""评价: who came says in chat how it was, `评价 书画室 5分 老师讲得好`; never by a digit alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot import slot_replies
from bot.commands import Command, Word, parse
from bot.handlers import own_appeals
from bot.replies import joined
from bot.turn import Turn
from models import Rating, SignUp, WordsCheck
from services.clock import china_today
from services.slots import survey

_LONGEST_NAME = 12
"""Characters behind 评价 from which words that name nothing and rate nothing are a sentence of their own."""
_SMALLEST_APPEAL = 1000
_BLANKS = " \t\n,，、。.:：;；!！《》「」“”\"'"
_SPOKEN = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5}
_BY_WORDS: Mapping[Rating, int] = {Rating.HAPPY: 5, Rating.FAIR: 3, Rating.UNHAPPY: 1}
_POINTS = re.compile(
    r"(?:打|给|评)?\s*(?<![\d十])(?P<points>\d{1,3}|[一二两三四五])\s*(?:分(?![钟之钱货])|颗星|星(?!期))"
)
_BARE = re.compile(r"(?P<points>[1-5])(?!\d)(?=[\s,，、。.!！]|$)")


@dataclass(frozen=True, slots=True)
class Said:
    """What stands behind 评价 and a name: points, and what is left of the words."""

    points: int | None
    words: str


async def answer(turn: Turn, command: Command) -> str | None:
    """Keep a rating, words or both for what is named; None for a sentence that merely begins so.

    Both are added to what was said before. A series is answered for its last time without an answer.
    """
    if command.number is not None and command.number >= _SMALLEST_APPEAL:
        return slot_replies.rates_an_appeal(command.number)
    text = command.words if command.number is None else f"{command.number} {command.words}"
    found = await survey.open_for(turn.talk.resident_id)
    title = _named(found, text)
    said = read(text.replace(title, " ", 1) if title else text)
    if title is None and said.points is None and len(said.words) > _LONGEST_NAME:
        return None
    unrated = await own_appeals.unrated(turn) if title is None else []
    of_appeals = slot_replies.rates_an_appeal(unrated[0].number) if unrated else ""
    if not found:
        return of_appeals or slot_replies.NO_SURVEY
    titles = list(dict.fromkeys(_title(one) for one in found))
    if title is None and len(titles) == 1 and said.points is not None:
        title = titles[0]
    if title is None or (said.points is None and not said.words):
        return joined(slot_replies.how_to_survey([title] if title else titles), of_appeals)
    return await _keep(turn, [one for one in found if _title(one) == title], said)


def read(text: str) -> Said:
    """Points and words, in whatever order: 5分 老师好, 满意, 老师讲得好 五星. Pure."""
    plain = text.strip(_BLANKS)
    match = _BARE.match(plain) or _POINTS.search(plain)
    if match is not None:
        points = match["points"]
        rest = f"{plain[: match.start()].strip(_BLANKS)} {plain[match.end() :].strip(_BLANKS)}"
        return Said(_SPOKEN.get(points) or int(points), rest.strip())
    command = parse(plain, china_today())
    if command is not None and command.word is Word.RATE and command.rating and command.number is None:
        return Said(_BY_WORDS[command.rating], command.words)
    return Said(None, plain)


def _named(found: Sequence[SignUp], text: str) -> str | None:
    """The longest title that stands in the words."""
    titles = {_title(one) for one in found if _title(one) in text}
    return max(titles, key=len, default=None)


async def _keep(turn: Turn, fitting: Sequence[SignUp], said: Said) -> str:
    made = next(iter(await survey.unanswered(fitting)), fitting[0])
    asked = survey.questions(made.slot.offering)
    rating, words = (_first(asked, kind) for kind in (survey.RATING, survey.WORDS))
    if said.points is not None and rating is None:
        return slot_replies.asks_no_rating(_title(made))
    if said.words and words is None:
        return slot_replies.asks_no_words(_title(made))
    given: dict[str, int | str] = {}
    if rating is not None and said.points is not None:
        given[rating] = said.points
    if words is not None and said.words:
        given[words] = said.words
    _ = await survey.answer(turn.talk.resident_id, made.id, given, WordsCheck.CHAT, adding=True)
    left = [str(one["label"]) for one in asked if one["label"] not in (rating, words)]
    return slot_replies.surveyed(_title(made), said.points, said.words, left)


def _first(asked: Sequence[Mapping[str, str]], kind: str) -> str | None:
    return next((one["label"] for one in asked if one["kind"] == kind), None)


def _title(made: SignUp) -> str:
    return made.slot.offering.title
