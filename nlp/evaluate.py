"""Judge the classifier on a labelled file.

`python -m nlp.evaluate --pack village --test B.tsv` uses the pack alone; with `--train A.tsv` the
keywords are learned from A first, from the pack on where A's labels are its codes or A is short. Files hold
text TAB label; further columns are ignored. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from nlp.judgement import Scored
from nlp.lexicon import Lexicon
from nlp.pack import load_pack
from nlp.ranking import margin, rank
from nlp.segment import LONGEST, normalise, tokenizer

SUREST = 0.8

ENOUGH = 2000
"""Rows with labels of another place from which the shipped keywords have nothing to add."""

Row = tuple[str, str]
Order = Sequence[Scored]


def read_rows(path: Path) -> list[Row]:
    """(text, label) of each line of a file; lines without a tab are left out.

    Raises: ValueError when no line is left.
    """
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    rows = [(columns[0], columns[1].strip()) for line in lines if len(columns := line.split("\t")) > 1]
    if not rows:
        raise ValueError(f"{path}: no line of the form text TAB label")
    return rows


def evaluate(lexicon: Lexicon, rows: Sequence[Row]) -> dict[str, float | int]:
    """How well, and how fast, the lexicon classifies the rows one by one, from the text as written on."""
    warm_up(lexicon)
    started = time.perf_counter()
    orders = [classified(text, lexicon) for text, _ in rows]
    seconds = time.perf_counter() - started
    labels = [label for _, label in rows]
    ranked = [[scored.code for scored in order] for order in orders]
    best = [codes[0] if codes else "" for codes in ranked]
    right = [guess == label for guess, label in zip(best, labels, strict=True)]
    return {
        "accuracy": _share(right),
        "macro_f1": macro_f1(labels, best),
        "coverage80_accuracy": _share(_surest(orders, right)),
        "top3_accuracy": _share([label in codes[:3] for label, codes in zip(labels, ranked, strict=True)]),
        "micros_per_message": round(seconds / len(rows) * 1e6, 1),
        "rows": len(rows),
    }


def warm_up(lexicon: Lexicon) -> None:
    """Load and index what the first message would otherwise wait for."""
    _ = tokenizer()  # a sentence without keywords does not ask for it
    _ = classified("先热身", lexicon)


def classified(text: str, lexicon: Lexicon) -> Order:
    """The categories of a message as written, best first: `judge` without intent, danger and place."""
    return rank(normalise(text[:LONGEST]), lexicon).order


def macro_f1(labels: Sequence[str], guesses: Sequence[str]) -> float:
    """Mean F1 over the labels that occur; a guess outside of them only costs recall."""
    scores = []
    for code in sorted(set(labels)):
        hits = sum(label == guess == code for label, guess in zip(labels, guesses, strict=True))
        scores.append(2 * hits / (labels.count(code) + guesses.count(code)))
    return round(sum(scores) / len(scores), 4)


def _surest(orders: Sequence[Order], right: Sequence[bool]) -> list[bool]:
    """Whether right, of the 80 % with the largest margin."""
    order = sorted(zip(map(margin, orders), right, strict=True), key=lambda pair: -pair[0])
    return [hit for _, hit in order[: max(1, round(len(order) * SUREST))]]


def _share(hits: Sequence[bool]) -> float:
    return round(sum(hits) / len(hits), 4)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; exit code 2 for files that cannot be used, with the reason on standard error."""
    parser = argparse.ArgumentParser(
        prog="python -m nlp.evaluate", description="Judge the classifier on a labelled file."
    )
    parser.add_argument("--test", type=Path, required=True, help="text TAB label")
    parser.add_argument("--train", type=Path, help="text TAB label, to learn keywords from")
    parser.add_argument("--pack", default="village", help="shipped pack to start from")
    given = parser.parse_args(arguments)
    try:
        test = read_rows(given.test)
        lexicon = _lexicon(given.pack, given.train)
    except (OSError, ValueError, LookupError) as problem:
        sys.stderr.write(f"{problem}\n")
        return 2
    sys.stdout.write(json.dumps(evaluate(lexicon, test), ensure_ascii=False) + "\n")
    return 0


def _lexicon(pack: str, train: Path | None) -> Lexicon:
    shipped = load_pack(pack)
    if train is None:
        return shipped.lexicon()
    # Imported here alone: scikit-learn costs a second and 142 MB, and nothing that serves residents needs it.
    from nlp.fit import fit
    from nlp.prior import translated

    rows = read_rows(train)
    if {label for _, label in rows} <= {category.code for category in shipped.categories}:
        return fit(rows, prior=shipped.keywords)
    return fit(rows, prior=translated(shipped.keywords, rows) if len(rows) < ENOUGH else ())


if __name__ == "__main__":
    sys.exit(main())
