"""What I may ask of you: all that is known of me, and to be forgotten."""

from __future__ import annotations

from typing import Any

from pydantic import Field
from sanic import Blueprint, Request

from api.endpoint import RESIDENTS, endpoint
from api.schemas import Body, Out
from services.errors import Invalid
from services.residents import erasing, exporting

bp = Blueprint("resident_own_data")
TAGS = ["residents: own data"]


class ExportOut(Out):
    """Everything, by subject."""

    made_at: str
    subjects: dict[str, list[dict[str, Any]]]


class EraseBody(Body):
    """`really` says that it is meant: it cannot be taken back."""

    really: bool = Field(description="must be true")


@bp.get("/me/export")
@endpoint(returns=ExportOut, roles=RESIDENTS, tags=TAGS)
async def export_own_data(request: Request) -> ExportOut:
    """Give everything that is known of whoever is logged in."""
    return ExportOut.model_validate(await exporting.export(request.ctx.login.resident_id))


@bp.post("/me/erase")
@endpoint(body=EraseBody, roles=RESIDENTS, tags=TAGS, status=204)
async def erase_own_data(request: Request, body: EraseBody) -> None:
    """Forget whoever is logged in: names and words are blanked, what is open ends, the login with it."""
    if not body.really:
        raise Invalid("注销以后不能恢复。确定要注销，请把 really 写成 true。")
    await erasing.erase(request.ctx.login.resident_id)
