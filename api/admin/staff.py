"""Logins of staff."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field
from sanic import Blueprint, Request

from api.admin.login import NewPassword
from api.admin.posts import CodeOut, PersonChanges, PersonName, PersonOut, person
from api.endpoint import endpoint
from api.schemas import Body, Id, Name, Page, PageQuery, Phone, may_stay, paged
from models import Role, Staff
from services import staffing
from services.access import DESK

bp = Blueprint("staff", url_prefix="/staff")
TAGS = ["staff"]
StaffRole = Literal[
    Role.CITY,
    Role.TOWN,
    Role.COMMUNITY_STAFF,
    Role.GRID_LEADER,
    Role.GRID_MEMBER,
    Role.ORGANIZATION_MANAGER,
    Role.ORGANIZATION_MEMBER,
]


class StaffOut(PersonOut):
    """工作人员."""

    username: str
    area_id: int | None
    community_id: int | None
    grid_member_id: int | None
    organization_member_id: int | None
    on_duty: bool
    deputy_id: int | None

    @classmethod
    def of(cls, row: Staff) -> StaffOut:
        """One login, without its password."""
        same = ("username", "area_id", "community_id", "grid_member_id", "organization_member_id")
        more = ("on_duty", "deputy_id")
        return cls(**person(row), **{name: getattr(row, name) for name in same + more})


class StaffBody(Body):
    """A new login: a role, and exactly the place that this role needs."""

    username: Annotated[str, Field(pattern=r"^[a-z][a-z0-9._-]{1,31}$")]
    password: NewPassword
    role: StaffRole
    title: Name
    name: PersonName = ""
    phone: Phone = ""
    area_id: Id | None = None
    community_id: Id | None = None
    grid_member_id: Id | None = None
    organization_member_id: Id | None = None
    on_duty: bool = False
    leave_from: date | None = None
    leave_until: date | None = None
    deputy_id: Id | None = None


class StaffChanges(PersonChanges):
    """What is to be different about a login; role and place stay."""

    on_duty: bool = may_stay()
    deputy_id: Id | None = None


class NewPasswordBody(Body):
    """A new password."""

    password: NewPassword


@bp.get("/")
@endpoint(query=PageQuery, returns=Page[StaffOut], roles=DESK, tags=TAGS)
async def list_staff(request: Request, query: PageQuery) -> Page[StaffOut]:
    """List logins."""
    found = await staffing.list_staff(request.ctx.actor, after=query.after, limit=query.size + 1)
    return paged(found, query.size, StaffOut.of, lambda one: one.id)


@bp.post("/")
@endpoint(body=StaffBody, returns=StaffOut, roles=DESK, tags=TAGS, status=201)
async def create_staff(request: Request, body: StaffBody) -> StaffOut:
    """Add a login."""
    values = body.model_dump(exclude={"password"})
    return StaffOut.of(await staffing.create_staff(request.ctx.actor, body.password, values))


@bp.patch("/<staff_id:int>")
@endpoint(body=StaffChanges, returns=StaffOut, roles=DESK, tags=TAGS)
async def update_staff(request: Request, staff_id: int, body: StaffChanges) -> StaffOut:
    """Change a login; the last one on duty stays."""
    return StaffOut.of(await staffing.update_staff(request.ctx.actor, staff_id, body.given()))


@bp.post("/<staff_id:int>/password")
@endpoint(body=NewPasswordBody, roles=DESK, tags=TAGS, status=204)
async def set_password(request: Request, staff_id: int, body: NewPasswordBody) -> None:
    """Give a login a new password; its present logins end."""
    await staffing.set_password(request.ctx.actor, staff_id, body.password)


@bp.post("/<staff_id:int>/binding-code")
@endpoint(returns=CodeOut, roles=DESK, tags=TAGS, status=201)
async def issue_staff_code(request: Request, staff_id: int) -> CodeOut:
    """Issue a one-time code that ties a WeChat user to this desk."""
    return CodeOut.of(await staffing.issue_code(request.ctx.actor, staff_id))
