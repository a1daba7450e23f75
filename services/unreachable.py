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
    rows,
)
from services import dispatch
from services.alerts import raise_alert
from services.errors import DomainError

PUSHES = (Notice.ASSIGNED, Notice.ALERT)
"""Notices by which an owner learns that something is theirs."""

WHY = "推送不到承办人，自动改派"


def is_push_of_owner(delivery: Delivery) -> bool:
    """Whether an owner must receive this one."""
    return delivery.assignment_id is not None and delivery.notice in PUSHES


async def lock(delivery: Delivery) -> None:
    """Lock the appeal, as the first thing in the transaction: every verb of an appeal does the same."""
    await rows("UPDATE appeal SET returns = returns WHERE id = $1 RETURNING id", delivery.appeal_id)


async def undeliverable(delivery: Delivery) -> None:
    """Give the appeal to somebody else when nobody of its owner could be told, and let staff know.

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
    owner = await dispatch.owner_name(appeal.id)
    if assignment.kind is AssigneeKind.STAFF:
        await raise_alert(
            f"unreachable:{appeal.id}", f"诉求 {appeal.id} 的推送没有送到{owner}，请在后台处理。"
        )
        return
    chosen = await dispatch.redispatch(
        appeal, why=WHY, ended_as=AssignmentEnd.UNREACHABLE, exclude=await _unreachable(appeal.id, assignment)
    )
    words = f"诉求 {appeal.id} 推送不到{owner}，已改派给{chosen.assignee.name}。请检查其微信绑定。"
    await raise_alert(f"unreachable:{appeal.id}", words)


async def give_up(delivery: Delivery, problem: DomainError) -> None:
    """Tell staff that an unreachable owner could not even be replaced."""
    await raise_alert(
        f"unreachable:{delivery.appeal_id}",
        f"诉求 {delivery.appeal_id} 的承办人推送不到，也没能改派：{problem.message}",
    )


async def _told_or_pending(assignment_id: int) -> bool:
    alive = (DeliveryState.PENDING, DeliveryState.SENT)
    return await Delivery.filter(assignment_id=assignment_id, notice__in=PUSHES, state__in=alive).exists()


async def _unreachable(appeal_id: int, current: Assignment) -> list[tuple[AssigneeKind, int]]:
    """Everybody who could not be reached about this appeal, so that it does not go round in a circle."""
    before = await Assignment.filter(appeal_id=appeal_id, ended_as=AssignmentEnd.UNREACHABLE)
    return [(one.kind, _holder(one)) for one in [*before, current]]


def _holder(assignment: Assignment) -> int:
    return assignment.organization_id or assignment.grid_member_id or assignment.staff_id or 0
