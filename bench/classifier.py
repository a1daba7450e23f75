"""The classifier on the labelled real messages of ../shared/data, on rows that the fit has not seen."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from bench import lexicons, slips
from bench.figures import Report
from nlp.evaluate import classified, macro_f1, read_rows, warm_up
from nlp.fit import fit
from nlp.judgement import Scored
from nlp.lexicon import Lexicon
from nlp.pack import load_pack
from nlp.prior import translated
from nlp.ranking import margin

FOLDER = Path(__file__).parent.parent.parent / "shared" / "data"
FOLDS = 5
SEED = 7
FEW = 400

Row = tuple[str, str]
Orders = list[Sequence[Scored]]


async def run() -> Report:
    """Five folds by title; the seed is part of the figures."""
    report = Report("classifier", f"(g) the classifier on real messages, {FOLDS} folds by title, seed {SEED}")
    lexicons.measure(report)
    if not FOLDER.exists():
        report.tell("accuracy left out", "no ../shared/data on this machine")
        return report
    titles = read_rows(FOLDER / "citizen_titles.tsv")
    lines = (FOLDER / "citizen_title_body.tsv").read_text(encoding="utf-8").splitlines()
    bodies = [tuple(line.split("\t")) for line in lines]
    _titles(report, titles, bodies)
    _bodies(report, bodies)
    _beside_scikit_learn(report, titles)
    _pack(report)
    _few(report, titles)
    return report


def folds(titles: Iterable[str]) -> dict[str, int]:
    """A fold for each distinct title."""
    order = sorted(set(titles))
    random.Random(SEED).shuffle(order)
    return {title: number % FOLDS for number, title in enumerate(order)}


def _titles(report: Report, titles: Sequence[Row], bodies: Sequence[tuple[str, ...]]) -> None:
    fold = folds([*(title for title, _ in titles), *(title for title, *_ in bodies)])
    labels: list[str] = []
    orders: dict[str, Orders] = {"written": [], "slips": [], "traditional": []}
    chance = random.Random(SEED)
    homophones = slips.homophones(title for title, _ in titles)
    for number in range(FOLDS):
        train = [row for row in titles if fold[row[0]] != number]
        train += [(body, label) for title, body, label in bodies if fold[title] != number]
        lexicon = fit(train)
        for title, label in (row for row in titles if fold[row[0]] == number):
            labels.append(label)
            orders["written"].append(classified(title, lexicon))
            orders["slips"].append(classified(slips.slipped(title, homophones, chance), lexicon))
            orders["traditional"].append(classified(slips.traditional(title), lexicon))
    written = orders["written"]
    score = _f1(labels, written)
    report.demand("titles: macro-F1", score, "≥ 0.89", lambda it: it >= 0.89)
    report.demand("titles: the surest 80 %", surest(labels, written), "≥ 0.955", lambda it: it >= 0.955)
    report.demand("titles: right in top 3", top(3, labels, written), "≥ 0.98", lambda it: it >= 0.98)
    lost = score - _f1(labels, orders["slips"])
    report.demand("homophones in 10 %: loss of F1", lost, "≤ 0.015", lambda it: it <= 0.015)
    lost = score - _f1(labels, orders["traditional"])
    report.demand("traditional script: loss of F1", lost, "≤ 0.003", lambda it: it <= 0.003)


def _bodies(report: Report, bodies: Sequence[tuple[str, ...]]) -> None:
    fold = folds(title for title, *_ in bodies)
    labels: list[str] = []
    orders: Orders = []
    for number in range(FOLDS):
        lexicon = fit((f"{title}。{body}", label) for title, body, label in bodies if fold[title] != number)
        for title, body, label in bodies:
            if fold[title] == number:
                labels.append(label)
                orders.append(classified(f"{title}。{body}", lexicon))
    report.demand("title and body: macro-F1", _f1(labels, orders), "≥ 0.92", lambda it: it >= 0.92)


def _beside_scikit_learn(report: Report, titles: Sequence[Row]) -> None:
    """The same folds, titles alone on both sides; each message by itself, as a service gets them."""
    fold = folds(title for title, _ in titles)
    labels: list[str] = []
    ours: Orders = []
    theirs: list[str] = []
    spent = [0.0, 0.0]
    for number in range(FOLDS):
        train = [row for row in titles if fold[row[0]] != number]
        test = [row for row in titles if fold[row[0]] == number]
        lexicon, other = fit(train), _yardstick(train)
        warm_up(lexicon)
        started = time.process_time()
        ours += [classified(title, lexicon) for title, _ in test]
        between = time.process_time()
        theirs += [str(other.predict([title])[0]) for title, _ in test]
        spent = [spent[0] + between - started, spent[1] + time.process_time() - between]
        labels += [label for _, label in test]
    beaten = macro_f1(labels, theirs)
    report.demand(
        "fitted on titles alone: macro-F1", _f1(labels, ours), f"≥ {beaten}", lambda it: it >= beaten
    )
    report.tell("char 1–3 TF-IDF + LinearSVC: macro-F1", f"{beaten}")
    report.demand("time of ours / of theirs", spent[0] / spent[1], "≤ 0.2", lambda it: it <= 0.2)
    report.tell("µs a title: ours", spent[0] / len(labels) * 1e6)


def _yardstick(rows: Sequence[Row]) -> Any:  # noqa: ANN401 - scikit-learn has no types
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC

    model = make_pipeline(TfidfVectorizer(analyzer="char", ngram_range=(1, 3)), LinearSVC())
    return model.fit([text for text, _ in rows], [label for _, label in rows])


def _pack(report: Report) -> None:
    rows = read_rows(FOLDER / "village_dev.tsv")
    lexicon = load_pack("village").lexicon()
    labels, orders = [label for _, label in rows], [classified(text, lexicon) for text, _ in rows]
    report.demand("pack village alone: top 1", top(1, labels, orders), "≥ 0.75", lambda it: it >= 0.75)
    report.demand("pack village alone: top 3", top(3, labels, orders), "≥ 0.92", lambda it: it >= 0.92)


def _few(report: Report, titles: Sequence[Row]) -> None:
    """Few labels of a place with categories of its own, begun with the pack and without it."""
    order = list(titles)
    random.Random(SEED).shuffle(order)
    train = order[:FEW]
    known = {title for title, _ in train}
    test = [row for row in order[FEW:] if row[0] not in known]
    begun = fit(train, prior=translated(load_pack("village").keywords, train))
    labels = [label for _, label in test]
    score = _f1(labels, [classified(title, begun) for title, _ in test])
    report.demand(f"after {FEW} labels, from the pack: macro-F1", score, "≥ 0.74", lambda it: it >= 0.74)
    report.tell(f"after {FEW} labels, from nothing", _f1(labels, _orders(fit(train), test)))


def _orders(lexicon: Lexicon, rows: Sequence[Row]) -> Orders:
    return [classified(text, lexicon) for text, _ in rows]


def _f1(labels: Sequence[str], orders: Orders) -> float:
    return macro_f1(labels, [order[0].code if order else "" for order in orders])


def top(places: int, labels: Sequence[str], orders: Orders) -> float:
    """How often the label is among the first places."""
    pairs = zip(labels, orders, strict=True)
    return sum(label in [one.code for one in order[:places]] for label, order in pairs) / len(labels)


def surest(labels: Sequence[str], orders: Orders, share: float = 0.8) -> float:
    """How often the best is right, of the share with the largest margin."""
    order = sorted(zip(orders, labels, strict=True), key=lambda pair: -margin(pair[0]))
    kept = order[: round(len(order) * share)]
    return sum(ranked[0].code == label for ranked, label in kept) / len(kept)
