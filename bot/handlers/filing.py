"""Difficulties, suggestions and questions become appeals; what is unclear is asked once, afterwards."""

from __future__ import annotations

from collections.abc import Sequence

from bot import replies
from bot.handlers import binding, joining
from bot.turn import Turn
from models import Appeal, AppealKind
from nlp.judgement import Judgement
from services import intake
from services.filing import Enclosure
from services.intake import Filed, Report, several_grids

CATEGORY_QUESTION = "category"
PLACE_QUESTION = "place"
GRIDS_SHOWN = 20


async def file_words(
    turn: Turn,
    text: str,
    judgement: Judgement,
    enclosures: tuple[Enclosure, ...] = (),
    *,
    ask: bool = True,
    linked_to: int | None = None,
) -> str:
    """File one message: one appeal, or two linked ones for two clear topics. `ask` what is missing."""
    if len(judgement.topics) > 1:
        return await _file_topics(turn, judgement, enclosures, linked_to)
    report = Report(text, judgement, enclosures, linked_to=linked_to)
    filed = await intake.file(turn.talk, turn.known, report)
    return replies.joined(_told(filed), await _asked(turn, filed, judgement, enclosures) if ask else "")


async def _asked(turn: Turn, filed: Filed, judgement: Judgement, enclosures: tuple[Enclosure, ...]) -> str:
    """The one question after filing: what is missing, else whether somebody has reported the same."""
    located = any(one.latitude is not None for one in enclosures)
    missing = await follow_up(turn, filed)
    return missing or await joining.offer(turn, filed.appeal, judgement, located=located)


async def _file_topics(
    turn: Turn, judgement: Judgement, enclosures: tuple[Enclosure, ...], first: int | None = None
) -> str:
    """One appeal a topic, all linked to the first of them, or to the one named."""
    lines = []
    for topic in judgement.topics:
        own = await turn.known.judge(topic.text, turn.talk.community_id)
        report = Report(topic.text, intake.only(own, topic), enclosures, linked_to=first)
        filed = await intake.file(turn.talk, turn.known, report)
        first, enclosures = first or filed.appeal.id, ()
        lines.append(replies.one_of_two(filed.appeal.number, turn.category_name(filed.appeal), filed.owner))
    stranger = turn.talk.community_id is None
    return replies.joined(replies.two_filed(lines), replies.bind_hint() if stranger else "")


def _told(filed: Filed) -> str:
    appeal, category = filed.appeal, filed.category
    if category.delicate or appeal.about_conduct:
        return replies.filed_delicate(appeal.number, filed.owner, appeal.accept_by)
    sentences = {AppealKind.SUGGESTION: replies.filed_suggestion, AppealKind.QUESTION: replies.filed_question}
    say = sentences.get(appeal.kind, replies.filed)
    return say(appeal.number, category.name, filed.owner, appeal.accept_by)


async def follow_up(turn: Turn, filed: Filed) -> str:
    """Ask for what is missing first: category, community or place; "" when nothing is."""
    talk, appeal = turn.talk, filed.appeal
    open_place = _visited(appeal) and (appeal.grid_id is None or bool(filed.grids))
    if filed.choices:
        codes = [one.code for one in filed.choices]
        talk.ask(
            CATEGORY_QUESTION, number=appeal.number, codes=codes, place=open_place, grids=list(filed.grids)
        )
        hint = replies.bind_hint() if talk.community_id is None else ""
        return replies.joined(replies.ask_category([one.name for one in filed.choices]), hint)
    if talk.community_id is None:
        return await binding.ask_community(turn)
    return await ask_place(turn, appeal.number, filed.grids) if open_place else ""


async def ask_place(turn: Turn, number: int, among: Sequence[int] = ()) -> str:
    """Ask where it is, with the community's grids as choices, or those among which the named place lies."""
    grids = await turn.known.grids(turn.talk.community_id) if turn.talk.community_id else ()
    grids = tuple(one for one in grids if not among or one.id in among)[:GRIDS_SHOWN]
    turn.talk.ask(PLACE_QUESTION, number=number, ids=[one.id for one in grids])
    return (replies.ask_which_place if among else replies.ask_place)([one.name for one in grids])


async def ask_which(turn: Turn, appeal: Appeal, judgement: Judgement) -> str:
    """Ask for the grid when the words name a place that may lie in several; nothing to say otherwise."""
    among = several_grids(judgement)
    return await ask_place(turn, appeal.number, among) if among and _visited(appeal) else ""


def _visited(appeal: Appeal) -> bool:
    # A conduct complaint is not visited, so nobody needs to know where.
    return appeal.kind is AppealKind.DIFFICULTY and not appeal.about_conduct
