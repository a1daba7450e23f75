"""Trying sentences, measuring keywords, and what people should look at to teach the product."""

from __future__ import annotations

from sanic import Blueprint, Request

from api.admin.teaching_schemas import (
    MeasureOut,
    MeasureQuery,
    MistakeOut,
    TrialBody,
    TrialOut,
    UnsureOut,
)
from api.endpoint import endpoint
from api.schemas import Page, PageQuery, paged
from services import foreseeing, reviewing, versions
from services.access import DESK

bp = Blueprint("teaching")
TAGS = ["learning"]


@bp.post("/trials")
@endpoint(body=TrialBody, returns=TrialOut, roles=DESK, tags=TAGS)
async def try_sentence(request: Request, body: TrialBody) -> TrialOut:
    """Show how a sentence would be understood and who would get it; nothing is kept."""
    found = await foreseeing.foresee(request.ctx.actor, body.text, body.community_id)
    return TrialOut.of(found, await versions.category_names())


@bp.get("/keyword-measures")
@endpoint(query=MeasureQuery, returns=Page[MeasureOut], roles=DESK, tags=TAGS)
async def list_keyword_measures(request: Request, query: MeasureQuery) -> Page[MeasureOut]:
    """List keywords with precision and recall, most hits first; `next` is a position."""
    start = query.after or 0
    found = await reviewing.keyword_measures(
        request.ctx.actor,
        category=query.category,
        verdict=query.verdict,
        after=start,
        limit=query.size + 1,
    )
    items = [MeasureOut.of(one) for one in found[: query.size]]
    return Page(items=items, next=start + query.size if len(found) > query.size else None)


@bp.get("/mistakes")
@endpoint(query=PageQuery, returns=Page[MistakeOut], roles=DESK, tags=TAGS)
async def list_mistakes(request: Request, query: PageQuery) -> Page[MistakeOut]:
    """List predictions that somebody corrected, the surest first."""
    found = await reviewing.mistakes(request.ctx.actor, after=query.after, limit=query.size + 1)
    return paged(found, query.size, MistakeOut.of, lambda one: one.id)


@bp.get("/unsure-appeals")
@endpoint(query=PageQuery, returns=Page[UnsureOut], roles=DESK, tags=TAGS)
async def list_unsure(request: Request, query: PageQuery) -> Page[UnsureOut]:
    """List open appeals whose category nobody has confirmed, the oldest first."""
    found = await reviewing.unsure(request.ctx.actor, after=query.after, limit=query.size + 1)
    return paged(found, query.size, UnsureOut.of, lambda one: one.appeal.id)
