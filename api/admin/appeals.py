"""Appeals: reading them, and steering them from the desk."""

from __future__ import annotations

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import file

from api.admin.appeal_schemas import (
    AppealDetail,
    AppealQuery,
    AppealRow,
    AssignBody,
    CategoryBody,
    ConductBody,
    ContactOut,
    MergeBody,
    Moved,
    ReasonBody,
    SplitBody,
    WordsBody,
)
from api.endpoint import endpoint
from api.schemas import Page, paged
from models import Role
from services import browsing, dispatch, handling
from services.access import DESK

bp = Blueprint("appeals", url_prefix="/appeals")
TAGS = ["appeals"]
ASSIGNERS = DESK | {Role.GRID_LEADER}


@bp.get("/")
@endpoint(query=AppealQuery, returns=Page[AppealRow], tags=TAGS)
async def list_appeals(request: Request, query: AppealQuery) -> Page[AppealRow]:
    """List the appeals in the caller's sight, newest first."""
    found = await browsing.page(request.ctx.actor, query.filters(), before=query.after, limit=query.size + 1)
    return paged(found, query.size, AppealRow.of, lambda one: one.appeal.number)


@bp.get("/<number:int>")
@endpoint(returns=AppealDetail, tags=TAGS)
async def show_appeal(request: Request, number: int) -> AppealDetail:
    """Show one appeal with its decisions, history and attachments; the resident is masked."""
    return AppealDetail.of_detail(await browsing.detail(request.ctx.actor, number))


@bp.post("/<number:int>/unmask")
@endpoint(body=ReasonBody, returns=ContactOut, tags=TAGS)
async def unmask(request: Request, number: int, body: ReasonBody) -> ContactOut:
    """Show who reported the appeal, with phone and address; this is audited."""
    return ContactOut.model_validate(await browsing.unmask(request.ctx.actor, number, body.reason))


@bp.get("/<number:int>/attachments/<attachment_id:int>")
@endpoint(tags=TAGS, content="application/octet-stream")
async def show_attachment(request: Request, number: int, attachment_id: int) -> HTTPResponse:
    """Give the stored file of an attachment."""
    path, content_type = await browsing.attachment(request.ctx.actor, number, attachment_id)
    headers = {"x-content-type-options": "nosniff", "content-security-policy": "sandbox"}
    return await file(path, mime_type=content_type, headers=headers)


@bp.post("/<number:int>/assignment")
@endpoint(body=AssignBody, returns=Moved, roles=ASSIGNERS, tags=TAGS)
async def assign(request: Request, number: int, body: AssignBody) -> Moved:
    """Hand an appeal to an organization, a grid member or staff."""
    return Moved.of(await dispatch.assign(request.ctx.actor, number, body.kind, body.id, note=body.note))


@bp.post("/<number:int>/category")
@endpoint(body=CategoryBody, returns=Moved, roles=DESK, tags=TAGS)
async def correct_category(request: Request, number: int, body: CategoryBody) -> Moved:
    """Correct the category; an appeal that nobody accepted goes to whom it now fits."""
    return Moved.of(await handling.correct_category(request.ctx.actor, number, body.code))


@bp.post("/<number:int>/conduct")
@endpoint(body=ConductBody, returns=Moved, roles=DESK, tags=TAGS)
async def mark_conduct(request: Request, number: int, body: ConductBody) -> Moved:
    """Mark an appeal as about the conduct of cadres: it goes to the parent area, invisible below it."""
    actor = request.ctx.actor
    return Moved.of(await handling.mark_conduct(actor, number, body.about_conduct, body.reason))


@bp.post("/<number:int>/merge")
@endpoint(body=MergeBody, returns=Moved, roles=DESK, tags=TAGS)
async def merge(request: Request, number: int, body: MergeBody) -> Moved:
    """Merge this appeal into another one that goes on."""
    return Moved.of(await handling.merge(request.ctx.actor, number, body.into))


@bp.post("/<number:int>/split")
@endpoint(body=SplitBody, returns=Moved, roles=DESK, tags=TAGS, status=201)
async def split(request: Request, number: int, body: SplitBody) -> Moved:
    """Make a part of this appeal an appeal of its own, linked to this one."""
    return Moved.of(await handling.split(request.ctx.actor, number, body.text, body.category))


@bp.post("/<number:int>/reply")
@endpoint(body=WordsBody, returns=Moved, tags=TAGS)
async def reply(request: Request, number: int, body: WordsBody) -> Moved:
    """Say something to the resident."""
    return Moved.of(await handling.reply(request.ctx.actor, number, body.words))


@bp.post("/<number:int>/close")
@endpoint(body=ReasonBody, returns=Moved, roles=DESK, tags=TAGS)
async def close(request: Request, number: int, body: ReasonBody) -> Moved:
    """Close an appeal with a reason that the resident reads."""
    return Moved.of(await handling.close(request.ctx.actor, number, body.reason))


@bp.post("/<number:int>/reopen")
@endpoint(body=ReasonBody, returns=Moved, roles=DESK, tags=TAGS)
async def reopen(request: Request, number: int, body: ReasonBody) -> Moved:
    """Take up a finished appeal again, in other hands."""
    return Moved.of(await handling.reopen(request.ctx.actor, number, body.reason))
