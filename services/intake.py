"""Intake: what a resident says becomes an appeal with an owner, in the transaction of the conversation.

Whatever the words are, there is an owner in the end: strangers' appeals go to the intake community, unsure
ones to community triage.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from models import (
    OPEN,
    Appeal,
    AppealKind,
    AppealStatus,
    Category,
    Grid,
    Urgency,
    rows,
)
from nlp import judgement as understood
from nlp.judge import OTHER
from nlp.judgement import Intent, Judgement, Topic
from services import (
    deadlines,
    dispatch,
    filing,
    following,
    handling,
    holding,
    moving,
    routing,
)
from services.access import SYSTEM, resident_actor
from services.conversations import Talk
from services.dispatch import Chosen
from services.errors import IllegalMove
from services.filing import Enclosure
from services.residents import belonging, strangers
from services.understanding import Knowledge

ONE_ALARM = timedelta(minutes=10)
"""One alarm for each resident in this time, later lines join it."""

_ALARMS = """
SELECT id FROM appeal WHERE resident_id = $1 AND urgency = 'emergency' AND created_at >= $2 LIMIT 1
"""

_POLICE = "110"
CHOICES = 3
_KINDS = {
    Intent.SUGGESTION: AppealKind.SUGGESTION,
    Intent.QUESTION: AppealKind.QUESTION,
    Intent.SIGNUP: AppealKind.QUESTION,
}


@dataclass(frozen=True, slots=True)
class Report:
    """What a resident said, understood; `triage` asks for a person's eyes whatever the words are.

    `grid`: where a location lies; a stranger's appeal belongs to the community of it.
    """

    text: str
    judgement: Judgement
    enclosures: tuple[Enclosure, ...] = ()
    linked_to: int | None = None
    grid: Grid | None = None
    triage: bool = False


@dataclass(frozen=True, slots=True)
class Filed:
    """The new appeal, its category and owner, what is open (categories, grids to choose from), and who was
    alerted to an emergency.
    """

    appeal: Appeal
    category: Category
    owner: str
    choices: tuple[Category, ...] = ()
    grids: tuple[int, ...] = ()
    alerted: tuple[str, ...] = ()


async def file(talk: Talk, known: Knowledge, report: Report) -> Filed:
    """Write the appeal with decision, assignment, history and pushes; an emergency is announced with it.

    Inside `writing()`, after the conversation was locked.
    Raises: NotFound when no community is active at all.
    """
    appeal, category = await _appeal(talk, known, report)
    calendar = await deadlines.calendar_of(appeal.community_id)
    plan = deadlines.plan(calendar, appeal.created_at, category, appeal.urgency)
    appeal.accept_by, appeal.resolve_by = plan.accept_by, plan.resolve_by
    appeal.timer, appeal.timer_at = plan.timer, plan.timer_at
    level = strangers.level(stranger=talk.community_id is None, pointed=report.grid is not None)
    chosen = await _choose(appeal, category, level)
    assignment_id = await filing.insert(appeal)
    if report.enclosures:
        await filing.attach(appeal.id, talk.account, report.enclosures, appeal.created_at)
    await dispatch.assign_new(appeal, category, report.judgement, chosen, assignment_id)
    alerted: tuple[str, ...] = ()
    if appeal.urgency is Urgency.EMERGENCY:
        alerted = await handling.alert_emergency(appeal, report.judgement.urgency.numbers)
    talk.about(appeal.id)
    grids = () if report.grid is not None else several_grids(report.judgement)
    return Filed(appeal, category, chosen.assignee.name, _choices(known, report, appeal), grids, alerted)


async def open_alarm(talk: Talk, judgement: Judgement | None = None) -> Appeal | None:
    """The resident's emergency of the last ten minutes that is still open, and that such words may join."""
    if not await rows(_ALARMS, talk.resident_id, talk.moment - ONE_ALARM):
        return None
    running = Appeal.filter(
        following.handled_in(*OPEN),
        resident_id=talk.resident_id,
        urgency=Urgency.EMERGENCY,
        created_at__gte=talk.moment - ONE_ALARM,
    )
    for one in await running.order_by("-id"):
        if (judgement is None or _joins(one, judgement)) and await following.alarmed(one):
            return one
    return None


