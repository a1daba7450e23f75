"""Finding phrases by their sound: who dictates, or types by pinyin, writes 路登坏了 for 路灯坏了."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from nlp.phrases import Hit, Phrases

SHORTEST = 2
"""Characters of a phrase that is looked for by sound; one character sounds like fifty others."""

MOST = 20_000
"""Phrases that are listened for, those worth most; the others change little, and take time to index."""

_DIAERESIS = "\u0308"  # tells lü from lu; the other marks are tones


@cache
def _table() -> dict[int, int]:
    """Each Chinese character to the first one that is read alike but for the tone."""
    # The file alone: importing pypinyin would load its phrases as well.
    found = find_spec("pypinyin")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("pypinyin is not installed")
    readings: dict[str, str] = json.loads(Path(found.origin).with_name("pinyin_dict.json").read_bytes())
    first: dict[str, int] = {}
    table = {}
    for code, reading in sorted((int(code), reading) for code, reading in readings.items()):
        if 0x4E00 <= code <= 0x9FFF:
            table[code] = first.setdefault(_toneless(reading.split(",")[0]), code)
    return table


def _toneless(reading: str) -> str:
    parts = unicodedata.normalize("NFD", reading)
    return "".join(part for part in parts if part == _DIAERESIS or not unicodedata.combining(part))


def sound(text: str) -> str:
    """A text with every character replaced by the first that sounds alike; its length is kept."""
    return text.translate(_table())


class Sounds:
    """An immutable set of phrases, searched by sound."""

    __slots__ = ("_heard", "_texts", "_which")

    def __init__(self, texts: Sequence[str], worth: Sequence[float]) -> None:
        """Index the phrases; of those that sound alike the one that is worth most is heard."""
        best: dict[str, int] = {}
        folded = sound("\n".join(texts)).split("\n")
        for index in sorted(range(len(texts)), key=worth.__getitem__, reverse=True)[:MOST]:
            if len(folded[index]) >= SHORTEST:
                best.setdefault(folded[index], index)
        self._texts = texts
        self._heard = Phrases(best)
        self._which = [best[text] for text in self._heard.texts]

    def hits(self, text: str, marks: Sequence[int]) -> list[Hit]:
        """Where a phrase is heard that is not written, given jieba's word boundaries.

        A slip tears a word into single characters; characters that make a word as they stand are no slips.
        """
        found = []
        for hit in self._heard.hits(sound(text)):
            index = self._which[hit.index]
            slips = [at for at, meant in enumerate(self._texts[index], hit.start) if text[at] != meant]
            if slips and all(marks[at] and marks[at + 1] for at in slips):
                found.append(Hit(index, hit.start, hit.end))
        return found
