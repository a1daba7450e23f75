"""One message understood as a whole."""

from __future__ import annotations

import pytest

from nlp import Gazetteer, Intent, Judgement, Keyword, Lexicon, judge, load_pack

GAZETTEER = Gazetteer.of([("三组", 3), ("老街", 7), ("老街", 8)])


def _judged(text: str) -> Judgement:
    return judge(text, load_pack("village").lexicon(), GAZETTEER)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\x00\x07",
        "😂",
        "\ud83d",
        "\u200b\ufeff",
        "\n\n",
        "（（（",
        "路" * 10_000,
        "a" * 10_000,
        "１２３",
        "𠮷野家",
        "١٢",
        "ﷺ",
    ],
    ids=repr,
)
def test_any_string_gives_a_judgement(text: str) -> None:
    judgement = _judged(text)

    assert 0.0 <= judgement.margin <= 1.0
    assert len(judgement.ranked) <= 22


def test_the_same_text_is_always_understood_the_same() -> None:
    first = _judged("三组的路灯坏了，水管也爆了")
    judge("别的话", Lexicon.of([("三组的路灯坏了", "other", 9.0)]))

    assert _judged("三组的路灯坏了，水管也爆了") == first


def test_the_ranking_falls_and_names_the_matched_keywords() -> None:
    judgement = _judged("三组路灯坏了，垃圾也没人收")

    scores = [scored.score for scored in judgement.ranked]
    assert scores == sorted(scores, reverse=True)
    assert {match.keyword for match in judgement.matched} >= {"路灯坏了", "垃圾"}
    assert judgement.place is not None
    assert judgement.place.grid_ids == (3,)


@pytest.mark.parametrize(
    ("text", "code"),
    [("我想报名老人助餐", "elderly_care"), ("孩子想上暑托班", "child_youth"), ("我要报名", None)],
)
def test_a_wish_to_sign_up_has_a_category_where_its_words_speak_for_one(text: str, code: str | None) -> None:
    judgement = _judged(text)

    assert judgement.intent is Intent.SIGNUP
    assert (judgement.category, judgement.sure) == (code, code is not None)


def test_a_difficulty_without_a_known_word_has_no_category_and_is_unsure() -> None:
    judgement = _judged("这个东西弄得我很不舒坦啊你们看看")

    assert judgement.intent is Intent.DIFFICULTY
    assert judgement.category is None
    assert not judgement.sure


def test_two_categories_that_tie_are_not_sure() -> None:
    lexicon = Lexicon.of([("甲事", "a", 5.0), ("乙事", "b", 5.0)])

    judgement = judge("甲事乙事都没人办理", lexicon)

    assert judgement.margin == 0.0
    assert not judgement.sure


@pytest.mark.parametrize("text", ["你好 救命啊", "谢谢你们，我不想活了", "不用来了，我不想活了"])
def test_an_emergency_in_the_clothes_of_courtesy_is_still_filed(text: str) -> None:
    judgement = _judged(text)

    assert judgement.urgency.urgent
    assert judgement.intent is Intent.DIFFICULTY


def test_a_complaint_about_cadres_goes_to_governance_whatever_it_was_about() -> None:
    judgement = _judged("低保被村书记优亲厚友了")

    assert judgement.conduct
    assert judgement.category == "governance"
    assert judgement.sure


def test_traditional_and_full_width_writing_are_understood_alike() -> None:
    plain, other = _judged("三组路灯坏了"), _judged("三組路燈壞了")

    assert (plain.category, plain.ranked) == (other.category, other.ranked)
    assert other.place is not None
    assert other.place.text == "三組"


def test_learned_keywords_add_to_hand_written_ones_and_explain_themselves() -> None:
    hand = Keyword("路灯", "traffic", 6.0)
    learned = [Keyword("闪", "safety", 9.0, learned=True), Keyword("", "traffic", 0.5, learned=True)]

    judgement = judge("路灯老是闪", Lexicon.of([hand, *learned]))

    assert [(scored.code, scored.score) for scored in judgement.ranked] == [("safety", 9.0), ("traffic", 6.5)]
    assert judgement.matched[0].keyword == "闪"


def test_the_judgement_names_the_version_of_the_lexicon() -> None:
    assert judge("你好", Lexicon.of([("路灯", "traffic", 1.0)], version="v7")).lexicon_version == "v7"
