"""Learned weights as a table that is packed into bytes, and a lexicon that takes it as it is.

12,000 keywords for 22 categories are a quarter of a million numbers: as rows or as `Keyword`s they take
seconds to load, as a table milliseconds.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from nlp.homophones import Sounds
from nlp.lexicon import Keyword, Learned, Lexicon
from nlp.phrases import Phrases

Matrix = Any
"""A numpy array, which is not typed strictly enough to say more."""

_LENGTH = 4
_LEVEL = 6


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """One weight per (text, category); the last row of the matrix is what counts in every message."""

    texts: tuple[str, ...]
    categories: tuple[str, ...]
    matrix: Matrix

    @classmethod
    def of(cls, keywords: Iterable[Keyword]) -> Weights:
        """The learned ones among these keywords."""
        learned = [keyword for keyword in keywords if keyword.learned]
        texts = tuple(sorted({keyword.text for keyword in learned} - {""}))
        categories = tuple(sorted({keyword.category for keyword in learned}))
        rows = {text: row for row, text in enumerate((*texts, ""))}
        columns = {category: column for column, category in enumerate(categories)}
        matrix = np.zeros((len(rows), len(categories)), dtype="<f4")
        for keyword in learned:
            matrix[rows[keyword.text], columns[keyword.category]] = keyword.weight
        return cls(texts, categories, matrix)

    def packed(self) -> bytes:
        """Compressed: length of the head, head (JSON with texts and categories), weights (32-bit floats)."""
        head = json.dumps({"texts": self.texts, "categories": self.categories}, ensure_ascii=False).encode()
        return zlib.compress(len(head).to_bytes(_LENGTH, "big") + head + self.matrix.tobytes(), _LEVEL)

    @classmethod
    def unpacked(cls, packed: bytes) -> Weights:
        """Inverse of `packed`. Raises: ValueError when the bytes are no such table."""
        try:
            raw = zlib.decompress(packed)
        except zlib.error as problem:
            raise ValueError("not a table of weights") from problem
        body = _LENGTH + int.from_bytes(raw[:_LENGTH], "big")
        head = json.loads(raw[_LENGTH:body])
        texts, categories = tuple(head["texts"]), tuple(head["categories"])
        flat = np.frombuffer(raw, dtype="<f4", offset=body)
        return cls(texts, categories, flat.reshape(len(texts) + 1, len(categories)))

    def within(self, categories: Collection[str]) -> Weights:
        """The same without categories that are not among these."""
        kept = [column for column, one in enumerate(self.categories) if one in categories]
        return Weights(self.texts, tuple(self.categories[one] for one in kept), self.matrix[:, kept])

    def pairs(self) -> Iterator[tuple[str, str, float]]:
        """(text, category, weight) of every weight that is not zero, without the last row."""
        for row, column in np.argwhere(self.matrix[:-1]).tolist():
            yield self.texts[row], self.categories[column], round(float(self.matrix[row, column]), 4)


NOTHING = Weights((), (), np.zeros((1, 0), dtype="<f4"))
"""What is known before anything was learned."""


@dataclass(frozen=True)
class Fitted(Lexicon):
    """Hand-written keywords with a table of learned weights on top; make one with `fitted`."""

    weights: Weights = field(default=NOTHING)

    @cached_property
    def categories(self) -> tuple[str, ...]:
        """Every category that a keyword or a weight names, sorted."""
        named = {keyword.category for keyword in self.keywords}
        return tuple(sorted(named | set(self.weights.categories)))

    @cached_property
    def learned(self) -> Learned | None:
        """The table, ready for lookup."""
        return _Table(self.weights, self.categories) if self.weights.categories else None


class _Table(Learned):
    """Learned weights that come as a table."""

    def __init__(self, weights: Weights, categories: Sequence[str]) -> None:
        """Widen the table to these categories."""
        self._categories = categories
        self._phrases = Phrases(weights.texts)
        self._weights = np.zeros((len(weights.texts) + 1, len(categories)), dtype=np.float32)
        self._weights[:, [categories.index(one) for one in weights.categories]] = weights.matrix
        self._sounds = Sounds(weights.texts, np.abs(self._weights).sum(axis=1).tolist())


def fitted(hand_written: Iterable[Keyword], weights: Weights, *, version: str) -> Lexicon:
    """The lexicon of hand-written keywords and learned weights."""
    return Fitted(Lexicon.of(hand_written, version=version).keywords, version, weights)
