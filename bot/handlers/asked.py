"""What a resident answers to the questions of responders; with several questions they say which one."""

from __future__ import annotations

from collections.abc import Sequence

from bot import joining_replies, replies
from bot.turn import Turn
from models import Appeal
from services import filing, following, handling, open_words, talking
from services.filing import Enclosure


async def answer_one_of(
    turn: Turn, waiting: Sequence[Appeal], text: str, enclosures: tuple[Enclosure, ...]
) -> str:
    """Pass the words on when one question waits; ask which of several they answer."""
    if len(waiting) == 1:
        return await answer(turn, waiting[0], text, enclosures)
    numbers = [one.number for one in waiting]
    facts = open_words.facts(text, enclosures)
    turn.talk.ask(open_words.WHICH_ANSWER, number=numbers[-1], numbers=numbers, **facts)
    return replies.ask_which_answer([(one, await talking.last_question(one)) for one in numbers])


async def answer(turn: Turn, appeal: Appeal, text: str, enclosures: tuple[Enclosure, ...]) -> str:
    """Pass an answer on to whoever asked, and remind of the question that still waits."""
    main = await following.target(appeal)
    await pass_on(turn, appeal, text)
    await filing.attach(main.id, turn.talk.account, enclosures, turn.talk.moment)
    turn.talk.about(appeal.id)
    told = replies.ANSWERED.format(number=joining_replies.numbered(appeal.number, main.number))
    left = turn.talk.asked_id
    return (
        told
        if left is None
        else replies.joined(told, replies.still_asked(left, await talking.last_question(left)))
    )


async def pass_on(turn: Turn, appeal: Appeal, text: str) -> None:
    """The words alone; the conversation remembers the question that waits next."""
    _ = await handling.answer(turn.resident, appeal.number, text)
    left = await talking.waiting(turn.talk.resident_id)
    turn.talk.asked_id = left[-1].number if left else None
    turn.talk.asked_at = turn.talk.moment if left else None


async def settle(turn: Turn, position: int) -> str:
    """The resident said which question their words answer."""
    question = turn.talk.question or {}
    turn.talk.settle()
    appeal = await Appeal.get(id=question["numbers"][position])
    return await answer(turn, appeal, str(question["text"]), open_words.enclosures_of(question))


async def settle_unanswered(turn: Turn) -> None:
    """Another message came instead: the words go to whoever asked last."""
    question = turn.talk.question or {}
    turn.preface.append(await settle(turn, question["numbers"].index(question["number"])))
