"""Organizations: what they take on, when they are away, and who acts for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tortoise.expressions import Q, Subquery

from models import Area, Community, Organization, OrganizationMember, Role, ServiceScope, writing
from services import audit, binding_codes, leaving, revisions
from services.access import ABOVE_COMMUNITY, DESK, ORGANIZATION_ROLES, Actor, require_role
from services.areas import areas_above, own_areas
from services.binding_codes import IssuedCode
from services.errors import Forbidden, Invalid, NotFound
from services.people import check_leave, with_phone_hash
from services.uniqueness import unless_taken

LEAVE = frozenset({"leave_from", "leave_until"})
"""What a manager may change about their own organization."""

_TAKEN = "已有同名的社会组织。"


async def _seen(actor: Actor) -> Q:
    """Organizations that belong to the actor's areas, serve the actor's community, or are the actor's own."""
    if actor.organization_id is not None:
        return Q(id=actor.organization_id)
    if actor.role in ABOVE_COMMUNITY:
        return Q(area_id__in=await own_areas(actor))
    community = await Community.get(id=actor.community_id)
    above = await areas_above(community.area_id)
    serving = ServiceScope.filter(
        Q(community_id=community.id) | Q(grid__community_id=community.id) | Q(area_id__in=above)
    )
    return Q(area_id=community.area_id) | Q(id__in=Subquery(serving.values("organization_id")))


async def list_organizations(
    actor: Actor, *, active: bool | None, after: int | None, limit: int
) -> list[Organization]:
    """Organizations in the actor's sight, by id."""
    require_role(actor, *DESK, Role.GRID_LEADER, *ORGANIZATION_ROLES)
    found = Organization.filter(await _seen(actor))
    if active is not None:
        found = found.filter(active=active)
    if after is not None:
        found = found.filter(id__gt=after)
    return await found.order_by("id").limit(limit)


async def organization(actor: Actor, organization_id: int) -> Organization:
    """One organization in the actor's sight. Raises: NotFound, Forbidden."""
    require_role(actor, *DESK, Role.GRID_LEADER, *ORGANIZATION_ROLES)
    if not await Organization.filter(id=organization_id).exists():
        raise NotFound("没有找到这个社会组织。")
    found = await Organization.filter(await _seen(actor), id=organization_id).first()
    if found is None:
        raise Forbidden("这个社会组织不在您的管理范围内。")
    return found


async def steered(actor: Actor, organization_id: int) -> Organization:
    """An organization that the actor may change: of their area, or one that serves their community alone.

    Raises: NotFound, Forbidden.
    """
    require_role(actor, *DESK)
    found = await organization(actor, organization_id)
    if actor.role not in ABOVE_COMMUNITY and not await _serves_only(actor, found):
        raise Forbidden("这个社会组织也服务别的村（社区），请由上级修改。")
    return found


async def _serves_only(actor: Actor, found: Organization) -> bool:
    own = Q(community_id__in=actor.community_ids) | Q(grid__community_id__in=actor.community_ids)
    scopes = ServiceScope.filter(organization_id=found.id)
    outside = await scopes.count() - await scopes.filter(own).count()
    in_area = await Community.filter(id=actor.community_id, area_id=found.area_id).exists()
    return in_area and not outside


async def managed(actor: Actor, organization_id: int) -> Organization:
    """An organization whose members the actor may change: a steered one, or the manager's own.

    Raises: NotFound, Forbidden.
    """
    if actor.role is Role.ORGANIZATION_MANAGER and actor.organization_id == organization_id:
        return await organization(actor, organization_id)
    return await steered(actor, organization_id)


async def create_organization(actor: Actor, area_id: int, values: Mapping[str, Any]) -> Organization:
    """A new organization of an area. Raises: Forbidden, NotFound, Conflict, Invalid."""
    require_role(actor, *DESK)
    async with unless_taken(_TAKEN), writing():
        await revisions.bump(revisions.ROSTER)
        await _require_area(actor, area_id)
        found = Organization(area_id=area_id, **values)
        await _check(found)
        await found.save(force_create=True)
        await audit.record(actor, "organization.create", f"organization {found.id}")
    return found


