"""Learning keywords from labelled messages."""

from __future__ import annotations

import pytest

from nlp import Keyword, judge

pytest.importorskip("sklearn", reason="scikit-learn is needed to learn")

from nlp.fit import fit

ROWS = [("甲东西坏了", "a"), ("甲东西没了", "a"), ("乙东西坏了", "b"), ("乙东西没了", "b")] * 3


def _best(text: str, lexicon: object) -> str:
    return judge(text, lexicon).ranked[0].code  # type: ignore[arg-type]


def test_what_tells_the_labels_apart_is_learned() -> None:
    lexicon = fit(ROWS)

    assert _best("甲东西旧了", lexicon) == "a"
    assert _best("乙东西旧了", lexicon) == "b"
    assert all(keyword.learned for keyword in lexicon.keywords)


def test_the_same_rows_give_the_same_lexicon() -> None:
    assert fit(ROWS).version == fit(ROWS).version


def test_hand_written_keywords_are_kept_and_few_examples_do_not_overturn_them() -> None:
    prior = [Keyword("路灯", "traffic", 6.0), Keyword("垃圾", "sanitation", 6.0)]

    lexicon = fit([("垃圾没人收", "sanitation"), ("垃圾太臭", "sanitation")], prior=prior)

    assert set(prior) <= set(lexicon.keywords)
    assert _best("路灯坏了", lexicon) == "traffic"


def test_many_examples_do_overturn_a_wrong_keyword() -> None:
    prior = [Keyword("河蟹", "farming", 3.0), Keyword("垃圾", "sanitation", 6.0)]

    lexicon = fit([("河蟹死了", "sanitation"), ("河蟹臭了", "sanitation")] * 60, prior=prior)

    assert _best("河蟹坏了", lexicon) == "sanitation"


def test_nothing_to_learn_from_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing to learn"):
        fit([])


def test_rows_without_a_common_substring_teach_only_how_common_a_label_is() -> None:
    lexicon = fit([("甲", "a"), ("", "b"), ("乙", "b"), ("丙", "b")])

    assert {keyword.text for keyword in lexicon.keywords} == {""}
    assert _best("丁", lexicon) == "b"
