"""Learning what signs speak for, from the examples in `nlp/words/`: `python -m nlp.learn`.

The only place beside `nlp.fit` that needs scikit-learn. `--check` prints figures by cross-validation and
writes nothing; near-duplicates stay in one fold, so that nothing is judged by its own twin.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

from nlp.folds import fold, word
from nlp.judgement import Intent
from nlp.segment import normalise
from nlp.signs import EMERGENCY_EXAMPLES, INTENT_EXAMPLES, INTENTS, KINDS, WEIGHTS, WORD, Table, saved
from nlp.tables import rows

LONGEST = 3
"""Characters of the pieces of a folded text that weights are learned for; four gain nothing."""

COST = 4.0
"""Of the squared hinge losses against half the sum of squares."""

MOST = 30_000
"""Features that are kept; all of them (67,000) judge other writers' sentences hardly better."""

Matrix = Any
"""A numpy array or scipy matrix; neither is typed strictly enough to say more."""


class Example(NamedTuple):
    """A message with its intent (None: left open), and its kind of danger ("": none)."""

    text: str
    intent: Intent | None
    kind: str


def examples() -> list[Example]:
    """Every example of both files; what is in danger is a difficulty."""
    found: dict[str, Example] = {}
    for _, (text, urgent, kind) in rows(EMERGENCY_EXAMPLES):
        found[text] = Example(text, Intent.DIFFICULTY, kind) if urgent == "1" else Example(text, None, "")
    for _, (text, intent) in rows(INTENT_EXAMPLES):
        found[text] = Example(text, Intent(intent), found[text].kind if text in found else "")
    return list(found.values())


def features(text: str) -> set[str]:
    """The pieces of the folded message, and the words that were folded."""
    folded = fold(normalise(text))
    pieces = {
        folded.text[at : at + size]
        for size in range(1, LONGEST + 1)
        for at in range(len(folded.text) - size + 1)
    }
    return pieces | {WORD + word(number) for number in folded.words}


def learned(given: Sequence[Example]) -> Table:
    """The weights that tell these examples apart; the same examples give the same weights."""
    cut = [features(one.text) for one in given]
    counted = Counter(feature for one in cut for feature in one)
    names = sorted(feature for feature, times in counted.items() if times > 1)
    found = _found(cut, names)
    told = [at for at, one in enumerate(given) if one.intent is not None]
    intents = np.array([given[at].intent for at in told])
    kinds = np.array([one.kind for one in given])
    columns = [
        *(_machine(found[told], intents == intent) for intent in INTENTS),
        _machine(found, kinds != ""),
        *(_machine(found, kinds == kind) for kind in KINDS),
    ]
    return _weightiest(names, np.column_stack(columns).astype(np.float32))


def _weightiest(names: Sequence[str], weights: Matrix) -> Table:
    """The features that move some column furthest, and the constant."""
    kept = np.sort(np.argsort(-np.abs(weights[:-1]).max(axis=1), kind="stable")[:MOST])
    return Table(tuple(names[at] for at in kept), weights[[*kept, -1]])


def _found(cut: Sequence[set[str]], names: Sequence[str]) -> Matrix:
    """Example × feature: one over the root of the number of features that the example has, or nothing."""
    numbers = {name: number for number, name in enumerate(names)}
    inside = [sorted(numbers[feature] for feature in one if feature in numbers) for one in cut]
    ends = np.cumsum([0, *map(len, inside)])
    values = np.concatenate([np.full(len(one), 1 / np.sqrt(len(one) or 1)) for one in inside])
    places = np.array([number for one in inside for number in one], dtype=np.int32)
    return csr_matrix((values, places, ends), shape=(len(cut), len(names)))


def _machine(found: Matrix, answers: Matrix) -> Matrix:
    """A weight for every feature and the constant; what no example is, is never told."""
    if not answers.any():
        return np.append(np.zeros(found.shape[1]), -1.0)
    machine = LinearSVC(C=COST, random_state=0, max_iter=5000).fit(found, answers)
    return np.append(machine.coef_[0], machine.intercept_[0])


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m nlp.learn", description="Learn what signs speak for.")
    parser.add_argument("--check", action="store_true", help="figures by cross-validation; write nothing")
    given = parser.parse_args(arguments)
    if given.check:
        from nlp.crossing import figures

        sys.stdout.writelines(f"{line}\n" for line in figures(examples()))
    else:
        saved(learned(examples()), WEIGHTS)
    return 0


if __name__ == "__main__":
    sys.exit(main())
