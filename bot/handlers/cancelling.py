"""取消: with a number or a name it says what; alone it is asked back, for only 撤回 takes an appeal back."""

from __future__ import annotations

from typing import Any

from bot import alarm_replies, replies
from bot.commands import Command, Word
from bot.handlers import own_appeals, signing_up, taking_back
from bot.turn import Turn
from models import OPEN, Appeal
from services import following
from services.slots import openings

WHAT_QUESTION = "cancel"
_SHOWN = 6
"""Of sign-ups."""
_NONE = ("都不取消", "不取消", "不取消了", "都不是", "算了")

Question = dict[str, Any]


async def cancel(turn: Turn, command: Command) -> str | None:
    """取消 1024 withdraws an appeal, 取消 and a name cancels a sign-up; alone it is asked what is meant.

    None when the words name nothing.
    """
    question = turn.talk.question or {}
    if command.number:
        if question.get("kind") == WHAT_QUESTION and command.number <= choices(question):
            return await settle(turn, question, command.number)
        return await own_appeals.withdraw(turn, command)
    if command.words:
        return await signing_up.cancel(turn, command)
    found = await own_appeals.of_resident(turn, *OPEN)
    for one in found:
        if await following.alarmed(one):
            return alarm_replies.only_false_alarm(one.number)
    if question.get("kind") == own_appeals.WITHDRAW_QUESTION:
        return await taking_back.settle(turn, taking_back.NO)
    return await _ask_what(turn, found)


async def _ask_what(turn: Turn, appeals: list[Appeal]) -> str:
    sign_ups = (await openings.ahead_of(turn.talk.resident_id))[:_SHOWN]
    if not sign_ups and not appeals:
        return replies.NOTHING_TO_CANCEL
    # Each place in the list is a sign-up or an appeal, the other one is null there.
    turn.talk.ask(
        WHAT_QUESTION,
        sign_ups=[one.id for one in sign_ups] + [None] * len(appeals),
        titles=[one.slot.offering.title for one in sign_ups],
        numbers=[None] * len(sign_ups) + [one.number for one in appeals],
    )
    return replies.what_to_cancel(
        await signing_up.lines(turn, sign_ups),
        [replies.which_line(one.number, turn.category_name(one)) for one in appeals],
    )


def choices(question: Question) -> int:
    """How many there are, the last one to leave everything as it is."""
    return len(question["numbers"]) + 1


def words(question: Question) -> dict[str, int]:
    """The choices written out; a title that stands twice is none."""
    titles: list[str] = question["titles"]
    named = {one: place for place, one in enumerate(titles, start=1) if titles.count(one) == 1}
    return named | dict.fromkeys(_NONE, choices(question))


async def settle(turn: Turn, question: Question, digit: int) -> str:
    """Cancel what was chosen; no digit calls off an alarm."""
    turn.talk.settle()
    if digit == choices(question):
        return replies.NOTHING_CANCELLED
    sign_up_id, number = question["sign_ups"][digit - 1], question["numbers"][digit - 1]
    if sign_up_id is not None:
        return await signing_up.cancel_one(turn, sign_up_id)
    if await following.alarmed(await Appeal.get(id=number)):
        return alarm_replies.only_false_alarm(number)
    return await own_appeals.withdraw(turn, Command(Word.WITHDRAW, number))
