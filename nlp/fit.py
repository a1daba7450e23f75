"""Learning keyword weights from labelled messages; with `nlp.linear` the only place that needs scikit-learn.

The model is linear: a category's score is the sum of the weights of the substrings that occur, over the root
of their number, so what is learned is a table of (keyword, category, weight) that staff can read, and serving
stays as fast as with the pack alone. Hand-written keywords are kept; learned weights only correct them, and
are drawn to zero, so few examples change little. What was tried and lost stands in `docs/understanding.md`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_selection import chi2

from nlp.lexicon import Keyword, Lexicon
from nlp.linear import Matrix, learn
from nlp.ranking import rank
from nlp.segment import LONGEST, is_word, normalise

PHRASES = 40_000
"""Substrings that weights are learned for, the most telling by chi²."""

KEYWORDS = 45_000
"""Weights kept, those that move the most messages furthest."""

WORD = 2.0
"""How much more a substring counts that is a word of the dictionary: half the pieces of a text are chance."""

POINTS = 6.0
"""Hand-written points in one unit of the learned scale, on which +1 is clearly yes and -1 clearly no."""

Row = tuple[str, str]


def fit(rows: Iterable[Row], *, prior: Sequence[Keyword] = (), version: str = "") -> Lexicon:
    """Learn from (text, label) rows, starting from the prior's keywords; same rows give the same lexicon.

    Raises: ValueError when there are no rows.
    """
    examples = [(normalise(text[:LONGEST]), label) for text, label in rows]
    if not examples:
        raise ValueError("nothing to learn from")
    start = Lexicon.of(prior)
    codes = sorted({label for _, label in examples} | set(start.categories))
    texts = [text for text, _ in examples]
    numbers = {code: number for number, code in enumerate(codes)}
    answers = np.array([numbers[label] for _, label in examples])
    phrases, found = _telling(texts, answers)
    offset = _scores(texts, start, codes) / POINTS - 1 if prior else np.zeros((len(texts), len(codes)))
    scale = _scale(phrases, found)
    weights = POINTS * learn(_levelled(found) @ _diagonal(scale), answers, offset)
    weights[:-1] *= scale[:, None]
    return Lexicon.of([*start.keywords, *_as_keywords(weights, found, phrases, codes)], version=version)


def pieces(text: str) -> set[str]:
    """Substrings of one to three characters without marks or blanks."""
    short = (text[i : i + n] for n in (1, 2, 3) for i in range(len(text) - n + 1))
    return {piece for piece in short if piece.isalnum()}


def _telling(texts: Sequence[str], answers: Matrix) -> tuple[list[str], Matrix]:
    """The substrings in several texts that tell the labels apart best, and (text × substring) 0 or 1."""
    cut = [pieces(text) for text in texts]
    counted = Counter(piece for one in cut for piece in one)
    names = sorted(piece for piece, times in counted.items() if times > 1)
    columns = {piece: column for column, piece in enumerate(names)}
    inside = [[columns[piece] for piece in one if piece in columns] for one in cut]
    ends = np.cumsum([0, *map(len, inside)])
    places = np.array([column for one in inside for column in one], dtype=np.int32)
    found = csr_matrix((np.ones(len(places)), places, ends), shape=(len(texts), len(names)))
    if len(names) <= PHRASES:
        return names, found
    best = np.sort(np.argsort(-np.nan_to_num(chi2(found, answers)[0]), kind="stable")[:PHRASES])
    return [names[column] for column in best], found[:, best].tocsr()


def _scale(phrases: Sequence[str], found: Matrix) -> Matrix:
    """What one occurrence of each phrase is worth before learning: rare ones and words are worth more."""
    if not phrases:
        return np.ones(0)
    often = np.asarray(found.sum(axis=0)).ravel()
    rarity = np.log((1 + found.shape[0]) / (1 + often)) + 1
    whole = np.array([WORD if len(phrase) > 1 and is_word(phrase) else 1.0 for phrase in phrases])
    return rarity / rarity.mean() * whole


def _levelled(found: Matrix) -> Matrix:
    """Each row over the root of its number of phrases, as serving does it: long texts do not shout."""
    return _diagonal(1 / np.sqrt(np.maximum(np.diff(found.indptr), 1))) @ found


def _diagonal(values: Matrix) -> Matrix:
    size = len(values)
    return csr_matrix((values, np.arange(size), np.arange(size + 1)), shape=(size, size))


def _scores(texts: Sequence[str], start: Lexicon, codes: Sequence[str]) -> Matrix:
    """What the prior's keywords alone give each text, by code."""
    found = np.zeros((len(texts), len(codes)))
    numbers = {code: number for number, code in enumerate(codes)}
    for row, text in enumerate(texts):
        for scored in rank(text, start).order:
            found[row, numbers[scored.code]] = scored.score
    return found


def _as_keywords(
    weights: Matrix, found: Matrix, phrases: Sequence[str], codes: Sequence[str]
) -> list[Keyword]:
    """The weights that matter most, as learned keywords; those of the empty text always count."""
    often = np.sqrt(np.asarray(found.sum(axis=0)).ravel())
    size = np.abs(weights[:-1]) * often[:, None]
    kept = np.argsort(-size, axis=None, kind="stable")[:KEYWORDS]
    pairs = [(phrases[at // len(codes)], at // len(codes), at % len(codes)) for at in np.sort(kept)]
    pairs += [("", len(phrases), column) for column in range(len(codes))]
    learned = (
        Keyword(text, codes[column], round(float(weights[row, column]), 3), learned=True)
        for text, row, column in pairs
    )
    return [keyword for keyword in learned if keyword.weight]
