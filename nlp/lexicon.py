"""The immutable, versioned set of weighted keywords that categories are judged by."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from nlp.homophones import Sounds
from nlp.phrases import Hit, Phrases
from nlp.segment import boundaries, normalise

CROSSING_SHARE = 0.5
"""Half of such hits in real titles are chance, the other half are jieba's mistakes (环城路|灯)."""


HEARD_SHARE = 0.5
"""A keyword that is only heard counts for this share; 0.7 finds no more slips and misleads more often."""

_BETWEEN = "\ue000"
"""Of Unicode's private use: no message means anything by it."""


class Keyword(NamedTuple):
    """A word or phrase that speaks for (weight > 0) or against (< 0) a category.

    A hand-written keyword is silent where it stands inside a longer hand-written one (养老 in 养老金);
    a learned one always counts, since a fit weighs all of them together. A learned keyword with an
    empty text counts once in every message: it says how common the category is.
    """

    text: str
    category: str
    weight: float
    learned: bool = False


class Found(NamedTuple):
    """An occurrence of a keyword's text: where, its (category, weight) pairs, and the share that counts."""

    text: str
    start: int
    end: int
    weights: tuple[tuple[str, float], ...]
    share: float


@dataclass(frozen=True)
class Lexicon:
    """Keywords ready for lookup; make one with `Lexicon.of`."""

    keywords: tuple[Keyword, ...]
    version: str

    @classmethod
    def of(cls, keywords: Iterable[Keyword | tuple[str, str, float]], *, version: str = "") -> Lexicon:
        """Build from (text, category, weight[, learned]); without a version, one is made from the content.

        A pair given twice keeps the last weight. Texts are normalised as messages are.
        """
        given = [entry if isinstance(entry, Keyword) else Keyword(*entry) for entry in keywords]
        unique: dict[tuple[str, str, bool], Keyword] = {}
        for text, one in zip(_normal([one.text for one in given]), given, strict=True):
            unique[text, one.category, one.learned] = one if one.text == text else one._replace(text=text)
        kept = tuple(unique.values())
        return cls(kept, version or _digest(kept))

    @cached_property
    def categories(self) -> tuple[str, ...]:
        """Every category that a keyword names, sorted."""
        return tuple(sorted({keyword.category for keyword in self.keywords}))

    @cached_property
    def _hand_written(self) -> tuple[Phrases, list[tuple[tuple[str, float], ...]], Sounds]:
        """The hand-written texts, the (category, weight) pairs of each, and how they sound."""
        weights: dict[str, list[tuple[str, float]]] = {}
        for keyword in self.keywords:
            if keyword.text and not keyword.learned:
                weights.setdefault(keyword.text, []).append((keyword.category, keyword.weight))
        phrases = Phrases(weights)
        pairs = [tuple(weights[text]) for text in phrases.texts]
        return phrases, pairs, Sounds(phrases.texts, [max(weight for _, weight in one) for one in pairs])

    @cached_property
    def learned(self) -> Learned | None:
        """The learned keywords, if there are any."""
        keywords = [keyword for keyword in self.keywords if keyword.learned]
        return Learned(keywords, self.categories) if keywords else None

    def find(self, text: str) -> list[Found]:
        """The hand-written keywords that count in a normalised text; jieba is asked only where one occurs.

        A single character must be a word by itself (狗, not in 热狗); two characters that join halves of
        two words (电车 in 水电车间) count by `CROSSING_SHARE`.
        """
        phrases, weights, _ = self._hand_written
        hits = [hit for hit in phrases.hits(text) if not _cuts_a_number(text, hit)]
        marks = boundaries(text) if hits else b""
        return [
            Found(phrases.texts[hit.index], hit.start, hit.end, weights[hit.index], share)
            for hit in _outermost(hits)
            if (share := _share(hit, marks))
        ]

    def heard(self, text: str, marks: Sequence[int]) -> list[Found]:
        """The hand-written keywords that a normalised text sounds like where its own words make no sense."""
        phrases, weights, sounds = self._hand_written
        return [
            Found(phrases.texts[hit.index], hit.start, hit.end, weights[hit.index], HEARD_SHARE)
            for hit in _outermost(sounds.hits(text, marks))
        ]


