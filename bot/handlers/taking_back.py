"""不用来了, 算了吧: such words withdraw nothing. They are kept, and the resident is asked back."""

from __future__ import annotations

from bot import joining_replies, replies
from bot.commands import Command, Word
from bot.handlers import emergency, media, own_appeals, supplement
from bot.handlers.which import ask_which
from bot.turn import Turn
from models import OPEN, Appeal
from services import filing, following, handling

YES, NO = 1, 2
WORDS = {
    **dict(zip(replies.WITHDRAW_OR_NOT, (YES, NO), strict=True)),
    **dict.fromkeys(("是", "是的", "对", "对的", "要撤回", "确认", "确认撤回"), YES),
    **dict.fromkeys(
        ("不是", "不撤", "不撤回", "不要撤回", "别撤", "别撤回", "接着办", "继续办", "还要办"), NO
    ),
}
"""Answers that were written out."""


async def ask_back(turn: Turn, *, files: bool) -> str | None:
    """Keep the words with the appeal that they are about, and say how to withdraw it.

    None where they may be a matter themselves: nothing of theirs is open, and such words are filed, or a
    responder may speak of what is in hand.
    """
    appeal = await supplement.recent_appeal(turn)
    if appeal is None:
        own = Appeal.filter(following.handled_in(*OPEN), resident_id=turn.talk.resident_id)
        found = await own.order_by("-id")
        if len(found) > 1:
            return ask_which(turn, Command(Word.WITHDRAW, words=turn.text), found)
        if not found:
            return None if files or await turn.in_hand() else replies.NOTHING_OPEN
        appeal = found[0]
    added = await handling.supplement(turn.talk.resident_id, appeal, turn.text)
    await filing.attach(added.id, turn.talk.account, media.enclosures(turn.message), turn.talk.moment)
    turn.talk.about(appeal.id)
    if await following.alarmed(appeal):
        # No digit may call off an alarm, and the question where it is stays open.
        return emergency.told_more(turn, appeal, called_off=True)
    turn.talk.ask(own_appeals.WITHDRAW_QUESTION, number=appeal.number)
    return replies.really_withdraw(appeal.number, joining_replies.numbered(appeal.number, added.number))


async def settle(turn: Turn, choice: int) -> str:
    """Do as the resident answered."""
    number = int((turn.talk.question or {})["number"])
    turn.talk.settle()
    if choice == NO:
        return replies.GOES_ON.format(number=number)
    return await own_appeals.withdraw(turn, Command(Word.WITHDRAW, number))
