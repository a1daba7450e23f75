"""How well signs are learned, by cross-validation over the examples; for `python -m nlp.learn --check`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from nlp.intent import core, decided, formal
from nlp.learn import Example, learned
from nlp.segment import normalise
from nlp.signs import Reading, Signs
from nlp.urgency import SELF_HARM, alarming

FOLDS = 5

TWINS = 0.5
"""Shared pairs of characters, of all that two messages have, from which they stay in one fold."""


def crossed(given: Sequence[Example]) -> list[Reading]:
    """The reading of each example by weights that were learned without its fold."""
    folds = _folds([normalise(one.text) for one in given])
    readings: dict[int, Reading] = {}
    for fold in range(FOLDS):
        signs = Signs(learned([one for one, its in zip(given, folds, strict=True) if its != fold]))
        for at, one in enumerate(given):
            if folds[at] == fold:
                readings[at] = signs.read(normalise(one.text))
    return [readings[at] for at in range(len(given))]


def figures(given: Sequence[Example]) -> Iterator[str]:
    """Lines for people: intents by right and missed, danger by recall and precision."""
    readings = crossed(given)
    right: Counter[str] = Counter()
    labelled: Counter[str] = Counter()
    for one, reading in zip(given, readings, strict=True):
        if one.intent is not None and not one.kind:
            labelled[one.intent] += 1
            right[one.intent] += (formal(core(normalise(one.text))) or decided(reading, 0.0)) is one.intent
    yield f"intent: {right.total() / labelled.total():.3f} of {labelled.total()}"
    yield from (
        f"  {intent}: {right[intent] / labelled[intent]:.3f} of {labelled[intent]}" for intent in labelled
    )
    yield from _dangers(given, readings)


def _dangers(given: Sequence[Example], readings: Sequence[Reading]) -> Iterator[str]:
    told = [alarming(reading) for reading in readings]
    danger = [one.kind for one in given]
    caught = sum(bool(kinds) for kinds, kind in zip(told, danger, strict=True) if kind)
    total, alarms = sum(map(bool, danger)), sum(map(bool, told))
    yield f"danger: recall {caught / total:.3f} of {total}, precision {caught / alarms:.3f} of {alarms}"
    first = sum(kinds[:1] == [kind] for kinds, kind in zip(told, danger, strict=True) if kind)
    hurt = [SELF_HARM in kinds for kinds, kind in zip(told, danger, strict=True) if kind == SELF_HARM]
    yield f"  kind: {first / total:.3f}; self-harm seen: {sum(hurt) / len(hurt):.3f} of {len(hurt)}"


def _folds(texts: Sequence[str]) -> list[int]:
    """A fold for each text; texts that are nearly the same, or linked by such, share it."""
    pairs = [{text[at : at + 2] for at in range(len(text) - 1)} for text in texts]
    holding: dict[str, list[int]] = defaultdict(list)
    roots = list(range(len(texts)))
    for at, own in enumerate(pairs):
        common = Counter(other for pair in own for other in holding[pair])
        for other, shared in common.items():
            if shared >= TWINS * len(own | pairs[other]):
                roots[_root(roots, at)] = _root(roots, other)
        for pair in own:
            holding[pair].append(at)
    sizes = Counter(_root(roots, at) for at in range(len(texts)))
    filled, chosen = [0] * FOLDS, {}
    for root, size in sorted(sizes.items(), key=lambda item: (-item[1], item[0])):
        chosen[root] = filled.index(min(filled))
        filled[chosen[root]] += size
    return [chosen[_root(roots, at)] for at in range(len(texts))]


def _root(roots: list[int], at: int) -> int:
    while roots[at] != at:
        at = roots[at]
    return at
