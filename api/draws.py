"""Draws of lots, for everybody: the seed, the list and the order, so that anybody can check them."""

from __future__ import annotations

from sanic import Blueprint, Request

from api.admin.laying_schemas import DrawOut
from api.endpoint import endpoint
from services.slots import drawing

bp = Blueprint("draws", url_prefix="/api/v1")


@bp.get("/draws/<slot_id:int>")
@endpoint(returns=DrawOut, roles=None, tags=["draws"])
async def read_draw(_request: Request, slot_id: int) -> DrawOut:
    """Show a published draw: the seed's hash at once, the list once closed, the seed once drawn."""
    return DrawOut.of(await drawing.published(slot_id))
