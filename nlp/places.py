"""Places in a message: names of the gazetteer, the shapes of addresses, landmarks with where they lie."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from nlp.addresses import Kind, Part, parts, touches
from nlp.gazetteer import Gazetteer, Known
from nlp.judgement import PlaceFound
from nlp.phrases import Phrases

__all__ = ["Gazetteer", "place"]

Span = tuple[int, int]

_NO_PLACE = re.compile(
    r"天(?![天黑冷热亮花])|个|年(?![年久])|月|岁|元(?!旦)|块|人(?!家)|次|点(?!不)|日(?![日夜])|数据|照片|合|员|下午|上午|早上|晚上|开会|左右|以后|之前|前(?![面头边])"
)
"""What follows a count or a date: 3组数据, 5号下午."""
_BUILT = (Kind.BUILDING, Kind.UNIT, Kind.ROOM)
"""Nobody counts or dates by these: 5栋人家 and 1203室天花板 are places whatever follows."""
_NAMED = ["新村", "小区", "社区", "花园", "家园", "公寓", "嘉园", "雅苑", "名苑", "佳苑"]
_KINDS = (*_NAMED, "大道", *"苑路街巷村庄圩湾埭镇乡组")
_ENDS = frozenset("".join(kind[-1] for kind in _KINDS))
_SECTION = re.compile(r"(?:[0-9]{1,3}|[a-z东南西北]|[一二三四五六七八九十]{1,3})[区期排]$")
_SECTIONS = frozenset("区期排")
_STOPS = re.compile(
    r"[^\u4e00-\u9fff0-9a-z]|家住在?|住在|位于|来自|我们|我家|我在|我是|你们|咱们?|这里|就在|那个|这个|靠近|请到|关于|投诉|反映|举报|建议|整个|希望|请问"
    r"|[在是到从去给住离的和跟与了请把有我你们这那本该各就说对让被]"
)
_NAME_LENGTH = 7

_LANDMARK = (
    "桥头|小桥|大桥|菜场|菜市场|农贸市场|集市|学校|小学|中学|幼儿园|卫生室|卫生院"
    "|医院|超市|小店|村部|村委|村委会|居委会|党群服务中心|文化广场|广场|公园|河边"
    "|河道|河塘|泵站|排灌站|水泵房|公交站|公交站台|站台|车站|垃圾房|垃圾池|垃圾站"
    "|垃圾桶|公共厕所|公厕|鱼塘|池塘|祠堂|土地庙|变压器|电线杆|晒场|大门|岗亭"
    "|快递点|快递站|快递柜|银行|邮局|药店|药房|饭店|加油站|水塔|水库|水闸|牌坊"
    "|凉亭|敬老院|养老院|食堂|渡口|码头|粮站|篮球场|停车场|车棚|健身器材|活动室"
    "|活动中心|大槐树|老槐树|大树|桥"
)
_LANDMARKS = _LANDMARK.split("|")
_RELATION = (
    r"[正斜]?对[面过]|旁边?|边上|隔壁|附近|门口|[东西南北前后里外][边面头侧](?!跑)|[十丁]字路口|交叉路?口|交[汇界][处口]|路口|拐[角弯]处?"
    r"|尽头|底下|中间|之间"
)
_TAIL = re.compile(
    rf"(?:的?(?:{'|'.join(sorted(_LANDMARKS, key=len, reverse=True))}))?(?:的?(?:{_RELATION})){{0,2}}"
)
_RELATED = re.compile(rf"的?(?:{_RELATION})")
_CROSSING = re.compile(r"[十丁]字路口|交叉路?口|交[汇界][处口]|路口")
_CROSSINGS = ["路口", "叉口", "交汇处", "交汇口", "交界处", "交界口"]
_JOINS = "和与跟同、"
_SIGNS = Phrases([*_LANDMARKS, *_CROSSINGS, *_NAMED])
_FIRST_CROSSING = len(_LANDMARKS)
_FIRST_ESTATE = _FIRST_CROSSING + len(_CROSSINGS)


def place(text: str, normal: str, gazetteer: Gazetteer | None = None) -> PlaceFound | None:
    """The place that the message names: from the gazetteer if possible, else by its shape, else None.

    `text` is the message as written, `normal` its normal form of the same length. Where it lies beside a
    known place belongs to it: 三组桥头旁边, 菜场对面.
    """
    numbered = parts(normal)
    known = gazetteer.find(normal, numbered) if gazetteer is not None else None
    shapes = [span for run in _runs(normal, numbered) if (span := _address(normal, run))]
    if known is not None:
        span = _widened((known.start, _tail(normal, known.end)), shapes)
        return _found(text, span, numbered, known)
    shapes = shapes or _unnumbered(normal)
    if not shapes:
        return None
    return _found(text, max(shapes, key=lambda span: span[1] - span[0]), numbered, None)


def _found(text: str, span: Span, numbered: Sequence[Part], known: Known | None) -> PlaceFound:
    """The value for a span, with the parts that stand in it."""
    start, end = span
    inside = tuple(part for part in numbered if start <= part.start and part.end <= end)
    swaps = [(part.start, part.end, part.tidy) for part in inside]
    if known is not None:
        swaps = [swap for swap in swaps if swap[1] <= known.start or known.end <= swap[0]]
        swaps.append((known.start, known.end, known.name))
    tidy, position = "", start
    for swap_start, swap_end, words in sorted(swaps):
        tidy += text[position:swap_start].strip(" -－—_") + words
        position = swap_end
    name, grids = (known.name, known.grid_ids) if known is not None else (None, ())
    return PlaceFound(text[start:end], name, grids, inside, tidy + text[position:end])


def _unnumbered(normal: str) -> list[Span]:
    """Landmarks with a relation word and crossings with their roads, else estates with a name."""
    related: list[Span] = []
    estates: list[Span] = []
    for hit in _SIGNS.hits(normal):
        if hit.index < _FIRST_CROSSING:
            if (relation := _RELATED.match(normal, hit.end)) is not None:
                related.append((hit.start, relation.end()))
        elif hit.index < _FIRST_ESTATE:
            related += _crossing(normal, hit.end)
        elif (start := _name_start(normal, hit.end)) < hit.start:
            estates.append((start, _tail(normal, hit.end)))
    return related or estates


def _runs(normal: str, numbered: Sequence[Part]) -> list[list[Part]]:
    """The parts, those together that touch."""
    runs: list[list[Part]] = []
    for part in numbered:
        if runs and touches(normal, runs[-1][-1].end, part.start):
            runs[-1].append(part)
        else:
            runs.append([part])
    return runs


def _address(normal: str, run: Sequence[Part]) -> Span | None:
    """The span of numbered parts and the name before them; None for what is a count or a date."""
    first, end = run[0].start, run[-1].end
    if len(run) == 1 and run[0].kind not in _BUILT and _NO_PLACE.match(normal, end):
        return None
    start = _names_start(normal, first)
    if start == first and len(run) == 1 and not _stands_alone(run[0]):
        return None
    return start, _tail(normal, end)


def _stands_alone(part: Part) -> bool:
    """Whether a part is a place without more words: 3组 and 5栋 are, 5号 and 二楼 are not."""
    if part.kind in (Kind.ROAD_NUMBER, Kind.FLOOR):
        return part.word == "弄"
    return part.word not in ("号", "户", "座", "社")


def _crossing(normal: str, end: int) -> list[Span]:
    """文昌路和江都路路口: the crossing that ends here with the names before it; none without a name."""
    word = _CROSSING.search(normal, max(0, end - 5), end)
    if word is None:
        return []
    start = _names_start(normal, word.start())
    if start == word.start() and normal[word.start()] == "路":
        start = _names_start(normal, word.start() + 1)  # 文昌路口
    if start >= word.start():
        return []
    if start > 1 and normal[start - 1] in _JOINS and (other := _names_start(normal, start - 1)) < start - 1:
        start = other
    return [(start, end)]


def _tail(normal: str, end: int) -> int:
    """Where the landmark and relation words after a place end (三组 + 桥头旁边), or the place's own end."""
    found = _TAIL.match(normal, end)
    return found.end() if found is not None else end


def _names_start(normal: str, end: int) -> int:
    """Where the names begin that end at this position (渡江村, 文昌路, A区), or the position itself."""
    while (start := _name_start(normal, end)) < end:
        end = start
    return end


def _name_start(normal: str, end: int) -> int:
    """Where one name begins that ends at this position with the kind of place, or the position itself."""
    last, low = normal[end - 1 : end], max(0, end - _NAME_LENGTH)
    if last in _SECTIONS and (section := _SECTION.search(normal, low, end)) is not None:
        return section.start()
    kind = next((kind for kind in _KINDS if normal.endswith(kind, low, end)), "") if last in _ENDS else ""
    if not kind:
        return end
    stop = max((found.end() for found in _STOPS.finditer(normal, low, end - len(kind))), default=low)
    return stop if stop < end - len(kind) else end


def _widened(span: Span, shapes: Iterable[Span]) -> Span:
    """The known name together with the addresses that touch it (三组 + 12号)."""
    start, end = span
    for other_start, other_end in sorted(shapes):
        if other_start <= end and start <= other_end:
            start, end = min(start, other_start), max(end, other_end)
    return start, end
