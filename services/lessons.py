"""教例: what an appeal turned out to be, kept beside the prediction in the transaction of the event."""

from __future__ import annotations

from models import Appeal, AppealEvent, Category, Lesson, LessonKind, Role, RoutingDecision
from services import access
from services.access import Actor


async def correct(event: AppealEvent, category: Category, decision: RoutingDecision | None) -> None:
    """Somebody said what the category is: a correction, or a confirmation when that was predicted."""
    lesson = _beside(decision, event)
    lesson.category = category.code
    right = lesson.predicted == category.code
    lesson.kind = LessonKind.CONFIRMED if right else LessonKind.CORRECTED
    await lesson.save(force_create=True)


async def resolve(event: AppealEvent, appeal: Appeal) -> None:
    """The owner resolved it: a confirmation, if the category is as predicted and nobody doubted it."""
    if appeal.unsure:
        return
    lesson = _beside(await last_decision(appeal.id), event)
    category = await Category.get(id=appeal.category_id)
    if lesson.predicted == category.code:
        lesson.kind, lesson.category = LessonKind.CONFIRMED, category.code
        await lesson.save(force_create=True)


async def reject(event: AppealEvent) -> None:
    """The owner gave it back: the prediction is in doubt, and what is right nobody said yet."""
    lesson = _beside(await last_decision(event.appeal_id), event)
    lesson.kind = LessonKind.REJECTED
    await lesson.save(force_create=True)


async def page(
    actor: Actor, *, kind: LessonKind | None, category: str | None, before: int | None, limit: int
) -> list[Lesson]:
    """Lessons of appeals in the actor's sight, newest first, ids below `before`. Raises: Forbidden."""
    access.require_role(actor, *access.DESK)
    found = Lesson.filter(community_id__in=actor.community_ids)
    if actor.role not in access.ABOVE_COMMUNITY:
        found = found.filter(appeal__about_conduct=False)
    if kind is not None:
        found = found.filter(kind=kind)
    if category is not None:
        found = found.filter(category=category)
    if before is not None:
        found = found.filter(id__lt=before)
    return await found.order_by("-id").limit(limit)


async def last_decision(appeal_id: int) -> RoutingDecision | None:
    """The newest decision about an appeal; those before it carry the same prediction."""
    return await RoutingDecision.filter(appeal_id=appeal_id).order_by("-id").first()


def _beside(decision: RoutingDecision | None, event: AppealEvent) -> Lesson:
    """A lesson with the prediction; an appeal that staff filed has none."""
    lesson = Lesson(
        community_id=event.community_id,
        appeal_id=event.appeal_id,
        event_id=event.id,
        # The product acts on the word of a resident who chose.
        by=Role.RESIDENT if event.role is Role.SYSTEM and event.actor_resident_id else event.role,
        at=event.at,
    )
    if decision is not None and decision.lexicon_version:
        lesson.predicted = str(decision.ranked[0]["code"]) if decision.ranked else ""
        lesson.margin, lesson.lexicon_version = decision.margin, decision.lexicon_version
    return lesson
