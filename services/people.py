"""Grid members: who walks which grid, how much they take, when they are away, how WeChat finds them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models import GridMember, Role, phone_hash, writing
from services import audit, binding_codes, leaving, revisions
from services.access import DESK, Actor, require_community, require_role
from services.binding_codes import IssuedCode
from services.errors import Invalid, NotFound
from services.grids import grid_in_scope

GRID_ROLES = frozenset({Role.GRID_LEADER, Role.GRID_MEMBER})


async def list_grid_members(
    actor: Actor,
    *,
    community_id: int | None,
    grid_id: int | None,
    active: bool | None,
    after: int | None,
    limit: int,
) -> list[GridMember]:
    """Grid members of the communities in the actor's scope, with their grids, by id."""
    require_role(actor, *DESK, Role.GRID_LEADER)
    found = GridMember.filter(community_id__in=actor.community_ids)
    for name, value in (("community_id", community_id), ("grid_id", grid_id), ("active", active)):
        if value is not None:
            found = found.filter(**{name: value})
    if after is not None:
        found = found.filter(id__gt=after)
    return await found.order_by("id").limit(limit).select_related("grid")


async def grid_member(actor: Actor, member_id: int) -> GridMember:
    """One grid member with the grid. Raises: NotFound, Forbidden."""
    member = await GridMember.get_or_none(id=member_id).select_related("grid")
    if member is None:
        raise NotFound("没有找到这位网格员。")
    require_community(actor, member.community_id)
    return member


async def create_grid_member(actor: Actor, grid_id: int, values: Mapping[str, Any]) -> GridMember:
    """A new post in a grid; a binding code ties a person to it. Raises: NotFound, Forbidden, Invalid."""
    require_role(actor, *DESK)
    async with writing():
        await revisions.bump(revisions.ROSTER)
        grid = await grid_in_scope(actor, grid_id)
        member = GridMember(community_id=grid.community_id, grid=grid, **with_phone_hash(values))
        await _check(member)
        await member.save(force_create=True)
        await audit.record(
            actor, "grid_member.create", f"grid member {member.id}", community_id=member.community_id
        )
    return member


async def update_grid_member(actor: Actor, member_id: int, changes: Mapping[str, Any]) -> GridMember:
    """Change a post. Made inactive, its open appeals move on and its logins end, until it is active again.

    Raises: NotFound, Forbidden, Invalid.
    """
    require_role(actor, *DESK)
    async with writing():
        await revisions.bump(revisions.ROSTER)
        member = await grid_member(actor, member_id)
        if "grid_id" in changes:
            await _move(actor, member, int(changes["grid_id"]))
        was_active = member.active
        member = member.update_from_dict(with_phone_hash(changes))
        await _check(member)
        await member.save()
        if was_active and not member.active:
            await leaving.grid_member_leaves(actor, member)
        await audit.record(
            actor,
            "grid_member.update",
            f"grid member {member_id}",
            community_id=member.community_id,
            fields=sorted(changes),
        )
    return member


async def _move(actor: Actor, member: GridMember, grid_id: int) -> None:
    grid = await grid_in_scope(actor, grid_id)
    if grid.community_id != member.community_id:
        raise Invalid("网格员只能在本村（社区）内调整网格。")
    member.grid = grid


async def _check(member: GridMember) -> None:
    if member.role not in GRID_ROLES:
        raise Invalid("只能是网格长或网格员。")
    check_leave(member.leave_from, member.leave_until)
    if member.deputy_id is None:
        return
    there = await GridMember.filter(id=member.deputy_id, community_id=member.community_id).exists()
    if member.deputy_id == member.id or not there:
        raise Invalid("代班人要是本村（社区）的另一位网格员。")


def check_leave(starts: Any, ends: Any) -> None:  # noqa: ANN401 - dates or None
    """Refuse a leave that ends before it starts, or ends without starting. Raises: Invalid."""
    if ends is not None and (starts is None or ends < starts):
        raise Invalid("请假结束日期要在开始日期之后。")


def with_phone_hash(values: Mapping[str, Any]) -> dict[str, Any]:
    """The same values; a phone brings the hash by which it is found again."""
    found = dict(values)
    if "phone" in found:
        found["phone_hash"] = phone_hash(found["phone"])
    return found


async def issue_code(actor: Actor, member_id: int) -> IssuedCode:
    """A one-time code that ties a WeChat user to this post. Raises: NotFound, Forbidden, Invalid."""
    require_role(actor, *DESK)
    async with writing():
        member = await grid_member(actor, member_id)
        if not member.active:
            raise Invalid("这位网格员已停用。")
        issued = await binding_codes.store(grid_member_id=member_id)
        await audit.record(
            actor, "grid_member.code", f"grid member {member_id}", community_id=member.community_id
        )
    return issued
