"""Places: the gazetteer and the shapes of addresses."""

from __future__ import annotations

import pytest

from nlp import Gazetteer, PlaceFound
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
        ("家在东风村四组北头", "东风村四组"),
        ("阳光花园小区8号楼电梯坏了", "阳光花园小区8号楼"),
        ("投诉阳光小区物业", "阳光小区"),
        ("文昌路123号门口", "文昌路123号"),
        ("3-2-501没水", "3-2-501"),
        ("十三组的路灯坏了", "十三组"),
        ("住12栋", "12栋"),
        ("a区3栋", "a区3栋"),
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
    assert Gazetteer.of([("三组", 3)]).best("13组") is None


def test_a_name_of_several_grids_is_ambiguous() -> None:
    assert _known("老街上") == PlaceFound("老街", "老街", (7, 8))


def test_the_name_that_says_most_wins_and_takes_the_address_along() -> None:
    assert _known("渡江村三组12号") == PlaceFound("渡江村三组12号", "三组", (3,))


def test_a_place_that_the_gazetteer_does_not_know_keeps_its_shape() -> None:
    assert _known("5栋301") == PlaceFound("5栋301")


def test_an_empty_gazetteer_and_empty_names_do_no_harm() -> None:
    assert place("三组", "三组", Gazetteer.of([])) == PlaceFound("三组")
    assert place("路灯", "路灯", Gazetteer.of([("", 1), (" ", 2)])) is None
