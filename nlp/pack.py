"""Template packs: the categories and keywords that ship with the product."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nlp.lexicon import Keyword, Lexicon
from nlp.tables import PACKS, rows


@dataclass(frozen=True, slots=True)
class PackCategory:
    """A category as shipped; deadlines in working hours, `prefers` is org, grid or staff.

    `shared`: about a place rather than a person, so that several may report the same matter.
    """

    code: str
    name: str
    prefers: str
    accept_hours: int
    resolve_hours: int
    urgent_accept_hours: int
    urgent_resolve_hours: int
    delicate: bool
    shared: bool
    covers: str


@dataclass(frozen=True, slots=True)
class Pack:
    """Categories and keywords of one template."""

    name: str
    categories: tuple[PackCategory, ...]
    keywords: tuple[Keyword, ...]

    def lexicon(self) -> Lexicon:
        """The pack's keywords ready for lookup; the same object each time."""
        return _lexicon(self.name)


@cache
def load_pack(name: str) -> Pack:
    """Read a shipped pack, once in a process.

    Raises: LookupError when there is no such pack; ValueError naming the line that is malformed.
    """
    folder = PACKS / name
    if not name.isidentifier() or not folder.is_dir():
        raise LookupError(f"no pack named {name!r}")
    categories = tuple(_categories(folder / "categories.tsv"))
    codes = {category.code for category in categories}
    return Pack(name, categories, tuple(_keywords(folder / "keywords.tsv", codes)))


@cache
def _lexicon(name: str) -> Lexicon:
    return Lexicon.of(load_pack(name).keywords)


def _categories(path: Path) -> Iterator[PackCategory]:
    for where, columns in rows(path):
        if len(columns) != 10 or columns[2] not in {"org", "grid", "staff"}:
            raise ValueError(f"{where}: not a category: {columns}")
        code, name, prefers, *hours, delicate, shared, covers = columns
        accept, resolve, urgent_accept, urgent_resolve = map(int, hours)
        deadlines = accept, resolve, urgent_accept, urgent_resolve
        yield PackCategory(code, name, prefers, *deadlines, delicate == "1", shared == "1", covers)


def _keywords(path: Path, codes: set[str]) -> Iterator[Keyword]:
    """Each line holds a category, a weight, and the keywords of that weight, parted by blanks."""
    for where, columns in rows(path):
        if len(columns) != 3 or columns[0] not in codes:
            raise ValueError(f"{where}: not a line of keywords: {columns}")
        code, weight, texts = columns
        for text in texts.split():
            yield Keyword(text, code, float(weight))
