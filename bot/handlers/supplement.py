"""What belongs to an appeal that exists: further words, a photo, a place, or the answer to what was asked."""

from __future__ import annotations

from bot import replies
from bot.handlers.filing import PLACE_QUESTION, ask_place
from bot.turn import Turn
from models import OPEN, Appeal
from nlp.judgement import Judgement
from services import filing, handling, holding
from services.filing import Enclosure
from services.understanding import OTHER

WORDS_QUESTION = "words"
_PLACE_LENGTH = 24


async def supplement(
    turn: Turn, text: str, judgement: Judgement, enclosures: tuple[Enclosure, ...] = ()
) -> str | None:
    """Add to the appeal that the words belong to; None when they open a matter of their own."""
    question = turn.talk.question or {}
    if question.get("kind") == WORDS_QUESTION:
        return await _classify(turn, await _open(int(question["number"])), text, judgement, enclosures)
    if question.get("kind") == PLACE_QUESTION and _is_place(text, judgement):
        return await _place(turn, await _open(int(question["number"])), text, judgement, enclosures)
    asked = turn.talk.asked_appeal_id
    if asked is not None:
        appeal = await _open(asked)
        if appeal is not None and not new_topic(turn, appeal, judgement):
            return await answer(turn, appeal, text, enclosures)
    appeal = await recent_appeal(turn)
    if appeal is None or new_topic(turn, appeal, judgement):
        return None
    return await add(turn, appeal, text, judgement, enclosures)


async def recent_appeal(turn: Turn) -> Appeal | None:
    """The open appeal that the words of the last ten minutes were about."""
    recent = turn.talk.recent_appeal_id
    return await _open(recent) if recent is not None else None


async def answer(turn: Turn, appeal: Appeal, text: str, enclosures: tuple[Enclosure, ...]) -> str:
    """Pass an answer on to whoever asked."""
    _ = await handling.answer(turn.resident, appeal.number, text)
    await filing.attach(appeal.id, turn.talk.account, enclosures, turn.talk.moment)
    turn.talk.asked_id = turn.talk.asked_at = None
    turn.talk.about(appeal.id)
    return replies.ANSWERED.format(number=appeal.number)


async def add(
    turn: Turn, appeal: Appeal, text: str, judgement: Judgement, enclosures: tuple[Enclosure, ...]
) -> str:
    """Further words or media; what changes category or grid before anyone accepted changes the owner."""
    before = appeal.category_id
    added = await handling.supplement(turn.talk.resident_id, appeal, text, judgement=judgement)
    await filing.attach(appeal.id, turn.talk.account, enclosures, turn.talk.moment)
    turn.talk.about(appeal.id)
    if added.category_id == before:
        return replies.SUPPLEMENTED.format(number=appeal.number)
    owner = await holding.owner_name(appeal.id)
    return replies.rerouted(appeal.number, turn.category_name(added), owner)


def new_topic(turn: Turn, appeal: Appeal, judgement: Judgement) -> bool:
    """Whether the words surely tell something else than the appeal is about.

    An appeal whose category nobody is sure of has no topic yet: sure words give it one.
    """
    if len(judgement.topics) > 1 or (judgement.conduct and not appeal.about_conduct):
        return True
    if not judgement.sure or judgement.category in (None, OTHER) or appeal.unsure:
        return False
    return bool(turn.known.category(judgement.category).id != appeal.category_id)


def _is_place(text: str, judgement: Judgement) -> bool:
    if judgement.sure or judgement.topics:
        return False
    return judgement.place is not None or len(text) <= _PLACE_LENGTH


async def _classify(
    turn: Turn, appeal: Appeal | None, text: str, judgement: Judgement, enclosures: tuple[Enclosure, ...]
) -> str | None:
    if appeal is None:
        return None
    turn.talk.settle()
    told = await add(turn, appeal, text, judgement, enclosures)
    placeless = appeal.grid_id is None and turn.talk.community_id is not None
    return replies.joined(told, await ask_place(turn, appeal.number) if placeless else "")


async def _place(
    turn: Turn, appeal: Appeal | None, text: str, judgement: Judgement, enclosures: tuple[Enclosure, ...]
) -> str | None:
    if appeal is None:
        return None
    turn.talk.settle()
    _ = await handling.supplement(turn.talk.resident_id, appeal, text, judgement=judgement)
    await filing.attach(appeal.id, turn.talk.account, enclosures, turn.talk.moment)
    if not appeal.place:
        await Appeal.filter(id=appeal.id).update(place=text[:_PLACE_LENGTH])
    turn.talk.about(appeal.id)
    return replies.place_noted(appeal.number, text)


async def _open(appeal_id: int) -> Appeal | None:
    return await Appeal.filter(id=appeal_id, status__in=list(OPEN)).first()
