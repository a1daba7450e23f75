"""Who may sign up for nothing for a while, their appeals, and the answers of staff."""

from __future__ import annotations

from pydantic import Field
from sanic import Blueprint, Request

from api.endpoint import endpoint
from api.schemas import Body, Moment, Out, Page, PageQuery, Words, paged
from models import Block
from services.access import DESK
from services.masking import masked_name
from services.slots import blocks

bp = Blueprint("blocks")
TAGS = ["blocks"]


class BlocksQuery(PageQuery):
    """Which blocks."""

    open_only: bool = Field(default=False, alias="filter[open]", description="appeals without an answer")


class DecisionBody(Body):
    """Lift the block or keep it; the resident reads the reason."""

    lift: bool
    reason: Words


class BlockOut(Out):
    """A block; the resident is masked."""

    id: int
    community_id: int
    resident_id: int
    resident: str
    person: str
    times: int
    until: Moment
    created_at: Moment
    lifted_at: Moment | None
    appeal: str
    appealed_at: Moment | None
    decided_at: Moment | None
    answer: str

    @classmethod
    def of(cls, row: Block) -> BlockOut:
        """One block with its resident fetched."""
        own = {name: getattr(row, name) for name in cls.model_fields if name != "resident"}
        return cls(resident=masked_name(row.resident.name), **own)


@bp.get("/blocks")
@endpoint(query=BlocksQuery, returns=Page[BlockOut], roles=DESK, tags=TAGS)
async def list_blocks(request: Request, query: BlocksQuery) -> Page[BlockOut]:
    """List who was blocked after too many absences, newest first."""
    found = await blocks.page(request.ctx.actor, query.after, query.size + 1, open_only=query.open_only)
    return paged(found, query.size, BlockOut.of, lambda one: one.id)


@bp.post("/blocks/<block_id:int>/decision")
@endpoint(body=DecisionBody, returns=BlockOut, roles=DESK, tags=TAGS)
async def decide_block(request: Request, block_id: int, body: DecisionBody) -> BlockOut:
    """Lift a block or keep it; the resident is told why."""
    return BlockOut.of(await blocks.decide(request.ctx.actor, block_id, lift=body.lift, reason=body.reason))
