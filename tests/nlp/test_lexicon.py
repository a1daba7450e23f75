"""Keywords and how they are found."""

from __future__ import annotations

import pytest

from nlp import Keyword, Lexicon


def _found(lexicon: Lexicon, text: str) -> dict[str, float]:
    return {found.text: found.share for found in lexicon.find(text)}


def test_a_longer_keyword_silences_the_one_inside_it() -> None:
    lexicon = Lexicon.of([("养老", "elderly_care", 2.0), ("养老金", "social_security", 6.0)])

    assert set(_found(lexicon, "养老金没发")) == {"养老金"}
    assert set(_found(lexicon, "养老的事")) == {"养老"}


def test_keywords_that_only_overlap_both_count() -> None:
    lexicon = Lexicon.of([("路灯坏", "a", 1.0), ("坏了修", "b", 1.0)])

    assert set(_found(lexicon, "路灯坏了修")) == {"路灯坏", "坏了修"}


def test_a_single_character_must_be_a_word() -> None:
    lexicon = Lexicon.of([("狗", "safety", 3.0)])

    assert _found(lexicon, "有条狗") == {"狗": 1.0}
    assert _found(lexicon, "热狗好吃") == {}


def test_two_characters_across_two_words_count_half() -> None:
    lexicon = Lexicon.of([("电车", "traffic", 6.0)])

    assert _found(lexicon, "水电车间") == {"电车": 0.5}


def test_one_keyword_may_speak_for_several_categories() -> None:
    lexicon = Lexicon.of([("合不来", "disputes", 3.0), ("合不来", "counselling", 6.0)])

    (found,) = lexicon.find("合不来")
    assert dict(found.weights) == {"disputes": 3.0, "counselling": 6.0}


def test_the_version_follows_the_content_and_not_the_order() -> None:
    a, b = ("路灯", "traffic", 1.0), ("垃圾", "sanitation", 2.0)

    assert Lexicon.of([a, b]).version == Lexicon.of([b, a]).version
    assert Lexicon.of([a, b]).version != Lexicon.of([a]).version
    assert Lexicon.of([a], version="mine").version == "mine"


def test_a_pair_given_twice_keeps_the_last_weight() -> None:
    assert Lexicon.of([("路灯", "t", 1.0), ("路燈", "t", 4.0)]).keywords == (Keyword("路灯", "t", 4.0),)


def test_an_empty_lexicon_finds_nothing() -> None:
    lexicon = Lexicon.of([])

    assert _found(lexicon, "路灯坏了") == {}
    assert lexicon.learned is None
    assert lexicon.categories == ()


def test_learned_keywords_add_up_whatever_contains_them_and_long_messages_do_not_shout() -> None:
    rows = [Keyword("路", "a", 1.0, True), Keyword("路灯", "a", 2.0, True), Keyword("", "b", 0.5, True)]
    learned = Lexicon.of(rows).learned

    assert learned is not None
    assert learned.scores(learned.rows("路灯路灯")) == pytest.approx({"a": 3.0 / 2**0.5, "b": 0.5})
    assert dict(learned.strongest(learned.rows("路灯"), "a", 1)) == pytest.approx({"路灯": 2.0 / 2**0.5})
    assert learned.scores(learned.rows("别的")) == {"a": 0.0, "b": 0.5}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("我电话13812345678", []),
        ("卡号6222021234567890", []),
        ("打12345没人接", ["12345"]),
        ("12345", ["12345"]),
    ],
)
def test_a_number_is_not_found_inside_a_longer_one(text: str, found: list[str]) -> None:
    lexicon = Lexicon.of([("12345", "governance", 3.0)])

    assert list(_found(lexicon, text)) == found
