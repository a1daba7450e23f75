"""派单: who gets an appeal, and the rows that make it theirs. The ranking itself is `services.ranking`."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from models import (
    Appeal,
    AppealEvent,
    AppealStatus,
    Assignment,
    AssignmentEnd,
    Category,
    Urgency,
    Verb,
)
from models.statements import inserting, together
from services import (
    access,
    decisions,
    deliveries,
    giving,
    history,
    holding,
    moving,
    rosters,
    sentences,
)
from services.access import SYSTEM, Actor
from services.clock import china_today
from services.errors import Forbidden, IllegalMove, Invalid, NotFound
from services.history import Act
from services.holding import current, holds, owner_name
from services.ranking import (
    Assignee,
    Candidate,
    Chosen,
    Need,
    about_self,
    assignee_of,
    away_words,
    contenders,
    rank,
)
from services.residents import strangers
from services.roster import AREA, FIELD, Key, Post, Roster

if TYPE_CHECKING:
    from models import AssigneeKind
    from nlp.judgement import Judgement

__all__ = [
    "Assignee",
    "Candidate",
    "Chosen",
    "appointed",
    "assign",
    "assign_new",
    "choose",
    "choose_for",
    "current",
    "holds",
    "need_of",
    "owner_name",
    "redispatch",
    "tried",
]

_TRIED = (
    AssignmentEnd.HANDED_OVER,
    AssignmentEnd.RETURNED,
    AssignmentEnd.ESCALATED,
    AssignmentEnd.UNREACHABLE,
)
"""Who gave it away like this does not get it again by ranking."""

_FRESH_ROSTER_TRIES = 3


async def choose(
    *,
    community_id: int,
    grid_id: int | None,
    category: Category,
    urgency: Urgency,
    about_conduct: bool,
    unsure: bool,
    reporter_id: int,
    text: str,
    exclude: Collection[Key] = (),
    min_level: int = FIELD,
) -> Chosen:
    """The owner for an appeal like this; reads only.

    `exclude`: (kind, id) of who must not get it; `min_level`: the lowest rung of the chain that is asked.
    Raises: NoOwner when the roster has nobody at all where it may go.
    """
    need = Need(
        category_id=category.id,
        prefers=category.prefers,
        grid_id=grid_id,
        urgency=urgency,
        about_conduct=about_conduct,
        unsure=unsure,
        reporter_id=reporter_id,
        text=text,
        exclude=frozenset(exclude),
        min_level=min_level,
    )
    return await choose_for(community_id, need)


async def choose_for(community_id: int, need: Need) -> Chosen:
    """`choose` by a `Need`."""
    for _ in range(_FRESH_ROSTER_TRIES):
        roster = await rosters.of(community_id)
        posts = contenders(roster, need, china_today())
        situation = await rosters.situation(roster, posts)
        if situation is not None:
            return rank(roster, need, situation)
    raise IllegalMove("名册正在变动，请稍后再试。")


async def assign_new(
    appeal: Appeal, category: Category, judgement: Judgement | None, chosen: Chosen, assignment_id: int
) -> None:
    """Write down that a new appeal, already in the table as ASSIGNED, belongs to `chosen`.

    Assignment (under the id that `filing.insert` reserved), decision, the first two lines of the history and
    the pushes, in the caller's transaction. Without a judgement (staff made the appeal) the category stands
    as given.
    """
    assignment = giving.assignment(appeal, chosen, at=appeal.created_at)
    assignment.id = assignment_id
    decision = decisions.decision(appeal, chosen, await decisions.prediction(appeal, category, judgement))
    told = await giving.told(appeal, category, chosen.assignee, assignment, f"assigned:{assignment_id}")
    written = [inserting(assignment), inserting(decision), inserting(*_first_lines(appeal, chosen))]
    await together(*written, *await deliveries.queueing(*told))


def _first_lines(appeal: Appeal, chosen: Chosen) -> tuple[AppealEvent, AppealEvent]:
    reporter, submitted = access.resident_actor(appeal.resident_id), AppealStatus.SUBMITTED
    return (
        history.entry(appeal, Act.SUBMIT, reporter, after=submitted, at=appeal.created_at),
        history.entry(
            appeal,
            Verb.ASSIGN,
            SYSTEM,
            f"派给{chosen.assignee.name}",
            before=submitted,
            after=AppealStatus.ASSIGNED,
            at=appeal.created_at,
        ),
    )


async def redispatch(
    appeal: Appeal,
    *,
    why: str,
    by: Actor = SYSTEM,
    ended_as: AssignmentEnd,
    exclude: Collection[Key] = (),
    min_level: int = FIELD,
    verb: Verb = Verb.ASSIGN,
    tell: bool = False,
) -> Chosen:
    """Give the appeal to the next owner now, in the caller's transaction; `tell` the resident who that is.

    Whoever held it and gave it away does not get it again, except at the end of the chain, where the owner
    stays and the deadline starts anew. `why` stands in the decision and in the history,
    not shown to the resident.
    Raises: IllegalMove when the appeal is finished or somebody moved it meanwhile, NoOwner.
    """
    await _still(appeal)
    category = await Category.get(id=appeal.category_id)
    excluded = {*exclude, *await tried(appeal, ended_as)}
    chosen = await choose_for(appeal.community_id, await need_of(appeal, category, excluded, min_level))
    event = await giving.give(appeal, category, chosen, why=why, by=by, ended_as=ended_as, verb=verb)
    if tell:
        await moving.tell_resident(appeal, event, sentences.moved_on(chosen.assignee.name))
    return chosen


async def assign(
    actor: Actor, number: int, assignee_kind: AssigneeKind, assignee_id: int, *, note: str = ""
) -> Appeal:
    """Staff hand the appeal to somebody of the roster; the push commits with it or not at all.

    Raises: NotFound, Forbidden (scope, or their own matter), IllegalMove, Invalid (unreachable, on leave).
    """
    async with moving.acting(actor, number) as appeal:
        await moving.allow(actor, appeal, Verb.ASSIGN)
        category = await Category.get(id=appeal.category_id)
        chosen = await appointed(appeal, category, (assignee_kind, assignee_id), actor)
        event = await giving.give(
            appeal, category, chosen, why=note.strip(), by=actor, ended_as=AssignmentEnd.REASSIGNED
        )
        await moving.tell_resident(appeal, event, sentences.moved_on(chosen.assignee.name))
    return appeal


async def need_of(
    appeal: Appeal, category: Category, exclude: Collection[Key] = (), min_level: int = FIELD
) -> Need:
    """What an appeal needs as it stands; reads whether its reporter has said yet where they live."""
    return Need(
        category_id=category.id,
        prefers=category.prefers,
        grid_id=appeal.grid_id,
        urgency=appeal.urgency,
        about_conduct=appeal.about_conduct,
        unsure=appeal.unsure,
        reporter_id=appeal.resident_id,
        text=appeal.text,
        exclude=frozenset(exclude),
        min_level=max(min_level, await strangers.lowest_level(appeal)),
    )


async def tried(appeal: Appeal, ended_as: AssignmentEnd) -> set[Key]:
    """Who does not get the appeal again: the present owner and all who gave it away or let it lie.

    A new category or grid (REASSIGNED) starts afresh: it may be theirs after all.
    """
    past = await Assignment.filter(appeal_id=appeal.id)
    if ended_as is AssignmentEnd.REASSIGNED:
        return {holding.holder_key(one) for one in past if one.ended_as is AssignmentEnd.UNREACHABLE}
    return {holding.holder_key(one) for one in past if one.ended_at is None or one.ended_as in _TRIED}


async def _still(appeal: Appeal) -> None:
    """Lock the appeal; refuse when it moved since the caller read it."""
    locked = await moving.locked(appeal.id)
    if locked.status is not appeal.status:
        raise IllegalMove(f"{appeal.number} 刚刚有了变化，现在是「{locked.status.label}」。")


async def appointed(appeal: Appeal, category: Category, key: Key, actor: Actor) -> Chosen:
    """Somebody of the roster whom a person named, checked as the ranking would check, but for the cap.

    Raises: NotFound, Forbidden (their own matter, conduct), Invalid (unreachable, on leave).
    """
    roster = await rosters.of(appeal.community_id)
    post = roster.posts.get(key)
    if post is None:
        raise NotFound("没有找到要派给的对象，或者不在这个村（社区）的名册里。")
    need = await need_of(appeal, category)
    situation = await rosters.situation(roster, [post])
    if situation is None:
        return await appointed(appeal, category, key, actor)
    assignee = assignee_of(post, need, situation)
    _check(roster, post, assignee, appeal)
    why = f"{actor.title}指定"
    return Chosen(
        assignee, post.level, (Candidate(assignee, True, why, post.level),), f"{why}：{post.name}。"
    )


def _check(roster: Roster, post: Post, assignee: Assignee, appeal: Appeal) -> None:
    if appeal.about_conduct and post.level < AREA:
        raise Forbidden("反映干部作风的诉求只能由上级办理。")
    if about_self(post, appeal.resident_id, ""):
        raise Forbidden(f"{post.name}是提出诉求的人，不能办自己的事。")
    if post.leave.away(china_today()):
        deputy = roster.stand_in(post, china_today())
        raise Invalid(f"{post.name}{away_words(post)}" + (f"，可以派给{deputy.name}。" if deputy else "。"))
    if not post.has_console and not assignee.resident_ids:
        raise Invalid(f"{post.name}没有能收到推送的微信，请先发绑定码，或改派别人。")
