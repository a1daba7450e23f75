"""Calendars to subscribe to or to save."""

from __future__ import annotations

from sanic import Blueprint, HTTPResponse, Request

from api.endpoint import endpoint
from services.slots import calendar, ics

bp = Blueprint("calendar")
TAGS = ["calendar"]
_FILE = "text/calendar"


@bp.get("/slots/<slot_id:int>/calendar")
@endpoint(roles=None, tags=TAGS, content=_FILE)
async def slot_calendar(_request: Request, slot_id: int) -> HTTPResponse:
    """Give one published time as an ics file."""
    return _file(await calendar.session(slot_id), f"slot-{slot_id}.ics")


@bp.get("/calendar/<secret:ext=ics>")
@endpoint(roles=None, tags=TAGS, content=_FILE)
async def own_calendar(_request: Request, secret: str, ext: str) -> HTTPResponse:
    """Give the sign-ups of whoever was given this secret address, as an ics feed."""
    return _file(await calendar.feed(secret), f"xianglin.{ext}")


def _file(content: bytes, name: str) -> HTTPResponse:
    headers = {"content-disposition": f'inline; filename="{name}"'}
    return HTTPResponse(content, content_type=ics.MEDIA_TYPE, headers=headers)
