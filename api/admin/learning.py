"""What is learned: lessons, refits and their versions."""

from __future__ import annotations

from sanic import Blueprint, Request

from api.admin.learning_schemas import (
    CompareQuery,
    ComparisonOut,
    LearnedQuery,
    LearnedWord,
    LessonOut,
    LessonQuery,
    RefitBody,
    VersionOut,
)
from api.endpoint import endpoint
from api.schemas import Page, PageQuery, paged
from services import lessons, versions
from services.access import ABOVE_COMMUNITY, DESK

bp = Blueprint("learning")
TAGS = ["learning"]


@bp.get("/lessons")
@endpoint(query=LessonQuery, returns=Page[LessonOut], roles=DESK, tags=TAGS)
async def list_lessons(request: Request, query: LessonQuery) -> Page[LessonOut]:
    """List what appeals turned out to be beside what was predicted, newest first."""
    found = await lessons.page(
        request.ctx.actor,
        kind=query.kind,
        category=query.category,
        before=query.after,
        limit=query.size + 1,
    )
    return paged(found, query.size, LessonOut.of, lambda one: one.id)


@bp.get("/lexicon-versions")
@endpoint(query=PageQuery, returns=Page[VersionOut], roles=DESK, tags=TAGS)
async def list_versions(_request: Request, query: PageQuery) -> Page[VersionOut]:
    """List versions of the learned words with their measured accuracy, newest first."""
    found = await versions.page(before=query.after, limit=query.size + 1)
    return paged(found, query.size, VersionOut.of, lambda one: one.id)


@bp.post("/lexicon-versions")
@endpoint(body=RefitBody, returns=VersionOut, roles=ABOVE_COMMUNITY, tags=TAGS, status=202)
async def request_refit(request: Request, body: RefitBody) -> VersionOut:
    """Learn now; the new version comes into force if it is not worse."""
    return VersionOut.of(await versions.request(request.ctx.actor, body.note))


@bp.get("/lexicon-versions/<version_id:int>")
@endpoint(returns=VersionOut, roles=DESK, tags=TAGS)
async def read_version(_request: Request, version_id: int) -> VersionOut:
    """Show one version."""
    return VersionOut.of(await versions.by_number(version_id))


@bp.post("/lexicon-versions/<version_id:int>/activation")
@endpoint(returns=VersionOut, roles=ABOVE_COMMUNITY, tags=TAGS)
async def activate_version(request: Request, version_id: int) -> VersionOut:
    """Go back to an earlier version."""
    return VersionOut.of(await versions.activate(request.ctx.actor, version_id))


@bp.get("/lexicon-versions/<version_id:int>/differences")
@endpoint(query=CompareQuery, returns=ComparisonOut, roles=DESK, tags=TAGS)
async def compare_versions(_request: Request, version_id: int, query: CompareQuery) -> ComparisonOut:
    """Tell in words what sets two versions apart."""
    found = await versions.compare(version_id, query.beside)
    return ComparisonOut.of(found, await versions.category_names())


@bp.get("/lexicon-versions/<version_id:int>/keywords")
@endpoint(query=LearnedQuery, returns=Page[LearnedWord], roles=DESK, tags=TAGS)
async def list_learned_words(_request: Request, version_id: int, query: LearnedQuery) -> Page[LearnedWord]:
    """List the learned keywords of a version, the heaviest first; `next` is a position."""
    start = query.after or 0
    found = await versions.learned_words(
        version_id, category=query.category, search=query.search, after=start, limit=query.size + 1
    )
    items = [LearnedWord(text=text, category=code, weight=weight) for text, code, weight in found]
    more = len(items) > query.size
    return Page(items=items[: query.size], next=start + query.size if more else None)
