"""On the day: my code to be scanned, the code of the room, blocks after absences, volunteer hours."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from sanic import Blueprint, Request

from api.endpoint import RESIDENTS, endpoint
from api.residents.own_words import checked
from api.residents.sign_ups import PersonKey, keys_of
from api.schemas import PLAIN, Body, Label, Moment, Out, Words
from models import Block
from services.slots import blocks, checkin, hours
from services.slots.checkin import Entered

bp = Blueprint("resident_day")
TAGS = ["residents: on the day"]


class PassOut(Out):
    """What the phone shows as a QR code; staff scan it once, before it expires."""

    code: str
    expires_at: Moment


class RoomBody(Body):
    """The `scene` of the room's code; whom to check in, all of one's own sign-up where nobody is named."""

    scene: Annotated[str, Field(min_length=1, max_length=64, pattern=PLAIN)]
    people: Annotated[list[PersonKey], Field(max_length=20)] | None = None
    guests: Annotated[int, Field(ge=0, le=50)] | None = None


class CameOut(Out):
    """A check-in of one's own sign-up."""

    sign_up_id: int
    slot_id: int
    way: Label
    at: Moment
    people: int

    @classmethod
    def of(cls, entered: Entered) -> CameOut:
        """One check-in."""
        row = entered.check_in
        own = {name: getattr(row, name) for name in ("sign_up_id", "slot_id", "at")}
        return cls(way=Label.of(row.way), people=len(entered.people), **own)


class CameListOut(Out):
    """Everybody whom the scan checked in."""

    items: list[CameOut]


class BlockOut(Out):
    """暂停报名: until when, and what became of the appeal against it."""

    id: int
    times: int
    until: Moment
    appeal: str
    appealed_at: Moment | None
    decided_at: Moment | None
    answer: str

    @classmethod
    def of(cls, row: Block) -> BlockOut:
        """One block."""
        return cls.model_validate(row)


class BlocksOut(Out):
    """Blocks in force."""

    items: list[BlockOut]


class BlockAppealBody(Body):
    """Why it should be lifted."""

    words: Words


class HoursOut(Out):
    """Minutes of volunteer service: recorded by the system, and entered by staff and approved."""

    recorded: int
    entered: int
    minutes: int


@bp.post("/sign-ups/<sign_up_id:int>/pass")
@endpoint(returns=PassOut, roles=RESIDENTS, tags=TAGS)
async def show_pass(request: Request, sign_up_id: int) -> PassOut:
    """Give a fresh code for the screen; the one before stays good until it expires."""
    code, expires_at = await checkin.pass_for(request.ctx.login.resident_id, sign_up_id)
    return PassOut(code=code, expires_at=expires_at)


@bp.post("/check-ins")
@endpoint(body=RoomBody, returns=CameListOut, roles=RESIDENTS, tags=TAGS, status=201, once=True)
async def check_in_by_room(request: Request, body: RoomBody) -> CameListOut:
    """Check in by the code of the room, whoever is of one's own sign-up."""
    me = request.ctx.login.resident_id
    people = None if body.people is None else keys_of(body.people, me)
    found = await checkin.by_room(me, body.scene, people, body.guests)
    return CameListOut(items=[CameOut.of(one) for one in found])


@bp.get("/me/blocks")
@endpoint(returns=BlocksOut, roles=RESIDENTS, tags=TAGS)
async def list_my_blocks(request: Request) -> BlocksOut:
    """List blocks in force, the last first."""
    found = await blocks.of(request.ctx.login.resident_id)
    return BlocksOut(items=[BlockOut.of(one) for one in found])


@bp.post("/me/blocks/appeal")
@endpoint(body=BlockAppealBody, returns=BlocksOut, roles=RESIDENTS, tags=TAGS)
async def appeal_my_blocks(request: Request, body: BlockAppealBody) -> BlocksOut:
    """Appeal against every block in force that was not answered yet; staff read the words."""
    me = request.ctx.login.resident_id
    # Nobody who is not blocked has words checked for nothing.
    words = [body.words] if await blocks.of(me) else []
    found = await blocks.appeal(me, body.words, await checked(request, words))
    return BlocksOut(items=[BlockOut.of(one) for one in found])


@bp.get("/me/volunteer-hours")
@endpoint(returns=HoursOut, roles=RESIDENTS, tags=TAGS)
async def my_volunteer_hours(request: Request) -> HoursOut:
    """Give the approved minutes, by where they come from."""
    return HoursOut.model_validate(await hours.of(request.ctx.login.resident_id))
