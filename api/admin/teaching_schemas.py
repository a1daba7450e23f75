"""Trials, measures and the review lists as the admin API shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated

from pydantic import Field

from api.admin.decision_schemas import CandidateOut, MatchedOut, RankedOut
from api.schemas import PLAIN, Body, Code, Coded, Id, Label, Moment, Named, Out, PageQuery
from models import Appeal, Lesson
from nlp.judgement import Judgement
from nlp.measures import Measure, Verdict
from services.explaining import reasons
from services.foreseeing import Foreseen
from services.ranking import Chosen
from services.reviewing import Unsure

LONGEST_SHOWN = 200
RANKED_SHOWN = 3

Sentence = Annotated[str, Field(min_length=1, max_length=2000, pattern=PLAIN)]


def shown_text(appeal: Appeal) -> str:
    """The words of an appeal in a list; delicate ones are read in the appeal alone, where that is audited."""
    return "" if appeal.category.delicate or appeal.about_conduct else appeal.text[:LONGEST_SHOWN]


class TrialBody(Body):
    """A sentence as a resident would write it, and whose resident; by default of the caller's community."""

    text: Sentence
    community_id: Id | None = None


class DangerOut(Out):
    """Whether somebody is in danger, whom to call, and which words say so."""

    urgent: bool
    self_harm: bool
    numbers: list[str]
    matched: list[str]


class PlaceOut(Out):
    """The place named; several grids mean that the name is ambiguous."""

    text: str
    name: str | None
    grid_ids: list[int]


class OwnerOut(Out):
    """Who would get it, and everybody who came into question."""

    kind: Label
    id: int
    name: str
    why: str
    candidates: list[CandidateOut]

    @classmethod
    def of(cls, chosen: Chosen | None) -> OwnerOut | None:
        """None stays None: no community was named."""
        if chosen is None:
            return None
        assignee = chosen.assignee
        candidates = [
            CandidateOut(
                kind=one.assignee.kind.value,
                id=one.assignee.id,
                name=one.assignee.name,
                kept=one.kept,
                why=one.why,
            )
            for one in chosen.candidates
        ]
        return cls(
            kind=Label.of(assignee.kind),
            id=assignee.id,
            name=assignee.name,
            why=chosen.why,
            candidates=candidates,
        )


class TrialOut(Out):
    """How a sentence is understood; `owner` is null where no community was named, or where none is filed."""

    intent: str
    filed: bool = Field(description="whether such a message becomes an appeal at all")
    category: Coded
    unsure: bool
    ranked: list[RankedOut]
    runner_up: RankedOut | None
    margin: float
    matched: list[MatchedOut]
    danger: DangerOut
    about_conduct: bool
    place: PlaceOut | None
    topics: list[str]
    grid_id: int | None
    owner: OwnerOut | None
    lexicon_version: str

    @classmethod
    def of(cls, found: Foreseen, names: Mapping[str, str]) -> TrialOut:
        """With the names of the categories."""
        judgement = found.judgement
        ranked = _ranked(judgement, names)
        return cls(
            intent=judgement.intent.value,
            filed=found.filed,
            category=Coded.model_validate(found.category),
            unsure=found.unsure,
            ranked=ranked,
            runner_up=ranked[1] if len(ranked) > 1 else None,
            margin=judgement.margin,
            matched=_matched(judgement),
            danger=DangerOut.model_validate(judgement.urgency),
            about_conduct=judgement.conduct,
            place=PlaceOut.model_validate(judgement.place) if judgement.place else None,
            topics=[one.code for one in judgement.topics],
            grid_id=found.grid_id,
            owner=OwnerOut.of(found.chosen) if found.filed else None,
            lexicon_version=judgement.lexicon_version,
        )


def _ranked(judgement: Judgement, names: Mapping[str, str]) -> list[RankedOut]:
    return [
        RankedOut(code=one.code, name=names.get(one.code, one.code), score=one.score)
        for one in judgement.ranked
    ]


def _matched(judgement: Judgement) -> list[MatchedOut]:
    found = reasons(map(asdict, judgement.matched), map(asdict, judgement.ranked))
    return [MatchedOut.model_validate(one) for one in found]


class MeasureQuery(PageQuery):
    """Filters of the list."""

    category: Code | None = None
    verdict: Verdict | None = Field(
        default=None,
        description="unhit: never; misleading: mostly wrong; contradicting: strong for two, hit or not",
    )


class MeasureOut(Out):
    """A keyword on labelled messages; precision is null when it was never hit, recall without its label."""

    text: str
    category: str
    weight: float
    hits: int
    right: int
    labelled: int
    precision: float | None
    recall: float | None
    rivals: list[str] = Field(description="other categories for which the same text is strong")
    verdict: str

    @classmethod
    def of(cls, one: Measure) -> MeasureOut:
        """One keyword."""
        same = ("text", "category", "weight", "hits", "right", "labelled", "precision", "recall")
        return cls(
            **{name: getattr(one, name) for name in same}, rivals=list(one.rivals), verdict=one.verdict.value
        )


class MistakeOut(Out):
    """A prediction that somebody corrected; the text of delicate appeals is left out."""

    lesson: int
    appeal: int
    community: Named
    text: str
    predicted: str
    right: str
    margin: float
    by: Label
    lexicon_version: str
    at: Moment

    @classmethod
    def of(cls, row: Lesson) -> MistakeOut:
        """One lesson whose appeal is fetched."""
        return cls(
            lesson=row.id,
            appeal=row.appeal_id,
            community=Named.model_validate(row.appeal.community),
            text=shown_text(row.appeal),
            predicted=row.predicted,
            right=row.category,
            margin=row.margin,
            by=Label.of(row.by),
            lexicon_version=row.lexicon_version,
            at=row.at,
        )


class UnsureOut(Out):
    """An open appeal that waits for its category, with the best guesses."""

    appeal: int
    community: Named
    category: Coded
    text: str
    ranked: list[RankedOut]
    margin: float
    created_at: Moment

    @classmethod
    def of(cls, one: Unsure) -> UnsureOut:
        """One appeal whose category and community are fetched."""
        ranked = one.decision.ranked[:RANKED_SHOWN] if one.decision else []
        return cls(
            appeal=one.appeal.number,
            community=Named.model_validate(one.appeal.community),
            category=Coded.model_validate(one.appeal.category),
            text=shown_text(one.appeal),
            ranked=[RankedOut.model_validate(guess) for guess in ranked],
            margin=one.decision.margin if one.decision else 0.0,
            created_at=one.appeal.created_at,
        )
