"""How an appeal ends: resolved, closed, withdrawn."""

from __future__ import annotations

from models import Appeal, AppealEvent, AppealStatus, AssignmentEnd, Notice, Urgency, Verb
from services import alarm, deliveries, lessons, moving, notices, sentences
from services.access import Actor
from services.clock import now
from services.deliveries import Told


async def resolve(actor: Actor, number: int, result: str) -> Appeal:
    """办结 with what was done; the resident is asked for a rating, and so are those of merged appeals told.

    Raises Invalid without a result.
    """
    words = moving.needed(result, f"请写明办理结果，例如：办结 {number} 路灯已修好")
    async with moving.acting(actor, number) as appeal:
        await moving.allow(actor, appeal, Verb.RESOLVE)
        before = await moving.move(
            appeal,
            Verb.RESOLVE,
            actor,
            result=words,
            resolved_at=now(),
            rating=None,
            suspended_at=None,
            resume_on=None,
        )
        held = await moving.end_assignment(appeal, AssignmentEnd.FINISHED)
        event = await moving.step(appeal, Verb.RESOLVE, actor, words, before=before)
        await lessons.resolve(event, appeal)
        await moving.tell_resident(appeal, event, sentences.resolved(number, words))
        await _tell_merged(appeal, event, words)
        await moving.tell_others(actor, appeal, event, held, sentences.taken_away("已由别人办结"))
    return appeal


async def _tell_merged(appeal: Appeal, event: AppealEvent, result: str) -> None:
    merged = await Appeal.filter(merged_into_id=appeal.id, status=AppealStatus.MERGED)
    await deliveries.queue(
        *(
            Told(
                Notice.PROGRESS,
                one.resident_id,
                f"event:{event.id}:{one.id}",
                notices.progress(one, sentences.twin_resolved(result)),
                one,
            )
            for one in merged
        )
    )


async def close(actor: Actor, number: int, reason: str) -> Appeal:
    """归档. Staff must say why, and may close what is still open; residents close what is resolved.

    Raises Invalid when staff give no reason.
    """
    async with moving.acting(actor, number) as appeal:
        await moving.allow(actor, appeal, Verb.CLOSE)
        words = reason.strip()
        if actor.staff_id is not None:
            words = moving.needed(reason, "请写明归档理由。")
        before = await moving.move(
            appeal, Verb.CLOSE, actor, closed_at=now(), suspended_at=None, resume_on=None
        )
        held = await moving.end_assignment(appeal, AssignmentEnd.CANCELLED, note=words)
        event = await moving.step(appeal, Verb.CLOSE, actor, words, before=before)
        if actor.staff_id is not None:
            await moving.tell_resident(appeal, event, sentences.closed(number, words))
        await moving.tell_others(actor, appeal, event, held, sentences.taken_away("已归档"))
    return appeal


async def withdraw(actor: Actor, number: int, reason: str = "") -> Appeal:
    """撤回 by whoever reported it; whoever holds it, or was alerted, is told to stop."""
    async with moving.acting(actor, number) as appeal:
        await moving.allow(actor, appeal, Verb.WITHDRAW)
        before = await moving.move(
            appeal, Verb.WITHDRAW, actor, closed_at=now(), suspended_at=None, resume_on=None
        )
        held = await moving.end_assignment(appeal, AssignmentEnd.CANCELLED)
        event = await moving.step(appeal, Verb.WITHDRAW, actor, reason.strip(), before=before)
        if appeal.urgency is Urgency.EMERGENCY:
            await alarm.tell_over(appeal, event.id, actor, why="撤回")
        else:
            await moving.tell_holder(appeal, event, held, sentences.withdrawn())
    return appeal
