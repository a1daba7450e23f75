"""已经有人反映: an appeal that another one of the last two weeks resembles may be handled together with it.

The new appeal is filed and has its owner before anybody is asked: whatever is answered, or not, nothing is
lost.
"""

from __future__ import annotations

from typing import Any

from bot import joining_replies
from bot.turn import Turn
from models import OPEN, Appeal, AppealStatus
from nlp.judgement import Judgement
from services import duplicates, following, handling, holding, intake
from services.place_words import where

JOIN_QUESTION = "join"
SAME, OTHER = 1, 2
WORDS = {
    **dict.fromkeys((joining_replies.SAME_OR_NOT[0], joining_replies.GOOD_OR_NOT[0]), SAME),
    **dict.fromkeys((joining_replies.SAME_OR_NOT[1], joining_replies.GOOD_OR_NOT[1]), OTHER),
    **dict.fromkeys(("是", "是的", "对", "对的", "是同一件", "同一件", "一样", "一起办", "加入"), SAME),
    **dict.fromkeys(("不是", "不是的", "不一样", "不是同一件", "另一件", "单独办", "分开办"), OTHER),
}
"""Answers that were written out."""


async def offer(turn: Turn, appeal: Appeal, judgement: Judgement, *, located: bool = False) -> str:
    """Ask whether it is the matter that somebody reported before; "" where there is none like it.

    While an alarm of theirs is out nothing else is asked.
    """
    found = await duplicates.find(turn.known, appeal, judgement, located=located)
    if found is None or await intake.open_alarm(turn.talk) is not None:
        return ""
    turn.talk.ask(JOIN_QUESTION, number=appeal.id, into=found.id)
    category, place = turn.category_name(found), await _place(turn, found)
    if found.status not in OPEN:
        return joining_replies.already_done(
            found.number, category, place, found.resolved_at or found.created_at
        )
    if found.resident_id == appeal.resident_id:
        return joining_replies.already_yours(found.number, category, place, found.status.label)
    return joining_replies.already_reported(found.number, category, place, found.status.label)


async def offer_again(turn: Turn, number: int, *, located: bool = False) -> str:
    """`offer`, for an appeal that became clear by what was added to it; "" while something else is asked."""
    appeal = await Appeal.filter(id=number, resident_id=turn.talk.resident_id).first()
    if turn.talk.question is not None or appeal is None or appeal.status not in OPEN:
        return ""
    judgement = await turn.known.judge(appeal.text, appeal.community_id)
    return await offer(turn, appeal, judgement, located=located)


async def settle(turn: Turn, question: dict[str, Any], choice: int) -> str:
    """Do as the resident answered."""
    turn.talk.settle()
    number, into = int(question["number"]), int(question["into"])
    if choice == OTHER:
        return joining_replies.ON_ITS_OWN.format(number=number)
    appeal = await handling.join(
        turn.resident, number, into, fits=lambda one, main: duplicates.joinable(turn.known, one, main)
    )
    main = await following.target(appeal)
    if main.status not in OPEN:
        return joining_replies.JOINED_DONE.format(number=number, into=main.number)
    owner, accepted = await holding.owner_name(main.id), main.status is AppealStatus.ACCEPTED
    return joining_replies.joined_to(number, main.number, owner, accepted)


async def _place(turn: Turn, appeal: Appeal) -> str:
    """Grid and place of a matter in public; no home is ever offered."""
    grids = {one.id: one.name for one in await turn.known.grids(appeal.community_id)}
    return where(grids.get(appeal.grid_id or 0, ""), appeal.place)
