"""How well the parts of addresses are read: a labelled file where it is at hand, and our own sentences.

The labelled file (CoNLL: character, blank, BIES tag; an empty line between addresses) is not part of the
project. Half of its rows, by the hash of the text, were looked at to write the patterns; the figures are of
the other half. A part counts as found when kind, first and last character are those of the label (3号楼, not
3).
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from operator import le
from pathlib import Path

from bench.figures import Report
from nlp.addresses import Kind, parts
from nlp.places import place
from nlp.segment import normalise

ROOT = Path(__file__).parent.parent
FOLDER = Path(os.environ.get("BENCH_DATA", str(ROOT.parent / "shared" / "data")))
LABELLED = "places_ccks2021.conll"
OWN = ROOT / "tests" / "nlp" / "addresses.tsv"
TAGS = {
    "houseno": Kind.BUILDING,
    "cellno": Kind.UNIT,
    "roomno": Kind.ROOM,
    "village_group": Kind.GROUP,
    "floorno": Kind.FLOOR,
    "roadno": Kind.ROAD_NUMBER,
}
TARGETS = {Kind.BUILDING: 0.95, Kind.UNIT: 0.95, Kind.ROOM: 0.95, Kind.GROUP: 0.85}
PLAIN = "我母亲住院回来没人照顾想请人帮忙做饭打扫卫生不知道村里有没有这样的服务怎么申请要花钱吗谢谢你们"

Found = tuple[Kind, int, int]


@dataclass(frozen=True)
class Row:
    """An address, its labelled parts, and the characters that carry any label."""

    text: str
    gold: frozenset[Found]
    labelled: frozenset[int]


@dataclass
class Tally:
    """Hits, misses and false finds by kind; `unlabelled` are finds where the file is silent."""

    hits: Counter[Kind] = field(default_factory=Counter)
    missed: Counter[Kind] = field(default_factory=Counter)
    false: Counter[Kind] = field(default_factory=Counter)
    unlabelled: Counter[Kind] = field(default_factory=Counter)

    def add(self, row: Row) -> None:
        """Read one address and compare."""
        found = {(part.kind, part.start, part.end) for part in parts(normalise(row.text))}
        self.hits.update(kind for kind, _, _ in row.gold & found)
        self.missed.update(kind for kind, _, _ in row.gold - found)
        for kind, start, end in found - row.gold:
            silent = not row.labelled.intersection(range(start, end))
            (self.unlabelled if silent else self.false).update([kind])

    def f1(self, kind: Kind, *, strict: bool) -> float:
        """F1; `strict` counts finds on unlabelled characters as false."""
        wrong = self.missed[kind] + self.false[kind] + (self.unlabelled[kind] if strict else 0)
        return 2 * self.hits[kind] / max(1, 2 * self.hits[kind] + wrong)

    def ceiling(self, kind: Kind) -> float:
        """The strict F1 of a reader who makes no mistake but names the parts that the file leaves out."""
        gold = self.hits[kind] + self.missed[kind]
        return 2 * gold / max(1, 2 * gold + self.unlabelled[kind])


async def run() -> Report:
    """F1 by kind on held-back rows and on our own sentences; the time for a message without a place."""
    report = Report("places", "(g) parts of addresses, F1 by exact span")
    path = FOLDER / LABELLED
    if path.exists():
        rows = [row for row in labelled(path) if held_back(row.text)]
        _tell(report, rows, "held back")
        report.notes.append(f"{len(rows):,} rows held back by the hash of their text, digits masked to 0")
        report.notes.append(
            "the file leaves some parts unlabelled (0幢0单元 with the label on 0幢 alone), by no rule that"
            " could be learned: these are not counted; strict: they count as false finds"
        )
        if not any(kind is Kind.ROOM for row in rows for kind, _, _ in row.gold):
            report.notes.append("the file has no room numbers: rooms are measured on our own sentences alone")
    else:
        report.notes.append(f"{LABELLED} is not at hand (BENCH_DATA names its folder): left out")
    _tell(report, list(own(OWN)), "own")
    report.tell("µs for 50 characters without a place", _micros(lambda: place(PLAIN, normalise(PLAIN))))
    report.tell("  of them for the normal form", _micros(lambda: normalise(PLAIN)))
    return report


def held_back(text: str) -> bool:
    """Whether nobody looked at the row when the patterns were written."""
    return sha256(text.encode()).digest()[0] % 2 == 1


def labelled(path: Path) -> Iterator[Row]:
    """The rows of a CoNLL file with BIES tags."""
    pairs: list[tuple[str, str]] = []
    for line in [*path.read_text(encoding="utf-8").split("\n"), ""]:
        if line.strip():
            character, _, tag = line.partition(" ")
            pairs.append((character, tag.strip()))
        elif pairs:
            yield _row(pairs)
            pairs = []


def own(path: Path) -> Iterator[Row]:
    """Our own sentences: text TAB parts such as `group=三组 building=12号`, in their order."""
    for line in path.read_text(encoding="utf-8").splitlines():
        text, _, written = line.partition("\t")
        gold, position = set(), 0
        for kind, _, words in (one.partition("=") for one in written.split()):
            start = text.index(words, position)
            position = start + len(words)
            gold.add((Kind(kind), start, position))
        yield Row(text, frozenset(gold), frozenset(range(len(text))))


def _row(pairs: Iterable[tuple[str, str]]) -> Row:
    text, gold, labelled_at, begun = "", set(), set(), 0
    for position, (character, tag) in enumerate(pairs):
        text += character
        place_in_it, _, name = tag.partition("-")
        if name:
            labelled_at.add(position)
        if place_in_it in ("B", "S"):
            begun = position
        if place_in_it in ("E", "S") and name in TAGS:
            gold.add((TAGS[name], begun, position + 1))
    return Row(text, frozenset(gold), frozenset(labelled_at))


def _tell(report: Report, rows: Iterable[Row], which: str) -> None:
    tally = Tally()
    for row in rows:
        tally.add(row)
    for kind in TAGS.values():
        number = tally.hits[kind] + tally.missed[kind]
        if not number:
            continue
        name = f"{kind.value.replace('_', ' ')}, {which} ({number})"
        value, least = tally.f1(kind, strict=False), TARGETS.get(kind)
        if least is None:
            report.tell(name, value)
        else:
            report.demand(name, value, f"≥ {least}", partial(le, least))
        if tally.unlabelled[kind]:
            report.tell("  strict", f"{tally.f1(kind, strict=True):.3f} (at most {tally.ceiling(kind):.3f})")


def _micros(way: Callable[[], object], times: int = 2000) -> float:
    started = time.process_time()
    for _ in range(times):
        way()
    return (time.process_time() - started) / times * 1e6
