"""When somebody stops: what they hold moves on in the same transaction, residents are told, logins end."""

from __future__ import annotations

from dataclasses import replace

from tortoise.expressions import Subquery

from models import (
    Appeal,
    AssigneeKind,
    AssignmentEnd,
    GridMember,
    Organization,
    OrganizationMember,
    Role,
    Staff,
)
from services import auth, dispatch
from services.access import DESK, Actor
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


async def organization_member_leaves(actor: Actor, member: OrganizationMember) -> None:
    """Inside the caller's `writing()`: the member's logins end.

    The organization keeps its appeals while anybody is left who can act for it.
    """
    await _end_logins(organization_member_id=member.id)
    if not await _anybody_acts_for(member.organization_id):
        organization = await Organization.get(id=member.organization_id)
        await _hand_on(actor, AssigneeKind.ORGANIZATION, organization.id, organization.name)


async def _anybody_acts_for(organization_id: int) -> bool:
    """Whether an active member is bound to WeChat or may log in."""
    members = OrganizationMember.filter(organization_id=organization_id, active=True)
    if await members.filter(resident_id__isnull=False).exists():
        return True
    logins = Staff.filter(active=True, organization_member_id__in=Subquery(members.values("id")))
    return await logins.exists()


async def staff_leave(actor: Actor, staff: Staff) -> None:
    """Inside the caller's `writing()`: the open appeals get new owners, the logins end."""
    await _hand_on(actor, AssigneeKind.STAFF, staff.id, staff.title)
    await auth.end_logins(staff.id)


async def _hand_on(actor: Actor, kind: AssigneeKind, holder_id: int, name: str) -> None:
    held = await Appeal.filter(
        **{f"assignments__{holder_column(kind)}": holder_id, "assignments__ended_at": None}
    ).order_by("id")
    # A manager may not dispatch; the product does, on their word.
    by = actor if actor.role in DESK else replace(actor, role=Role.SYSTEM)
    for appeal in held:
        await dispatch.redispatch(
            appeal,
            why=f"{name}已停用",
            by=by,
            ended_as=AssignmentEnd.REASSIGNED,
            exclude=((kind, holder_id),),
            tell=True,
        )


async def _end_logins(**whose: object) -> None:
    # The login itself stays as it was set: it opens again with the post (`access.in_post`).
    await auth.end_logins(*[staff.id for staff in await Staff.filter(**whose).only("id")])
