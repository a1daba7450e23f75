"""Who acts, and what lies in their sight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tortoise.expressions import Q, Subquery
from tortoise.queryset import QuerySet

from models import Appeal, Community, GridMember, OrganizationMember, Role, Staff, rows
from models.moves import Need, Verb, find_move
from models.types import AppealStatus
from services import refusals
from services.errors import Forbidden

ABOVE_COMMUNITY = frozenset({Role.CITY, Role.TOWN})
DESK = ABOVE_COMMUNITY | {Role.COMMUNITY_STAFF}
"""Who works at a desk with a community or an area as scope."""
ORGANIZATION_ROLES = frozenset({Role.ORGANIZATION_MANAGER, Role.ORGANIZATION_MEMBER})


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody in one role. Ids that do not belong to the role are None."""

    role: Role
    title: str
    resident_id: int | None = None
    staff_id: int | None = None
    area_id: int | None = None
    community_id: int | None = None
    grid_id: int | None = None
    grid_member_id: int | None = None
    organization_id: int | None = None
    organization_member_id: int | None = None
    community_ids: frozenset[int] = frozenset()
    """Communities in scope, for staff of a community or an area."""


SYSTEM = Actor(Role.SYSTEM, "系统")


def resident_actor(resident_id: int) -> Actor:
    """A resident speaking for themself."""
    return Actor(Role.RESIDENT, "居民", resident_id=resident_id)


def grid_actor(member: GridMember) -> Actor:
    """A grid member or grid leader, in chat or logged in."""
    return Actor(
        member.role,
        member.title,
        resident_id=member.resident_id,
        community_id=member.community_id,
        grid_id=member.grid_id,
        grid_member_id=member.id,
        community_ids=frozenset({member.community_id}),
    )


def organization_actor(member: OrganizationMember, organization_name: str) -> Actor:
    """Somebody who acts for an organization."""
    return Actor(
        member.role,
        f"{organization_name} {member.title}",
        resident_id=member.resident_id,
        organization_id=member.organization_id,
        organization_member_id=member.id,
    )


_AREA_COMMUNITIES = """
WITH RECURSIVE below(id) AS (
    SELECT id FROM area WHERE id = $1
    UNION ALL SELECT area.id FROM area JOIN below ON area.parent_id = below.id
) SELECT community.id FROM community JOIN below ON community.area_id = below.id
"""


async def communities_below(area_id: int) -> frozenset[int]:
    """Ids of all communities in the area and the areas below it."""
    return frozenset(int(row["id"]) for row in await rows(_AREA_COMMUNITIES, area_id))


def in_post(prefix: str = "") -> Q:
    """Logins that may be used: active themselves, and so is the post (and organization) they belong to.

    `prefix` is the way to the login from another table: `staff__`.
    """
    members = OrganizationMember.filter(active=True, organization__active=True).values("id")

    def where(column: str, value: object) -> Q:
        condition: dict[str, Any] = {prefix + column: value}
        return Q(**condition)

    grid = where("grid_member_id", None) | where("grid_member__active", True)
    organization = where("organization_member_id", None) | where(
        "organization_member_id__in", Subquery(members)
    )
    return where("active", True) & grid & organization


async def staff_actor(staff: Staff) -> Actor:
    """A logged-in person in the role of their login; grid and organization logins act as their post."""
    if staff.grid_member_id is not None:
        actor = grid_actor(await GridMember.get(id=staff.grid_member_id))
    elif staff.organization_member_id is not None:
        member = await OrganizationMember.get(id=staff.organization_member_id).select_related("organization")
        actor = organization_actor(member, member.organization.name)
    else:
        own = staff.community_id
        scope = frozenset({own}) if own else await communities_below(staff.area_id or 0)
        return Actor(
            staff.role,
            staff.title,
            resident_id=staff.resident_id,
            staff_id=staff.id,
            area_id=staff.area_id,
            community_id=staff.community_id,
            community_ids=scope,
        )
    return Actor(**{name: getattr(actor, name) for name in Actor.__slots__} | {"staff_id": staff.id})


async def posts_of(resident_id: int) -> list[Actor]:
    """Every post in which this WeChat user may act: grid posts, organization posts, staff posts."""
    grid = [grid_actor(m) for m in await GridMember.filter(resident_id=resident_id, active=True)]
    members = await OrganizationMember.filter(
        resident_id=resident_id, active=True, organization__active=True
    ).select_related("organization")
    staff = await Staff.filter(
        resident_id=resident_id, active=True, grid_member_id=None, organization_member_id=None
    )
    return [
        *grid,
        *(organization_actor(m, m.organization.name) for m in members),
        *[await staff_actor(one) for one in staff],
    ]


def visible_appeals(actor: Actor) -> QuerySet[Appeal]:
    """The appeals that this actor may see; complaints about conduct stay above the community."""
    held = _held_by(actor)
    if actor.role in ABOVE_COMMUNITY:
        return Appeal.filter(community_id__in=actor.community_ids)
    if actor.role is Role.COMMUNITY_STAFF:
        return Appeal.filter(community_id__in=actor.community_ids, about_conduct=False)
    if actor.role is Role.RESIDENT:
        return Appeal.filter(resident_id=actor.resident_id)
    if actor.role is Role.GRID_LEADER:
        return Appeal.filter(Q(held) | Q(grid_id=actor.grid_id), about_conduct=False).distinct()
    return Appeal.filter(held, about_conduct=False).distinct()


def _held_by(actor: Actor) -> Q:
    if actor.organization_id is not None:
        return Q(assignments__organization_id=actor.organization_id)
    if actor.grid_member_id is not None:
        return Q(assignments__grid_member_id=actor.grid_member_id)
    return Q(assignments__staff_id=actor.staff_id)


def require_role(actor: Actor, *allowed: Role) -> None:
    """Raise Forbidden unless the actor's role is one of `allowed`."""
    if actor.role not in allowed:
        raise Forbidden(f"{actor.role.label}不能做这件事。")


def require_community(actor: Actor, community_id: int) -> None:
    """Raise Forbidden unless the community lies in the actor's scope."""
    if community_id not in actor.community_ids:
        raise Forbidden("这个村（社区）不在您的管理范围内。")


def allowed_need(actor: Actor, verb: Verb, status: AppealStatus, number: int) -> Need:
    """What must tie the actor to the appeal of that number for this move.

    Raises: IllegalMove when the state forbids it, Forbidden when the role does.
    """
    move = find_move(verb, status, actor.role)
    if move is not None:
        return move.by[actor.role]
    if any(find_move(verb, other, actor.role) for other in AppealStatus):
        raise refusals.illegal(actor.role, verb, status, number)
    raise refusals.not_for(actor.role, verb)


async def community_of(community_id: int) -> Community:
    """The community row."""
    return await Community.get(id=community_id)
