"""Areas, communities, grids and the days that staff entered."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field
from sanic import Blueprint, Request

from api.endpoint import endpoint
from api.schemas import (
    Body,
    Changes,
    Clock,
    Id,
    Label,
    LongName,
    Out,
    Page,
    PageQuery,
    may_stay,
    page_of,
    paged,
)
from models import Area, Community, CommunityDay, Grid, Role
from services import areas, grids
from services.access import ABOVE_COMMUNITY, DESK

bp = Blueprint("areas")
TAGS = ["places"]

Datum = Literal["GCJ-02", "WGS-84"]
Degrees = Annotated[float, Field(ge=-180, le=180)]
Corner = Annotated[list[Degrees], Field(min_length=2, max_length=2)]
Polygon = Annotated[list[Corner], Field(min_length=3, max_length=500, description="[lng, lat] corners")]


class AreaOut(Out):
    """镇街/区/市."""

    id: int
    name: str
    level: Label
    parent_id: int | None

    @classmethod
    def of(cls, area: Area) -> AreaOut:
        """One area."""
        return cls(id=area.id, name=area.name, level=Label.of(area.level), parent_id=area.parent_id)


class CommunityOut(Out):
    """村/社区."""

    id: int
    area_id: int
    code: str
    name: str
    work_start: str
    work_end: str
    active: bool
    absences_until_block: int | None
    absence_days: int | None
    block_days: int | None


class CommunityBody(Body):
    """A new community."""

    area_id: Id
    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,31}$")]
    name: LongName


Times = Annotated[
    int | None, Field(ge=1, le=100, description="absences until somebody is blocked, null: the usual number")
]
Within = Annotated[
    int | None, Field(ge=1, le=3650, description="days within which absences count, null: as usual")
]
Length = Annotated[int | None, Field(ge=1, le=3650, description="days that a block lasts, null: as usual")]


class CommunityChanges(Changes):
    """Name, working hours, whether it takes part, what follows from staying away from now on."""

    name: LongName = may_stay()
    work_start: Clock = may_stay()
    work_end: Clock = may_stay()
    active: bool = may_stay()
    absences_until_block: Times = may_stay()
    absence_days: Within = may_stay()
    block_days: Length = may_stay()


class DayOut(Out):
    """A day that staff entered."""

    day: date
    working: bool


class DayBody(Body):
    """Whether people work on it."""

    working: bool


class GridOut(Out):
    """网格."""

    id: int
    community_id: int
    name: str
    position: int
    polygon: list[list[float]] | None
    datum: str
    active: bool


class GridBody(Body):
    """A new grid."""

    community_id: Id
    name: LongName
    position: int = Field(default=0, ge=0, le=10_000)
    polygon: Polygon | None = None
    datum: Datum = "GCJ-02"


class GridChanges(Changes):
    """What is to be different about a grid."""

    name: LongName = may_stay()
    position: Annotated[int, Field(ge=0, le=10_000)] = may_stay()
    polygon: Polygon | None = None
    datum: Datum = may_stay()
    active: bool = may_stay()


class GridQuery(PageQuery):
    """Grids of one community, or of all in scope."""

    community: Id | None = None


@bp.get("/areas")
@endpoint(query=PageQuery, returns=Page[AreaOut], roles=DESK, tags=TAGS)
async def list_areas(request: Request, query: PageQuery) -> Page[AreaOut]:
    """List the areas in the caller's scope."""
    return page_of(await areas.list_areas(request.ctx.actor), query, AreaOut.of, _id)


@bp.get("/communities")
@endpoint(query=PageQuery, returns=Page[CommunityOut], tags=TAGS)
async def list_communities(request: Request, query: PageQuery) -> Page[CommunityOut]:
    """List the communities in the caller's scope."""
    found = await areas.list_communities(request.ctx.actor, after=query.after, limit=query.size + 1)
    return paged(found, query.size, CommunityOut.model_validate, _id)


@bp.post("/communities")
@endpoint(body=CommunityBody, returns=CommunityOut, roles=ABOVE_COMMUNITY, tags=TAGS, status=201)
async def create_community(request: Request, body: CommunityBody) -> CommunityOut:
    """Add a community to an area."""
    found = await areas.create_community(
        request.ctx.actor, area_id=body.area_id, code=body.code, name=body.name
    )
    return CommunityOut.model_validate(found)


@bp.patch("/communities/<community_id:int>")
@endpoint(body=CommunityChanges, returns=CommunityOut, roles=DESK, tags=TAGS)
async def update_community(request: Request, community_id: int, body: CommunityChanges) -> CommunityOut:
    """Change a community."""
    found = await areas.update_community(request.ctx.actor, community_id, body.given())
    return CommunityOut.model_validate(found)


@bp.get("/communities/<community_id:int>/days")
@endpoint(query=PageQuery, returns=Page[DayOut], roles=DESK, tags=TAGS)
async def list_days(request: Request, community_id: int, query: PageQuery) -> Page[DayOut]:
    """List the days that staff entered against the national calendar."""
    found = await areas.list_days(request.ctx.actor, community_id)
    return page_of(found, query, DayOut.model_validate, lambda one: one.day.toordinal())


@bp.put("/communities/<community_id:int>/days/<day:ymd>")
@endpoint(body=DayBody, returns=DayOut, roles=DESK, tags=TAGS)
async def set_day(request: Request, community_id: int, day: date, body: DayBody) -> DayOut:
    """Enter a day as working or free."""
    found: CommunityDay = await areas.set_day(request.ctx.actor, community_id, day, working=body.working)
    return DayOut.model_validate(found)


@bp.delete("/communities/<community_id:int>/days/<day:ymd>")
@endpoint(roles=DESK, tags=TAGS, status=204)
async def forget_day(request: Request, community_id: int, day: date) -> None:
    """Let the national calendar decide about a day again."""
    await areas.forget_day(request.ctx.actor, community_id, day)


@bp.get("/grids")
@endpoint(query=GridQuery, returns=Page[GridOut], roles=DESK | {Role.GRID_LEADER}, tags=TAGS)
async def list_grids(request: Request, query: GridQuery) -> Page[GridOut]:
    """List grids."""
    found = await grids.list_grids(
        request.ctx.actor, community_id=query.community, after=query.after, limit=query.size + 1
    )
    return paged(found, query.size, GridOut.model_validate, _id)


@bp.post("/grids")
@endpoint(body=GridBody, returns=GridOut, roles=DESK, tags=TAGS, status=201)
async def create_grid(request: Request, body: GridBody) -> GridOut:
    """Add a grid to a community."""
    values = body.model_dump(exclude={"community_id"})
    return GridOut.model_validate(await grids.create_grid(request.ctx.actor, body.community_id, values))


@bp.patch("/grids/<grid_id:int>")
@endpoint(body=GridChanges, returns=GridOut, roles=DESK, tags=TAGS)
async def update_grid(request: Request, grid_id: int, body: GridChanges) -> GridOut:
    """Change a grid."""
    return GridOut.model_validate(await grids.update_grid(request.ctx.actor, grid_id, body.given()))


def _id(row: Area | Community | Grid) -> int:
    return int(row.id)
