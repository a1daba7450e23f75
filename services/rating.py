"""评价 and 重办: an unhappy rating brings the appeal back, to the supervisor of whoever resolved it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from models import (
    FINISHED,
    Appeal,
    AppealEvent,
    AppealStatus,
    AssigneeKind,
    Assignment,
    AssignmentEnd,
    Category,
    Rating,
    Verb,
)
from services import deadlines, dispatch, following, giving, history, holding, moving, sentences
from services.access import Actor
from services.clock import now
from services.errors import IllegalMove
from services.history import Act
from services.roster import COMMUNITY, FIELD, Key

LATELY = timedelta(days=14)
"""How long after its end an appeal is still what 又坏了 is about."""

_NEWEST = 9

_RATED = (AppealStatus.RESOLVED, AppealStatus.CLOSED)


async def rate(actor: Actor, number: int, rating: Rating, words: str = "") -> Appeal:
    """The reporter's verdict: unhappy reopens, otherwise the appeal is closed.

    What was closed unrated may still be rated. A follower's verdict stands on their own appeal and closes
    nothing; an unhappy one takes their own out of the merge.
    Raises: NotFound, Forbidden, IllegalMove (not resolved yet).
    """
    async with following.acting_in_circle(actor, number) as appeal:
        main = await following.target(appeal)
        if main.status not in _RATED:
            raise IllegalMove(
                f"{number} 现在是「{main.status.label}」，办结以后才能评价。",
                in_chat=f"查进展请回复：进度 {number}",
                appeal_status=main.status.value,
            )
        verb = Verb.REOPEN if rating is Rating.UNHAPPY else Verb.CLOSE
        if verb is Verb.REOPEN or appeal.status is AppealStatus.RESOLVED:
            await moving.allow(actor, appeal, verb)
        plain = words.strip()[: moving.MOST_WORDS]
        resolver = await Assignment.filter(appeal_id=main.id).order_by("-id").first()
        event = await history.append(
            history.entry(appeal, Act.RATE, actor, rating.label + (f"：{plain}" if plain else ""))
        )
        await moving.change(appeal, rating=rating, rating_words=plain)
        await moving.tell_holder(appeal, event, resolver, sentences.rated(rating, ""))
        if verb is Verb.REOPEN:
            # Whoever was not content is looked after from above: 督办.
            await _again(actor, appeal, plain or "居民不满意", escalation=appeal.escalation + 1)
        elif appeal.status is AppealStatus.RESOLVED:
            before = await moving.move(appeal, Verb.CLOSE, actor, closed_at=now())
            _ = await moving.step(appeal, Verb.CLOSE, actor, before=before)
    return appeal


async def finished_lately(resident_id: int) -> list[Appeal]:
    """The resident's newest appeals that were resolved or closed in the last two weeks, the last end first.

    What was merged ended with the appeal that it is handled within.
    """
    own = Appeal.filter(following.handled_in(*_RATED), resident_id=resident_id)
    ended = []
    for appeal in await own.order_by("-id").limit(_NEWEST):
        main = await following.target(appeal)
        end = main.resolved_at or main.closed_at
        if end is not None and now() - end <= LATELY:
            ended.append((end, appeal.id, appeal))
    return [appeal for *_, appeal in sorted(ended, reverse=True)]


async def reopen(actor: Actor, number: int, reason: str) -> Appeal:
    """重办 by the reporter or by staff. Raises: NotFound, Forbidden, IllegalMove, Invalid (no reason)."""
    words = moving.needed(reason, "请写明重办理由。")
    async with following.acting_in_circle(actor, number) as appeal:
        await moving.allow(actor, appeal, Verb.REOPEN)
        await _again(actor, appeal, words)
    return appeal


async def _again(actor: Actor, appeal: Appeal, words: str, **values: int) -> None:
    """A new owner above whoever resolved it, with fresh deadlines; nobody who worked on it gets it.

    A merged one comes out of the merge; what it was merged into says who resolved it. While that is still
    open nobody has failed, and anybody may get it. `values` are further columns of the appeal.
    """
    category = await Category.get(id=appeal.category_id)
    main = await following.target(appeal)
    past = await Assignment.filter(appeal_id=appeal.id).order_by("id")
    if main.id != appeal.id:
        past = await Assignment.filter(appeal_id=main.id).order_by("id") if main.status in FINISHED else []
    excluded = await _worked(past)
    merged = appeal.status is AppealStatus.MERGED
    level = supervisor_level(past[-1]) if past else FIELD if merged else COMMUNITY
    need = await dispatch.need_of(appeal, category, excluded, level)
    chosen = await dispatch.choose_for(appeal.community_id, need)
    calendar = await deadlines.calendar_of(appeal.community_id)
    _, resolve_by = deadlines.deadlines(calendar, now(), category, appeal.urgency)
    event = await giving.give(
        appeal,
        category,
        chosen,
        why=words,
        by=actor,
        ended_as=AssignmentEnd.REASSIGNED,
        verb=Verb.REOPEN,
        resolve_by=resolve_by,
        resolved_at=None,
        closed_at=None,
        merged_into_id=None,
        **values,
    )
    await moving.tell_resident(appeal, event, sentences.reopened(chosen.assignee.name))
    await following.tell(appeal, event, lambda _: sentences.twin_reopened(chosen.assignee.name))


async def _worked(past: Sequence[Assignment]) -> set[Key]:
    """Who resolved, accepted or last held it; who only passed it on, as a desk does, has not failed."""
    numbers = {one.appeal_id for one in past}
    accepts = await AppealEvent.filter(appeal_id__in=numbers, verb=Verb.ACCEPT.value).only("id", "at")
    return {
        holding.holder_key(one)
        for one in past
        if one is past[-1]
        or one.ended_as is AssignmentEnd.FINISHED
        or any(one.started_at <= event.at <= (one.ended_at or event.at) for event in accepts)
    }


def supervisor_level(assignment: Assignment) -> int:
    """The rung that watches over a holder: the community over organizations, else one above."""
    if assignment.kind is AssigneeKind.ORGANIZATION:
        return COMMUNITY
    return assignment.level + 1
