"""The numbered parts of an address: group, house or building, unit, floor, room; by patterns alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from nlp.segment import figure


class Kind(StrEnum):
    """What a part of an address counts. A house in a village (三组12号) is its BUILDING."""

    GROUP = "group"
    ROAD_NUMBER = "road_number"
    BUILDING = "building"
    UNIT = "unit"
    FLOOR = "floor"
    ROOM = "room"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an address: `normal[start:end]`, its number in digits (or its name), its counting word."""

    kind: Kind
    start: int
    end: int
    number: str
    word: str

    @property
    def tidy(self) -> str:
        """One way of writing it: 十三村民小组 is 13组, 5#楼 is 5号楼."""
        return self.number.upper() + self.word


_FIGURES = "零〇一二三四五六七八九十百"
_HAN = r"[\u4e00-\u9fff]"
_DASH = "[-－—]"
_GROUP = "村民小组|村民组|小组|组(?![团织合长员建])|队(?![伍员长列人])|社(?![区会保员团工])"
_NO_HOUSE = (
    "门(?![口前外边])|店(?![面铺里])|院(?!子)"
    "|[楼馆线令召房室桥口码岗床台摊铺写仓库厂公]|大[街道]|路(?!灯)|干道|地块|电梯|商铺"
)
_WORDS = {
    Kind.GROUP: _GROUP,
    Kind.BUILDING: (
        "[号高]楼(?![层梯])|号院(?!子)|#楼?|栋(?!房)|幢(?!房)|撞|懂"
        f"|(?<![{_FIGURES}])座(?![位谈机])|户(?![口外])"
    ),
    Kind.UNIT: "单元|梯(?![队形田])|门(?![口前卫外诊市])",
    Kind.FLOOR: "楼(?![层梯道盘])|层(?![次楼灰])",
    Kind.ROOM: "室|号[室房](?!子)",
    Kind.ROAD_NUMBER: f"弄|号(?!{_NO_HOUSE})",
}
# Each pattern begins with one set of characters, which the engine looks for at the speed of a search: a
# message without any costs half a microsecond, where lookbehinds in front cost 25.
_CODE = (
    rf"[0-9a-z{_FIGURES}负甲乙丙丁](?<![0-9a-z][0-9a-z])(?<![0-9]-[0-9])(?:"
    rf"(?<=[0-9])[0-9]{{0,3}}[a-z]?(?:[-－—一][0-9]{{1,4}})?"
    rf"|(?<=[a-z])[a-z]?(?:-?[0-9]{{1,4}}[a-z]?(?:{_DASH}[0-9]{{1,4}})?)?"
    rf"|(?<=[{_FIGURES}])[{_FIGURES}]{{0,5}}"
    rf"|(?<=[甲乙丙丁])(?=单元|[栋幢座])|(?<=负)(?:[0-9]{{1,3}}|[{_FIGURES}]{{1,3}}))"
)
_NUMBERED = re.compile(
    f"(?P<code>{_CODE})(?:" + "|".join(f"(?P<{kind}>{words})" for kind, words in _WORDS.items()) + ")"
)
_CHAIN = re.compile(
    rf"(?<![0-9a-z])(?<![0-9]-)(?P<first>[0-9]{{1,3}}){_DASH}"
    rf"(?:(?P<second>[0-9]{{1,2}}){_DASH}(?P<third>[0-9]{{1,4}})[室号]?|(?P<last>[0-9]{{3,4}})室?(?!号))(?![0-9-])"
)
_NO_GROUP = (
    "工作|施工|巡逻|调查|领导|检查|专案|医疗|督导|志愿|抢修|消防|文艺|秧歌|舞蹈|运输|服务|管理|互助|帮扶|理事"
    "|信用|供销|合作|旅行"
)
_NAMED = re.compile(
    f"[村会](?<!农村)(?<![^委员]会)(?P<named>(?!{_HAN}{{0,2}}(?:{_NO_GROUP}))[^\\W0-9_a-z{_FIGURES}第民委]{_HAN}{{1,3}}?)(?P<kin>{_GROUP})"
)
_SIDE = re.compile(rf"[东南西北](?<=..)(?P<kin>[楼座幢])(?=[{_FIGURES}][单楼层]|电联|$|[^\u4e00-\u9fff])")
_ROAD = re.compile(r"(?:[路街巷道线环弄](?:[东西南北中]?[一二三四0-9]?段|[东西南北中])?)[_ ]?$")
_ROOM = re.compile(
    rf"{_DASH}?(?P<code>[0-9]{{2,4}}[a-z]?)(?![0-9a-z.．:：年月日天个元块米点人号户室单楼层栋幢座组队#%度件斤万])"
)
_KINDS = {kind.value: kind for kind in Kind}
_HOLDS_ROOMS = {Kind.BUILDING, Kind.UNIT, Kind.FLOOR}
_TIDY = {
    "村民小组": "组",
    "村民组": "组",
    "小组": "组",
    "高楼": "号楼",
    "#": "号楼",
    "#楼": "号楼",
    "撞": "幢",
    "懂": "栋",
}


