"""Posters and photos that were approved, and whether a certificate is genuine."""

from __future__ import annotations

from datetime import date

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import file as sent_file

from api.endpoint import endpoint
from api.schemas import Moment, Out
from services.slots import certificates, photos, posters

bp = Blueprint("afterwards-seen")
TAGS = ["everyone"]
_JPEG = "image/jpeg"


class SeenPhoto(Out):
    """A photo that residents may see."""

    id: int
    width: int
    height: int


class SeenPhotos(Out):
    """The photos of a slot."""

    items: list[SeenPhoto]


class ConfirmedOut(Out):
    """What a verification code stands for; `valid` is false for a certificate that was taken back."""

    number: str
    name: str
    community: str
    minutes: int
    starts_on: date
    ends_on: date
    issued_at: Moment
    valid: bool


@bp.get("/offerings/<offering_id:int>/poster")
@endpoint(roles=None, tags=TAGS, content=_JPEG)
async def seen_poster(_request: Request, offering_id: int) -> HTTPResponse:
    """Give the uploaded poster of a published offering."""
    return await sent_file(await posters.seen_file(offering_id), mime_type=_JPEG)


@bp.get("/slots/<slot_id:int>/photos")
@endpoint(returns=SeenPhotos, roles=None, tags=TAGS)
async def seen_photos(_request: Request, slot_id: int) -> SeenPhotos:
    """List the approved photos of a published slot."""
    found = await photos.seen(slot_id)
    return SeenPhotos(items=[SeenPhoto.model_validate(one) for one in found])


@bp.get("/slots/<slot_id:int>/photos/<photo_id:int>")
@endpoint(roles=None, tags=TAGS, content=_JPEG)
async def seen_photo(_request: Request, slot_id: int, photo_id: int) -> HTTPResponse:
    """Give an approved photo."""
    return await sent_file(await photos.seen_file(slot_id, photo_id), mime_type=_JPEG)


@bp.get("/certificates/<code:str>")
@endpoint(returns=ConfirmedOut, roles=None, tags=TAGS)
async def confirm_certificate(_request: Request, code: str) -> ConfirmedOut:
    """Say what a verification code stands for; the name is masked."""
    return ConfirmedOut.model_validate(await certificates.confirmed(code))
