"""On the day: who came, by code, by the room's code, by name, and what devices recorded offline."""

from __future__ import annotations

from sanic import Blueprint, HTTPResponse, Request

from api.admin.check_in_schemas import (
    AttendanceBody,
    AttendanceOut,
    BatchBody,
    BatchOut,
    CheckInBody,
    CheckInOut,
    EntryOut,
    ListOut,
    UndoneOut,
)
from api.endpoint import endpoint
from api.schemas import Label
from api.wechat import wechat_if_any
from services.access import DESK
from services.slots import checkin, checklist, room, settling

bp = Blueprint("check_ins")
TAGS = ["check-ins"]


@bp.post("/slots/<slot_id:int>/check-ins")
@endpoint(body=CheckInBody, returns=CheckInOut, roles=DESK, tags=TAGS)
async def check_in(request: Request, slot_id: int, body: CheckInBody) -> CheckInOut:
    """Check in whose code was scanned, or who was ticked on the list."""
    return CheckInOut.of(await checkin.by_staff(request.ctx.actor, slot_id, body.report()))


@bp.delete("/check-ins/<check_in_id:int>")
@endpoint(returns=UndoneOut, roles=DESK, tags=TAGS)
async def undo_check_in(request: Request, check_in_id: int) -> UndoneOut:
    """Take back a check-in that was a mistake; its code stays used."""
    return UndoneOut.of(await checkin.undo(request.ctx.actor, check_in_id))


@bp.get("/slots/<slot_id:int>/check-list")
@endpoint(returns=ListOut, roles=DESK, tags=TAGS)
async def show_check_list(request: Request, slot_id: int) -> ListOut:
    """Give the list to take along, masked, with the key that verifies codes without network."""
    return ListOut.of(*await checklist.of(request.ctx.actor, slot_id))


@bp.post("/slots/<slot_id:int>/check-in-batches")
@endpoint(body=BatchBody, returns=BatchOut, roles=DESK, tags=TAGS)
async def report_check_ins(request: Request, slot_id: int, body: BatchBody) -> BatchOut:
    """Take what a device recorded offline; sent again it changes nothing."""
    reports = [one.report(one.at) for one in body.entries]
    found = await checklist.report(request.ctx.actor, slot_id, reports)
    return BatchOut(entries=[EntryOut.of(report, answer) for report, answer in found])


@bp.get("/slots/<slot_id:int>/room-code")
@endpoint(roles=DESK, tags=TAGS, content="image/png", also={503})
async def show_room_code(request: Request, slot_id: int) -> HTTPResponse:
    """Give the mini-program code for the room, to be printed or shown on a screen."""
    image = await room.code(request.ctx.actor, slot_id, wechat_if_any(request))
    headers = {"x-content-type-options": "nosniff"}
    return HTTPResponse(image.content, content_type=image.content_type, headers=headers)


@bp.post("/slots/<slot_id:int>/attendance")
@endpoint(body=AttendanceBody, returns=AttendanceOut, roles=DESK, tags=TAGS)
async def say_attendance(request: Request, slot_id: int, body: AttendanceBody) -> AttendanceOut:
    """Say that attendance was taken, or was not: then nobody counts as absent."""
    slot = await settling.say(request.ctx.actor, slot_id, body.attendance, body.reason)
    return AttendanceOut(slot_id=slot.id, attendance=Label.of(slot.attendance))
