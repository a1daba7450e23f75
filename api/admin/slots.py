"""Activities, venues, plots and shifts: drafted, approved, filled, called off."""

from __future__ import annotations

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import file as sent_file

from api.admin.laying_schemas import TransferBody
from api.admin.slot_schemas import (
    CapacityBody,
    OfferingBody,
    OfferingChanges,
    OfferingOut,
    SignUpOut,
    SlotBody,
    SlotOut,
    StateBody,
    WhyBody,
)
from api.endpoint import PHOTO, endpoint
from api.schemas import Page, PageQuery, paged
from models import SignUp
from services.access import DESK
from services.slots import offerings, posters, steering, transfer
from services.slots.offerings import OPERATORS

bp = Blueprint("slots")
TAGS = ["slots"]
JPEG = "image/jpeg"


@bp.get("/offerings")
@endpoint(query=PageQuery, returns=Page[OfferingOut], roles=OPERATORS, tags=TAGS)
async def list_offerings(request: Request, query: PageQuery) -> Page[OfferingOut]:
    """List what residents can sign up for, drafts included, newest first."""
    found = await offerings.page(request.ctx.actor, query.after, query.size + 1)
    return paged(found, query.size, OfferingOut.of, lambda one: one.id)


@bp.post("/offerings")
@endpoint(body=OfferingBody, returns=OfferingOut, roles=DESK, tags=TAGS, status=201, once=True)
async def draft_offering(request: Request, body: OfferingBody) -> OfferingOut:
    """Write a draft."""
    values = body.model_dump(exclude={"community_id", "kind"})
    return OfferingOut.of(await offerings.draft(request.ctx.actor, body.community_id, body.kind, values))


@bp.patch("/offerings/<offering_id:int>")
@endpoint(body=OfferingChanges, returns=OfferingOut, roles=DESK, tags=TAGS)
async def change_offering(request: Request, offering_id: int, body: OfferingChanges) -> OfferingOut:
    """Change an offering; new words of a published one have to be approved again."""
    return OfferingOut.of(await offerings.change(request.ctx.actor, offering_id, body.given()))


@bp.post("/offerings/<offering_id:int>/state")
@endpoint(body=StateBody, returns=OfferingOut, roles=DESK, tags=TAGS)
async def move_offering(request: Request, offering_id: int, body: StateBody) -> OfferingOut:
    """Publish (by somebody else than who wrote it), close or archive."""
    return OfferingOut.of(await offerings.move(request.ctx.actor, offering_id, body.state))


@bp.put("/offerings/<offering_id:int>/poster")
@endpoint(file=PHOTO, returns=OfferingOut, roles=DESK, tags=TAGS)
async def put_poster(request: Request, offering_id: int, file: bytes) -> OfferingOut:
    """Upload a poster in place of the one before; what is published has to be approved again."""
    return OfferingOut.of(await posters.put(request.ctx.actor, offering_id, file))


@bp.get("/offerings/<offering_id:int>/poster")
@endpoint(roles=DESK, tags=TAGS, content=JPEG)
async def show_poster(request: Request, offering_id: int) -> HTTPResponse:
    """Give the uploaded poster, of a draft too."""
    return await sent_file(await posters.file_of(request.ctx.actor, offering_id), mime_type=JPEG)


@bp.delete("/offerings/<offering_id:int>/poster")
@endpoint(returns=OfferingOut, roles=DESK, tags=TAGS)
async def remove_poster(request: Request, offering_id: int) -> OfferingOut:
    """Take the poster off and delete its file; what is published has to be approved again."""
    return OfferingOut.of(await posters.remove(request.ctx.actor, offering_id))


@bp.get("/offerings/<offering_id:int>/slots")
@endpoint(query=PageQuery, returns=Page[SlotOut], roles=OPERATORS, tags=TAGS)
async def list_slots(request: Request, offering_id: int, query: PageQuery) -> Page[SlotOut]:
    """List the slots of an offering with their counters."""
    found = await offerings.slots_of(request.ctx.actor, offering_id, query.after, query.size + 1)
    return paged(found, query.size, SlotOut.of, lambda one: one.id)


@bp.post("/offerings/<offering_id:int>/slots")
@endpoint(body=SlotBody, returns=SlotOut, roles=OPERATORS, tags=TAGS, status=201, once=True)
async def add_slot(request: Request, offering_id: int, body: SlotBody) -> SlotOut:
    """Add a time with places."""
    times = {name: getattr(body, name) for name in ("opens_at", "closes_at") if getattr(body, name)}
    made = await offerings.add_slot(
        request.ctx.actor, offering_id, body.starts_at, body.ends_at, body.capacity, **times
    )
    return SlotOut.of(made)


@bp.post("/slots/<slot_id:int>/capacity")
@endpoint(body=CapacityBody, returns=SlotOut, roles=OPERATORS, tags=TAGS)
async def resize_slot(request: Request, slot_id: int, body: CapacityBody) -> SlotOut:
    """Change the number of places; more go to who waits, fewer than are held are refused."""
    return SlotOut.of(await steering.resize(request.ctx.actor, slot_id, body.capacity))


@bp.post("/slots/<slot_id:int>/call-off")
@endpoint(body=WhyBody, returns=SlotOut, roles=OPERATORS, tags=TAGS, once=True)
async def call_off_slot(request: Request, slot_id: int, body: WhyBody) -> SlotOut:
    """The slot does not take place; everybody is told why."""
    return SlotOut.of(await steering.call_off(request.ctx.actor, slot_id, body.reason))


@bp.get("/slots/<slot_id:int>/sign-ups")
@endpoint(query=PageQuery, returns=Page[SignUpOut], roles=OPERATORS, tags=TAGS)
async def list_sign_ups(request: Request, slot_id: int, query: PageQuery) -> Page[SignUpOut]:
    """List who signed up, the last first."""
    found = await offerings.sign_ups_of(request.ctx.actor, slot_id, query.after, query.size + 1)
    return paged(found, query.size, SignUpOut.of, lambda one: one.id)


@bp.post("/sign-ups/<sign_up_id:int>/take-off")
@endpoint(body=WhyBody, returns=SignUpOut, roles=OPERATORS, tags=TAGS, once=True)
async def take_off(request: Request, sign_up_id: int, body: WhyBody) -> SignUpOut:
    """Cancel a sign-up for the resident, who is told why."""
    return await _shown(await steering.take_off(request.ctx.actor, sign_up_id, body.reason))


@bp.post("/sign-ups/<sign_up_id:int>/promotion")
@endpoint(returns=SignUpOut, roles=OPERATORS, tags=TAGS, once=True)
async def promote(request: Request, sign_up_id: int) -> SignUpOut:
    """Offer places to somebody before their turn."""
    return await _shown(await steering.promote(request.ctx.actor, sign_up_id))


@bp.post("/sign-ups/<sign_up_id:int>/transfer")
@endpoint(body=TransferBody, returns=SignUpOut, roles=OPERATORS, tags=TAGS, once=True)
async def transfer_sign_up(request: Request, sign_up_id: int, body: TransferBody) -> SignUpOut:
    """Move a sign-up to another slot of its offering, all or nothing; the resident is told."""
    return await _shown(await transfer.transfer(request.ctx.actor, sign_up_id, body.slot_id))


async def _shown(made: SignUp) -> SignUpOut:
    return SignUpOut.of(await SignUp.get(id=made.id).select_related("resident"))
