"""Organizations and the people who act for them."""

from __future__ import annotations

from datetime import date
from typing import Literal

from sanic import Blueprint, Request

from api.admin.posts import Cap, CodeOut, LeaveChanges, PersonChanges, PersonName, PersonOut, person
from api.endpoint import endpoint
from api.schemas import Body, Id, LongName, Name, Out, Page, PageQuery, Phone, may_stay, page_of, paged
from models import OrganizationMember, Role
from services import organizations
from services.access import DESK, ORGANIZATION_ROLES

bp = Blueprint("organizations")
TAGS = ["organizations"]
READERS = DESK | ORGANIZATION_ROLES | {Role.GRID_LEADER}
MANAGERS = DESK | {Role.ORGANIZATION_MANAGER}
MemberRole = Literal[Role.ORGANIZATION_MANAGER, Role.ORGANIZATION_MEMBER]


class OrganizationQuery(PageQuery):
    """Filters of the list."""

    active: bool | None = None


class OrganizationOut(Out):
    """社会组织."""

    id: int
    area_id: int
    name: str
    phone: str
    cap: int
    deputy_id: int | None
    active: bool
    leave_from: date | None
    leave_until: date | None


class OrganizationBody(Body):
    """A new organization."""

    area_id: Id
    name: LongName
    phone: Phone = ""
    cap: Cap = 50
    deputy_id: Id | None = None


class OrganizationChanges(LeaveChanges):
    """What is to be different; its manager may change the leave alone."""

    name: LongName = may_stay()
    phone: Phone = may_stay()
    cap: Cap = may_stay()
    deputy_id: Id | None = None
    active: bool = may_stay()


class MemberOut(PersonOut):
    """组织成员."""

    organization_id: int

    @classmethod
    def of(cls, row: OrganizationMember) -> MemberOut:
        """One member."""
        return cls(**person(row), organization_id=row.organization_id)


class MemberBody(Body):
    """A new post in an organization."""

    role: MemberRole = Role.ORGANIZATION_MEMBER
    title: Name
    name: PersonName = ""
    phone: Phone = ""


class MemberChanges(PersonChanges):
    """What is to be different about a post."""

    role: MemberRole = may_stay()


@bp.get("/organizations")
@endpoint(query=OrganizationQuery, returns=Page[OrganizationOut], roles=READERS, tags=TAGS)
async def list_organizations(request: Request, query: OrganizationQuery) -> Page[OrganizationOut]:
    """List organizations."""
    found = await organizations.list_organizations(
        request.ctx.actor, active=query.active, after=query.after, limit=query.size + 1
    )
    return paged(found, query.size, OrganizationOut.model_validate, lambda one: one.id)


@bp.post("/organizations")
@endpoint(body=OrganizationBody, returns=OrganizationOut, roles=DESK, tags=TAGS, status=201)
async def create_organization(request: Request, body: OrganizationBody) -> OrganizationOut:
    """Add an organization to an area."""
    values = body.model_dump(exclude={"area_id"})
    found = await organizations.create_organization(request.ctx.actor, body.area_id, values)
    return OrganizationOut.model_validate(found)


@bp.patch("/organizations/<organization_id:int>")
@endpoint(body=OrganizationChanges, returns=OrganizationOut, roles=MANAGERS, tags=TAGS)
async def update_organization(
    request: Request, organization_id: int, body: OrganizationChanges
) -> OrganizationOut:
    """Change an organization: cap, leave, deputy, whether it takes part."""
    found = await organizations.update_organization(request.ctx.actor, organization_id, body.given())
    return OrganizationOut.model_validate(found)


@bp.get("/organizations/<organization_id:int>/members")
@endpoint(query=PageQuery, returns=Page[MemberOut], roles=MANAGERS, tags=TAGS)
async def list_members(request: Request, organization_id: int, query: PageQuery) -> Page[MemberOut]:
    """List who acts for an organization."""
    found = await organizations.list_members(request.ctx.actor, organization_id)
    return page_of(found, query, MemberOut.of, lambda one: one.id)


@bp.post("/organizations/<organization_id:int>/members")
@endpoint(body=MemberBody, returns=MemberOut, roles=MANAGERS, tags=TAGS, status=201)
async def create_member(request: Request, organization_id: int, body: MemberBody) -> MemberOut:
    """Add a post to an organization."""
    values = body.model_dump()
    return MemberOut.of(await organizations.create_member(request.ctx.actor, organization_id, values))


@bp.patch("/organization-members/<member_id:int>")
@endpoint(body=MemberChanges, returns=MemberOut, roles=MANAGERS, tags=TAGS)
async def update_member(request: Request, member_id: int, body: MemberChanges) -> MemberOut:
    """Change a post."""
    return MemberOut.of(await organizations.update_member(request.ctx.actor, member_id, body.given()))


@bp.post("/organization-members/<member_id:int>/binding-code")
@endpoint(returns=CodeOut, roles=MANAGERS, tags=TAGS, status=201)
async def issue_member_code(request: Request, member_id: int) -> CodeOut:
    """Issue a one-time code that ties a WeChat user to this post."""
    return CodeOut.of(await organizations.issue_code(request.ctx.actor, member_id))