def _joins(running: Appeal, judgement: Judgement) -> bool:
    """Whether it is the same alarm. Of conduct only the parent area hears: a fire must not join that one, nor
    violence of cadres one that they hear of themselves.
    """
    if judgement.conduct or not running.about_conduct:
        return judgement.conduct == running.about_conduct
    return judgement.urgency.numbers[:1] == (_POLICE,) and not judgement.urgency.self_harm


async def choose_category(talk: Talk, known: Knowledge, appeal_id: int, code: str) -> Filed:
    """The resident says which category it is; nobody accepted yet: it goes to who serves that one.

    Raises: IllegalMove when the appeal is finished.
    """
    actor = resident_actor(talk.resident_id)
    category = known.category(code)
    async with moving.acting(actor, appeal_id) as appeal:
        if appeal.status not in OPEN:
            state = appeal.status.label
            raise IllegalMove(f"{appeal.number} 已经是「{state}」了。", in_chat="要再反映，请直接写一句话。")
        # A resident may not dispatch; the product does, on their word, and tells them in the reply alone.
        by = replace(SYSTEM, title=actor.title, resident_id=talk.resident_id)
        await handling.recategorize(appeal, category, by=by, why=f"居民选定类别：{category.name}")
    talk.about(appeal.id)
    return Filed(appeal, category, await holding.owner_name(appeal.id))


async def _appeal(talk: Talk, known: Knowledge, report: Report) -> tuple[Appeal, Category]:
    judgement = report.judgement
    category = known.category(routing.category_code(judgement))
    community_id = talk.community_id
    if community_id is None:
        located = report.grid.community_id if report.grid is not None else None
        community_id = located or belonging.intake_community(known, talk.account).id
    here = report.grid is not None and report.grid.community_id == community_id
    appeal = Appeal(
        community_id=community_id,
        grid_id=report.grid.id if report.grid is not None and here else _grid(talk, judgement),
        resident_id=talk.resident_id,
        category_id=category.id,
        kind=_KINDS.get(judgement.intent, AppealKind.DIFFICULTY),
        status=AppealStatus.ASSIGNED,
        urgency=routing.urgency(judgement),
        about_conduct=judgement.conduct,
        unsure=report.triage or not routing.is_sure(judgement, category.code),
        text=report.text,
        place=(judgement.place.tidy or judgement.place.text)[:128] if judgement.place else "",
        account=talk.account,
        created_at=talk.moment,
        linked_to_id=report.linked_to,
        accept_by=talk.moment,
        resolve_by=talk.moment,
    )
    return appeal, category


def several_grids(judgement: Judgement) -> tuple[int, ...]:
    """The grids that the named place may lie in, when there are several: the resident is asked which."""
    named = judgement.place.grid_ids if judgement.place else ()
    return named if len(named) > 1 else ()


def _grid(talk: Talk, judgement: Judgement) -> int | None:
    """The grid that the words name; else the resident's own, when the words do not name several others."""
    named = judgement.place.grid_ids if judgement.place else ()
    if len(named) == 1:
        return named[0]
    return talk.grid_id if not named or talk.grid_id in named else None


async def _choose(appeal: Appeal, category: Category, level: int) -> Chosen:
    return await dispatch.choose(
        community_id=appeal.community_id,
        grid_id=appeal.grid_id,
        category=category,
        urgency=routing.ranked_as(category.code, appeal.urgency),
        about_conduct=appeal.about_conduct,
        unsure=appeal.unsure,
        reporter_id=appeal.resident_id,
        text=appeal.text,
        min_level=level,
    )


def _choices(known: Knowledge, report: Report, appeal: Appeal) -> tuple[Category, ...]:
    if not appeal.unsure or report.triage or appeal.urgency is Urgency.EMERGENCY:
        return ()
    ranked = (known.category(one.code) for one in report.judgement.ranked)
    found = {one.code: one for one in ranked if one.code != OTHER}
    return tuple(found.values())[:CHOICES] if len(found) > 1 else ()


def only(judgement: Judgement, topic: Topic) -> Judgement:
    """The same judgement for one of several topics, as sure of its category as the topic is."""
    return replace(judgement, category=topic.code, sure=topic.sure, topics=())


def unjudged(version: str = "") -> Judgement:
    """No judgement at all, for words that a person has to read."""
    return Judgement(
        intent=Intent.DIFFICULTY,
        category=None,
        ranked=(),
        margin=0.0,
        sure=False,
        urgency=understood.Urgency(),
        place=None,
        topics=(),
        matched=(),
        conduct=False,
        lexicon_version=version,
    )
