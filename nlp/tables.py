"""Reading the tab-separated files that the language of residents is written down in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

PACKS = Path(__file__).parent / "packs"
WORDS = Path(__file__).parent / "words"


def rows(path: Path) -> Iterator[tuple[str, list[str]]]:
    """(place for an error message, columns) of each line that is neither blank nor a comment."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            yield f"{path.name}:{number}", line.split("\t")


def shipped_words() -> Iterator[str]:
    """Every keyword of every shipped pack; jieba's user dictionary is made from them."""
    for path in sorted(PACKS.glob("*/keywords.tsv")):
        for _, columns in rows(path):
            yield from columns[-1].split()
