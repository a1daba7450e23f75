"""What remains of a slot: what those who came said, photos, certificates of hours."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote

from pydantic import Field
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import file as sent_file

from api.endpoint import PHOTO, endpoint
from api.schemas import Body, Id, Moment, Out
from models import Certificate, Photo
from services.access import DESK
from services.slots import certificates, photos, survey_results

bp = Blueprint("afterwards")
TAGS = ["slots"]
PDF, JPEG = "application/pdf", "image/jpeg"


class RatedOut(Out):
    """One question with the average of its ratings; null where nobody rated."""

    label: str
    average: float | None
    count: int


class SaidOut(Out):
    """What somebody said; `unchecked` where no content check has passed it and nobody has looked yet."""

    label: str
    words: str
    unchecked: bool


class SurveyOut(Out):
    """What those who came said of a slot."""

    offered: int
    answered: int
    ratings: list[RatedOut]
    words: list[SaidOut]


class PhotoOut(Out):
    """A photo; residents see it once it is approved."""

    id: int
    width: int
    height: int
    approved: bool
    created_at: Moment

    @classmethod
    def of(cls, row: Photo) -> PhotoOut:
        """One photo."""
        own = {name: getattr(row, name) for name in cls.model_fields if name != "approved"}
        return cls(approved=row.approved_by_id is not None, **own)


class PhotosOut(Out):
    """The photos of a slot."""

    items: list[PhotoOut]


class CertificateBody(Body):
    """Whose hours of which days, the last one included."""

    resident_id: Id
    starts_on: date = Field(strict=False)
    ends_on: date = Field(strict=False)


class CertificateOut(Out):
    """A certificate without the name."""

    id: int
    number: str
    code: str
    resident_id: int
    minutes: int
    starts_on: date
    ends_on: date
    issued_at: Moment
    revoked_at: Moment | None

    @classmethod
    def of(cls, row: Certificate) -> CertificateOut:
        """One certificate."""
        return cls.model_validate(row)


@bp.get("/slots/<slot_id:int>/survey")
@endpoint(returns=SurveyOut, roles=DESK, tags=TAGS)
async def show_survey(request: Request, slot_id: int) -> SurveyOut:
    """Show averages and words of those who came, without saying who."""
    found = await survey_results.results(request.ctx.actor, slot_id)
    return SurveyOut(
        offered=found.offered,
        answered=found.answered,
        ratings=[RatedOut.model_validate(one) for one in found.ratings],
        words=[SaidOut.model_validate(one) for one in found.words],
    )


@bp.get("/slots/<slot_id:int>/photos")
@endpoint(returns=PhotosOut, roles=DESK, tags=TAGS)
async def list_photos(request: Request, slot_id: int) -> PhotosOut:
    """List the photos of a slot."""
    found = await photos.of_slot(request.ctx.actor, slot_id)
    return PhotosOut(items=[PhotoOut.of(one) for one in found])


@bp.post("/slots/<slot_id:int>/photos")
@endpoint(file=PHOTO, returns=PhotoOut, roles=DESK, tags=TAGS, status=201)
async def add_photo(request: Request, slot_id: int, file: bytes) -> PhotoOut:
    """Upload a photo; it is decoded and written anew, without what the camera noted in it."""
    return PhotoOut.of(await photos.add(request.ctx.actor, slot_id, file))


@bp.get("/slots/<slot_id:int>/photos/<photo_id:int>")
@endpoint(roles=DESK, tags=TAGS, content=JPEG)
async def show_photo(request: Request, slot_id: int, photo_id: int) -> HTTPResponse:
    """Give a photo."""
    return await sent_file(await photos.file_of(request.ctx.actor, slot_id, photo_id), mime_type=JPEG)


@bp.post("/slots/<slot_id:int>/photos/<photo_id:int>/approval")
@endpoint(returns=PhotoOut, roles=DESK, tags=TAGS)
async def approve_photo(request: Request, slot_id: int, photo_id: int) -> PhotoOut:
    """Let residents see a photo that somebody else uploaded."""
    return PhotoOut.of(await photos.approve(request.ctx.actor, slot_id, photo_id))


@bp.delete("/slots/<slot_id:int>/photos/<photo_id:int>")
@endpoint(roles=DESK, tags=TAGS, status=204)
async def remove_photo(request: Request, slot_id: int, photo_id: int) -> None:
    """Delete a photo and its file."""
    await photos.remove(request.ctx.actor, slot_id, photo_id)


@bp.post("/certificates")
@endpoint(body=CertificateBody, returns=CertificateOut, roles=DESK, tags=TAGS, status=201)
async def issue_certificate(request: Request, body: CertificateBody) -> CertificateOut:
    """Certify a resident's approved volunteer hours; the same once more gives the same one."""
    made = await certificates.issue(request.ctx.actor, body.resident_id, body.starts_on, body.ends_on)
    return CertificateOut.of(made)


@bp.get("/certificates/<certificate_id:int>/paper")
@endpoint(roles=DESK, tags=TAGS, content=PDF)
async def certificate_paper(request: Request, certificate_id: int) -> HTTPResponse:
    """Give a certificate as a PDF; this is audited."""
    sheet = await certificates.paper(request.ctx.actor, certificate_id)
    name = f"attachment; filename*=UTF-8''{quote(sheet.name, safe='')}"
    return HTTPResponse(sheet.content, content_type=PDF, headers={"content-disposition": name})


@bp.post("/certificates/<certificate_id:int>/revocation")
@endpoint(returns=CertificateOut, roles=DESK, tags=TAGS)
async def revoke_certificate(request: Request, certificate_id: int) -> CertificateOut:
    """Take a certificate back; its code says so from then on."""
    return CertificateOut.of(await certificates.revoke(request.ctx.actor, certificate_id))
