"""Whether two appeals of one category are the same matter: at the same place, about the same thing. Pure.

It is only ever asked, never assumed: what is named here is offered to the resident, who decides.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from nlp.gazetteer import Gazetteer
from nlp.places import place
from nlp.segment import fold_numerals, is_word, normalise
from services.datum import GCJ, METRES_A_DEGREE, Point, convert

NEAR_METRES = 100.0
"""Two points that people sent of one matter lie no farther apart."""

_FLAT = re.compile(
    r"室|户|[0-9]+号(?!楼|院|门|线|路|桥|站|库|厅|井|杆)|[0-9]+[-－—][0-9]+|(?:栋|幢|单元|号楼|座)[0-9]{2,4}"
)
_PUBLIC_SIDE = (
    "门口|门前|门外|前面|后面|前边|后边|附近|旁|边上|对面|这边|那边|这条|那条|这里|那里|楼下|屋后|屋前|路口|巷|村|组"
    "|小区|单元|楼道|这一排|这一片|田|地里|地头|鱼塘|菜地"
)
_HOME = re.compile(
    rf"(?:我|俺|咱|他|她|奶奶|爷爷|爸|妈|老人|邻居|我们)家(?!的?(?:{_PUBLIC_SIDE}))|家里|家中|自家|屋里|屋内|室内|屋顶漏"
    r"|厨房|卫生间|阳台|卧室|客厅|马桶|天花板|水龙头|楼上|楼下(?:漏|渗)|隔壁"
)
_BESIDE = re.compile(
    r"^(?:在|就在|到)+|的?(?:旁边|旁|边上|边|那里|那边|这里|这边|附近|那儿|那块|那一带|一带)$"
)


_NO_THING = re.compile(
    "[没不坏满太被很有无乱停断漏堵臭脏修加增建装]|天天|晚上|半夜|凌晨|夜间|深夜|通宵|日夜|严重|经常|长期|频繁|施工|安装|更换"
    "|开通|检测|拥挤|占用|占道|破坏|影响|小区|楼[上下]|学校|居民|老人|孩子"
)
"""How keywords begin that name a state, a time, people or a place rather than the thing that is wrong."""


@dataclass(frozen=True, slots=True)
class Matter:
    """What is compared of an appeal: its words, place as written, grid, and points (GCJ-02) if any."""

    text: str
    place: str
    grid_id: int | None
    points: tuple[Point, ...] = ()


def in_public(matter: Matter) -> bool:
    """Whether it lies where others pass: a flat, and what is wrong at home, are nobody else's matter."""
    where = fold_numerals(normalise(matter.place))[0]
    return not _FLAT.search(where) and not _HOME.search(normalise(matter.text))


def same(new: Matter, subjects: Collection[str], old: Matter, gazetteer: Gazetteer) -> bool:
    """Whether both lie in public at one place, and the old one names a thing that the new one is about."""
    about, where = normalise(old.text), normalise(new.place)
    return (
        any(thing(subject) in about and thing(subject) not in where for subject in subjects)
        and in_public(new)
        and in_public(old)
        and same_place(new, old, gazetteer)
    )


def thing(subject: str) -> str:
    """What a keyword is about: the word that it begins with (路灯 of 路灯不亮), else all of it."""
    first = subject[:2]
    return first if is_word(first) and not _NO_THING.match(first) else subject


def same_place(one: Matter, other: Matter, gazetteer: Gazetteer) -> bool:
    """Whether their points are near each other, or one grid has the name that both were given."""
    if one.points and other.points:
        return any(metres(a, b) <= NEAR_METRES for a in one.points for b in other.points)
    if one.grid_id is None or one.grid_id != other.grid_id:
        return False
    name = called(one.place, gazetteer)
    return bool(name) and name == called(other.place, gazetteer)


@lru_cache(maxsize=4096)
def called(written: str, gazetteer: Gazetteer) -> str:
    """One spelling for every way to write it: 三组 and 3组, 老槐树旁边 and 老槐树, a name and its alias."""
    normal = normalise(written).strip()
    plain = _BESIDE.sub("", fold_numerals(normal)[0])
    found = place(written.strip(), normal, gazetteer)
    if found is None:
        return plain
    # 三组5栋 and 三组路口 are more than the 三组 that the gazetteer knows.
    return _BESIDE.sub("", fold_numerals(normalise(found.tidy or found.text))[0])


def metres(one: Point, other: Point) -> float:
    """The distance of two near points of one datum."""
    east = (one[0] - other[0]) * math.cos(math.radians((one[1] + other[1]) / 2))
    return math.hypot(east, one[1] - other[1]) * METRES_A_DEGREE


def point_of(longitude: float | None, latitude: float | None, datum: str) -> tuple[Point, ...]:
    """The point in GCJ-02, nothing where there is none."""
    if longitude is None or latitude is None:
        return ()
    return (convert((longitude, latitude), datum or GCJ, GCJ),)
