"""Why a message was understood as it was, for people to read. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Reason:
    """A word that was found: what it counted, which share of its category's score that is.

    `context`: a single learned character, which carries weight but is no keyword that people would name.
    """

    keyword: str
    category: str
    weight: float
    share: float
    context: bool


def reasons(matched: Iterable[Mapping[str, Any]], ranked: Iterable[Mapping[str, Any]]) -> list[Reason]:
    """The words of a prediction, keywords before context, each group strongest first."""
    scores = {str(one["code"]): float(one["score"]) for one in ranked}
    found = [_reason(one, scores) for one in matched]
    return sorted(found, key=lambda one: (one.context, -abs(one.weight)))


def _reason(match: Mapping[str, Any], scores: Mapping[str, float]) -> Reason:
    keyword, category, weight = str(match["keyword"]), str(match["category"]), float(match["weight"])
    score = scores.get(category, 0.0)
    share = round(weight / score, 3) if score > 0 else 0.0
    return Reason(keyword, category, weight, share, len(keyword) < 2)
