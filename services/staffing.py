"""Logins of staff: who may log in, in which role, for which place; somebody stays on duty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tortoise.expressions import Q, Subquery

from models import GridMember, OrganizationMember, Role, Staff, writing
from services import audit, auth, binding_codes, leaving, passwords, revisions
from services.access import ABOVE_COMMUNITY, DESK, ORGANIZATION_ROLES, Actor, require_community, require_role
from services.areas import own_areas
from services.binding_codes import IssuedCode
from services.errors import Conflict, Forbidden, Invalid, NotFound
from services.organizations import member as organization_member
from services.people import GRID_ROLES, check_leave
from services.uniqueness import unless_taken

_TAKEN = "这个用户名已经有人用了。"
_RANK = {Role.CITY: 2, Role.TOWN: 1}


async def _seen(actor: Actor) -> Q:
    own = Q(community_id__in=actor.community_ids) | Q(grid_member__community_id__in=actor.community_ids)
    if actor.role in ABOVE_COMMUNITY:
        areas = await own_areas(actor)
        members = OrganizationMember.filter(organization__area_id__in=areas)
        own |= Q(area_id__in=areas) | Q(organization_member_id__in=Subquery(members.values("id")))
    return own


async def list_staff(actor: Actor, *, after: int | None, limit: int) -> list[Staff]:
    """Logins in the actor's scope, by id."""
    require_role(actor, *DESK)
    found = Staff.filter(await _seen(actor))
    if after is not None:
        found = found.filter(id__gt=after)
    return await found.order_by("id").limit(limit)


async def one_staff(actor: Actor, staff_id: int) -> Staff:
    """A login that the actor may change. Raises: NotFound, Forbidden."""
    require_role(actor, *DESK)
    staff = await Staff.get_or_none(id=staff_id)
    if staff is None:
        raise NotFound("没有找到这位工作人员。")
    await _require_reach(actor, staff)
    return staff


async def create_staff(actor: Actor, password: str, values: Mapping[str, Any]) -> Staff:
    """A new login. Its scope must lie in the actor's, its role not above the actor's.

    Raises: Forbidden, NotFound, Invalid, Conflict (user name).
    """
    require_role(actor, *DESK)
    stored = await passwords.hashed(password)
    async with unless_taken(_TAKEN), writing():
        await revisions.bump(revisions.ROSTER)
        staff = Staff(password_hash=stored, **values)
        await _require_reach(actor, staff)
        await _check(staff)
        await staff.save(force_create=True)
        await audit.record(
            actor, "staff.create", f"staff {staff.id}", community_id=staff.community_id, role=staff.role
        )
    return staff


async def update_staff(actor: Actor, staff_id: int, changes: Mapping[str, Any]) -> Staff:
    """Change a login; role and place stay. Made inactive, what it holds moves on.

    Raises: NotFound, Forbidden, Invalid, Conflict (the last one on duty).
    """
    require_role(actor, *DESK)
    async with writing():
        await revisions.bump(revisions.ROSTER)  # its row orders all who change the roster
        staff = await one_staff(actor, staff_id)
        was_active, was_on_duty = staff.active, staff.active and staff.on_duty
        staff = staff.update_from_dict(dict(changes))
        await _check(staff)
        await staff.save()
        if was_on_duty and not (staff.active and staff.on_duty):
            await _require_somebody_on_duty(staff)
        if was_active and not staff.active:
            await leaving.staff_leave(actor, staff)
        await audit.record(
            actor,
            "staff.update",
            f"staff {staff_id}",
            community_id=staff.community_id,
            fields=sorted(changes),
        )
    return staff


async def _require_somebody_on_duty(staff: Staff) -> None:
    place = {"community_id": staff.community_id, "area_id": staff.area_id}
    if not await Staff.filter(**place, active=True, on_duty=True).exists():
        raise Conflict("这里至少要留一名值班人员，请先安排另一位值班。")


async def set_password(actor: Actor, staff_id: int, password: str) -> None:
    """Give a login a new password; its present logins end. Raises: NotFound, Forbidden."""
    require_role(actor, *DESK)
    stored = await passwords.hashed(password)
    async with writing():
        staff = await one_staff(actor, staff_id)
        await Staff.filter(id=staff_id).update(password_hash=stored, failed_logins=0, locked_until=None)
        await auth.end_logins(staff_id)
        await audit.record(actor, "staff.password", f"staff {staff_id}", community_id=staff.community_id)


async def issue_code(actor: Actor, staff_id: int) -> IssuedCode:
    """A one-time code that ties a WeChat user to this desk. Raises: NotFound, Forbidden, Invalid."""
    require_role(actor, *DESK)
    async with writing():
        staff = await one_staff(actor, staff_id)
        if not staff.active or staff.role not in DESK:
            raise Invalid("网格员和组织成员请在各自的名册里生成绑定码。")
        issued = await binding_codes.store(staff_id=staff_id)
        await audit.record(actor, "staff.code", f"staff {staff_id}", community_id=staff.community_id)
    return issued


async def _require_reach(actor: Actor, staff: Staff) -> None:
    if _RANK.get(staff.role, 0) > _RANK.get(actor.role, 0):
        raise Forbidden(f"{actor.role.label}不能管理{staff.role.label}的账号。")
    if staff.role in ABOVE_COMMUNITY:
        if staff.area_id not in await own_areas(actor):
            raise Forbidden("这个地区不在您的管理范围内。")
    elif staff.role is Role.COMMUNITY_STAFF:
        require_community(actor, staff.community_id or 0)
    elif staff.role in GRID_ROLES:
        post = await GridMember.get_or_none(id=staff.grid_member_id or 0)
        if post is None:
            raise NotFound("没有找到这位网格员。")
        require_community(actor, post.community_id)
    else:
        _ = await organization_member(actor, staff.organization_member_id or 0)


async def _check(staff: Staff) -> None:
    """A login has exactly the place that its role needs."""
    needed = {Role.COMMUNITY_STAFF: "community_id", Role.CITY: "area_id", Role.TOWN: "area_id"}
    needed |= dict.fromkeys(GRID_ROLES, "grid_member_id")
    needed |= dict.fromkeys(ORGANIZATION_ROLES, "organization_member_id")
    places = ("area_id", "community_id", "grid_member_id", "organization_member_id")
    given = [name for name in places if getattr(staff, name) is not None]
    if given != [needed.get(staff.role)]:
        raise Invalid("角色和所属的地区、村（社区）、网格员或组织成员对不上。")
    if staff.on_duty and staff.role not in DESK:
        raise Invalid("只有村（社区）和上级的工作人员可以值班。")
    check_leave(staff.leave_from, staff.leave_until)
    if staff.deputy_id is not None and not await _is_colleague(staff):
        raise Invalid("代班人要是同一单位的另一位工作人员。")


async def _is_colleague(staff: Staff) -> bool:
    if staff.deputy_id == staff.id or staff.role not in DESK:
        return False
    return await Staff.filter(
        id=staff.deputy_id, community_id=staff.community_id, area_id=staff.area_id
    ).exists()
