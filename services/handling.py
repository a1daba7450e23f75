"""办理: the verbs of whoever holds an appeal. Every verb is one guarded move, its history, and what it tells.

All verbs raise NotFound (unknown number, or out of sight), Forbidden (role, scope, not theirs) and
IllegalMove (the table of moves, or somebody was faster), and return the appeal as it stands after them.
Verbs of the desk, of rating and of talking live in their own files and are re-exported here.
"""

from __future__ import annotations

from datetime import date

from models import Appeal, Assignment, AssignmentEnd, Category, Verb
from services import alarm, deadlines, dispatch, following, giving, lessons, moving, sentences
from services.access import SYSTEM, Actor
from services.alarm import alert_emergency, alerted
from services.clock import china_today, now
from services.conduct import mark_conduct
from services.correction import correct_category, recategorize
from services.dispatch import Assignee, Chosen
from services.ending import close, resolve, stand_down, withdraw
from services.errors import Invalid
from services.merging import join, merge, split
from services.rating import rate, reopen
from services.roster import COMMUNITY
from services.supplementing import supplement
from services.talking import answer, ask, note, reply

__all__ = [
    "accept",
    "alert_emergency",
    "alerted",
    "answer",
    "ask",
    "close",
    "correct_category",
    "give_back",
    "hand_over",
    "join",
    "mark_conduct",
    "merge",
    "note",
    "rate",
    "recategorize",
    "reopen",
    "reply",
    "resolve",
    "resume",
    "split",
    "stand_down",
    "supplement",
    "suspend",
    "withdraw",
]

RETURNS_DECIDED_BY_MACHINE = 1
"""After more returns than this the community decides who gets it."""

LONGEST_SUSPENSION_DAYS = 183


async def accept(actor: Actor, number: int) -> Appeal:
    """Take it on. The loser of two acceptors is told who won; in an emergency all who were alerted may."""
    async with moving.acting(actor, number, also=alarm.alerted) as appeal:
        await alarm.take(actor, appeal)
        await moving.allow(actor, appeal, Verb.ACCEPT)
        before = await moving.move(appeal, Verb.ACCEPT, actor, accepted_at=now())
        await Assignment.filter(appeal_id=appeal.id, ended_at=None).update(accepted_by=actor.resident_id)
        await moving.stand_down_tasks(appeal)
        event = await moving.step(appeal, Verb.ACCEPT, actor, before=before)
        who = await dispatch.owner_name(appeal.id)
        await moving.tell_resident(appeal, event, sentences.accepted(who, appeal.resolve_by))
        await following.tell(appeal, event, lambda _: sentences.twin_accepted(who, appeal.resolve_by))
    return appeal


async def hand_over(actor: Actor, number: int, reason: str, to: Assignee | None = None) -> Appeal:
    """Pass it on to `to`, or to the next by ranking. Raises Invalid without a reason."""
    words = moving.needed(reason, "请写明转派理由。", in_chat=f"例如：转派 {number} 不在我们网格")
    async with moving.acting(actor, number) as appeal:
        await moving.allow(actor, appeal, Verb.HAND_OVER)
        category = await Category.get(id=appeal.category_id)
        if to is None:
            excluded = await dispatch.tried(appeal, AssignmentEnd.HANDED_OVER)
            chosen = await dispatch.choose_for(
                appeal.community_id, await dispatch.need_of(appeal, category, excluded)
            )
        else:
            chosen = await dispatch.appointed(appeal, category, to.key, actor)
        event = await giving.give(
            appeal,
            category,
            chosen,
            why=words,
            by=actor,
            ended_as=AssignmentEnd.HANDED_OVER,
            verb=Verb.HAND_OVER,
        )
        await moving.tell_resident(appeal, event, sentences.moved_on(chosen.assignee.name))
    return appeal