async def _require_area(actor: Actor, area_id: int) -> None:
    if not await Area.filter(id=area_id).exists():
        raise NotFound("没有找到这个地区。")
    own = await own_areas(actor)
    if actor.role is Role.COMMUNITY_STAFF:
        own = frozenset({(await Community.get(id=actor.community_id)).area_id})
    if area_id not in own:
        raise Forbidden("这个地区不在您的管理范围内。")


async def update_organization(actor: Actor, organization_id: int, changes: Mapping[str, Any]) -> Organization:
    """Change an organization; its manager may change its leave. Made inactive, its open appeals move on.

    Raises: NotFound, Forbidden, Conflict, Invalid.
    """
    own_leave = changes.keys() <= LEAVE
    async with unless_taken(_TAKEN), writing():
        await revisions.bump(revisions.ROSTER)
        found = await (managed if own_leave else steered)(actor, organization_id)
        was_active = found.active
        found = found.update_from_dict(dict(changes))
        await _check(found)
        await found.save()
        if was_active and not found.active:
            await leaving.organization_leaves(actor, found)
        await audit.record(
            actor, "organization.update", f"organization {organization_id}", fields=sorted(changes)
        )
    return found


async def _check(found: Organization) -> None:
    check_leave(found.leave_from, found.leave_until)
    if found.deputy_id is None:
        return
    if found.deputy_id == found.id or not await Organization.filter(id=found.deputy_id).exists():
        raise Invalid("代班组织要是另一个社会组织。")


async def list_members(actor: Actor, organization_id: int) -> list[OrganizationMember]:
    """The people who act for an organization, by id; for who may change them."""
    _ = await managed(actor, organization_id)
    return await OrganizationMember.filter(organization_id=organization_id).order_by("id").limit(500)


async def member(actor: Actor, member_id: int) -> OrganizationMember:
    """One member of an organization that the actor may change. Raises: NotFound, Forbidden."""
    found = await OrganizationMember.get_or_none(id=member_id)
    if found is None:
        raise NotFound("没有找到这位组织成员。")
    _ = await managed(actor, found.organization_id)
    return found


async def create_member(actor: Actor, organization_id: int, values: Mapping[str, Any]) -> OrganizationMember:
    """A new post; a binding code ties a person to it. Raises: NotFound, Forbidden, Invalid."""
    require_role(actor, *DESK, Role.ORGANIZATION_MANAGER)
    async with writing():
        await revisions.bump(revisions.ROSTER)
        _ = await managed(actor, organization_id)
        found = OrganizationMember(organization_id=organization_id, **with_phone_hash(values))
        _check_member(found)
        await found.save(force_create=True)
        await audit.record(actor, "organization_member.create", f"organization member {found.id}")
    return found


async def update_member(actor: Actor, member_id: int, changes: Mapping[str, Any]) -> OrganizationMember:
    """Change a post; made inactive, its logins end; after the last one its organization's appeals move on.

    Raises: NotFound, Forbidden, Invalid.
    """
    require_role(actor, *DESK, Role.ORGANIZATION_MANAGER)
    async with writing():
        await revisions.bump(revisions.ROSTER)
        found = await member(actor, member_id)
        found = found.update_from_dict(with_phone_hash(changes))
        _check_member(found)
        await found.save()
        if not found.active:
            await leaving.organization_member_leaves(actor, found)
        await audit.record(
            actor,
            "organization_member.update",
            f"organization member {member_id}",
            fields=sorted(changes),
        )
    return found


def _check_member(found: OrganizationMember) -> None:
    if found.role not in ORGANIZATION_ROLES:
        raise Invalid("只能是负责人或成员。")
    check_leave(found.leave_from, found.leave_until)


async def issue_code(actor: Actor, member_id: int) -> IssuedCode:
    """A one-time code that ties a WeChat user to this post. Raises: NotFound, Forbidden, Invalid."""
    require_role(actor, *DESK, Role.ORGANIZATION_MANAGER)
    async with writing():
        found = await member(actor, member_id)
        if not found.active:
            raise Invalid("这位组织成员已停用。")
        issued = await binding_codes.store(organization_member_id=member_id)
        await audit.record(actor, "organization_member.code", f"organization member {member_id}")
    return issued
