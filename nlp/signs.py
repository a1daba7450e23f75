"""What the signs of a message speak for: intents, danger now, kinds of danger. Learned weights alone.

`python -m nlp.learn` makes the weights from the examples in `nlp/words/`.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from nlp.folds import FOLDS, fold, origins, plain, words
from nlp.judgement import Intent
from nlp.phrases import Phrases
from nlp.tables import WORDS, rows

INTENT_EXAMPLES = WORDS / "intent_examples.tsv"
EMERGENCY_EXAMPLES = WORDS / "emergency_examples.tsv"
WEIGHTS = WORDS / "sign_weights.tsv"

ALARM = "alarm"
"""The column that says whether somebody is in danger now."""

INTENTS = tuple(Intent)

NUMBERS = {kind: tuple(numbers.split()) for _, (kind, numbers) in rows(WORDS / "dangers.tsv")}
"""Whom to call in each kind of danger, the fitting one first."""

KINDS = tuple(NUMBERS)

COLUMNS = (*INTENTS, ALARM, *KINDS)

_AT = len(INTENTS)

WORD = "="
"""Begins a feature that is a word of the folds rather than a piece of the folded text."""

UNIT = 100
"""Weights are written as whole hundredths."""

Matrix = Any
"""A numpy array, which is not typed strictly enough to say more."""


class Reading(NamedTuple):
    """What a message speaks for: a score for each of `INTENTS`, for danger now, for each of `KINDS`."""

    intents: list[float]
    alarm: float
    kinds: list[float]


class Table(NamedTuple):
    """The learned weights: feature × column (`COLUMNS`); the last row counts in every message."""

    features: tuple[str, ...]
    weights: Matrix


class Signs:
    """The weights ready for lookup."""

    def __init__(self, table: Table) -> None:
        """Index the features."""
        known = {feature: row for row, feature in enumerate(table.features)}
        self._pieces = Phrases(feature for feature in table.features if not feature.startswith(WORD))
        order = [known[text] for text in self._pieces.texts]
        self._words: list[int | None] = []
        for one in words():
            row = known.get(WORD + one)
            self._words.append(None if row is None else len(order))
            order += [] if row is None else [row]
        self._weights = np.ascontiguousarray(table.weights[order])
        self._always = table.weights[-1]

    def rows(self, normal: str) -> list[int]:
        """The rows of the features that a normalised text has, each once."""
        folded = fold(normal)
        found = self._pieces.which(folded.text)
        found.update(row for number in folded.words if (row := self._words[number]) is not None)
        return list(found)

    def read(self, normal: str) -> Reading:
        """Judge a normalised text: sums of weights over the root of their number, as they were learned."""
        found = self.rows(normal)
        sums = np.add.reduce(self._weights.take(found, 0), 0) if found else self._always * 0
        scores = (sums / math.sqrt(len(found) or 1) + self._always).tolist()
        return Reading(scores[:_AT], scores[_AT], scores[_AT + 1 :])

    def reasons(self, normal: str, column: str, limit: int) -> list[str]:
        """The words of a normalised text that speak most for a column, strongest first."""
        text, spans, at = plain(normal), origins(normal), COLUMNS.index(column)
        weighed: dict[str, float] = {}
        for hit in self._pieces.hits(fold(normal).text):
            words = text[spans[hit.start][0] : spans[hit.end - 1][1]].strip()
            if len(words) > 1:
                weighed[words] = weighed.get(words, 0.0) + float(self._weights[hit.index, at])
        kept: list[str] = []
        for words in sorted(weighed, key=lambda one: (-weighed[one], one)):
            if weighed[words] > 0 and not any(words in other or other in words for other in kept):
                kept.append(words)
        return kept[:limit]


@cache
def shipped() -> Signs:
    """The weights that come with the product."""
    return Signs(load(WEIGHTS))


@lru_cache(maxsize=1)
def read(normal: str) -> Reading:
    """Judge a normalised text by the shipped weights; intent and urgency of one message share it."""
    return shipped().read(normal)


def load(path: Path) -> Table:
    """A table as `saved` wrote it."""
    lines = path.read_text(encoding="utf-8").rstrip("\n").split("\n")[2:]
    parted = [line.split("\t") for line in lines]
    flat = np.fromstring(" ".join(numbers for _, numbers in parted), dtype=np.float32, sep=" ")
    weights = flat.reshape(len(parted), len(COLUMNS)) / UNIT
    return Table(tuple(feature for feature, _ in parted[:-1]), weights)


def saved(table: Table, path: Path) -> None:
    """Write a table: what it was learned from, the columns, a line for each feature, the constant last."""
    whole = np.rint(table.weights * UNIT).astype(int).tolist()
    pairs = zip((*table.features, ""), whole, strict=True)
    lines = (f"{feature}\t{' '.join(map(str, row))}" for feature, row in pairs)
    head = f"# learned by python -m nlp.learn from {source()}\n# feature\t{' '.join(COLUMNS)}\n"
    path.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


def source() -> str:
    """A short name for the content of what weights are learned from; stale weights bear another one."""
    return _digest((FOLDS, INTENT_EXAMPLES, EMERGENCY_EXAMPLES))


def _digest(paths: Sequence[Path]) -> str:
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in paths)).hexdigest()[:16]