async def give_back(actor: Actor, number: int, reason: str) -> Appeal:
    """退单: the next by ranking gets it; the second time the community's duty staff hold it and decide.

    Raises Invalid without a reason.
    """
    words = moving.needed(reason, "请写明退单理由。", in_chat=f"例如：退单 {number} 不归我们管")
    async with moving.acting(actor, number) as appeal:
        await moving.allow(actor, appeal, Verb.RETURN)
        category = await Category.get(id=appeal.category_id)
        returns = appeal.returns + 1
        decided = returns > RETURNS_DECIDED_BY_MACHINE
        excluded = await dispatch.tried(appeal, AssignmentEnd.RETURNED)
        need = await dispatch.need_of(appeal, category, excluded, COMMUNITY if decided else 0)
        chosen = await dispatch.choose_for(appeal.community_id, need)
        if decided:
            await _to_community(appeal, category, chosen, actor, words, returns)
        else:
            await _to_next(appeal, category, chosen, actor, words, returns)
    return appeal


async def _to_community(
    appeal: Appeal, category: Category, chosen: Chosen, actor: Actor, words: str, returns: int
) -> None:
    """RETURNED, in the hands of who decides."""
    event = await giving.give(
        appeal,
        category,
        chosen,
        why=words,
        by=actor,
        ended_as=AssignmentEnd.RETURNED,
        verb=Verb.RETURN,
        returns=returns,
    )
    await lessons.reject(event)
    await moving.tell_resident(appeal, event, sentences.at_community(chosen.assignee.name))


async def _to_next(
    appeal: Appeal, category: Category, chosen: Chosen, actor: Actor, words: str, returns: int
) -> None:
    """RETURNED for an instant, then the product gives it to the next."""
    before = await moving.move(appeal, Verb.RETURN, actor, returns=returns, accepted_at=None)
    returned = await moving.step(appeal, Verb.RETURN, actor, words, before=before, public=False)
    await lessons.reject(returned)
    event = await giving.give(appeal, category, chosen, why=words, by=SYSTEM, ended_as=AssignmentEnd.RETURNED)
    await moving.tell_resident(appeal, event, sentences.moved_on(chosen.assignee.name))


async def suspend(actor: Actor, number: int, until: date, reason: str) -> Appeal:
    """挂起: nothing is expected until work starts on `until` (China date), then it goes on by itself.

    Raises Invalid without a reason, or for a date that is not within the next half year.
    """
    words = moving.needed(reason, "请写明挂起理由。", in_chat=f"例如：挂起 {number} 下周一 等配件")
    _check_until(until, number)
    async with moving.acting(actor, number) as appeal:
        await moving.allow(actor, appeal, Verb.SUSPEND)
        before = await moving.move(appeal, Verb.SUSPEND, actor, suspended_at=now(), resume_on=until)
        event = await moving.step(
            appeal, Verb.SUSPEND, actor, f"到{sentences.day(until)}：{words}", before=before
        )
        await moving.tell_resident(appeal, event, sentences.suspended(until, words))
        await following.tell(appeal, event, lambda _: sentences.twin_suspended(until))
    return appeal


def _check_until(until: date, number: int) -> None:
    days = (until - china_today()).days
    if not 0 < days <= LONGEST_SUSPENSION_DAYS:
        raise Invalid("挂起到期日最早是明天，最晚半年以内。", in_chat=f"例如：挂起 {number} 下周一 等配件")


async def resume(actor: Actor, number: int) -> Appeal:
    """恢复办理: the suspended time does not count against the deadline."""
    async with moving.acting(actor, number) as appeal:
        await moving.allow(actor, appeal, Verb.RESUME)
        calendar = await deadlines.calendar_of(appeal.community_id)
        due = deadlines.shifted(appeal, calendar, now())
        before = await moving.move(
            appeal, Verb.RESUME, actor, resolve_by=due, suspended_at=None, resume_on=None
        )
        event = await moving.step(appeal, Verb.RESUME, actor, before=before)
        await moving.tell_resident(appeal, event, sentences.resumed(due))
        await following.tell(appeal, event, lambda _: sentences.twin_resumed(due))
    return appeal
