"""How an appeal ends: resolved, closed, withdrawn."""

from __future__ import annotations

from contextlib import suppress

from models import OPEN, Appeal, AppealEvent, Assignment, AssignmentEnd, Category, Role, Urgency, Verb
from services import alarm, dispatch, following, giving, holding, lessons, moving, sentences
from services.access import SYSTEM, Actor
from services.clock import now
from services.dispatch import Chosen
from services.errors import DomainError, Invalid

_HANDED_ON = ("category_id", "community_id", "grid_id", "urgency", "about_conduct")
"""What a matter is and where: columns that it keeps when it goes on under another number."""


async def resolve(actor: Actor, number: int, result: str) -> Appeal:
    """办结 with what was done; the resident is asked for a rating, and so are those of merged appeals told.

    Raises Invalid without a result.
    """
    words = moving.needed(result, "请写明办理结果。", in_chat=f"例如：办结 {number} 路灯已修好")
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
        await following.tell(appeal, event, lambda one: sentences.twin_resolved(one.number, words))
        await _tell_helpers(actor, appeal, event, held, "办结", sentences.taken_away("已由别人办结"))
    return appeal


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
        held = await moving.end_assignment(appeal, AssignmentEnd.CANCELLED)
        event = await moving.step(appeal, Verb.CLOSE, actor, words, before=before)
        if actor.staff_id is not None:
            await moving.tell_resident(appeal, event, sentences.closed(number, words))
            await following.tell(appeal, event, lambda one: sentences.twin_closed(one.number))
        if before in OPEN:
            await _tell_helpers(actor, appeal, event, held, "归档", sentences.taken_away("已归档"))
    return appeal


async def withdraw(actor: Actor, number: int, reason: str = "") -> Appeal:
    """撤回 by whoever reported it; whoever holds it, or was alerted, is told to stop.

    A follower leaves the circle alone. Where others follow, the oldest of theirs goes on in its place.
    """
    async with following.acting_in_circle(actor, number) as appeal:
        await _take_back(actor, appeal, reason.strip(), why="撤回")
    return appeal


async def stand_down(actor: Actor, number: int) -> Appeal:
    """误报: the alarm ends, and everybody who was alerted is told.

    The reporter takes it back (CANCELLED), staff close it (CLOSED). What others reported too goes on, as with
    `withdraw`. Raises: NotFound, Forbidden, IllegalMove, Invalid when it never was an emergency.
    """
    async with following.acting_in_circle(actor, number) as appeal:
        if appeal.urgency is not Urgency.EMERGENCY:
            raise Invalid(f"{number} 不是险情。", in_chat=f"不用办了请回复：撤回 {number}")
        if actor.role is Role.RESIDENT:
            await _take_back(actor, appeal, "误报", why="确认是误报")
        else:
            await _close_false(actor, appeal)
    return appeal


async def _tell_helpers(
    actor: Actor, appeal: Appeal, event: AppealEvent, held: Assignment | None, done: str, words: str
) -> None:
    """Tell whoever else works on it that it is over: all who were alerted, or the holder (`words`)."""
    if appeal.urgency is Urgency.EMERGENCY:
        await alarm.tell_over(appeal, event.id, actor, actor.title, why=done)
    else:
        await moving.tell_others(actor, appeal, event, held, words)


async def _close_false(actor: Actor, appeal: Appeal) -> None:
    await moving.allow(actor, appeal, Verb.CLOSE)
    before = await moving.move(appeal, Verb.CLOSE, actor)
    _ = await moving.end_assignment(appeal, AssignmentEnd.CANCELLED, note="误报")
    event = await moving.step(appeal, Verb.CLOSE, actor, "误报", before=before)
    await alarm.tell_over(appeal, event.id, actor, actor.title)
    await moving.tell_resident(appeal, event, "确认是误报，警报已解除。")
    await following.tell(appeal, event, lambda one: sentences.twin_closed(one.number))


async def _take_back(actor: Actor, appeal: Appeal, words: str, *, why: str) -> None:
    await moving.allow(actor, appeal, Verb.WITHDRAW)
    before = await moving.move(
        appeal, Verb.WITHDRAW, actor, closed_at=now(), suspended_at=None, resume_on=None
    )
    held = await moving.end_assignment(appeal, AssignmentEnd.CANCELLED, note=why)
    event = await moving.step(appeal, Verb.WITHDRAW, actor, words, before=before)
    if before not in OPEN:
        return
    heir = await _hand_on(appeal, held)
    if heir is not None:
        holders = await holding.people_of(appeal, held) if held is not None else ()
        people = (*holders, *await alarm.people(appeal))
        await moving.tell_people(appeal, event, people, sentences.withdrawn_by_one(heir.number))
    elif appeal.urgency is Urgency.EMERGENCY:
        await alarm.tell_over(appeal, event.id, actor, why=why)
    else:
        await moving.tell_holder(appeal, event, held, sentences.withdrawn())


async def _hand_on(appeal: Appeal, held: Assignment | None) -> Appeal | None:
    """Let the oldest appeal of another resident within this one live on, with the same owner if they can."""
    heir = await following.of(appeal.id).exclude(resident_id=appeal.resident_id).order_by("id").first()
    if heir is None:
        return None
    category = await Category.get(id=appeal.category_id)
    moved = {name: getattr(appeal, name) for name in _HANDED_ON}
    for name, value in moved.items():
        setattr(heir, name, value)
    chosen = await _owner_again(heir, category, held)
    event = await giving.give(
        heir,
        category,
        chosen,
        why=f"{appeal.number} 已撤回",
        by=SYSTEM,
        ended_as=AssignmentEnd.REASSIGNED,
        verb=Verb.REOPEN,
        resolve_by=max(appeal.resolve_by, now()),
        merged_into_id=None,
        **moved,
    )
    await following.of(appeal.id).update(merged_into_id=heir.id)
    await moving.tell_resident(heir, event, sentences.on_its_own(chosen.assignee.name))
    if heir.urgency is Urgency.EMERGENCY:
        _ = await alarm.alert_emergency(heir)
    return heir


async def _owner_again(heir: Appeal, category: Category, held: Assignment | None) -> Chosen:
    # On leave, unreachable, or the heir is their own matter: then the ranking finds somebody.
    with suppress(DomainError):
        if held is not None:
            return await dispatch.appointed(heir, category, holding.holder_key(held), SYSTEM)
    return await dispatch.choose_for(heir.community_id, await dispatch.need_of(heir, category))
