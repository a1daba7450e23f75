"""Grid members and grid leaders."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field
from sanic import Blueprint, Request

from api.admin.posts import Cap, CodeOut, PersonChanges, PersonName, PersonOut, person
from api.endpoint import endpoint
from api.schemas import PLAIN, Body, Id, Name, Named, Page, PageQuery, Phone, may_stay, paged
from models import GridMember, Role
from services import people
from services.access import DESK

bp = Blueprint("grid_members", url_prefix="/grid-members")
TAGS = ["people"]
READERS = DESK | {Role.GRID_LEADER}
GridRole = Literal[Role.GRID_LEADER, Role.GRID_MEMBER]


class GridMemberQuery(PageQuery):
    """Filters of the list."""

    community: Id | None = None
    grid: Id | None = None
    active: bool | None = None


class GridMemberOut(PersonOut):
    """网格员."""

    community_id: int
    grid: Named
    duty_post: str
    cap: int
    deputy_id: int | None

    @classmethod
    def of(cls, row: GridMember) -> GridMemberOut:
        """One grid member whose grid is fetched."""
        same = {name: getattr(row, name) for name in ("community_id", "duty_post", "cap", "deputy_id")}
        return cls(**person(row), **same, grid=Named.model_validate(row.grid))


class GridMemberBody(Body):
    """A new post in a grid."""

    grid_id: Id
    role: GridRole = Role.GRID_MEMBER
    title: Name
    name: PersonName = ""
    phone: Phone = ""
    duty_post: str = Field(default="", max_length=32, pattern=PLAIN)
    cap: Cap = 20
    leave_from: date | None = None
    leave_until: date | None = None
    deputy_id: Id | None = None


class GridMemberChanges(PersonChanges):
    """What is to be different about a post."""

    grid_id: Id = may_stay()
    role: GridRole = may_stay()
    duty_post: str = Field(default_factory=str, max_length=32, pattern=PLAIN)
    cap: Cap = may_stay()
    deputy_id: Id | None = None


@bp.get("/")
@endpoint(query=GridMemberQuery, returns=Page[GridMemberOut], roles=READERS, tags=TAGS)
async def list_grid_members(request: Request, query: GridMemberQuery) -> Page[GridMemberOut]:
    """List grid members."""
    found = await people.list_grid_members(
        request.ctx.actor,
        community_id=query.community,
        grid_id=query.grid,
        active=query.active,
        after=query.after,
        limit=query.size + 1,
    )
    return paged(found, query.size, GridMemberOut.of, lambda one: one.id)


@bp.post("/")
@endpoint(body=GridMemberBody, returns=GridMemberOut, roles=DESK, tags=TAGS, status=201)
async def create_grid_member(request: Request, body: GridMemberBody) -> GridMemberOut:
    """Add a post to a grid."""
    values = body.model_dump(exclude={"grid_id"})
    return GridMemberOut.of(await people.create_grid_member(request.ctx.actor, body.grid_id, values))


@bp.patch("/<member_id:int>")
@endpoint(body=GridMemberChanges, returns=GridMemberOut, roles=DESK, tags=TAGS)
async def update_grid_member(request: Request, member_id: int, body: GridMemberChanges) -> GridMemberOut:
    """Change a post: cap, leave, deputy, whether it is filled."""
    return GridMemberOut.of(await people.update_grid_member(request.ctx.actor, member_id, body.given()))


@bp.post("/<member_id:int>/binding-code")
@endpoint(returns=CodeOut, roles=DESK, tags=TAGS, status=201)
async def issue_grid_member_code(request: Request, member_id: int) -> CodeOut:
    """Issue a one-time code that ties a WeChat user to this post."""
    return CodeOut.of(await people.issue_code(request.ctx.actor, member_id))
