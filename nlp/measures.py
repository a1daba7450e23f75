"""How well each keyword tells its category, measured on labelled messages. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from nlp.lexicon import Lexicon
from nlp.segment import LONGEST, normalise

STRONG = 2.0
"""A keyword of this weight decides by itself where nothing else is said."""

ENOUGH = 2
"""Hits below which a keyword that is wrong may be unlucky."""


class Verdict(StrEnum):
    """What the measure says of a keyword."""

    USEFUL = "useful"
    UNHIT = "unhit"
    MISLEADING = "misleading"
    CONTRADICTING = "contradicting"


@dataclass(frozen=True, slots=True)
class Measure:
    """One (keyword, category): in how many messages it counted, and how many of those have its label.

    `labelled` is how many messages have that label; `rivals` are other categories for which the same text
    is strong.
    """

    text: str
    category: str
    weight: float
    hits: int
    right: int
    labelled: int
    rivals: tuple[str, ...]

    @property
    def precision(self) -> float | None:
        """Share of its hits that have its label; None when it was never hit."""
        return round(self.right / self.hits, 4) if self.hits else None

    @property
    def recall(self) -> float | None:
        """Share of the messages with its label in which it was hit; None when there are none."""
        return round(self.right / self.labelled, 4) if self.labelled else None

    @property
    def verdict(self) -> Verdict:
        """The worst that can be said; a word that speaks against its category misleads in messages of it.

        A contradiction stands in the keywords themselves: it is told before either was hit.
        """
        wrong = self.hits - self.right if self.weight > 0 else self.right
        if self.hits >= ENOUGH and 2 * wrong > self.hits:
            return Verdict.MISLEADING
        if self.rivals:
            return Verdict.CONTRADICTING
        return Verdict.USEFUL if self.hits else Verdict.UNHIT


def measures(hand_written: Lexicon, rows: Iterable[tuple[str, str]]) -> list[Measure]:
    """Every hand-written keyword measured on (message, label) rows, most hits first.

    A keyword is hit where it counts for serving: not inside a longer one, not across the borders of words.
    """
    labels: Counter[str] = Counter()
    hits: Counter[str] = Counter()
    right: Counter[tuple[str, str]] = Counter()
    for text, label in rows:
        labels[label] += 1
        for word in _hit(hand_written, text):
            hits[word] += 1
            right[word, label] += 1
    strong = _strong(hand_written)
    found = [
        Measure(
            one.text,
            one.category,
            one.weight,
            hits[one.text],
            right[one.text, one.category],
            labels[one.category],
            _rivals(strong, one.text, one.category, one.weight),
        )
        for one in hand_written.keywords
    ]
    return sorted(found, key=lambda one: (-one.hits, one.text, one.category))


def _hit(lexicon: Lexicon, text: str) -> set[str]:
    normal = normalise(text[:LONGEST])
    return {one.text for one in lexicon.find(normal)}


def _strong(lexicon: Lexicon) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for one in lexicon.keywords:
        if one.weight >= STRONG:
            found[one.text].append(one.category)
    return found


def _rivals(strong: Mapping[str, Sequence[str]], text: str, category: str, weight: float) -> tuple[str, ...]:
    if weight < STRONG:
        return ()
    return tuple(other for other in strong.get(text, ()) if other != category)
