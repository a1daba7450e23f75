"""What a large lexicon costs: to activate, to keep, and for each message."""

from __future__ import annotations

import ctypes
import gc
import os
import random
import time
from collections.abc import Sequence
from pathlib import Path

from bench.figures import Report, Spread, ratios
from bench.sentences import DIFFICULTIES
from nlp.evaluate import classified
from nlp.lexicon import Keyword, Lexicon
from nlp.pack import load_pack

FEW, MANY = 500, 50_000
ROUNDS = 30
LEARNED = 0.8
"""Share of learned keywords; a place that has learned much has mostly those."""


def keywords(number: int, chance: random.Random) -> list[Keyword]:
    """Keywords of the village pack, and beyond these random strings of its characters; few or many, a like
    share of them is learned.
    """
    shipped = list(load_pack("village").keywords)
    chance.shuffle(shipped)
    codes = sorted({one.category for one in shipped})
    characters = sorted({character for one in shipped for character in one.text})
    found = {
        (one.text, one.category): one._replace(learned=chance.random() < LEARNED)
        for one in shipped[: min(number, FEW)]
    }
    while len(found) < number:
        text = "".join(chance.choices(characters, k=chance.choice((2, 3, 4))))
        learned = chance.random() < LEARNED
        one = Keyword(text, chance.choice(codes), round(chance.uniform(-2, 6), 3), learned)
        found.setdefault((one.text, one.category), one)
    return list(found.values())


def activated(rows: Sequence[Keyword]) -> Lexicon:
    """A lexicon with all its indexes made."""
    lexicon = Lexicon.of(rows, version="bench")
    classified("路灯不亮", lexicon)
    return lexicon


def measure(report: Report) -> None:
    """Activation, memory, and time a message beside a small lexicon, turn by turn."""
    small = activated(keywords(FEW, random.Random(1)))
    rows = keywords(MANY, random.Random(1))
    seconds = []
    gc.collect()
    before = _resident()
    large = activated(rows)
    gc.collect()
    grown = _resident() - before
    kept = _handed_back() - before
    for _ in range(5):
        started = time.process_time()
        activated(rows)
        seconds.append(time.process_time() - started)
    activation = Spread.of([1000 * one for one in seconds])
    report.demand(f"activation of {MANY:,} keywords, ms", activation, "≤ 300", lambda it: it <= 300)
    report.demand("memory of it, MB", kept, "≤ 20", lambda it: it <= 20)
    report.tell("free pages beside it that building leaves to the process, MB", f"{grown - kept:.1f}")
    times: dict[int, list[float]] = {FEW: [], MANY: []}
    for _ in range(ROUNDS):
        for number, lexicon in ((FEW, small), (MANY, large)):
            times[number].append(_seconds(lexicon))
    share = ratios(times[MANY], times[FEW])
    report.demand(f"time a message at {MANY:,} / at {FEW}", share, "≤ 1.3", lambda it: it <= 1.3)


def _seconds(lexicon: Lexicon) -> float:
    started = time.process_time()
    for text in DIFFICULTIES:
        classified(text, lexicon)
    return time.process_time() - started


def _handed_back() -> float:
    """Megabytes of this process without the free pages that C's allocator keeps for later."""
    ctypes.CDLL(None).malloc_trim(0)
    return _resident()


def _resident() -> float:
    """Megabytes of this process, from the kernel's own count."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
