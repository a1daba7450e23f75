"""Places in a message: names of the gazetteer, and the shapes of addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from nlp.judgement import PlaceFound
from nlp.phrases import Phrases
from nlp.segment import fold_numerals, normalise

_UNIT = r"(?:[0-9]{1,4}[a-z]?(?:号楼|号院|单元|楼|组|队|栋|幢|座|室|户|号|层|弄|排|巷|区|期|#楼?)|(?<![a-z])[a-z](?:区|座|栋|幢))"  # noqa: E501 - one pattern
_CHAIN = re.compile(
    rf"{_UNIT}+(?:[0-9]{{2,4}}室?(?![0-9]))?|[0-9]{{1,3}}(?:[-－—][0-9]{{1,4}}){{1,3}}(?:室|号|户)?(?![0-9])"
)
_ALONE = re.compile(rf"[0-9]{{1,3}}(?:组|队|栋|幢|号楼|单元|号院|弄)|{_UNIT}{{2}}|{_UNIT}[0-9]")
_DIGIT = re.compile("[0-9]")
_NO_PLACE = re.compile(
    r"天|个|年|月|岁|元|块|人|次|点|日|数据|照片|合|员|下午|上午|早上|晚上|开会|左右|以后|之前|前"
)
_KINDS = Phrases(
    [
        "新村",
        "小区",
        "社区",
        "花园",
        "家园",
        "公寓",
        "嘉园",
        "雅苑",
        "名苑",
        "佳苑",
        "大道",
        "苑",
        "路",
        "街",
        "巷",
        "村",
        "庄",
        "圩",
        "湾",
        "埭",
        "镇",
        "乡",
        "组",
    ]
)
_NAMED = Phrases(["新村", "小区", "社区", "花园", "家园", "公寓", "嘉园", "雅苑", "名苑", "佳苑"])
_STOPS = re.compile(
    r"[^\u4e00-\u9fff0-9a-z]|家住在?|住在|位于|来自|我们|我家|我在|我是|你们|咱们?|这里|就在|那个|这个|靠近|请到|关于|投诉|反映|举报|建议|整个|希望|请问"
    r"|[在是到从去给住离的和跟了请把有我你们这那本该各就说对让被]"
)
_NAME_LENGTH = 7


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

    def best(self, folded: str) -> tuple[int, int, str, tuple[int, ...]] | None:
        """The most telling name in a folded text: start, end, name as entered, grid ids.

        A name of one grid goes before an ambiguous one, then the longest, then the later (渡江村, 三组).
        """
        hits = [hit for hit in self._phrases.hits(folded) if not _inside_number(folded, hit.start)]
        if not hits:
            return None
        hit = max(hits, key=lambda hit: (-len(self._names[hit.index][1]), hit.end - hit.start, hit.start))
        return (hit.start, hit.end, *self._names[hit.index])


def place(text: str, normal: str, gazetteer: Gazetteer | None = None) -> PlaceFound | None:
    """The place that the message names: from the gazetteer if possible, else by its shape, else None.

    `text` is the message as written, `normal` its normal form of the same length.
    """
    folded, positions = fold_numerals(normal)
    shapes = _shapes(folded)
    known = gazetteer.best(folded) if gazetteer is not None else None
    if known is not None:
        start, end, name, grids = known
        start, end = _widened(start, end, shapes)
        return PlaceFound(text[positions[start] : positions[end]], name, grids)
    if not shapes:
        return None
    start, end = max(shapes, key=lambda span: span[1] - span[0])
    return PlaceFound(text[positions[start] : positions[end]])


def _shapes(folded: str) -> list[tuple[int, int]]:
    """Where an address seems to stand: numbered units with the name before them, else a named estate."""
    if _DIGIT.search(folded):
        numbered = [span for found in _CHAIN.finditer(folded) if (span := _address(folded, found))]
        if numbered:
            return numbered
    named = ((_name_start(folded, hit.end), hit.end, hit.end - hit.start) for hit in _NAMED.hits(folded))
    return [(start, end) for start, end, kind in named if end - start > kind]


def _address(folded: str, found: re.Match[str]) -> tuple[int, int] | None:
    """The span of numbered units and the name before them; None for what is a count or a date."""
    start = _names_start(folded, found.start())
    alone = start == found.start()
    if _NO_PLACE.match(folded, found.end()) or (alone and not _ALONE.match(found[0]) and "-" not in found[0]):
        return None
    return start, found.end()


def _names_start(folded: str, end: int) -> int:
    """Where the names begin that end at this position (渡江村, 文昌路), or the position itself."""
    while (start := _name_start(folded, end)) < end:
        end = start
    return end


def _name_start(folded: str, end: int) -> int:
    """Where one name begins that ends at this position with the kind of place, or the position itself."""
    low = max(0, end - _NAME_LENGTH)
    window = folded[low:end]
    kinds = [hit for hit in _KINDS.hits(window) if hit.end == len(window)]
    if not kinds:
        return end
    kind = min(hit.start for hit in kinds)
    stop = max((found.end() for found in _STOPS.finditer(window[:kind])), default=0)
    return low + stop if stop < kind else end


def _inside_number(folded: str, start: int) -> bool:
    """Whether a hit such as 3组 is the end of 13组."""
    return start > 0 and folded[start].isdigit() and folded[start - 1].isdigit()


def _widened(start: int, end: int, shapes: Iterable[tuple[int, int]]) -> tuple[int, int]:
    """The known name together with an address that touches it (三组 + 12号)."""
    for other_start, other_end in shapes:
        if other_start <= end and start <= other_end:
            start, end = min(start, other_start), max(end, other_end)
    return start, end
