"""Hand-written keywords under the labels of another place."""

from __future__ import annotations

from nlp import Keyword
from nlp.prior import translated

PRIOR = [
    Keyword("路灯", "traffic", 6.0),
    Keyword("垃圾", "sanitation", 6.0),
    Keyword("学校", "education", 5.0),
]


def _weights(rows: list[tuple[str, str]]) -> dict[tuple[str, str], float]:
    return {(text, label): weight for text, label, weight, _ in translated(PRIOR, rows)}


def test_a_category_becomes_the_label_that_its_messages_bear() -> None:
    weights = _weights(
        [("路灯坏了", "交通"), ("路灯不亮", "交通"), ("垃圾没收", "环境"), ("垃圾成堆", "环境")] * 5
    )

    assert weights["路灯", "交通"] > 5.0
    assert weights["垃圾", "环境"] > 5.0
    assert ("路灯", "环境") not in weights


def test_a_category_under_two_labels_speaks_for_both_by_their_shares() -> None:
    weights = _weights([("路灯坏了", "交通"), ("路灯费用", "财政")] * 20)

    assert weights["路灯", "交通"] == weights["路灯", "财政"] == 3.0


def test_a_category_without_messages_speaks_for_each_label_as_often_as_it_occurs() -> None:
    weights = _weights([("路灯坏了", "交通")] * 3 + [("垃圾没收", "环境")])

    assert weights["学校", "交通"] == 3.75
    assert weights["学校", "环境"] == 1.25
