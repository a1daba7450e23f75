"""How a place is said: what one name says already is not said twice."""

from __future__ import annotations

import pytest

from services.place_words import where


@pytest.mark.parametrize(
    ("wider", "place", "said"),
    [
        ("三组", "三组", "三组"),
        ("三组", "3组", "3组"),
        ("三组", "三組", "三組"),
        ("一组", "1组文化广场", "1组文化广场"),
        ("三组", "小学路三组", "小学路三组"),
        ("三组网格", "三组", "三组网格"),
        ("新联村", "新联村三组", "新联村三组"),
        ("三组", "小学路", "三组小学路"),
        ("一组", "11组门口", "一组11组门口"),
        ("一组", "十一组门口", "一组十一组门口"),
        ("11组", "1组", "11组1组"),
        ("三组", "", "三组"),
        ("", "小学路", "小学路"),
        ("", "", ""),
    ],
)
def test_a_name_that_stands_in_the_other_is_said_once(wider: str, place: str, said: str) -> None:
    assert where(wider, place) == said


def test_two_sayings_of_a_place_are_kept_apart() -> None:
    assert where("老槐树", "学校门口", " ") == "老槐树 学校门口"
