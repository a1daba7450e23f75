"""Learning keywords from labelled messages."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp import Keyword, judge

pytest.importorskip("sklearn", reason="scikit-learn is needed to learn")

from nlp.evaluate import evaluate, read_rows
from nlp.fit import fit

TITLES = Path(__file__).parents[3] / "shared" / "data" / "citizen_titles.tsv"

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


def test_the_keywords_are_bounded_and_the_weightiest_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nlp.fit.KEYWORDS", 4)

    lexicon = fit(ROWS)

    assert len([keyword for keyword in lexicon.keywords if keyword.text]) == 4
    assert {keyword.text[0] for keyword in lexicon.keywords if keyword.text} == {"甲", "乙"}


def test_a_long_message_is_no_surer_than_a_short_one() -> None:
    lexicon = fit(ROWS)
    short, long = (judge(text, lexicon).margin for text in ("甲东西", "甲东西坏了没了" * 20))

    assert long < 1.5 * short


@pytest.mark.skipif(not TITLES.exists(), reason="the labelled real messages are not part of the project")
def test_real_titles_are_learned() -> None:
    rows = read_rows(TITLES)
    test = rows[:1000]
    train = [row for row in rows[1000:4000] if row[0] not in {text for text, _ in test}]

    figures = evaluate(fit(train), test)

    assert figures["macro_f1"] >= 0.84
    assert figures["top3_accuracy"] >= 0.96
