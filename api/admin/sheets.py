"""Lists of a slot as spreadsheets: who comes, and who is to be signed up."""

from __future__ import annotations

from urllib.parse import quote

from pydantic import Field
from sanic import Blueprint, HTTPResponse, Request

from api.endpoint import SHEET, XLSX, endpoint
from api.schemas import Out, Query
from services.access import DESK
from services.slots import attendance, bulk
from services.slots.attendance import Sheet
from services.slots.bulk import Outcome

bp = Blueprint("sheets", url_prefix="/slots")
TAGS = ["slots"]


class BulkQuery(Query):
    """How a list is signed up."""

    all_or_nothing: bool = Field(default=False, description="write nothing when one row is refused")
    again: bool = Field(default=False, description="also who cancelled this slot before")


class RowOut(Out):
    """What became of one row; `row` is its number in the sheet."""

    row: int
    outcome: Outcome
    reason: str
    sign_up_id: int | None


class BulkOut(Out):
    """What became of a list."""

    written: bool
    signed_up: int
    waiting: int
    there_already: int
    refused: int
    rows: list[RowOut]


@bp.get("/<slot_id:int>/attendance-sheet")
@endpoint(roles=DESK, tags=TAGS, content=XLSX)
async def attendance_sheet(request: Request, slot_id: int) -> HTTPResponse:
    """Give the list of who comes, with names and phones in full; this is audited."""
    return saved(await attendance.sheet(request.ctx.actor, slot_id))


@bp.get("/<slot_id:int>/sign-up-template")
@endpoint(roles=DESK, tags=TAGS, content=XLSX)
async def sign_up_template(request: Request, slot_id: int) -> HTTPResponse:
    """Give an empty list to fill in for bulk sign-up."""
    return saved(await attendance.template(request.ctx.actor, slot_id))


@bp.post("/<slot_id:int>/bulk-sign-up")
@endpoint(file=SHEET, query=BulkQuery, returns=BulkOut, roles=DESK, tags=TAGS)
async def bulk_sign_up(request: Request, slot_id: int, query: BulkQuery, file: bytes) -> BulkOut:
    """Sign up everybody on a filled-in list; every row is answered."""
    report = await bulk.sign_up_all(
        request.ctx.actor, slot_id, file, all_or_nothing=query.all_or_nothing, again=query.again
    )
    counts = {one.value: report.count(one) for one in Outcome}
    return BulkOut(written=report.written, rows=[RowOut.model_validate(one) for one in report.rows], **counts)


def saved(sheet: Sheet) -> HTTPResponse:
    """A file to save under its name."""
    name = f"attachment; filename*=UTF-8''{quote(sheet.name, safe='')}"
    return HTTPResponse(sheet.content, content_type=XLSX, headers={"content-disposition": name})
