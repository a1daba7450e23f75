"""Writing real messages as residents might have: with homophones, or in traditional characters."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

import zhconv

from nlp.homophones import sound

SLIPS = 0.1

Homophones = Mapping[str, list[tuple[str, int]]]
"""By sound, the characters with how often they occur."""


def homophones(texts: Iterable[str]) -> Homophones:
    """The characters of these texts by their sound."""
    found: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for character, times in Counter(character for text in texts for character in text).items():
        if "\u4e00" <= character <= "\u9fff":
            found[sound(character)].append((character, times))
    return found


def slipped(text: str, known: Homophones, chance: random.Random) -> str:
    """The text with each character in ten replaced by another that sounds alike, common ones more often."""
    return "".join(_other(one, known, chance) if chance.random() < SLIPS else one for one in text)


def _other(character: str, known: Homophones, chance: random.Random) -> str:
    others = [pair for pair in known.get(sound(character), []) if pair[0] != character]
    if not others:
        return character
    return chance.choices([one for one, _ in others], [times for _, times in others])[0]


def traditional(text: str) -> str:
    """The text in traditional characters."""
    return str(zhconv.convert(text, "zh-hant"))
