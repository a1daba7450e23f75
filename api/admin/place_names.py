"""What people call the places in a grid, with aliases: the gazetteer that messages are read with."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from sanic import Blueprint, Request

from api.endpoint import endpoint
from api.schemas import PLAIN, Body, Changes, Id, Out, Page, PageQuery, may_stay, paged
from services import grids
from services.access import DESK

bp = Blueprint("place-names")
TAGS = ["places"]

PlaceWords = Annotated[str, Field(min_length=2, max_length=64, pattern=PLAIN)]
Aliases = Annotated[list[PlaceWords], Field(max_length=20)]


class PlaceOut(Out):
    """地名."""

    id: int
    community_id: int
    grid_id: int
    name: str
    aliases: list[str]


class PlaceBody(Body):
    """A name for a place in a grid, with what else people call it."""

    grid_id: Id
    name: PlaceWords
    aliases: Aliases = Field(default_factory=list)


class PlaceChanges(Changes):
    """Another name, other aliases; these replace the present ones."""

    name: PlaceWords = may_stay()
    aliases: Aliases = may_stay()


class PlaceQuery(PageQuery):
    """Place names of one grid, or of all in scope."""

    grid: Id | None = None


@bp.get("/place-names")
@endpoint(query=PlaceQuery, returns=Page[PlaceOut], roles=DESK, tags=TAGS)
async def list_places(request: Request, query: PlaceQuery) -> Page[PlaceOut]:
    """List place names."""
    found = await grids.list_places(
        request.ctx.actor, grid_id=query.grid, after=query.after, limit=query.size + 1
    )
    return paged(found, query.size, PlaceOut.model_validate, lambda row: row.id)


@bp.post("/place-names")
@endpoint(body=PlaceBody, returns=PlaceOut, roles=DESK, tags=TAGS, status=201)
async def add_place(request: Request, body: PlaceBody) -> PlaceOut:
    """Let a name point to a grid."""
    found = await grids.add_place(request.ctx.actor, body.grid_id, body.name, body.aliases)
    return PlaceOut.model_validate(found)


@bp.patch("/place-names/<place_id:int>")
@endpoint(body=PlaceChanges, returns=PlaceOut, roles=DESK, tags=TAGS)
async def update_place(request: Request, place_id: int, body: PlaceChanges) -> PlaceOut:
    """Change a place's name or its aliases."""
    return PlaceOut.model_validate(await grids.update_place(request.ctx.actor, place_id, body.given()))


@bp.delete("/place-names/<place_id:int>")
@endpoint(roles=DESK, tags=TAGS, status=204)
async def remove_place(request: Request, place_id: int) -> None:
    """Forget a place name."""
    await grids.remove_place(request.ctx.actor, place_id)
