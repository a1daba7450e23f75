"""Learned weights survive packing, and a lexicon made from the table judges as one made from keywords."""

from __future__ import annotations

import random
import time

import pytest

from nlp import Keyword, Lexicon, judge
from nlp.weights import NOTHING, Fitted, Weights, fitted

HAND = [Keyword("路灯", "traffic", 4.0), Keyword("垃圾", "sanitation", 5.0)]
LEARNED = [
    Keyword("不亮", "traffic", 1.5, learned=True),
    Keyword("臭", "sanitation", 0.75, learned=True),
    Keyword("臭", "traffic", -0.25, learned=True),
    Keyword("渠", "water", 2.0, learned=True),
    Keyword("", "sanitation", -0.5, learned=True),
]
TEXTS = ("路灯不亮", "垃圾臭死了", "渠堵了", "你好", "", "垃圾堆在渠边臭")


def test_what_is_packed_comes_back() -> None:
    weights = Weights.unpacked(Weights.of(LEARNED).packed())

    assert weights.texts == ("不亮", "渠", "臭")
    assert set(weights.pairs()) == {(one.text, one.category, one.weight) for one in LEARNED if one.text}
    assert weights.matrix[-1].tolist() == [-0.5, 0.0, 0.0]


def test_hand_written_keywords_are_no_part_of_the_table() -> None:
    assert Weights.of([*HAND, *LEARNED]).texts == Weights.of(LEARNED).texts
    assert Weights.of(HAND).categories == NOTHING.categories


@pytest.mark.parametrize("text", TEXTS)
def test_the_table_judges_as_the_keywords_do(text: str) -> None:
    table = fitted(HAND, Weights.unpacked(Weights.of(LEARNED).packed()), version="v")
    keywords = Lexicon.of([*HAND, *LEARNED], version="v")

    assert table.categories == keywords.categories
    assert judge(text, table) == judge(text, keywords)


def test_without_learned_weights_only_the_hand_written_count() -> None:
    plain = fitted(HAND, NOTHING, version="v")

    assert plain.learned is None
    assert judge("路灯不亮", plain) == judge("路灯不亮", Lexicon.of(HAND, version="v"))


def test_a_retired_category_takes_its_weights_along() -> None:
    left = Weights.of(LEARNED).within({"traffic", "nothing"})

    assert left.categories == ("traffic",)
    assert {category for _, category, _ in left.pairs()} == {"traffic"}


@pytest.mark.parametrize("broken", [b"", b"no table", Weights.of(LEARNED).packed()[:-9]])
def test_bytes_that_are_no_table_are_refused(broken: bytes) -> None:
    with pytest.raises(ValueError, match="not a table"):
        Weights.unpacked(broken)


def test_twelve_thousand_keywords_of_22_categories_load_in_well_under_a_second() -> None:
    draw = random.Random(1)
    texts = {"".join(chr(draw.randrange(0x4E00, 0x5800)) for _ in range(1 + n % 3)) for n in range(12_500)}
    learned = [
        Keyword(text, f"c{one}", draw.gauss(0, 0.3), learned=True) for text in texts for one in range(22)
    ]
    packed = Weights.of(learned).packed()

    started = time.process_time()
    lexicon = fitted(HAND, Weights.unpacked(packed), version="v")
    assert isinstance(lexicon, Fitted)
    assert lexicon.learned is not None

    assert time.process_time() - started < 0.3
    assert len(packed) < 1_200_000