class Learned:
    """Learned keywords as one table of weights, phrase × category; the last row counts in every message."""

    def __init__(self, keywords: Sequence[Keyword], categories: Sequence[str]) -> None:
        """Index the keywords; the categories give the columns."""
        self._categories = categories
        self._phrases = Phrases([keyword.text for keyword in keywords])
        rows = {text: row for row, text in enumerate(self._phrases.texts)} | {"": len(self._phrases.texts)}
        columns = {category: column for column, category in enumerate(categories)}
        self._weights = np.zeros((len(rows), len(columns)), dtype=np.float32)
        places = [rows[one.text] for one in keywords], [columns[one.category] for one in keywords]
        self._weights[places] = [one.weight for one in keywords]
        self._sounds = Sounds(self._phrases.texts, np.abs(self._weights).sum(axis=1).tolist())

    def rows(self, text: str) -> list[int]:
        """The keywords that occur in a normalised text, each once, and the row that always counts."""
        return [*self._phrases.which(text), len(self._weights) - 1]

    def heard(self, text: str, marks: Sequence[int], rows: Sequence[int]) -> list[int]:
        """The keywords beside these rows that the text sounds like, see `Lexicon.heard`."""
        return list({hit.index for hit in self._sounds.hits(text, marks)}.difference(rows))

    def scores(self, rows: Sequence[int], heard: Sequence[int] = ()) -> dict[str, float]:
        """What these rows add to each category: their sum over the root of their number, so that long
        messages do not shout, and what always counts. Those only heard count by `HEARD_SHARE`.
        """
        total = self._weights[rows[:-1]].sum(axis=0)
        if heard:
            total = total + HEARD_SHARE * self._weights[heard].sum(axis=0)
        added = total * _level(rows, HEARD_SHARE * len(heard)) + self._weights[rows[-1]]
        return dict(zip(self._categories, added.tolist(), strict=True))

    def strongest(self, rows: Sequence[int], category: str, limit: int) -> list[tuple[str, float]]:
        """The keywords among these rows that speak most for the category, with their weights."""
        weights = self._weights[rows[:-1], self._categories.index(category)] * _level(rows)
        order = weights.argsort()[::-1][:limit].tolist()
        return [(self._phrases.texts[rows[i]], float(weights[i])) for i in order if weights[i] > 0]


def keyword_text(text: str) -> str:
    """The text of a keyword as it is found in messages; two texts with the same one are one keyword."""
    return normalise(text).strip()


def _normal(texts: Sequence[str]) -> list[str]:
    """The texts as messages are normalised; all in one call, which is ten times as fast as one by one."""
    together = normalise(_BETWEEN.join(texts)).split(_BETWEEN)
    if len(together) != len(texts):  # a text holds the mark itself
        return [keyword_text(text) for text in texts]
    return [text.strip() for text in together]


def _level(rows: Sequence[int], more: float = 0.0) -> float:
    """What the sum of the weights of these rows is multiplied by; the last row is none of them."""
    return 1 / math.sqrt(max(1.0, len(rows) - 1 + more))


def _share(hit: Hit, marks: Sequence[int]) -> float:
    """How far the hit agrees with jieba's words, as far as its length makes a coincidence likely."""
    start, end = hit.start, hit.end
    if end - start > 2 or (marks[start] and marks[end]):
        return 1.0
    if end - start == 1:
        return 0.0
    return CROSSING_SHARE if marks[start + 1] else 1.0


def _cuts_a_number(text: str, hit: Hit) -> bool:
    """Whether the hit begins or ends in the middle of a number (12345 in a phone's 13812345678)."""
    start, end = hit.start, hit.end
    before, after = text[max(0, start - 1) : start + 1], text[end - 1 : end + 1]
    return (len(before) == 2 and before.isdigit()) or (len(after) == 2 and after.isdigit())


def _outermost(hits: list[Hit]) -> list[Hit]:
    """Leave out what lies inside a longer hit."""
    kept: list[Hit] = []
    reach = -1
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        if hit.end > reach:
            kept.append(hit)
            reach = hit.end
    return kept


def _digest(keywords: Iterable[Keyword]) -> str:
    """A short name of the content."""
    lines = "\n".join(f"{k.text}\t{k.category}\t{k.weight!r}\t{k.learned:d}" for k in sorted(keywords))
    return hashlib.sha256(lines.encode("utf-8", "replace")).hexdigest()[:12]
