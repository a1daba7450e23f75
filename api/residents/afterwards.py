"""Afterwards: what I say of a slot, my calendar, the certificate of my volunteer hours."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from urllib.parse import quote

from pydantic import Field
from sanic import Blueprint, HTTPResponse, Request

from api.endpoint import RESIDENTS, endpoint
from api.residents.own_words import checked
from api.schemas import Body, Moment, Name, Out
from models import Certificate, SignUp
from services.slots import calendar, certificates, survey

bp = Blueprint("resident_afterwards")
TAGS = ["residents: afterwards"]
PDF = "application/pdf"

Rating = Annotated[int, Field(ge=1, le=survey.BEST)]
Said = Annotated[str, Field(max_length=survey.LONGEST)]


class AskedOut(Out):
    """A sign-up that may be answered for, and what is asked."""

    sign_up_id: int
    title: str
    ended_at: Moment
    closes_at: Moment
    questions: list[dict[str, Any]]

    @classmethod
    def of(cls, row: SignUp) -> AskedOut:
        """One sign-up with slot and offering fetched."""
        return cls(
            sign_up_id=row.id,
            title=row.slot.offering.title,
            ended_at=row.slot.ends_at,
            closes_at=survey.closes_at(row.slot),
            questions=survey.questions(row.slot.offering),
        )


class AskedListOut(Out):
    """All of them, the latest first."""

    items: list[AskedOut]


class SurveyBody(Body):
    """A rating or words for each label."""

    answers: Annotated[dict[Name, Rating | Said], Field(min_length=1, max_length=20)]


class AnsweredOut(Out):
    """That it was kept."""

    sign_up_id: int
    answered_at: Moment


class LinkOut(Out):
    """The secret address of one's own calendar, below the address of this API."""

    path: str


class MyCertificateBody(Body):
    """Hours of which days, the last one included."""

    starts_on: date
    ends_on: date


class MyCertificateOut(Out):
    """A certificate; anybody may confirm it by its code."""

    id: int
    number: str
    code: str
    minutes: int
    starts_on: date
    ends_on: date
    issued_at: Moment

    @classmethod
    def of(cls, row: Certificate) -> MyCertificateOut:
        """One certificate."""
        return cls.model_validate(row)


@bp.get("/me/surveys")
@endpoint(returns=AskedListOut, roles=RESIDENTS, tags=TAGS)
async def list_my_surveys(request: Request) -> AskedListOut:
    """List what may be answered for now."""
    found = await survey.open_for(request.ctx.login.resident_id)
    return AskedListOut(items=[AskedOut.of(one) for one in found])


@bp.put("/sign-ups/<sign_up_id:int>/survey")
@endpoint(body=SurveyBody, returns=AnsweredOut, roles=RESIDENTS, tags=TAGS)
async def answer_survey(request: Request, sign_up_id: int, body: SurveyBody) -> AnsweredOut:
    """Say how it was, in place of what was said before."""
    me = request.ctx.login.resident_id
    found = await checked(request, await survey.own_words(me, sign_up_id, body.answers))
    return AnsweredOut.model_validate(await survey.answer(me, sign_up_id, body.answers, found))


@bp.get("/me/calendar")
@endpoint(returns=LinkOut, roles=RESIDENTS, tags=TAGS)
async def my_calendar(request: Request) -> LinkOut:
    """Give the address to subscribe to, made when first asked for."""
    return LinkOut(path=await calendar.link_for(request.ctx.login.resident_id))


@bp.post("/me/calendar/renewal")
@endpoint(returns=LinkOut, roles=RESIDENTS, tags=TAGS)
async def renew_my_calendar(request: Request) -> LinkOut:
    """Give a new address; the one before finds nothing any more."""
    return LinkOut(path=await calendar.renew_link(request.ctx.login.resident_id))


@bp.delete("/me/calendar")
@endpoint(roles=RESIDENTS, tags=TAGS, status=204)
async def revoke_my_calendar(request: Request) -> None:
    """Let no address find the calendar until it is asked for again."""
    await calendar.revoke_link(request.ctx.login.resident_id)


@bp.post("/me/certificates")
@endpoint(body=MyCertificateBody, returns=MyCertificateOut, roles=RESIDENTS, tags=TAGS, status=201, once=True)
async def issue_my_certificate(request: Request, body: MyCertificateBody) -> MyCertificateOut:
    """Certify one's own approved volunteer hours; the same once more gives the same certificate."""
    me = request.ctx.login
    return MyCertificateOut.of(
        await certificates.issue(me.actor, me.resident_id, body.starts_on, body.ends_on)
    )


@bp.get("/me/certificates/<certificate_id:int>/paper")
@endpoint(roles=RESIDENTS, tags=TAGS, content=PDF)
async def my_certificate_paper(request: Request, certificate_id: int) -> HTTPResponse:
    """Give one's own certificate as a PDF."""
    sheet = await certificates.paper(request.ctx.actor, certificate_id)
    name = f"attachment; filename*=UTF-8''{quote(sheet.name, safe='')}"
    return HTTPResponse(sheet.content, content_type=PDF, headers={"content-disposition": name})
