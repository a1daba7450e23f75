"""进度: where a resident's appeals stand."""

from __future__ import annotations

from bot import joining_replies, progress_replies, replies
from bot.commands import Command
from bot.handlers import lists
from bot.turn import Turn
from models import OPEN, Appeal, AppealStatus
from services import browsing, following, holding, talking
from services.access import Actor, visible_appeals

AT_ONCE = 5
_DONE = (AppealStatus.RESOLVED, AppealStatus.CLOSED)


async def progress(turn: Turn, command: Command | None = None) -> str:
    """One appeal by its number, or all that is not over, the newest first."""
    if command is not None and command.number is not None:
        return await _one(turn, command.number)
    own = Appeal.filter(resident_id=turn.talk.resident_id)
    appeals = await own.filter(following.handled_in(*OPEN, AppealStatus.RESOLVED)).order_by("-id")
    if not appeals:
        appeals = await own.order_by("-id").limit(1)
    if not appeals:
        return replies.NOTHING_OPEN
    if len(appeals) == 1:
        return await _told(turn, appeals[0])
    mains = [await following.target(one) for one in appeals]
    owners = await browsing.owners([main.id for main in mains])
    lines = [
        _line(turn, one, main, owners[main.id].name if main.id in owners else "")
        for one, main in zip(appeals, mains, strict=True)
    ]
    return lists.begin(turn, progress_replies.OWN, lines, AT_ONCE)


async def _one(turn: Turn, number: int) -> str:
    number = await following.own_number(turn.talk.resident_id, number)
    for actor in (turn.resident, *await turn.posts()):
        appeal = await _seen_by(actor, number)
        if appeal is not None:
            return await _told(turn, appeal)
    return replies.NOT_YOURS.format(number=number)


async def _seen_by(actor: Actor, number: int) -> Appeal | None:
    return await visible_appeals(actor).filter(id=number).first()


async def _told(turn: Turn, appeal: Appeal) -> str:
    main = await following.target(appeal)
    line = _line(turn, appeal, main, await holding.owner_name(main.id))
    done = main.status is AppealStatus.RESOLVED and appeal.rating is None
    return replies.joined(
        line,
        await _last_words(appeal, main),
        replies.rate_hint(appeal.number) if done else "",
    )


async def _last_words(appeal: Appeal, main: Appeal) -> str:
    """The newest words for this resident; those about the appeal of another are not, but for the result."""
    if main.id != appeal.id:
        return progress_replies.latest(main.result) if main.status in _DONE and main.result else ""
    asked = await talking.open_question(appeal)
    if asked:
        return progress_replies.waiting_for_answer(asked)
    words = await talking.last_words(appeal)
    return progress_replies.latest(words) if words else ""


def _line(turn: Turn, appeal: Appeal, main: Appeal, owner: str) -> str:
    """Where an appeal stands: in its own number and category, in the state of what it is handled within."""
    by = None
    if main.status is AppealStatus.ACCEPTED:
        by = main.resolve_by
    elif main.status in (AppealStatus.SUBMITTED, AppealStatus.ASSIGNED):
        by = main.accept_by
    state = main.status.label
    if main.id != appeal.id:
        state = joining_replies.together(main.number, state)
    return progress_replies.line(appeal.number, turn.category_name(appeal), state, owner, by)
