"""The immutable, versioned set of weighted keywords that categories are judged by."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from nlp.phrases import Hit, Phrases
from nlp.segment import normalise


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
    """An occurrence of a keyword's text: where, and its (category, weight) pairs."""

    text: str
    start: int
    end: int
    weights: tuple[tuple[str, float], ...]


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
        unique: dict[tuple[str, str, bool], Keyword] = {}
        for entry in keywords:
            keyword = Keyword(*entry)
            keyword = keyword._replace(text=normalise(keyword.text).strip())
            unique[keyword.text, keyword.category, keyword.learned] = keyword
        ordered = tuple(sorted(unique.values()))
        return cls(ordered, version or _digest(ordered))

    @cached_property
    def categories(self) -> tuple[str, ...]:
        """Every category that a keyword speaks for, sorted."""
        return tuple(sorted({keyword.category for keyword in self.keywords}))

    @cached_property
    def common(self) -> tuple[tuple[str, float], ...]:
        """What counts in every message, by category."""
        return tuple((keyword.category, keyword.weight) for keyword in self.keywords if not keyword.text)

    @cached_property
    def _hand_written(self) -> _Index:
        return _Index([keyword for keyword in self.keywords if keyword.text and not keyword.learned])

    @cached_property
    def _learned(self) -> _Index:
        return _Index([keyword for keyword in self.keywords if keyword.text and keyword.learned])

    def find(self, text: str, marks: Sequence[int]) -> list[Found]:
        """The keywords that count in a normalised text, given jieba's word boundaries in it.

        A single character must be a word by itself (狗, not in 热狗), and two characters must not join
        halves of two words (电车 in 水电车间).
        """
        fitting = [hit for hit in self._hand_written.hits(text) if _fits(hit, marks)]
        kept = self._hand_written.named(_outermost(fitting))
        return kept + self._learned.named(self._learned.hits(text))


class _Index:
    """Keywords of one origin, by text."""

    def __init__(self, keywords: Sequence[Keyword]) -> None:
        weights: dict[str, list[tuple[str, float]]] = {}
        for keyword in keywords:
            weights.setdefault(keyword.text, []).append((keyword.category, keyword.weight))
        self._phrases = Phrases(weights)
        self._weights = [tuple(weights[text]) for text in self._phrases.texts]

    def hits(self, text: str) -> list[Hit]:
        """Every occurrence of a keyword's text."""
        return self._phrases.hits(text) if self._weights else []

    def named(self, hits: Iterable[Hit]) -> list[Found]:
        """The same occurrences with text and weights."""
        texts, weights = self._phrases.texts, self._weights
        return [Found(texts[index], start, end, weights[index]) for index, start, end in hits]


def _fits(hit: Hit, marks: Sequence[int]) -> bool:
    """Whether the hit agrees with jieba's words, as far as its length makes a coincidence likely."""
    length = hit.end - hit.start
    if length > 2:
        return True
    whole = bool(marks[hit.start]) and bool(marks[hit.end])
    if length == 1:
        return whole
    return whole or not marks[hit.start + 1]


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
    lines = "\n".join(f"{k.text}\t{k.category}\t{k.weight!r}\t{k.learned:d}" for k in keywords)
    return hashlib.sha256(lines.encode("utf-8", "replace")).hexdigest()[:12]
