"""Places in a message: names of the gazetteer, and the shapes of addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from nlp.judgement import PlaceFound
from nlp.phrases import Phrases
from nlp.segment import fold_numerals, normalise

_N = r"[0-9]{1,4}[a-z]?"
_UNIT = rf"(?:{_N}(?:号楼|号院|单元|楼|组|队|栋|幢|座|室|户|号|层|弄|排|巷|区|期|#楼?)|[a-z]{{1,2}}(?:区|座|栋|幢))"
_NAME = r"[\u4e00-\u9fff]{1,7}?(?:新村|小区|社区|花园|家园|公寓|嘉园|雅苑|苑|大道|路|街|巷|村|庄|圩|湾|埭|镇|乡)"
_SHAPE = re.compile(
    rf"(?:(?:{_NAME})+{_UNIT}(?:{_UNIT}|[0-9]{{2,4}}室?)*"
    rf"|(?:{_UNIT}){{2,}}(?:[0-9]{{2,4}}室?)?"
    r"|[0-9]{1,3}(?:[-－—][0-9]{1,4}){1,3}(?:室|号|户)?(?![0-9])"
    r"|[0-9]{1,3}(?:组|队|栋|幢|号楼|单元|号院|弄)(?:[0-9]{1,4}(?:室|号|户)?)?"
    r"|[\u4e00-\u9fff]{2,7}?(?:小区|社区|花园|家园|新村|公寓|嘉园))"
)
_NOT_PLACE = re.compile(r"[0-9]+(?:[-－—])(?:[0-9]+)(?:[-－—][0-9]+)?(?:天|个|年|月|岁|元|块|人|次|点|日)|[0-9]+队(?:人|员)|[0-9]+组(?:数据|人|照片|合)")
_LEADING = re.compile(
    r".*(?:我家住在|我家住|家住|我住在|我住|住在|位于|来自|我们家|我家|我们|我在|我是|你们|咱们?|这里是|就在|那个|这个|靠近|请到|在|是|到|从|去|给|住|离|的|和|跟|了|请|把|有|整个|关于|投诉|反映|举报|建议)"
)


@dataclass(frozen=True)
class Gazetteer:
    """A community's own place names, each pointing to one or more grids; make one with `Gazetteer.of`."""

    _phrases: Phrases
    _names: tuple[tuple[str, tuple[int, ...]], ...]

    @classmethod
    def of(cls, names: Iterable[tuple[str, int]]) -> Gazetteer:
        """Build from (place name or alias, grid id); a name given with several grids is ambiguous."""
        grids: dict[str, dict[int, None]] = {}
        written: dict[str, str] = {}
        for name, grid_id in names:
            folded = fold_numerals(normalise(name).strip())[0]
            if folded:
                grids.setdefault(folded, {})[grid_id] = None
                written.setdefault(folded, name)
        entries = tuple((written[folded], tuple(ids)) for folded, ids in grids.items())
        return cls(Phrases(grids), entries)

    def longest(self, folded: str) -> tuple[int, int, str, tuple[int, ...]] | None:
        """The longest name in a folded text, the first of equal ones: start, end, name as entered, grid ids."""
        hits = [hit for hit in self._phrases.hits(folded) if not _inside_number(folded, hit.start)]
        if not hits:
            return None
        hit = max(hits, key=lambda hit: (hit.end - hit.start, -hit.start))
        return (hit.start, hit.end, *self._names[hit.index])


def place(text: str, normal: str, gazetteer: Gazetteer | None = None) -> PlaceFound | None:
    """The place that the message names: from the gazetteer if possible, else by its shape, else None.

    `text` is the message as written, `normal` its normal form of the same length.
    """
    folded, positions = fold_numerals(normal)
    known = gazetteer.longest(folded) if gazetteer is not None else None
    shapes = [_trimmed(folded, found) for found in _SHAPE.finditer(folded) if not _NOT_PLACE.match(folded, found.start())]
    shapes = [(start, end) for start, end in shapes if end - start > 1]
    if known is not None:
        start, end, name, grids = known
        start, end = _widened(start, end, shapes)
        return PlaceFound(text[positions[start] : positions[end]], name, grids)
    if not shapes:
        return None
    start, end = max(shapes, key=lambda span: (any(map(str.isdigit, folded[span[0] : span[1]])), span[1] - span[0]))
    return PlaceFound(text[positions[start] : positions[end]])


def _inside_number(folded: str, start: int) -> bool:
    """Whether a hit such as 3组 is the end of 13组."""
    return start > 0 and folded[start].isdigit() and folded[start - 1].isdigit()


def _trimmed(folded: str, found: re.Match[str]) -> tuple[int, int]:
    """The span without the words that only lead up to the name (我家住在…)."""
    lead = _LEADING.match(folded[found.start() : found.end()])
    return found.start() + (lead.end() if lead else 0), found.end()


def _widened(start: int, end: int, shapes: Iterable[tuple[int, int]]) -> tuple[int, int]:
    """The known name together with an address that touches it (三组 + 12号)."""
    for other_start, other_end in shapes:
        if other_start <= end and start <= other_end:
            start, end = min(start, other_start), max(end, other_end)
    return start, end
