"""Whether two appeals are the same matter."""

from __future__ import annotations

import pytest

from nlp import Gazetteer, judge, load_pack
from services.datum import WGS
from services.sameness import Matter, called, in_public, metres, point_of, same, same_place, thing

NAMES = Gazetteer.of([("三组", 3), ("二组", 2), ("老槐树", 2), ("大槐树", 2, "老槐树"), ("村口大桥", 2)])


def matter(text: str = "路灯不亮", place: str = "三组", grid: int | None = 3, **more: object) -> Matter:
    return Matter(text, place, grid, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("三组路灯不亮", "三组"),
        ("我家门口的路灯不亮", "3组"),
        ("我家前面这条路坑坑洼洼", "村口大桥"),
        ("3栋2单元楼道灯坏了", "3栋2单元"),
        ("5号楼电梯停了", "5号楼"),
        ("老槐树下垃圾没人收", "老槐树"),
        ("2号桥栏杆断了", "2号桥"),
        ("楼下垃圾桶满了", "3栋"),
    ],
)
def test_what_lies_where_others_pass_is_public(text: str, place: str) -> None:
    assert in_public(matter(text, place))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("我家漏水", "三组"),
        ("家里停电了", "三组"),
        ("厨房下水道堵了", "3栋"),
        ("楼上漏水到我这里", "3栋"),
        ("卫生间漏水", "3栋"),
        ("漏水了", "3栋2单元501室"),
        ("漏水了", "三组12号"),
        ("漏水了", "3-2-501"),
        ("漏水了", "3栋2单元501"),
        ("漏水", "二组李家12户"),
        ("奶奶家电线老化", "三组"),
        ("隔壁装修太吵", "3栋"),
    ],
)
def test_a_home_is_nobody_elses_matter(text: str, place: str) -> None:
    assert not in_public(matter(text, place))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("三组", "3组"),
        ("三組", "三组"),
        ("老槐树", "老槐树旁边"),
        ("在老槐树那边", "老槐树"),
        ("３号楼", "3号楼"),
        ("桥头边上", "桥头"),
        ("大槐树旁边", "老槐树"),
    ],
)
def test_one_place_is_written_in_many_ways(one: str, other: str) -> None:
    assert called(one, NAMES) == called(other, NAMES) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [("三组", "二组"), ("三组5栋", "三组"), ("三组路口", "三组"), ("3号楼", "5号楼"), ("", "三组")],
)
def test_other_places_stay_apart(one: str, other: str) -> None:
    assert called(one, NAMES) != called(other, NAMES)


def test_a_name_alone_is_the_same_place_in_one_grid_only() -> None:
    assert same_place(matter(), matter(), NAMES)
    assert not same_place(matter(place="东头桥"), matter(place="东头桥", grid=2), NAMES)
    assert not same_place(matter(grid=None), matter(grid=None), NAMES)
    assert not same_place(matter(place=""), matter(place=""), NAMES)


def test_points_decide_where_both_have_one() -> None:
    here, near, far = (119.41, 32.40), (119.4105, 32.4003), (119.412, 32.40)
    assert 50 < metres(here, near) < 70
    assert 180 < metres(here, far) < 200
    assert same_place(matter(place="", grid=2, points=(here,)), matter(points=(near,)), NAMES)
    assert not same_place(matter(points=(here,)), matter(points=(far,)), NAMES)
    assert same_place(matter(points=(here,)), matter(), NAMES)


def test_points_of_another_datum_are_converted_first() -> None:
    gcj = point_of(119.41, 32.40, "GCJ-02")[0]
    assert metres(gcj, point_of(119.41, 32.40, WGS)[0]) > 300
    assert point_of(None, 32.40, WGS) == ()


def test_one_place_with_another_subject_is_another_matter() -> None:
    lamp, hole = matter("三组路灯不亮"), matter("三组路面有个坑")
    assert same(lamp, {"路灯"}, matter("路灯坏了一个礼拜了"), NAMES)
    assert not same(lamp, {"路灯"}, hole, NAMES)
    assert not same(lamp, {"路灯"}, matter("我家里路灯开关坏了"), NAMES)
    assert not same(lamp, set(), lamp, NAMES)


@pytest.mark.parametrize(
    ("new", "old", "wanted"),
    [
        (("粮站边上路灯不亮", "粮站边上"), ("粮站旁边路灯坏了", "粮站旁边"), True),
        (("粮站附近路灯不亮", "粮站附近"), ("粮站那边路灯坏了", "粮站那边"), True),
        (("粮站对面路灯不亮", "粮站对面"), ("粮站旁边路灯坏了", "粮站旁边"), False),
        (("三组桥头垃圾没人收", "三组桥头"), ("3组桥头的垃圾堆满了", "3组桥头"), True),
        (("三组桥头路灯不亮", "三组桥头"), ("三组桥头的垃圾堆满了", "三组桥头"), False),
        (("三组桥头路灯不亮", "三组桥头"), ("三组桥头路面坏了", "三组桥头"), False),
    ],
)
def test_one_matter_is_told_in_many_ways(new: tuple[str, str], old: tuple[str, str], wanted: bool) -> None:
    judged = judge(new[0], load_pack("village").lexicon())
    subjects = {one.keyword for one in judged.matched if one.category == judged.category}

    assert same(matter(*new), subjects, matter(*old), NAMES) is wanted


@pytest.mark.parametrize(
    ("keyword", "wanted"),
    [("路灯不亮", "路灯"), ("没人收", "没人收"), ("晚上施工", "晚上施工"), ("路灯", "路灯")],
)
def test_a_keyword_is_about_the_thing_that_it_begins_with(keyword: str, wanted: str) -> None:
    assert thing(keyword) == wanted
