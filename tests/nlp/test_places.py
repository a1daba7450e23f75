"""Places: the gazetteer and the shapes of addresses."""

from __future__ import annotations

import pytest

from nlp import Gazetteer, PlaceFound
from nlp.addresses import Kind
from nlp.places import place
from nlp.segment import normalise

GAZETTEER = Gazetteer.of(
    [("三组", 3), ("13组", 13), ("文化广场", 5), ("老街", 7), ("老街", 8), ("渡江村", 1), ("渡江村", 2)]
)


def _shape(text: str) -> str | None:
    found = place(text, normalise(text))
    return found.text if found else None


def _known(text: str) -> PlaceFound | None:
    return place(text, normalise(text), GAZETTEER)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("3栋2单元漏水", "3栋2单元"),
        ("３栋２单元５０１", "３栋２单元５０１"),
        ("我家住在渡江村三组12号", "渡江村三组12号"),
        ("家在东风村四组北头", "东风村四组北头"),
        ("阳光花园小区8号楼电梯坏了", "阳光花园小区8号楼"),
        ("投诉阳光小区物业", "阳光小区"),
        ("文昌路123号门口", "文昌路123号门口"),
        ("3-2-501没水", "3-2-501"),
        ("十三组的路灯坏了", "十三组"),
        ("住12栋", "12栋"),
        ("a区3栋", "a区3栋"),
        ("8号楼1203室天花板漏水", "8号楼1203室"),
        ("6栋2单元301室年久失修", "6栋2单元301室"),
        ("5栋人家养鸡", "5栋"),
        ("12栋元旦起没水", "12栋"),
        ("三组天天停水", "三组"),
        ("五组年年淹", "五组"),
    ],
)
def test_addresses_are_known_by_their_shape_and_given_as_written(text: str, written: str) -> None:
    assert _shape(text) == written


@pytest.mark.parametrize(
    "text",
    [
        "5号下午来",
        "等了3天",
        "1组数据",
        "三组人多",
        "两个人",
        "我们小区停电",
        "这边村里",
        "给我3个",
        "路灯坏了",
        "",
        "2-3天没水",
    ],
)
def test_counts_dates_and_vague_words_are_no_places(text: str) -> None:
    assert _shape(text) is None


@pytest.mark.parametrize("text", ["三组", "3组", "３组", "三組", "我是三组的"])
def test_a_name_is_found_however_its_number_is_written(text: str) -> None:
    found = _known(text)

    assert found is not None
    assert (found.name, found.grid_ids) == ("三组", (3,))
    assert found.text in text


def test_13_is_not_3() -> None:
    found = _known("十三组")

    assert found is not None
    assert (found.text, found.grid_ids) == ("十三组", (13,))
    assert Gazetteer.of([("三组", 3)]).find("13组") is None


def test_a_name_of_several_grids_is_ambiguous() -> None:
    assert _known("老街上") == PlaceFound("老街", "老街", (7, 8))


def test_the_name_that_says_most_wins_and_takes_the_address_along() -> None:
    assert _known("渡江村三组12号") == PlaceFound("渡江村三组12号", "三组", (3,))


def test_a_place_that_the_gazetteer_does_not_know_keeps_its_shape() -> None:
    assert _known("5栋301") == PlaceFound("5栋301")


def test_an_empty_gazetteer_and_empty_names_do_no_harm() -> None:
    assert place("三组", "三组", Gazetteer.of([])) == PlaceFound("三组")
    assert place("路灯", "路灯", Gazetteer.of([("", 1), (" ", 2)])) is None


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("三组桥头旁边的路灯坏了", "三组桥头旁边"),
        ("菜场对面垃圾成堆", "菜场对面"),
        ("小学门口车太多", "小学门口"),
        ("泵站后面的沟堵了", "泵站后面"),
        ("文昌路和江都路路口没有红绿灯", "文昌路和江都路路口"),
        ("文昌路口积水", "文昌路口"),
        ("5栋后面有人烧垃圾", "5栋后面"),
        ("阳光小区对面的工地", "阳光小区对面"),
        ("渡江村三组鱼塘的北边", "渡江村三组鱼塘的北边"),
        ("三组前面那条沟", "三组前面"),
    ],
)
def test_landmarks_and_relation_words_belong_to_the_place(text: str, written: str) -> None:
    assert _shape(text) == written


@pytest.mark.parametrize(
    "text",
    ["我家门口积水", "楼下有人吵架", "学校收费太高", "菜场的肉太贵", "路口红灯太长", "超市里的东西过期"],
)
def test_a_landmark_alone_and_a_relation_alone_are_no_places(text: str) -> None:
    assert _shape(text) is None


def test_a_known_name_takes_landmark_and_relation_along() -> None:
    found = _known("文化广场公厕旁边没灯")

    assert found == PlaceFound("文化广场公厕旁边", "文化广场", (5,))
    assert found.tidy == "文化广场公厕旁边"


def test_an_alias_finds_the_grid_and_is_told_by_its_main_name() -> None:
    gazetteer = Gazetteer.of([("老年食堂", 4), ("大食堂", 4, "老年食堂")])
    found = place("大食堂门口的灯", "大食堂门口的灯", gazetteer)

    assert found == PlaceFound("大食堂门口", "老年食堂", (4,))
    assert found.tidy == "老年食堂门口"


@pytest.mark.parametrize("text", ["第三村民小组", "3小组", "第三组", "三村民组"])
def test_a_group_is_the_same_group_however_it_is_called(text: str) -> None:
    found = _known(f"{text}的沟堵了")

    assert found is not None
    assert (found.name, found.grid_ids) == ("三组", (3,))


def test_a_building_is_the_same_building_whatever_its_word() -> None:
    gazetteer = Gazetteer.of([("5栋", 8), ("6栋", 9)])

    for text in ("5幢漏水", "五号楼漏水", "5#楼漏水", "5-2-301漏水"):
        found = place(text, normalise(text), gazetteer)
        assert found is not None
        assert found.grid_ids == (8,)


def test_two_places_of_different_grids_leave_it_open() -> None:
    found = _known("三组和十三组中间的路坏了")

    assert found is not None
    assert set(found.grid_ids) == {3, 13}


def test_a_name_of_one_grid_settles_an_ambiguous_one() -> None:
    gazetteer = Gazetteer.of([("老街", 7), ("老街", 8), ("新桥", 7), ("新桥", 9)])
    found = place("老街上新桥旁边", "老街上新桥旁边", gazetteer)

    assert found is not None
    assert found.grid_ids == (7,)


def test_the_place_is_told_in_one_way_of_writing() -> None:
    found = place("阳光花园３栋－２单元５０１", normalise("阳光花园３栋－２单元５０１"))

    assert found is not None
    assert found.tidy == "阳光花园3栋2单元501室"
    assert [part.kind for part in found.parts] == [Kind.BUILDING, Kind.UNIT, Kind.ROOM]
