"""待看的话: what residents wrote and no content check has passed."""

from __future__ import annotations

from pydantic import Field
from sanic import Blueprint, Request

from api.endpoint import endpoint
from api.schemas import Body, Label, Moment, Out, Page, PageQuery, paged
from services import unchecked
from services.access import DESK
from services.unchecked import Waiting

bp = Blueprint("unchecked_words")
TAGS = ["words to look at"]


class UncheckedQuery(PageQuery):
    """Which of them."""

    open_only: bool = Field(default=False, alias="filter[open]", description="nobody has decided yet")


class KeepBody(Body):
    """Keep the words, or blank them where they stand."""

    keep: bool


class AnswerOut(Out):
    """What was asked (empty for an appeal against a block), and what was said."""

    label: str
    words: str


class UncheckedOut(Out):
    """Words without who said them; empty once they are blanked."""

    id: int
    community_id: int
    words_of: Label
    verdict: Label
    words: list[AnswerOut]
    created_at: Moment
    decided_at: Moment | None
    kept: bool | None

    @classmethod
    def of(cls, found: Waiting) -> UncheckedOut:
        """One of them."""
        row = found.row
        own = {
            name: getattr(row, name) for name in ("id", "community_id", "created_at", "decided_at", "kept")
        }
        return cls(
            words_of=Label.of(row.words_of),
            verdict=Label.of(row.verdict),
            words=[AnswerOut(label=label, words=words) for label, words in found.words],
            **own,
        )


@bp.get("/unchecked-words")
@endpoint(query=UncheckedQuery, returns=Page[UncheckedOut], roles=DESK, tags=TAGS)
async def list_unchecked_words(request: Request, query: UncheckedQuery) -> Page[UncheckedOut]:
    """List what residents wrote and no content check has passed, newest first."""
    found = await unchecked.page(request.ctx.actor, query.after, query.size + 1, open_only=query.open_only)
    return paged(found, query.size, UncheckedOut.of, lambda one: one.row.id)


@bp.post("/unchecked-words/<unchecked_id:int>/decision")
@endpoint(body=KeepBody, returns=UncheckedOut, roles=DESK, tags=TAGS)
async def decide_unchecked_words(request: Request, unchecked_id: int, body: KeepBody) -> UncheckedOut:
    """Keep the words or blank them; once for each words that were said."""
    return UncheckedOut.of(await unchecked.decide(request.ctx.actor, unchecked_id, keep=body.keep))
