"""Words of one meaning read as one sign: 摔倒, 跌了一跤 and 滑倒 are learned together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from nlp.tables import WORDS, rows

FOLDS = WORDS / "folds.tsv"

AS_IT_IS = "~"
"""Marks words that are no signs, and keep what stands inside them from being one (爆 in 爆米花)."""

BEGIN, END = "^", "$"

OR_NOT = "A不A"
"""Stands among the words for any verb that asks by itself: 收不收, 开没开."""

_OR_NOT = re.compile(r"([\u4e00-\u9fff])[不没]\1")

_MARKS = re.compile(r"[^0-9a-z\u3400-\u9fff?👍🙏🌹👏💐]+")
_LONG_NUMBER = re.compile("[0-9]{4,}")


class Folded(NamedTuple):
    """A message in signs, and the words (their numbers in the table) that became signs."""

    text: str
    words: list[int]


@cache
def _table() -> tuple[AhoCorasick, tuple[str, ...], tuple[str, ...]]:
    """The matcher, its words and the sign of each."""
    signs: dict[str, str] = {}
    for _, (sign, _, words) in rows(FOLDS):
        signs |= {word: word if sign == AS_IT_IS else sign for word in words.split()}
    nfa = Implementation.ContiguousNFA
    matcher = AhoCorasick(signs, matchkind=MatchKind.LeftmostLongest, implementation=nfa)
    return matcher, (*signs, OR_NOT), tuple(signs.values())


def plain(normal: str) -> str:
    """A normalised text with one blank for what is no character or question mark, and 0 for long numbers."""
    return _LONG_NUMBER.sub("0", _MARKS.sub(" ", normal.replace("？", "?"))).strip()


def fold(normal: str) -> Folded:
    """Read a normalised text as signs, its begin and end marked."""
    matcher, _, signs = _table()
    text = plain(normal)
    parts, words, last = [BEGIN], [], 0
    for word, start, end in matcher.find_matches_as_indexes(text):
        parts += text[last:start], signs[word]
        words.append(word)
        last = end
    parts += text[last:], END
    if _OR_NOT.search(text):
        words.append(len(signs))
    return Folded("".join(parts), words)


def word(number: int) -> str:
    """The word of this number."""
    return _table()[1][number]


def words() -> tuple[str, ...]:
    """Every word of the table, by number."""
    return _table()[1]


def origins(normal: str) -> list[tuple[int, int]]:
    """For every character of the folded text the span of `plain` that it stands for; for explanations."""
    return list(_origins(plain(normal)))


def _origins(text: str) -> Iterator[tuple[int, int]]:
    matcher, names, signs = _table()
    yield 0, 0
    last = 0
    for number, start, end in [*matcher.find_matches_as_indexes(text), (-1, len(text), len(text))]:
        yield from ((at, at + 1) for at in range(last, start))
        if number >= 0:
            whole = signs[number] != names[number]
            yield from [(start, end)] if whole else ((at, at + 1) for at in range(start, end))
        last = end
    yield len(text), len(text)
