"""What whoever holds an appeal does with it."""

from __future__ import annotations

from sanic import Blueprint, Request

from api.admin.appeal_schemas import (
    HandOverBody,
    Moved,
    ReasonBody,
    ResolveBody,
    SuspendBody,
    WordsBody,
)
from api.endpoint import endpoint
from services import handling
from services.access import DESK
from services.ranking import Assignee

bp = Blueprint("handling", url_prefix="/appeals")
TAGS = ["handling"]


@bp.post("/<number:int>/accept")
@endpoint(returns=Moved, tags=TAGS)
async def accept(request: Request, number: int) -> Moved:
    """Accept an appeal that one holds."""
    return Moved.of(await handling.accept(request.ctx.actor, number))


@bp.post("/<number:int>/hand-over")
@endpoint(body=HandOverBody, returns=Moved, tags=TAGS)
async def hand_over(request: Request, number: int, body: HandOverBody) -> Moved:
    """Hand an appeal over, to somebody named or to the next candidate."""
    target = Assignee(body.to.kind, body.to.id, "") if body.to else None
    return Moved.of(await handling.hand_over(request.ctx.actor, number, body.reason, target))


@bp.post("/<number:int>/return")
@endpoint(body=ReasonBody, returns=Moved, tags=TAGS)
async def give_back(request: Request, number: int, body: ReasonBody) -> Moved:
    """Return an appeal that does not belong here."""
    return Moved.of(await handling.give_back(request.ctx.actor, number, body.reason))


@bp.post("/<number:int>/suspend")
@endpoint(body=SuspendBody, returns=Moved, tags=TAGS)
async def suspend(request: Request, number: int, body: SuspendBody) -> Moved:
    """Let an appeal rest until a day; its deadlines wait."""
    return Moved.of(await handling.suspend(request.ctx.actor, number, body.until, body.reason))


@bp.post("/<number:int>/resume")
@endpoint(returns=Moved, tags=TAGS)
async def resume(request: Request, number: int) -> Moved:
    """Go on with a suspended appeal."""
    return Moved.of(await handling.resume(request.ctx.actor, number))


@bp.post("/<number:int>/resolve")
@endpoint(body=ResolveBody, returns=Moved, tags=TAGS)
async def resolve(request: Request, number: int, body: ResolveBody) -> Moved:
    """Say what was done; the resident is told and may rate it."""
    return Moved.of(await handling.resolve(request.ctx.actor, number, body.result))


@bp.post("/<number:int>/ask")
@endpoint(body=WordsBody, returns=Moved, tags=TAGS)
async def ask(request: Request, number: int, body: WordsBody) -> Moved:
    """Ask the resident something; the answer comes back to whoever asked."""
    return Moved.of(await handling.ask(request.ctx.actor, number, body.words))


@bp.post("/<number:int>/note")
@endpoint(body=WordsBody, returns=Moved, tags=TAGS)
async def note(request: Request, number: int, body: WordsBody) -> Moved:
    """Leave a note that the resident does not see."""
    return Moved.of(await handling.note(request.ctx.actor, number, body.words))


@bp.post("/<number:int>/stand-down")
@endpoint(returns=Moved, roles=DESK, tags=TAGS)
async def stand_down(request: Request, number: int) -> Moved:
    """Call a false alarm off; everybody who was alerted is told."""
    return Moved.of(await handling.stand_down(request.ctx.actor, number))
