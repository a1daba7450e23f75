"""When somebody stops: what they hold moves on in the same transaction, and their logins end."""

from __future__ import annotations

from models import Appeal, AssigneeKind, AssignmentEnd, GridMember, Organization, OrganizationMember, Staff
from services import auth, dispatch
from services.access import Actor
from services.holding import holder_column


async def grid_member_leaves(actor: Actor, member: GridMember) -> None:
    """Inside the caller's `writing()`: the member's open appeals get new owners, their logins end."""
    await _hand_on(actor, AssigneeKind.GRID_MEMBER, member.id, member.title)
    await _end_logins(grid_member_id=member.id)


async def organization_leaves(actor: Actor, organization: Organization) -> None:
    """Inside the caller's `writing()`: its open appeals get new owners, its members' logins end."""
    await _hand_on(actor, AssigneeKind.ORGANIZATION, organization.id, organization.name)
    members = await OrganizationMember.filter(organization_id=organization.id).values_list("id", flat=True)
    await _end_logins(organization_member_id__in=list(members))


async def organization_member_leaves(member: OrganizationMember) -> None:
    """Inside the caller's `writing()`: the member's logins end; the organization keeps its appeals."""
    await _end_logins(organization_member_id=member.id)


async def staff_leave(actor: Actor, staff: Staff) -> None:
    """Inside the caller's `writing()`: the open appeals get new owners, the logins end."""
    await _hand_on(actor, AssigneeKind.STAFF, staff.id, staff.title)
    await auth.end_logins(staff.id)


async def _hand_on(actor: Actor, kind: AssigneeKind, holder_id: int, name: str) -> None:
    held = await Appeal.filter(
        **{f"assignments__{holder_column(kind)}": holder_id, "assignments__ended_at": None}
    ).order_by("id")
    for appeal in held:
        await dispatch.redispatch(
            appeal,
            why=f"{name}已停用",
            by=actor,
            ended_as=AssignmentEnd.REASSIGNED,
            exclude=((kind, holder_id),),
        )


async def _end_logins(**whose: object) -> None:
    for staff in await Staff.filter(active=True, **whose):
        await Staff.filter(id=staff.id).update(active=False)
        await auth.end_logins(staff.id)
