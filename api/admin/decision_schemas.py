"""Why a message was understood as it was, and why it goes where it goes."""

from __future__ import annotations

from pydantic import Field

from api.schemas import Moment, Out
from models import Appeal, RoutingDecision
from services.explaining import reasons


class RankedOut(Out):
    """One category of the prediction."""

    code: str
    name: str
    score: float


class MatchedOut(Out):
    """A word that was found, and what it counts for which category."""

    keyword: str
    category: str
    weight: float
    share: float = Field(description="of its category's score")
    context: bool = Field(description="a single learned character: it counts, but tells people nothing")


class CandidateOut(Out):
    """Somebody who could have got the appeal, and why they were kept or dropped."""

    kind: str
    id: int
    name: str
    kept: bool
    why: str


class DecisionOut(Out):
    """派单依据: why an appeal went where it went."""

    kind: str
    urgency: str
    ranked: list[RankedOut]
    runner_up: RankedOut | None
    margin: float
    matched: list[MatchedOut]
    candidates: list[CandidateOut]
    chosen: str
    why: str
    corrected_to: str | None
    lexicon_version: str
    at: Moment

    @classmethod
    def of(cls, decision: RoutingDecision, appeal: Appeal) -> DecisionOut:
        """One decision, with the appeal's kind and urgency in words."""
        return cls(
            kind=appeal.kind.label,
            urgency=appeal.urgency.label,
            ranked=[RankedOut.model_validate(one) for one in decision.ranked],
            runner_up=RankedOut.model_validate(decision.ranked[1]) if len(decision.ranked) > 1 else None,
            margin=decision.margin,
            matched=[MatchedOut.model_validate(one) for one in reasons(decision.matched, decision.ranked)],
            candidates=[CandidateOut.model_validate(one) for one in decision.candidates],
            chosen=decision.chosen,
            why=decision.why,
            corrected_to=decision.corrected_to,
            lexicon_version=decision.lexicon_version,
            at=decision.created_at,
        )
