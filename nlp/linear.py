"""Learning the weights of a linear model; numpy and scipy alone, for `nlp.fit`.

Two linear models are averaged, and the average of linear models is one linear model: a support vector
machine, the better one, and complement naive Bayes, which errs elsewhere and learns from rare words at once.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.optimize import minimize

COST = 1.0
"""Weight of the squared hinge losses against half the sum of squares; large ones learn words by heart."""

SHARE = 0.7
"""Of the support vector machine in the average; from 0.5 to 0.7 there is no difference."""

SMOOTHING = 0.03
"""Added to what naive Bayes counts; rows weigh about one, so a phrase has some hundredths in each."""

PSEUDO = 0.5
"""Added to what the ratio of naive Bayes counts; it need not know rare phrases as well."""

EVEN = 0.25
"""Of its reach that every weight has, whatever naive Bayes sees; the rest goes where it sees a difference."""

ROUNDS = 60
"""Steps of the search; the figures stop changing at about forty."""

Matrix = Any
"""A numpy array or scipy matrix; neither is typed strictly enough to say more."""


def learn(found: Matrix, answers: Matrix, offset: Matrix) -> Matrix:
    """Weights (phrase × code; the last row always counts) that, added to `offset`, tell the codes apart.

    `found` holds a row a text and a column a phrase, `answers` the number of each text's code, and `offset`
    (text × code) what is known before: on its scale +1 is clearly yes and -1 clearly no.
    """
    counts = found.T @ np.eye(offset.shape[1])[answers]
    first = _machine(found, answers, offset, _ease(counts))
    second = _bayes(counts)
    second *= (found @ first[:-1]).std() / max((found @ second).std(), 1e-9)
    average = SHARE * first[:-1] + (1 - SHARE) * second
    return np.vstack([average, first[-1:]])


def _machine(found: Matrix, answers: Matrix, offset: Matrix, ease: Matrix) -> Matrix:
    """A linear support vector machine, squared hinge loss, one code against the rest, on top of the offset.

    `ease` (phrase × code) is how far a weight moves at the same price. scikit-learn's knows neither.
    """
    shape = (found.shape[1] + 1, offset.shape[1])
    signs = 2 * np.eye(offset.shape[1])[answers] - 1
    turned = found.T.tocsr()

    def loss(flat: Matrix) -> tuple[float, Matrix]:
        weights = flat.reshape(shape)
        short = np.maximum(0, 1 - signs * (found @ (ease * weights[:-1]) + weights[-1] + offset))
        pull = -2 * COST * signs * short
        slope = np.vstack([ease * (turned @ pull), pull.sum(axis=0)]) + weights
        return COST * float((short**2).sum()) + float((flat**2).sum()) / 2, slope.ravel()

    start = np.zeros(shape[0] * shape[1])
    best = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS}).x.reshape(shape)
    return np.vstack([ease * best[:-1], best[-1:]])


def _ease(counts: Matrix) -> Matrix:
    """How differently each phrase occurs in a code and in the others, 1 on average: naive Bayes' ratio."""
    inside = counts + PSEUDO
    outside = counts.sum(axis=1, keepdims=True) - counts + PSEUDO
    ratio = np.abs(np.log(inside / inside.sum(axis=0)) - np.log(outside / outside.sum(axis=0)))
    return EVEN + (1 - EVEN) * ratio / max(ratio.mean(), 1e-9) if ratio.size else ratio


def _bayes(counts: Matrix) -> Matrix:
    """Complement naive Bayes: how rare each phrase is in all other codes, beside the mean of the codes."""
    others = counts.sum(axis=1, keepdims=True) - counts + SMOOTHING
    rare = -np.log(others / others.sum(axis=0))
    return rare - rare.mean(axis=1, keepdims=True)
