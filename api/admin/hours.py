"""Volunteer hours: recorded by the system, entered by hand, approved by somebody else."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field
from sanic import Blueprint, Request

from api.endpoint import endpoint
from api.schemas import LARGEST_ID, PLAIN, Body, Id, Label, Out, Page, PageQuery, paged
from models import VolunteerHours
from services.access import DESK
from services.slots import hours

bp = Blueprint("volunteer_hours")
TAGS = ["volunteer-hours"]


class HoursQuery(PageQuery):
    """Which hours."""

    resident: int | None = Field(default=None, ge=1, le=LARGEST_ID, alias="filter[resident]")
    pending: bool = Field(default=False, alias="filter[pending]", description="wait for approval")


class HoursBody(Body):
    """Hours to enter by hand."""

    resident_id: Id
    day: date = Field(strict=False)
    minutes: Annotated[int, Field(ge=1, le=1440)]
    words: Annotated[str, Field(min_length=1, max_length=200, pattern=PLAIN)]


class ApprovalBody(Body):
    """Whether the hours are to count."""

    approve: bool


class HoursOut(Out):
    """Hours of one person."""

    id: int
    community_id: int
    person: str
    origin: Label
    state: Label
    minutes: int
    day: date
    words: str
    slot_id: int | None
    entered_by_id: int | None
    decided_by_id: int | None

    @classmethod
    def of(cls, row: VolunteerHours) -> HoursOut:
        """One row."""
        shown = ("origin", "state")
        own = {name: getattr(row, name) for name in cls.model_fields if name not in shown}
        return cls(origin=Label.of(row.origin), state=Label.of(row.state), **own)


@bp.get("/volunteer-hours")
@endpoint(query=HoursQuery, returns=Page[HoursOut], roles=DESK, tags=TAGS)
async def list_hours(request: Request, query: HoursQuery) -> Page[HoursOut]:
    """List volunteer hours, newest first."""
    found = await hours.page(
        request.ctx.actor,
        query.after,
        query.size + 1,
        resident_id=query.resident,
        pending=query.pending,
    )
    return paged(found, query.size, HoursOut.of, lambda one: one.id)


@bp.post("/volunteer-hours")
@endpoint(body=HoursBody, returns=HoursOut, roles=DESK, tags=TAGS, status=201, once=True)
async def enter_hours(request: Request, body: HoursBody) -> HoursOut:
    """Enter hours by hand; they count when somebody else has approved them."""
    made = await hours.enter(request.ctx.actor, body.resident_id, body.day, body.minutes, body.words)
    return HoursOut.of(made)


@bp.post("/volunteer-hours/<hours_id:int>/decision")
@endpoint(body=ApprovalBody, returns=HoursOut, roles=DESK, tags=TAGS)
async def decide_hours(request: Request, hours_id: int, body: ApprovalBody) -> HoursOut:
    """Approve or refuse hours that somebody else entered."""
    return HoursOut.of(await hours.decide(request.ctx.actor, hours_id, approve=body.approve))
