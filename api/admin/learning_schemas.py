"""Lessons and versions as the admin API shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from api.schemas import PLAIN, Body, Code, Id, Label, Moment, Out, PageQuery, Query
from models import Lesson, LessonKind, LexiconVersion
from services.differences import Change, Difference, said
from services.versions import Comparison

MOST_CHANGES = 50
"""Changes of one kind that are listed for a category."""

Text = Annotated[str, Field(min_length=1, max_length=32, pattern=PLAIN)]


class LessonQuery(PageQuery):
    """Filters of the list."""

    kind: LessonKind | None = None
    category: Code | None = Field(default=None, description="what is right")


class LessonOut(Out):
    """教例: what was predicted, and what is right (null where nobody said)."""

    id: int
    appeal: int
    community_id: int
    kind: Label
    by: Label
    predicted: str | None
    category: str | None
    margin: float
    lexicon_version: str
    at: Moment

    @classmethod
    def of(cls, row: Lesson) -> LessonOut:
        """One lesson."""
        same = {
            name: getattr(row, name) for name in ("id", "community_id", "margin", "lexicon_version", "at")
        }
        return cls(
            **same,
            appeal=row.appeal_id,
            kind=Label.of(row.kind),
            by=Label.of(row.by),
            predicted=row.predicted or None,
            category=row.category or None,
        )


class Measured(Out):
    """How often a version is right on messages that no version has learned from."""

    accuracy: float
    macro_f1: float

    @classmethod
    def of(cls, accuracy: float | None, macro_f1: float | None) -> Measured | None:
        """None when it was not measured."""
        if accuracy is None or macro_f1 is None:
            return None
        return cls(accuracy=accuracy, macro_f1=macro_f1)


class VersionOut(Out):
    """词库版本; `compared` is what `compared_with` reached on the same messages."""

    id: int
    state: Label
    requested_by: str
    rows: int
    held_back: int
    keywords: int
    measured: Measured | None
    compared_with: int | None
    compared: Measured | None
    words: str
    started_at: Moment
    finished_at: Moment | None
    activated_at: Moment | None

    @classmethod
    def of(cls, row: LexiconVersion) -> VersionOut:
        """One version."""
        same = ("id", "requested_by", "rows", "held_back", "keywords", "words")
        more = ("started_at", "finished_at", "activated_at")
        return cls(
            **{name: getattr(row, name) for name in same + more},
            state=Label.of(row.state),
            measured=Measured.of(row.accuracy, row.macro_f1),
            compared_with=row.base_id,
            compared=Measured.of(row.base_accuracy, row.base_macro_f1),
        )


class RefitBody(Body):
    """Why somebody wants to learn now."""

    note: str = Field(default="", max_length=200, pattern=PLAIN)


class CompareQuery(Query):
    """The other version; by default the one that this one was measured with."""

    beside: Id | None = None


class ChangeOut(Out):
    """One word: what it counted and counts; 0 is not at all."""

    text: str
    before: float
    after: float


class DifferenceOut(Out):
    """What changed for one category; `context` counts single characters."""

    category: str
    words: str
    added: list[ChangeOut]
    removed: list[ChangeOut]
    raised: list[ChangeOut]
    lowered: list[ChangeOut]
    context: int

    @classmethod
    def of(cls, one: Difference, names: Mapping[str, str]) -> DifferenceOut:
        """One category."""
        return cls(
            category=one.category,
            words=said(one, names),
            added=_shown(one.added),
            removed=_shown(one.removed),
            raised=_shown(one.raised),
            lowered=_shown(one.lowered),
            context=one.context,
        )


def _shown(changes: list[Change]) -> list[ChangeOut]:
    return [ChangeOut.model_validate(one) for one in changes[:MOST_CHANGES]]


class ComparisonOut(Out):
    """What sets two versions apart; `before` is null for a version that had nothing before it."""

    before: int | None
    after: int
    items: list[DifferenceOut]

    @classmethod
    def of(cls, found: Comparison, names: Mapping[str, str]) -> ComparisonOut:
        """All categories that changed."""
        items = [DifferenceOut.of(one, names) for one in found.differences]
        return cls(before=found.before, after=found.after, items=items)


class LearnedQuery(PageQuery):
    """Filters of the list."""

    category: Code | None = None
    search: Text | None = None


class LearnedWord(Out):
    """A learned keyword: what it counts for a category."""

    text: str
    category: str
    weight: float
