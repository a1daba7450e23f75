"""更正类别: staff put the prediction right; it is kept as training words, and dispatch starts afresh."""

from __future__ import annotations

from models import OPEN, Appeal, AppealEvent, AppealStatus, Category, RoutingDecision
from services import access, audit, deadlines, history, holding, lessons, moving, redirecting, sentences
from services.access import Actor
from services.clock import now
from services.errors import Forbidden
from services.history import Act
from services.merging import active_category

UNACCEPTED = frozenset({AppealStatus.SUBMITTED, AppealStatus.ASSIGNED, AppealStatus.RETURNED})


async def correct_category(actor: Actor, number: int, code: str) -> Appeal:
    """Put the category right, or confirm it; what nobody accepted yet goes to who serves the right one.

    Raises: NotFound (appeal or category), Forbidden.
    """
    async with moving.acting(actor, number) as appeal:
        may_correct(actor, appeal)
        category = await active_category(code)
        before = await Category.get(id=appeal.category_id)
        await audit.record(
            actor,
            "appeal.category",
            f"appeal {number}",
            community_id=appeal.community_id,
            before=before.code,
            after=code,
        )
        await recategorize(appeal, category, by=actor, why=f"类别更正：{before.name} → {category.name}")
    return appeal


def may_correct(actor: Actor, appeal: Appeal) -> None:
    """Raises: Forbidden when it is not this actor's to say what the appeal is about."""
    if actor.role not in access.DESK or not moving.in_scope(actor, appeal):
        raise Forbidden(f"{actor.role.label}不能更正这件诉求。")
    if actor.resident_id is not None and actor.resident_id == appeal.resident_id:
        raise Forbidden("这是您自己提出的诉求，要由别人来办。")


async def recategorize(appeal: Appeal, category: Category, *, by: Actor, why: str) -> None:
    """Give the appeal its right category, in the caller's transaction; nothing moves when it had it already.

    The correction, or confirmation, becomes a lesson. Deadlines are those of the right category; whoever
    accepted goes on (ADR 8).
    """
    if category.id == appeal.category_id and not appeal.unsure:
        confirmed = history.entry(appeal, Act.CONFIRM, by, category.name, public=False)
        await _learn(appeal, await history.append(confirmed), category)
        return
    before = await Category.get(id=appeal.category_id)
    await moving.change(appeal, category_id=category.id, unsure=False)
    event = await history.append(history.entry(appeal, Act.CORRECT, by, why))
    await _learn(appeal, event, category)
    if appeal.status in UNACCEPTED:
        chosen = await redirecting.afresh(appeal, why=why, by=by)
        words = sentences.recategorized(category, chosen.assignee.name)
        await moving.tell_resident(appeal, event, words)
    elif appeal.status in OPEN:
        await _redate(appeal, event, before, category)


async def _redate(appeal: Appeal, event: AppealEvent, before: Category, category: Category) -> None:
    calendar = await deadlines.calendar_of(appeal.community_id)
    due = deadlines.recategorized(appeal, before, category, calendar, now())
    if due != appeal.resolve_by:
        await moving.change(appeal, resolve_by=due)
        words = sentences.redated(due)
        await moving.tell_resident(appeal, event, words)
        await moving.tell_holder(appeal, event, await holding.current(appeal.id), words)
    await moving.rearm(appeal, category)


async def _learn(appeal: Appeal, event: AppealEvent, category: Category) -> None:
    """Keep what is right beside the prediction: on the last decision, and as a lesson."""
    last = await lessons.last_decision(appeal.id)
    if last is not None:
        await RoutingDecision.filter(id=last.id).update(corrected_to=category.code)
    await lessons.correct(event, category, last)
