"""Learning keyword weights from labelled messages; the only place that needs scikit-learn.

The model is linear: a category's score is the sum of the weights of the substrings that occur, so what is learned
is a table of (keyword, category, weight) that staff can read, and serving stays as fast as with the pack alone.
Hand-written keywords are kept as they are; the learned weights only correct them, and are drawn to zero by the
penalty, so few examples change little.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.feature_selection import SelectKBest, chi2

from nlp.lexicon import Keyword, Lexicon
from nlp.phrases import Phrases
from nlp.ranking import totals, weighed
from nlp.segment import LONGEST, boundaries, normalise, words

KEYWORDS = 12_000
"""Substrings kept, the most telling by chi²."""

PENALTY = 1.0
"""Strength of the pull to zero (sum of squares / 2 against the sum of the log losses)."""

TRUST = 0.5
"""What one point of a hand-written score is worth in log odds."""

SMALLEST = 0.02
"""Weights below this change nothing worth a row."""

Matrix = Any
"""A numpy array or scipy matrix; neither is typed strictly enough to say more."""


def fit(rows: Iterable[tuple[str, str]], *, prior: Sequence[Keyword] = (), version: str = "") -> Lexicon:
    """Learn from (text, label) rows, starting from the prior's keywords; same rows give the same lexicon.

    Raises: ValueError when there are no rows.
    """
    examples = [(normalise(text[:LONGEST]), label) for text, label in rows]
    if not examples:
        raise ValueError("nothing to learn from")
    start = Lexicon.of(prior)
    codes = sorted({label for _, label in examples} | set(start.categories))
    texts = [text for text, _ in examples]
    answers = np.array([codes.index(label) for _, label in examples])
    phrases = Phrases(_telling(texts, answers))
    weights = _learn(_occurrences(texts, phrases), answers, TRUST * _scores(texts, start, codes))
    return Lexicon.of([*start.keywords, *_as_keywords(weights / TRUST, phrases, codes)], version=version)


def _pieces(text: str) -> list[str]:
    """Substrings of one to three characters, and jieba's longer words."""
    short = [text[i : i + n] for n in (1, 2, 3) for i in range(len(text) - n + 1)]
    return [piece for piece in [*short, *(word for word in words(text) if len(word) > 3)] if piece.isalnum()]


def _telling(texts: Sequence[str], answers: Matrix) -> list[str]:
    """The substrings that tell the labels apart best, of those that occur more than once."""
    counter = CountVectorizer(analyzer=_pieces, binary=True, min_df=min(2, len(texts)))
    try:
        counts = counter.fit_transform(texts)
    except ValueError:  # no substring occurs twice: there is nothing to learn
        return []
    best = SelectKBest(chi2, k=min(KEYWORDS, counts.shape[1])).fit(counts, answers)
    return [str(name) for name in counter.get_feature_names_out()[best.get_support()]]


def _occurrences(texts: Sequence[str], phrases: Phrases) -> Matrix:
    """Rows of 0 and 1 by phrase, found exactly as serving finds them; the last column is always 1."""
    pairs = [(row, index) for row, text in enumerate(texts) for index in {hit.index for hit in phrases.hits(text)}]
    pairs += [(row, len(phrases.texts)) for row in range(len(texts))]
    positions = tuple(zip(*pairs, strict=True))
    return csr_matrix((np.ones(len(pairs)), positions), shape=(len(texts), len(phrases.texts) + 1))


def _scores(texts: Sequence[str], start: Lexicon, codes: Sequence[str]) -> Matrix:
    """What the prior's keywords alone give each text, by code."""
    scores = np.zeros((len(texts), len(codes)))
    if start.keywords:
        for row, text in enumerate(texts):
            for scored in totals(weighed(text, start.find(text, boundaries(text)))):
                scores[row, codes.index(scored.code)] = scored.score
    return scores


def _learn(found: Matrix, answers: Matrix, offset: Matrix) -> Matrix:
    """Weights (phrase × code) of the multinomial logistic regression on top of the offset."""
    shape = (found.shape[1], offset.shape[1])
    wanted = np.eye(offset.shape[1])[answers]

    def loss(flat: Matrix) -> tuple[float, Matrix]:
        weights = flat.reshape(shape)
        logits = found @ weights + offset
        logits -= logits.max(axis=1, keepdims=True)
        shares = np.exp(logits)
        total = shares.sum(axis=1, keepdims=True)
        missed = float((np.log(total[:, 0]) - (logits * wanted).sum(axis=1)).sum())
        slope = found.T @ (shares / total - wanted) + PENALTY * weights
        return missed + PENALTY / 2 * float((flat**2).sum()), slope.ravel()

    found_best = minimize(loss, np.zeros(shape[0] * shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 120})
    return found_best.x.reshape(shape)


def _as_keywords(weights: Matrix, phrases: Phrases, codes: Sequence[str]) -> list[Keyword]:
    """The weights that matter, as learned keywords; the last row is what always counts."""
    texts = [*phrases.texts, ""]
    places = np.argwhere(np.abs(weights) >= SMALLEST)
    return [Keyword(texts[i], codes[j], round(float(weights[i, j]), 4), learned=True) for i, j in places]
