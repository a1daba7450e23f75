"""Makes somebody the owner of an appeal: the rows and pushes of one assignment."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from models import Appeal, AppealEvent, AppealStatus, Assignment, AssignmentEnd, Category, Notice, Verb
from services import deadlines, decisions, deliveries, holding, moving, notices
from services.access import Actor
from services.clock import now
from services.deliveries import Told
from services.ranking import Assignee, Chosen


async def give(
    appeal: Appeal,
    category: Category,
    chosen: Chosen,
    *,
    why: str,
    by: Actor,
    ended_as: AssignmentEnd,
    verb: Verb = Verb.ASSIGN,
    **values: Any,  # noqa: ANN401 - columns of Appeal
) -> AppealEvent:
    """Make `chosen` the owner: assignment, decision, deadline, history, pushes; returns the history's line.

    `values` are further columns of the appeal that change with the move.
    """
    before = appeal.status
    target = moving.target_of(verb, appeal, by)
    held = await Assignment.filter(appeal_id=appeal.id, ended_at=None).first()
    stays = held is not None and holding.holder_key(held) == chosen.assignee.key
    calendar = await deadlines.calendar_of(appeal.community_id)
    repeats = max(appeal.escalation - chosen.level, 0) if stays else 0
    due = deadlines.fresh_accept_by(calendar, now(), category, appeal.urgency, repeats=repeats)
    if before is AppealStatus.SUSPENDED:
        resolve_by = deadlines.shifted(appeal, calendar, now())
        values = {"resolve_by": resolve_by, "suspended_at": None, "resume_on": None} | values
    await moving.change(appeal, status=target, accept_by=due, accepted_at=None, **values)
    await moving.rearm(appeal, category)
    if held is None or not stays:
        await moving.end_assignment(appeal, ended_as, note=why)
        held = assignment(appeal, chosen)
        await held.save(force_create=True)
    elif held.accepted_by is not None:
        await Assignment.filter(id=held.id).update(accepted_by=None)
    await decisions.decide(appeal, chosen, await decisions.same_prediction(appeal, category), why)
    event = await moving.step(
        appeal,
        verb,
        by,
        f"派给{chosen.assignee.name}" + (f"：{why}" if why else ""),
        before=before,
        public=False,
    )
    if not stays or ended_as is not AssignmentEnd.UNREACHABLE:
        name = f"assigned:{held.id}:{event.id}"
        await deliveries.queue(*await told(appeal, category, chosen.assignee, held, name))
    return event


def assignment(appeal: Appeal, chosen: Chosen, *, at: datetime | None = None) -> Assignment:
    """The open assignment of `chosen`, not yet written."""
    column = holding.holder_column(chosen.assignee.kind)
    return Assignment(
        community_id=appeal.community_id,
        appeal_id=appeal.id,
        kind=chosen.assignee.kind,
        level=chosen.level,
        started_at=at or now(),
        **{column: chosen.assignee.id},
    )


async def told(
    appeal: Appeal, category: Category, assignee: Assignee, held: Assignment, event: str
) -> list[Told]:
    """What tells everybody behind the assignee; `event` names it once and for all."""
    if not assignee.resident_ids:
        return []
    community, grid = await moving.roster_name(appeal)
    payload = notices.assigned(
        appeal, category=category, grid_name=grid, deadline=appeal.accept_by, community_name=community
    )
    return [Told(Notice.ASSIGNED, one, event, payload, appeal, held.id) for one in assignee.resident_ids]
