"""An owner who cannot be reached is no owner: what happens when the push of an assignment died everywhere."""

from __future__ import annotations

from models import (
    Appeal,
    AppealStatus,
    AssigneeKind,
    Assignment,
    AssignmentEnd,
    Delivery,
    DeliveryState,
    Notice,
)
from services import deliveries, dispatch, holding, moving, notices, rosters
from services.alerts import raise_alert
from services.deliveries import Told
from services.errors import DomainError
from services.ranking import Chosen
from services.roster import AREA, COMMUNITY

PUSHES = (Notice.ASSIGNED, Notice.ALERT)
"""Notices by which an owner learns that something is theirs."""

WHY = "推送不到承办人，自动改派"


def is_push_of_owner(delivery: Delivery) -> bool:
    """Whether an owner must receive this one."""
    return delivery.assignment_id is not None and delivery.notice in PUSHES


async def lock(delivery: Delivery) -> None:
    """Lock the appeal, as the first thing in the transaction: every verb of an appeal does the same."""
    _ = await moving.locked(delivery.appeal_id or 0)


async def undeliverable(delivery: Delivery) -> None:
    """Give the appeal to somebody else when nobody of its owner could be told; the resident and who
    supervises are told.

    Called in the transaction in which the delivery died. The push of another person of the same owner that
    was sent or is still on its way is enough to leave everything as it is. Staff keep what is theirs: their
    queue in the console is a live channel. Raises: DomainError of dispatch.
    """
    assignment = await Assignment.get_or_none(id=delivery.assignment_id, ended_at=None)
    if assignment is None or await _told_or_pending(assignment.id):
        return
    appeal = await Appeal.get(id=assignment.appeal_id)
    if appeal.status is not AppealStatus.ASSIGNED:
        return
    owner = await holding.owner_name(appeal.id)
    if assignment.kind is AssigneeKind.STAFF:
        words = f"诉求 {appeal.id} 的推送没有送到{owner}，请在后台处理。"
        await raise_alert(f"unreachable:{appeal.id}", words, appeal=appeal)
        return
    chosen = await dispatch.redispatch(appeal, why=WHY, ended_as=AssignmentEnd.UNREACHABLE, tell=True)
    words = f"推送不到{owner}，已改派给{chosen.assignee.name}。请检查{owner}的微信绑定。"
    await raise_alert(f"unreachable:{appeal.id}", f"诉求 {appeal.id}：{words}", appeal=appeal)
    await _tell_supervisors(appeal, assignment, chosen, words)


async def give_up(delivery: Delivery, problem: DomainError) -> None:
    """Tell staff that an unreachable owner could not even be replaced."""
    await raise_alert(
        f"unreachable:{delivery.appeal_id}",
        f"诉求 {delivery.appeal_id} 的承办人推送不到，也没能改派：{problem.message}",
        appeal=await Appeal.get_or_none(id=delivery.appeal_id),
    )


async def _told_or_pending(assignment_id: int) -> bool:
    alive = (DeliveryState.PENDING, DeliveryState.SENT)
    return await Delivery.filter(assignment_id=assignment_id, notice__in=PUSHES, state__in=alive).exists()


async def _tell_supervisors(appeal: Appeal, ended: Assignment, chosen: Chosen, words: str) -> None:
    """Push the staff on duty of the community, or of its area in matters of conduct; not the new owner."""
    level = AREA if appeal.about_conduct else COMMUNITY
    roster = await rosters.of(appeal.community_id)
    on_duty = [post for post in roster if post.on_duty and post.level == level]
    people = {one for post in on_duty for one in holding.people(post, but=appeal.resident_id)}
    event, payload = f"unreachable:{ended.id}", notices.supervisor(appeal, words)
    await deliveries.queue(
        *(
            Told(Notice.SUPERVISOR, one, event, payload, appeal)
            for one in sorted(people - set(chosen.assignee.resident_ids))
        )
    )