def parts(normal: str) -> list[Part]:
    """The numbered parts that stand in a normalised text, in their order, never overlapping."""
    chains = [part for found in _CHAIN.finditer(normal) for part in _chained(found)] if "-" in normal else []
    found: list[Part] = []
    for token in _NUMBERED.finditer(normal):
        if not any(part.start < token.end() and token.start() < part.end for part in chains):
            found += _numbered(normal, token, found[-1] if found else None)
    found += [
        _part(Kind.GROUP, token.start("named"), token.end(), token["named"], token["kin"])
        for token in _NAMED.finditer(normal)
    ]
    found += [
        _part(Kind.BUILDING, token.start(), token.end(), token[0][0], token["kin"])
        for token in _SIDE.finditer(normal)
    ]
    return sorted([*found, *chains], key=lambda part: part.start)


def touches(normal: str, end: int, start: int) -> bool:
    """Whether nothing but a blank or a dash stands between two parts."""
    return not normal[end:start].strip(" _-－—,，、")


def _numbered(normal: str, token: re.Match[str], last: Part | None) -> list[Part]:
    """The part of one match, with the room that stands behind it without a word (2单元501)."""
    name, (start, end) = token.lastgroup or "", token.span()
    before = last if last is not None and touches(normal, last.end, start) else None
    kind = _kind(_KINDS[name], token[name], token["code"], normal[max(0, start - 8) : start], before)
    if kind is None:
        return []
    if normal[start - 1 : start] in ("第", "笫"):
        start -= 1
    number = token["code"] if token["code"][0] not in _FIGURES else figure(token["code"])
    found = [_part(kind, start, end, number, "室" if kind is Kind.ROOM else token[name])]
    if kind in _HOLDS_ROOMS and (room := _ROOM.match(normal, end)) is not None:
        found.append(_part(Kind.ROOM, end, room.end(), room["code"], "室"))
    return found


def _kind(kind: Kind, word: str, code: str, ahead: str, before: Part | None) -> Kind | None:
    """What the counting word means here; None where it counts nothing of an address."""
    if word == "门":
        return kind if before is not None and before.kind is Kind.BUILDING else None
    if word == "户":
        return kind if before is not None or ahead.endswith("村") else None
    if word == "楼" and code.isascii() and code.isalpha():
        return Kind.BUILDING
    if word != "号":
        return kind
    if ahead.endswith("月"):
        return None
    if before is not None and before.kind in _HOLDS_ROOMS and before.word != "号":
        return Kind.ROOM
    return Kind.ROAD_NUMBER if _ROAD.search(ahead) else Kind.BUILDING


def _chained(token: re.Match[str]) -> list[Part]:
    """3-2-501 and 5-301: building, unit where there are three, room."""
    kinds = {"first": Kind.BUILDING, "second": Kind.UNIT, "third": Kind.ROOM, "last": Kind.ROOM}
    words = {Kind.BUILDING: "栋", Kind.UNIT: "单元", Kind.ROOM: "室"}
    found = [(name, kind) for name, kind in kinds.items() if token[name]]
    return [
        _part(
            kind,
            token.start(name),
            token.end() if kind is Kind.ROOM else token.end(name),
            token[name],
            words[kind],
        )
        for name, kind in found
    ]


def _part(kind: Kind, start: int, end: int, number: str, word: str) -> Part:
    return Part(kind, start, end, number, _TIDY.get(word, word))
