"""A digit, or the words of a choice: answers only the one question pending in this conversation."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot import replies
from bot.commands import Command, Word
from bot.handlers import (
    asked,
    binding,
    cancelling,
    claiming,
    family,
    filing,
    human,
    joining,
    own_appeals,
    progress,
    signing_up,
    small_talk,
    supplement,
    taking_back,
    whose,
)
from bot.handlers.places import Where
from bot.handlers.which import WHICH_QUESTION, completed
from bot.turn import Turn
from models import Grid
from services import following, intake, open_words

Run = Callable[[Turn, Command], Awaitable[str | None]]
Question = dict[str, Any]
Positions = Mapping[str, int]
"""Words of the choices, and the position of each in the list."""


async def choose(turn: Turn, digit: int, run: Run) -> str:
    """Answer the pending question by its number; `run` carries out a command that was asked back."""
    question = turn.talk.question
    if question is None or question["kind"] not in _CHOICES:
        return replies.NOTHING_PENDING
    count, answer = _CHOICES[question["kind"]]
    options = count(question)
    # The number of an appeal in the list is as good as its place.
    if digit in question.get("numbers", ()):
        digit = question["numbers"].index(digit) + 1
    if not 1 <= digit <= options:
        return replies.pick_one_of(options) if options else replies.NOTHING_PENDING
    return await answer(turn, question, digit, run)


async def choose_by_words(turn: Turn, text: str) -> str | None:
    """Answer the pending question by the words of one of its choices; None when these are other words."""
    question = turn.talk.question
    kind = question["kind"] if question else ""
    if question is None or kind not in _NAMES:
        return None
    positions = await _NAMES[kind](turn, question)
    wanted = text.strip("。.!！ ")
    if wanted not in positions:
        return await _said_otherwise(turn, question, text)
    _, answer = _CHOICES[kind]
    return await answer(turn, question, positions[wanted], _no_command)


async def _said_otherwise(turn: Turn, question: Question, text: str) -> str | None:
    """An answer that is no choice word for word: where somebody lives, what they sign up for."""
    if question["kind"] == signing_up.SLOT_QUESTION:
        return await signing_up.answered(turn, question, text)
    return await binding.answered(turn, text) if binding.is_binding(question) else None


async def _no_command(_turn: Turn, _command: Command) -> str | None:
    return None


async def _category(turn: Turn, question: Question, digit: int, _run: Run) -> str:
    turn.talk.settle()
    filed = await intake.choose_category(
        turn.talk, turn.known, int(question["number"]), question["codes"][digit - 1]
    )
    told = replies.category_chosen(filed.appeal.number, turn.category_name(filed.appeal), filed.owner)
    if not question["place"]:
        return replies.joined(told, await joining.offer_again(turn, filed.appeal.number))
    if turn.talk.community_id is None:
        return replies.joined(told, await binding.ask_community(turn))
    among = [int(one) for one in question.get("grids", ())]
    return replies.joined(told, await filing.ask_place(turn, filed.appeal.number, among))


async def _community(turn: Turn, question: Question, digit: int, _run: Run) -> str:
    return await binding.bind_community(turn, int(question["ids"][digit - 1]), question.get("grid", ""))


async def _grid(turn: Turn, question: Question, digit: int, _run: Run) -> str:
    grid = await Grid.get(id=question["ids"][digit - 1])
    return await binding.bind_grid(turn, grid.community_id, grid.id)


async def _place(turn: Turn, question: Question, digit: int, _run: Run) -> str:
    grid = await Grid.get(id=question["ids"][digit - 1])
    appeal = await following.alive(question["number"])
    if appeal is None:
        turn.talk.settle()
        return replies.NOTHING_PENDING
    return await supplement.note_place(turn, appeal, grid.name, Where(grid.name, (grid.id,)))


async def _which(turn: Turn, question: Question, digit: int, run: Run) -> str:
    turn.talk.settle()
    return await run(turn, completed(question, question["numbers"][digit - 1])) or replies.NOTHING_PENDING


async def _whose(turn: Turn, _question: Question, digit: int, _run: Run) -> str:
    return await whose.settle(turn, digit)


async def _which_answer(turn: Turn, _question: Question, digit: int, _run: Run) -> str:
    return await asked.settle(turn, digit - 1)


async def _withdraw(turn: Turn, _question: Question, digit: int, _run: Run) -> str:
    return await taking_back.settle(turn, digit)


async def _join(turn: Turn, question: Question, digit: int, _run: Run) -> str:
    return await joining.settle(turn, question, digit)


async def _slot(turn: Turn, question: Question, digit: int, _run: Run) -> str:
    return await signing_up.choose_slot(turn, question, digit)


async def _person(turn: Turn, question: Question, digit: int, _run: Run) -> str:
    return await signing_up.choose_person(turn, question, digit)


async def _sign_up(turn: Turn, question: Question, digit: int, _run: Run) -> str:
    return await signing_up.cancel_one(turn, question["ids"][digit - 1])


async def _what_to_cancel(turn: Turn, question: Question, digit: int, _run: Run) -> str:
    return await cancelling.settle(turn, question, digit)


async def _answer_or_matter(turn: Turn, question: Question, digit: int, _run: Run) -> str:
    return await claiming.settle(turn, question, digit)


async def _consent(turn: Turn, question: Question, digit: int, _run: Run) -> str:
    return await family.settle(turn, question, digit)


async def _menu(turn: Turn, _question: Question, digit: int, _run: Run) -> str:
    turn.talk.settle()
    if digit == 1:
        return replies.SAY_IT
    answer = {2: progress.progress, 3: human.call_person, 5: signing_up.activities}.get(digit)
    return await answer(turn, Command(Word.MENU)) if answer else await binding.ask_community(turn)


_CHOICES: dict[
    str, tuple[Callable[[Question], int], Callable[[Turn, Question, int, Run], Awaitable[str]]]
] = {
    filing.CATEGORY_QUESTION: (lambda question: len(question["codes"]), _category),
    filing.PLACE_QUESTION: (lambda question: len(question["ids"]), _place),
    binding.COMMUNITY_QUESTION: (lambda question: len(question["ids"]), _community),
    binding.GRID_QUESTION: (lambda question: len(question["ids"]), _grid),
    WHICH_QUESTION: (lambda question: len(question["numbers"]), _which),
    joining.JOIN_QUESTION: (lambda _question: 2, _join),
    open_words.WHICH_ANSWER: (lambda question: len(question["numbers"]), _which_answer),
    open_words.WHOSE: (lambda _question: 2, _whose),
    open_words.ANSWER_OR_MATTER: (lambda _question: 2, _answer_or_matter),
    own_appeals.WITHDRAW_QUESTION: (lambda _question: 2, _withdraw),
    signing_up.SLOT_QUESTION: (lambda question: len(question["ids"]), _slot),
    signing_up.PERSON_QUESTION: (lambda question: len(question["keys"]), _person),
    signing_up.CANCEL_QUESTION: (lambda question: len(question["ids"]), _sign_up),
    cancelling.WHAT_QUESTION: (cancelling.choices, _what_to_cancel),
    family.CONSENT_QUESTION: (lambda _question: 2, _consent),
    small_talk.MENU_QUESTION: (lambda _question: 5, _menu),
}


async def _category_names(turn: Turn, question: Question) -> Positions:
    return {
        turn.known.category(code).name: position for position, code in enumerate(question["codes"], start=1)
    }


async def _community_names(turn: Turn, question: Question) -> Positions:
    named = {one.id: one.name for one in turn.known.communities}
    return {named.get(one, ""): position for position, one in enumerate(question["ids"], start=1)}


async def _grid_names(_turn: Turn, question: Question) -> Positions:
    named = {one.id: one.name for one in await Grid.filter(id__in=question["ids"])}
    return {named.get(one, ""): position for position, one in enumerate(question["ids"], start=1)}


async def _join_words(_turn: Turn, _question: Question) -> Positions:
    return joining.WORDS


async def _withdraw_words(_turn: Turn, _question: Question) -> Positions:
    return taking_back.WORDS


async def _cancel_words(_turn: Turn, question: Question) -> Positions:
    return cancelling.words(question)


async def _whose_words(_turn: Turn, _question: Question) -> Positions:
    return whose.WORDS


async def _answer_or_matter_words(_turn: Turn, _question: Question) -> Positions:
    return claiming.WORDS


async def _slot_words(_turn: Turn, _question: Question) -> Positions:
    return {}


async def _person_words(_turn: Turn, question: Question) -> Positions:
    return signing_up.person_words(question)


async def _consent_words(_turn: Turn, _question: Question) -> Positions:
    return family.WORDS


_NAMES: dict[str, Callable[[Turn, Question], Awaitable[Positions]]] = {
    joining.JOIN_QUESTION: _join_words,
    open_words.WHOSE: _whose_words,
    open_words.ANSWER_OR_MATTER: _answer_or_matter_words,
    own_appeals.WITHDRAW_QUESTION: _withdraw_words,
    cancelling.WHAT_QUESTION: _cancel_words,
    signing_up.SLOT_QUESTION: _slot_words,
    signing_up.PERSON_QUESTION: _person_words,
    family.CONSENT_QUESTION: _consent_words,
    filing.CATEGORY_QUESTION: _category_names,
    filing.PLACE_QUESTION: _grid_names,
    binding.COMMUNITY_QUESTION: _community_names,
    binding.GRID_QUESTION: _grid_names,
}
