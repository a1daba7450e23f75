"""Keywords measured on labelled messages."""

from __future__ import annotations

import pytest

from nlp import Keyword, Lexicon
from nlp.measures import Measure, Verdict, measures

LEXICON = Lexicon.of(
    [
        Keyword("路灯", "traffic", 4.0),
        Keyword("水沟", "water", 3.0),
        Keyword("水沟", "sanitation", 3.0),
        Keyword("学校", "school", 2.5),
        Keyword("养老金", "pension", 5.0),
        Keyword("养老", "elderly", 4.0),
        Keyword("广场", "sport", 1.0),
        Keyword("噪音", "sport", -1.0),
    ]
)
ROWS = [
    ("路灯不亮", "traffic"),
    ("学校门口路灯坏了", "traffic"),
    ("学校旁边路灯坏了", "traffic"),
    ("学校那条路有坑", "traffic"),
    ("水沟堵了", "water"),
    ("养老金没发", "pension"),
    ("广场舞噪音大", "noise"),
]


def _measured() -> dict[tuple[str, str], Measure]:
    return {(one.text, one.category): one for one in measures(LEXICON, ROWS)}


def test_precision_and_recall_are_shares_of_messages() -> None:
    lamp = _measured()["路灯", "traffic"]

    assert (lamp.hits, lamp.right, lamp.labelled) == (3, 3, 4)
    assert (lamp.precision, lamp.recall) == (1.0, 0.75)
    assert lamp.verdict is Verdict.USEFUL


def test_a_keyword_that_mostly_fires_on_other_labels_misleads() -> None:
    school = _measured()["学校", "school"]

    assert (school.precision, school.recall) == (0.0, None)
    assert school.verdict is Verdict.MISLEADING


def test_one_wrong_hit_may_be_bad_luck_but_not_a_second_one() -> None:
    assert _measured()["广场", "sport"].verdict is Verdict.USEFUL
    assert Measure("广场", "sport", 1.0, 2, 0, 9, ()).verdict is Verdict.MISLEADING
    assert Measure("广场", "sport", 1.0, 2, 1, 9, ()).verdict is Verdict.USEFUL


def test_a_contradiction_is_told_before_anybody_runs_into_it() -> None:
    found = {(one.text, one.category): one for one in measures(LEXICON, [])}

    assert {found["水沟", code].verdict for code in ("water", "sanitation")} == {Verdict.CONTRADICTING}


def test_a_keyword_inside_a_longer_one_is_not_hit() -> None:
    found = _measured()

    assert found["养老", "elderly"].verdict is Verdict.UNHIT
    assert found["养老", "elderly"].precision is None
    assert found["养老金", "pension"].hits == 1


def test_the_same_text_strong_for_two_categories_contradicts_itself() -> None:
    found = _measured()

    assert found["水沟", "water"].rivals == ("sanitation",)
    assert {found["水沟", code].verdict for code in ("water", "sanitation")} == {Verdict.CONTRADICTING}
    assert found["路灯", "traffic"].rivals == ()


@pytest.mark.parametrize(("right", "verdict"), [(0, Verdict.USEFUL), (5, Verdict.MISLEADING)])
def test_a_word_that_speaks_against_misleads_where_the_label_is_its_own(right: int, verdict: Verdict) -> None:
    assert Measure("噪音", "sport", -1.0, 5, right, 9, ()).verdict is verdict


def test_a_word_counts_once_in_a_message_and_most_hits_come_first() -> None:
    found = measures(LEXICON, [("路灯路灯路灯", "traffic"), ("水沟", "water"), ("路灯", "traffic")])

    assert (found[0].text, found[0].hits) == ("路灯", 2)


def test_nothing_labelled_means_that_nothing_was_hit() -> None:
    assert {one.verdict for one in measures(LEXICON, []) if not one.rivals} == {Verdict.UNHIT}
