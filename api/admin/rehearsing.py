"""Rehearse a change before it is saved."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from sanic import Blueprint, Request

from api.admin.teaching_schemas import LONGEST_SHOWN
from api.endpoint import endpoint
from api.schemas import PLAIN, Body, Code, Id, Out
from models import AssigneeKind
from services import rehearsal, rehearsing
from services.access import DESK
from services.rehearsal import KeywordChange, Rehearsed
from services.rehearsing import NewScope, Plan
from services.service_scopes import Place

bp = Blueprint("rehearsing")
TAGS = ["learning"]

MOST_SHOWN = 50
"""Flows, and moved appeals, that an answer lists."""


class KeywordPlan(Body):
    """A keyword with its new weight; null takes it away."""

    category: Code
    text: str = Field(min_length=1, max_length=32, pattern=PLAIN)
    weight: Annotated[float, Field(ge=-20, le=20)] | None


class PreferencePlan(Body):
    """Who is to be preferred for a category."""

    category: Code
    prefers: AssigneeKind


class ScopePlan(Body):
    """A service scope that an organization might get: in exactly one area, community or grid."""

    organization_id: Id
    category: Code
    area_id: Id | None = None
    community_id: Id | None = None
    grid_id: Id | None = None


class RehearsalBody(Body):
    """The change, and over which past appeals to try it."""

    community_id: Id | None = None
    last: int = Field(default=500, ge=1, le=rehearsing.MOST_APPEALS, description="newest appeals looked at")
    keywords: list[KeywordPlan] = Field(default=[], max_length=200)
    preferences: list[PreferencePlan] = Field(default=[], max_length=50)
    new_scopes: list[ScopePlan] = Field(default=[], max_length=50)
    ended_scopes: list[Id] = Field(default=[], max_length=50, description="ids of service scopes")

    def plan(self) -> Plan:
        """The same for the service."""
        return Plan(
            keywords=[KeywordChange(one.category, one.text, one.weight) for one in self.keywords],
            prefers={one.category: one.prefers for one in self.preferences},
            new_scopes=[
                NewScope(one.organization_id, one.category, Place(one.area_id, one.community_id, one.grid_id))
                for one in self.new_scopes
            ],
            ended_scopes=self.ended_scopes,
        )


class RouteOut(Out):
    """Where an appeal goes."""

    category: str
    unsure: bool
    owner: str


class MovedOut(Out):
    """An appeal that would go elsewhere; the text of delicate ones is left out."""

    appeal: int
    text: str
    before: RouteOut
    after: RouteOut
    right: str | None

    @classmethod
    def of(cls, one: rehearsal.Moved) -> MovedOut:
        """One appeal."""
        return cls(
            appeal=one.past.number,
            text="" if one.past.delicate else one.past.text[:LONGEST_SHOWN],
            before=RouteOut.model_validate(one.before),
            after=RouteOut.model_validate(one.after),
            right=one.past.label or None,
        )


class FlowOut(Out):
    """How many appeals would go from one (category, owner) to another."""

    from_category: str
    to_category: str
    from_owner: str
    to_owner: str
    count: int


class RehearsalOut(Out):
    """What would move, under today's roster and loads.

    Of the `labelled` appeals, `right_before` have and `right_after` would have the category that people said.
    """

    looked_at: int
    moved: int
    other_category: int
    other_owner: int
    labelled: int
    right_before: int
    right_after: int
    flows: list[FlowOut] = Field(description="most appeals first, at most 50")
    sample: list[MovedOut] = Field(description="newest first, at most 50")

    @classmethod
    def of(cls, found: Rehearsed) -> RehearsalOut:
        """Counts, and a sample of what moved."""
        same = ("looked_at", "other_category", "other_owner", "labelled", "right_before", "right_after")
        return cls(
            **{name: getattr(found, name) for name in same},
            moved=len(found.moved),
            flows=[FlowOut.model_validate(one) for one in found.flows[:MOST_SHOWN]],
            sample=[MovedOut.of(one) for one in found.moved[:MOST_SHOWN]],
        )


@bp.post("/rehearsals")
@endpoint(body=RehearsalBody, returns=RehearsalOut, roles=DESK, tags=TAGS)
async def rehearse_change(request: Request, body: RehearsalBody) -> RehearsalOut:
    """Show what a change of keywords, scopes or preferences would move among past appeals."""
    found = await rehearsing.run(
        request.ctx.actor, body.plan(), community_id=body.community_id, last=body.last
    )
    return RehearsalOut.of(found)
