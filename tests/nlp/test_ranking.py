"""Scores, landmarks and the margin."""

from __future__ import annotations

import pytest

from nlp import Keyword, Lexicon, Match, Scored
from nlp.ranking import margin, rank, totals, weighed

LEXICON = Lexicon.of([("学校", "education", 4.0), ("路灯", "traffic", 6.0)])


def _weights(text: str) -> dict[str, float]:
    return {match.keyword: match.weight for match in weighed(text, LEXICON.find(text))}


@pytest.mark.parametrize(
    "text", ["学校门口", "学校旁边", "学校的对面", "学校正门口", "学校后面", "学校那条路"]
)
def test_a_landmark_counts_for_a_third(text: str) -> None:
    assert _weights(text) == {"学校": 1.2}


def test_a_repeated_keyword_counts_once_with_its_best_share() -> None:
    assert _weights("学校门口，是学校的事") == {"学校": 4.0}


def test_equal_scores_are_ordered_by_code() -> None:
    assert totals([Match("x", "b", 1.0), Match("y", "a", 1.0)]) == (Scored("a", 1.0), Scored("b", 1.0))


def test_scores_are_added_to_what_they_start_with() -> None:
    assert totals([Match("x", "a", 1.0)], {"a": 0.5, "b": 2.0}) == (Scored("b", 2.0), Scored("a", 1.5))


def test_the_margin_grows_with_the_lead_and_stays_below_one() -> None:
    def lead(points: float) -> float:
        return margin([Scored("a", points + 1), Scored("b", 1.0)])

    assert margin([]) == 0.0
    assert 0.0 == lead(0) < lead(1) < lead(3) < lead(9) < 1.0
    assert margin([Scored("a", 3.0)]) == margin([Scored("a", 3.0), Scored("b", 0.0)])


def test_a_slip_of_the_pen_is_heard_where_nothing_else_speaks() -> None:
    (scored,) = rank("门口路登坏了", LEXICON).order

    assert scored.code == "traffic"
    assert 0 < scored.score < 6.0


@pytest.mark.parametrize("text", ["路登", "这条路等等再说"])
def test_two_characters_or_good_words_are_not_listened_to(text: str) -> None:
    assert rank(text, LEXICON).order == ()


def test_a_clear_message_is_not_listened_to() -> None:
    assert [scored.code for scored in rank("学校的路灯，学孝", LEXICON).order] == ["traffic", "education"]
    assert rank("路灯坏了，学孝", LEXICON).order == (Scored("traffic", 6.0),)


def test_learned_keywords_are_heard_as_well() -> None:
    lexicon = Lexicon.of([Keyword("路灯", "traffic", 3.0, True), Keyword("", "other", 1.0, True)])

    assert rank("门口路灯坏了", lexicon).order[0] == Scored("traffic", 3.0)
    assert rank("门口路登坏了", lexicon).order[0] == Scored("traffic", 1.5)
    assert rank("门口的登坏了", lexicon).order[0] == Scored("other", 1.0)
