"""Judge the classifier on a labelled file.

`python -m nlp.evaluate --pack village --test B.tsv` uses the pack alone; with `--train A.tsv` the
keywords are learned from A first, from the pack on where A's labels are its codes. Files hold text TAB label;
further columns are ignored. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from nlp.judge import judge
from nlp.judgement import Judgement
from nlp.lexicon import Lexicon
from nlp.pack import load_pack

SUREST = 0.8

Row = tuple[str, str]


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
    """How well, and how fast, the lexicon judges the rows; one thread, all that a message goes through."""
    judge("先热身", lexicon)
    started = time.perf_counter()
    judgements = [judge(text, lexicon) for text, _ in rows]
    seconds = time.perf_counter() - started
    labels = [label for _, label in rows]
    ranked = [[scored.code for scored in judgement.ranked] for judgement in judgements]
    best = [codes[0] if codes else "" for codes in ranked]
    right = [guess == label for guess, label in zip(best, labels, strict=True)]
    return {
        "accuracy": _share(right),
        "macro_f1": macro_f1(labels, best),
        "coverage80_accuracy": _share(_surest(judgements, right)),
        "top3_accuracy": _share([label in codes[:3] for label, codes in zip(labels, ranked, strict=True)]),
        "micros_per_message": round(seconds / len(rows) * 1e6, 1),
        "rows": len(rows),
    }


def macro_f1(labels: Sequence[str], guesses: Sequence[str]) -> float:
    """Mean F1 over the labels that occur; a guess outside of them only costs recall."""
    scores = []
    for code in sorted(set(labels)):
        hits = sum(label == guess == code for label, guess in zip(labels, guesses, strict=True))
        scores.append(2 * hits / (labels.count(code) + guesses.count(code)))
    return round(sum(scores) / len(scores), 4)


def _surest(judgements: Sequence[Judgement], right: Sequence[bool]) -> list[bool]:
    """Whether right, of the 80 % with the largest margin."""
    pairs = zip(judgements, right, strict=True)
    order = sorted(pairs, key=lambda pair: -pair[0].margin)
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

    rows = read_rows(train)
    codes = {category.code for category in shipped.categories}
    prior = shipped.keywords if {label for _, label in rows} <= codes else ()
    return fit(rows, prior=prior)


if __name__ == "__main__":
    sys.exit(main())
