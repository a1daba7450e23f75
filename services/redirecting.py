"""What an appeal has turned out to be decides anew who holds it, and until when."""

from __future__ import annotations

from models import Appeal, AppealEvent, AssignmentEnd, Category, Notice
from services import deadlines, deliveries, dispatch, holding, moving, sentences
from services.access import SYSTEM, Actor
from services.clock import now
from services.dispatch import Chosen

_FOR_HANDLERS = {Notice.ASSIGNED, Notice.REMIND, Notice.ESCALATED, Notice.SUPERVISOR, Notice.ANSWERED}


async def afresh(appeal: Appeal, *, why: str, by: Actor = SYSTEM) -> Chosen:
    """Give it to whom it fits as it stands now, with the deadlines of that, in the caller's transaction."""
    category = await Category.get(id=appeal.category_id)
    calendar = await deadlines.calendar_of(appeal.community_id)
    _, resolve_by = deadlines.deadlines(calendar, appeal.created_at, category, appeal.urgency)
    await moving.change(appeal, resolve_by=max(resolve_by, now()))
    return await dispatch.redispatch(appeal, why=why, by=by, ended_as=AssignmentEnd.REASSIGNED)


async def upward(appeal: Appeal, event: AppealEvent, *, why: str, by: Actor = SYSTEM) -> Chosen:
    """It has turned out to be about cadres: the parent area holds it now, whoever had accepted it below, and
    nobody below hears why.
    """
    former = await holding.people_of(appeal, await holding.current(appeal.id))
    await deliveries.stand_down(appeal.id, _FOR_HANDLERS)
    chosen = await afresh(appeal, why=why, by=by)
    await moving.tell_people(appeal, event, former, sentences.taken_away("已转给别人办理"))
    return chosen
