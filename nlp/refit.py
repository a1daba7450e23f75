"""Learn a new version and measure it beside the one in force: a process of its own, for scikit-learn's sake.

`python -m nlp.refit` reads one JSON object from standard input: `rows` ([text, label]), `keywords`
(hand-written [text, category, weight]) and `base` (packed weights in force, base64, or null). It prints one
JSON object with the fields of `Outcome`, `packed` in base64. Exit code 2, with the reason on standard error,
when there is too little to learn from.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from nlp.evaluate import evaluate
from nlp.lexicon import Keyword
from nlp.segment import LONGEST, normalise
from nlp.weights import NOTHING, Weights, fitted

Row = tuple[str, str]

_NUMBER = re.compile(r"[\d零〇一二三四五六七八九十百两]+")

SEED = "xianglin"
HELD_BACK = 5
"""One text in so many measures and is never learned from."""
TWINS = 3
"""So many texts that differ in their numbers alone count; more of them are one matter told often, and would
outvote everything else, in what is learned and in what is measured."""
NICENESS = 10
"""Residents who wait for an answer go first."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A new version, and how often it and its base are right on the held-back messages."""

    rows: int
    held_back: int
    keywords: int
    accuracy: float
    macro_f1: float
    base_accuracy: float
    base_macro_f1: float
    packed: str

    @property
    def not_worse(self) -> bool:
        """Whether neither figure fell."""
        return self.accuracy >= self.base_accuracy and self.macro_f1 >= self.base_macro_f1


def split(rows: Iterable[Row], *, seed: str = SEED) -> tuple[list[Row], list[Row]]:
    """(to learn from, held back). The same words, numbers apart, always fall on the same side.

    So the held-back part is new to every version that was ever learned, and two versions compare fairly.
    """
    sides: tuple[list[Row], list[Row]] = ([], [])
    for text, label in rows:
        sides[_is_held_back(text, seed)].append((text, label))
    return sides


def _is_held_back(text: str, seed: str) -> bool:
    digest = hashlib.sha256(f"{seed}\n{_apart_from_numbers(text)}".encode("utf-8", "replace")).digest()
    return int.from_bytes(digest[:8], "big") % HELD_BACK == 0


def _apart_from_numbers(text: str) -> str:
    words = "".join(character for character in normalise(text[:LONGEST]) if character.isalnum())
    return _NUMBER.sub("0", words)


def distinct(rows: Iterable[Row]) -> list[Row]:
    """The rows, of those whose words and label are the same, numbers apart, only the last `TWINS`."""
    seen: Counter[Row] = Counter()
    kept: list[Row] = []
    for text, label in reversed(list(rows)):
        seen[twin := (_apart_from_numbers(text), label)] += 1
        if seen[twin] <= TWINS:
            kept.append((text, label))
    return kept[::-1]


def refit(rows: Sequence[Row], hand_written: Sequence[Keyword], base: Weights) -> Outcome:
    """Learn from four fifths of the texts, starting from the hand-written keywords; measure on the rest.

    Raises: ValueError when either part is empty.
    """
    known, unseen = split(distinct(rows))
    if not known or not unseen:
        raise ValueError("too few rows to learn from and to measure with")
    # Imported here alone: it takes a second and 142 MB, and whoever only splits or compares needs it not.
    from nlp.fit import fit

    weights = Weights.of(fit(known, prior=hand_written).keywords)
    new = evaluate(fitted(hand_written, weights, version="new"), unseen)
    old = evaluate(fitted(hand_written, base, version="base"), unseen)
    return Outcome(
        rows=len(known),
        held_back=len(unseen),
        keywords=len(weights.texts),
        accuracy=new["accuracy"],
        macro_f1=new["macro_f1"],
        base_accuracy=old["accuracy"],
        base_macro_f1=old["macro_f1"],
        packed=b64encode(weights.packed()).decode(),
    )


def request(rows: Iterable[Row], hand_written: Iterable[Keyword], base: bytes | None) -> bytes:
    """What the command reads."""
    keywords = [(one.text, one.category, one.weight) for one in hand_written]
    packed = b64encode(base).decode() if base is not None else None
    whole = {"rows": list(rows), "keywords": keywords, "base": packed}
    return json.dumps(whole, ensure_ascii=False).encode("utf-8", "replace")


def answered(output: bytes) -> Outcome:
    """What the command printed."""
    return Outcome(**json.loads(output))


def main() -> int:
    """The command."""
    os.nice(NICENESS)
    given = json.loads(sys.stdin.buffer.read())
    rows = [(str(text), str(label)) for text, label in given["rows"]]
    base = NOTHING if given["base"] is None else Weights.unpacked(b64decode(given["base"]))
    try:
        outcome = refit(rows, [Keyword(*one) for one in given["keywords"]], base)
    except ValueError as problem:
        sys.stderr.write(f"{problem}\n")
        return 2
    sys.stdout.write(json.dumps(asdict(outcome)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
