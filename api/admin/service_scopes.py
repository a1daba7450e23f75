"""What organizations serve where, and their purchased projects."""

from __future__ import annotations

from datetime import date

from sanic import Blueprint, Request

from api.endpoint import endpoint
from api.schemas import (
    Body,
    Changes,
    Code,
    Coded,
    Id,
    LongName,
    Named,
    Out,
    Page,
    PageQuery,
    may_stay,
    page_of,
)
from models import Role, ServiceScope
from services import service_scopes
from services.access import DESK, ORGANIZATION_ROLES

bp = Blueprint("service_scopes")
TAGS = ["organizations"]
READERS = DESK | ORGANIZATION_ROLES | {Role.GRID_LEADER}


class ScopeOut(Out):
    """A category served in one area, community or grid."""

    id: int
    organization_id: int
    category: Coded
    area: Named | None
    community: Named | None
    grid: Named | None
    project: Named | None

    @classmethod
    def of(cls, row: ServiceScope) -> ScopeOut:
        """One scope whose relations are fetched."""
        places = {
            name: Named.model_validate(getattr(row, name)) if getattr(row, f"{name}_id") else None
            for name in ("area", "community", "grid", "project")
        }
        return cls(
            id=row.id,
            organization_id=row.organization_id,
            category=Coded.model_validate(row.category),
            **places,
        )


class ScopeBody(Body):
    """A category and exactly one of area, community, grid."""

    category: Code
    area_id: Id | None = None
    community_id: Id | None = None
    grid_id: Id | None = None
    project_id: Id | None = None


class ProjectOut(Out):
    """服务项目."""

    id: int
    organization_id: int
    name: str
    starts_on: date
    ends_on: date


class ProjectBody(Body):
    """A purchased project."""

    name: LongName
    starts_on: date
    ends_on: date


class ProjectChanges(Changes):
    """What is to be different about a project."""

    name: LongName = may_stay()
    starts_on: date = may_stay()
    ends_on: date = may_stay()


@bp.get("/organizations/<organization_id:int>/scopes")
@endpoint(query=PageQuery, returns=Page[ScopeOut], roles=READERS, tags=TAGS)
async def list_scopes(request: Request, organization_id: int, query: PageQuery) -> Page[ScopeOut]:
    """List what an organization serves where."""
    found = await service_scopes.list_scopes(request.ctx.actor, organization_id)
    return page_of(found, query, ScopeOut.of, lambda one: one.id)


@bp.post("/organizations/<organization_id:int>/scopes")
@endpoint(body=ScopeBody, returns=ScopeOut, roles=DESK, tags=TAGS, status=201)
async def add_scope(request: Request, organization_id: int, body: ScopeBody) -> ScopeOut:
    """Let an organization serve a category in a place."""
    place = service_scopes.Place(body.area_id, body.community_id, body.grid_id)
    found = await service_scopes.add_scope(
        request.ctx.actor, organization_id, body.category, place, project_id=body.project_id
    )
    return ScopeOut.of(found)


@bp.delete("/service-scopes/<scope_id:int>")
@endpoint(roles=DESK, tags=TAGS, status=204)
async def remove_scope(request: Request, scope_id: int) -> None:
    """Let an organization no longer serve this."""
    await service_scopes.remove_scope(request.ctx.actor, scope_id)


@bp.get("/organizations/<organization_id:int>/projects")
@endpoint(query=PageQuery, returns=Page[ProjectOut], roles=READERS, tags=TAGS)
async def list_projects(request: Request, organization_id: int, query: PageQuery) -> Page[ProjectOut]:
    """List the purchased projects of an organization."""
    found = await service_scopes.list_projects(request.ctx.actor, organization_id)
    return page_of(found, query, ProjectOut.model_validate, lambda one: one.id)


@bp.post("/organizations/<organization_id:int>/projects")
@endpoint(body=ProjectBody, returns=ProjectOut, roles=DESK, tags=TAGS, status=201)
async def create_project(request: Request, organization_id: int, body: ProjectBody) -> ProjectOut:
    """Enter a purchased project."""
    found = await service_scopes.create_project(request.ctx.actor, organization_id, body.model_dump())
    return ProjectOut.model_validate(found)


@bp.patch("/service-projects/<project_id:int>")
@endpoint(body=ProjectChanges, returns=ProjectOut, roles=DESK, tags=TAGS)
async def update_project(request: Request, project_id: int, body: ProjectChanges) -> ProjectOut:
    """Change name or period of a project."""
    found = await service_scopes.update_project(request.ctx.actor, project_id, body.given())
    return ProjectOut.model_validate(found)
