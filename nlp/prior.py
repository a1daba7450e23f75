"""Hand-written keywords as a start for labels that are not their categories.

Other places name their categories otherwise. What a pack's category becomes there is read from the labelled
rows themselves: of the messages that the pack gives to it, so many bear this label and so many that one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from nlp.lexicon import Keyword, Lexicon
from nlp.ranking import rank
from nlp.segment import LONGEST, normalise

DOUBT = 2.0
"""Messages that every category is thought to have had beforehand, labelled as all rows are."""

LEAST = 0.1
"""A label with a smaller share of a category gets none of its keywords."""


def translated(prior: Sequence[Keyword], rows: Iterable[tuple[str, str]]) -> list[Keyword]:
    """The prior's keywords with the rows' labels for categories, each weighing its label's share."""
    shares = _shares(Lexicon.of(prior), list(rows))
    weights: dict[tuple[str, str], float] = {}
    for text, category, weight, _ in prior:
        for label, share in shares[category].items():
            if share >= LEAST:
                weights[text, label] = weights.get((text, label), 0.0) + weight * share
    return [Keyword(text, label, round(weight, 3)) for (text, label), weight in weights.items()]


def _shares(start: Lexicon, rows: Sequence[tuple[str, str]]) -> dict[str, dict[str, float]]:
    """For each category, the share of each label among the messages that the lexicon gives to it."""
    every = Counter(label for _, label in rows)
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for text, label in rows:
        order = rank(normalise(text[:LONGEST]), start).order
        if order:
            seen[order[0].code][label] += 1
    return {
        category: {
            label: (seen[category][label] + DOUBT * often / len(rows)) / (seen[category].total() + DOUBT)
            for label, often in every.items()
        }
        for category in start.categories
    }
