"""Slots laid out many at once: weekly, by opening hours, last week again; seasons of plots and their lots."""

from __future__ import annotations

from datetime import timedelta

from sanic import Blueprint, Request

from api.admin.laying_schemas import (
    CopyBody,
    DrawBody,
    DrawOut,
    OpeningBody,
    PlanOut,
    SeasonBody,
    WeeklyBody,
)
from api.endpoint import endpoint
from services.access import DESK
from services.slots import drawing, laying, seasons
from services.slots.offerings import OPERATORS

bp = Blueprint("laying")
TAGS = ["slots"]


@bp.post("/offerings/<offering_id:int>/series")
@endpoint(body=WeeklyBody, returns=PlanOut, roles=OPERATORS, tags=TAGS)
async def lay_series(request: Request, offering_id: int, body: WeeklyBody) -> PlanOut:
    """Preview or make the slots of a weekly class; making it twice makes nothing new."""
    plan = await laying.weekly(
        request.ctx.actor, offering_id, body.series(), body.places(), body.off(), make=body.make
    )
    return PlanOut.of(plan, made=body.make)


@bp.post("/offerings/<offering_id:int>/opening")
@endpoint(body=OpeningBody, returns=PlanOut, roles=OPERATORS, tags=TAGS)
async def lay_opening(request: Request, offering_id: int, body: OpeningBody) -> PlanOut:
    """Preview or make slots out of a venue's opening hours."""
    pieces = (timedelta(minutes=body.length_minutes), timedelta(minutes=body.gap_minutes))
    plan = await laying.opening(
        request.ctx.actor,
        offering_id,
        (body.first, body.last),
        pieces,
        body.places(),
        body.off(),
        make=body.make,
    )
    return PlanOut.of(plan, made=body.make)


@bp.post("/offerings/<offering_id:int>/copied-week")
@endpoint(body=CopyBody, returns=PlanOut, roles=OPERATORS, tags=TAGS)
async def copy_week(request: Request, offering_id: int, body: CopyBody) -> PlanOut:
    """Preview or make the slots of one week again in the week after it."""
    plan = await laying.next_week(request.ctx.actor, offering_id, body.week, body.off(), make=body.make)
    return PlanOut.of(plan, made=body.make)


@bp.post("/offerings/<offering_id:int>/seasons")
@endpoint(body=SeasonBody, returns=DrawOut, roles=DESK, tags=TAGS, status=201, once=True)
async def open_season(request: Request, offering_id: int, body: SeasonBody) -> DrawOut:
    """Open a season of plots: renewals first, then applications, then lots; the seed is sealed now."""
    draw = await seasons.open_season(request.ctx.actor, offering_id, seasons.Season(**body.model_dump()))
    return DrawOut.of(await drawing.seen(request.ctx.actor, draw.slot_id))


@bp.get("/slots/<slot_id:int>/draw")
@endpoint(returns=DrawOut, roles=OPERATORS, tags=TAGS)
async def show_draw(request: Request, slot_id: int) -> DrawOut:
    """Show a draw as it will be published, drafts included."""
    return DrawOut.of(await drawing.seen(request.ctx.actor, slot_id))


@bp.post("/slots/<slot_id:int>/draw")
@endpoint(body=DrawBody, returns=DrawOut, roles=DESK, tags=TAGS)
async def draw_lots(request: Request, slot_id: int, body: DrawBody) -> DrawOut:
    """Draw the lots now that applications are closed, with the public number where one was named."""
    _ = await drawing.draw_now(request.ctx.actor, slot_id, body.public_value)
    return DrawOut.of(await drawing.seen(request.ctx.actor, slot_id))
