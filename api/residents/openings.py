"""What I can sign up for: activities, venues, plots, shifts."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from sanic import Blueprint, Request

from api.endpoint import RESIDENTS, endpoint
from api.residents.opening_schemas import OpenSlotOut, SlotDetailOut
from api.schemas import Id, Page, PageQuery, paged
from models import OfferingKind
from services.slots import openings

bp = Blueprint("resident_openings")
TAGS = ["residents: openings"]


class OpeningsQuery(PageQuery):
    """Which slots."""

    kind: OfferingKind | None = None
    offering_id: Annotated[Id | None, Field(description="slots of this offering alone")] = None


@bp.get("/slots")
@endpoint(query=OpeningsQuery, returns=Page[OpenSlotOut], roles=RESIDENTS, tags=TAGS)
async def list_openings(request: Request, query: OpeningsQuery) -> Page[OpenSlotOut]:
    """List what is open for sign-up to the resident's community or to everybody, the next ones first."""
    found = await openings.page(
        request.ctx.login.community_id,
        query.after,
        query.size + 1,
        kind=query.kind,
        offering_id=query.offering_id,
    )
    return paged(found, query.size, OpenSlotOut.of, lambda one: one.id)


@bp.get("/slots/<slot_id:int>")
@endpoint(returns=SlotDetailOut, roles=RESIDENTS, tags=TAGS)
async def opening(request: Request, slot_id: int) -> SlotDetailOut:
    """Show one slot with the terms of its offering."""
    return SlotDetailOut.of(await openings.shown(request.ctx.login.resident_id, slot_id))
