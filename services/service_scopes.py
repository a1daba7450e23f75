"""What organizations serve where, and the purchased projects under which they do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models import Category, Grid, ServiceProject, ServiceScope, writing
from services import audit, revisions
from services.access import ABOVE_COMMUNITY, DESK, Actor, require_community, require_role
from services.areas import own_areas
from services.errors import Conflict, Forbidden, Invalid, NotFound
from services.organizations import organization, steered


@dataclass(frozen=True, slots=True)
class Place:
    """Where a scope lies: exactly one of these."""

    area_id: int | None = None
    community_id: int | None = None
    grid_id: int | None = None


async def list_scopes(actor: Actor, organization_id: int) -> list[ServiceScope]:
    """What an organization in the actor's sight serves, with category, place and project, by id."""
    _ = await organization(actor, organization_id)
    return (
        await ServiceScope.filter(organization_id=organization_id)
        .order_by("id")
        .limit(1000)
        .select_related("category", "area", "community", "grid", "project")
    )


async def add_scope(
    actor: Actor, organization_id: int, category: str, place: Place, *, project_id: int | None
) -> ServiceScope:
    """Let an organization serve a category in a place of the actor's.

    Raises: NotFound, Forbidden (organization or place), Invalid, Conflict (it does already).
    """
    require_role(actor, *DESK)
    async with writing():
        await revisions.bump(revisions.ROSTER)
        _ = await organization(actor, organization_id)
        await _require_place(actor, place)
        found = await Category.get_or_none(code=category)
        if found is None:
            raise NotFound(f"没有“{category}”这个类别。")
        await _require_project(organization_id, project_id)
        columns = {name: getattr(place, name) for name in Place.__slots__}
        if await ServiceScope.filter(organization_id=organization_id, category=found, **columns).exists():
            raise Conflict("这个社会组织已经在这里服务这个类别。")
        scope = await ServiceScope.create(
            organization_id=organization_id, category=found, project_id=project_id, **columns
        )
        (made,) = await list_of(scope.id)
        await audit.record(
            actor,
            "scope.add",
            f"organization {organization_id}",
            community_id=place.community_id,
            **_named(made),
        )
    return made


async def list_of(*scope_ids: int) -> list[ServiceScope]:
    """These scopes with organization, category, place and project."""
    return await ServiceScope.filter(id__in=scope_ids).select_related(
        "organization", "category", "area", "community", "grid", "project"
    )


def _named(scope: ServiceScope) -> dict[str, Any]:
    """Who serves what and where, in names that stay when the scope is gone."""
    places = {"area": scope.area, "community": scope.community, "grid": scope.grid}
    where = {kind: place.name for kind, place in places.items() if place is not None}
    return {"organization": scope.organization.name, "category": scope.category.name} | where


async def _require_place(actor: Actor, place: Place) -> None:
    if sum(one is not None for one in (place.area_id, place.community_id, place.grid_id)) != 1:
        raise Invalid("服务范围要写明一个地区、村（社区）或网格。")
    if place.area_id is not None:
        if actor.role not in ABOVE_COMMUNITY or place.area_id not in await own_areas(actor):
            raise Forbidden("这个地区不在您的管理范围内。")
        return
    community_id = place.community_id
    if place.grid_id is not None:
        grid = await Grid.get_or_none(id=place.grid_id)
        if grid is None:
            raise NotFound("没有找到这个网格。")
        community_id = grid.community_id
    require_community(actor, community_id or 0)


async def _require_project(organization_id: int, project_id: int | None) -> None:
    if project_id is None:
        return
    if not await ServiceProject.filter(id=project_id, organization_id=organization_id).exists():
        raise NotFound("这个社会组织没有这个服务项目。")


async def remove_scope(actor: Actor, scope_id: int) -> None:
    """Let an organization no longer serve this. Raises: NotFound, Forbidden."""
    require_role(actor, *DESK)
    async with writing():
        await revisions.bump(revisions.ROSTER)
        scope = next(iter(await list_of(scope_id)), None)
        if scope is None:
            raise NotFound("没有找到这条服务范围。")
        _ = await organization(actor, scope.organization_id)
        await _require_place(actor, Place(scope.area_id, scope.community_id, scope.grid_id))
        await scope.delete()
        await audit.record(actor, "scope.remove", f"organization {scope.organization_id}", **_named(scope))


async def list_projects(actor: Actor, organization_id: int) -> list[ServiceProject]:
    """Purchased projects of an organization in the actor's sight, by id."""
    _ = await organization(actor, organization_id)
    return await ServiceProject.filter(organization_id=organization_id).order_by("id").limit(500)


async def create_project(actor: Actor, organization_id: int, values: Mapping[str, Any]) -> ServiceProject:
    """Enter a purchased project. Raises: NotFound, Forbidden, Invalid."""
    require_role(actor, *DESK)
    async with writing():
        await revisions.bump(revisions.ROSTER)
        _ = await steered(actor, organization_id)
        project = ServiceProject(organization_id=organization_id, **values)
        _check(project)
        await project.save(force_create=True)
        await audit.record(actor, "project.create", f"project {project.id}")
    return project


async def update_project(actor: Actor, project_id: int, changes: Mapping[str, Any]) -> ServiceProject:
    """Change name or period of a project. Raises: NotFound, Forbidden, Invalid."""
    require_role(actor, *DESK)
    async with writing():
        await revisions.bump(revisions.ROSTER)
        project = await ServiceProject.get_or_none(id=project_id)
        if project is None:
            raise NotFound("没有找到这个服务项目。")
        _ = await steered(actor, project.organization_id)
        project = project.update_from_dict(dict(changes))
        _check(project)
        await project.save()
        await audit.record(actor, "project.update", f"project {project_id}", fields=sorted(changes))
    return project


def _check(project: ServiceProject) -> None:
    if project.ends_on < project.starts_on:
        raise Invalid("项目结束日期要在开始日期之后。")
