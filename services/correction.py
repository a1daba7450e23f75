"""更正类别: staff put the prediction right; it is kept as training words, and dispatch starts afresh."""

from __future__ import annotations

from models import Appeal, AppealStatus, AssignmentEnd, Category, RoutingDecision
from services import access, audit, deadlines, dispatch, history, moving, sentences
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
        if actor.role not in access.DESK or not moving.in_scope(actor, appeal):
            raise Forbidden(f"{actor.role.label}不能更正这件诉求的类别。")
        if actor.resident_id is not None and actor.resident_id == appeal.resident_id:
            raise Forbidden("这是您自己提出的诉求，要由别人来办。")
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


async def recategorize(appeal: Appeal, category: Category, *, by: Actor, why: str) -> None:
    """Give the appeal its right category, in the caller's transaction; nothing moves when it had it already.

    The last decision keeps the correction beside the prediction. Deadlines are those of the right category.
    """
    changed = category.id != appeal.category_id or appeal.unsure
    await _remember(appeal, category)
    if not changed:
        return
    values: dict[str, object] = {"category_id": category.id, "unsure": False}
    open_still = appeal.status in UNACCEPTED
    if open_still:
        calendar = await deadlines.calendar_of(appeal.community_id)
        _, resolve_by = deadlines.deadlines(calendar, appeal.created_at, category, appeal.urgency)
        values["resolve_by"] = max(resolve_by, now())
    await moving.change(appeal, **values)
    event = await history.append(history.entry(appeal, Act.CORRECT, by, why))
    if open_still:
        chosen = await dispatch.redispatch(appeal, why=why, by=by, ended_as=AssignmentEnd.REASSIGNED)
        words = sentences.recategorized(category.name, chosen.assignee.name)
        await moving.tell_resident(appeal, event, words)
    else:
        await moving.rearm(appeal, category)


async def _remember(appeal: Appeal, category: Category) -> None:
    last = await RoutingDecision.filter(appeal_id=appeal.id).order_by("-id").first()
    if last is not None:
        await RoutingDecision.filter(id=last.id).update(corrected_to=category.code)
