"""Commands and kinds of appeal; the sentences of messages.tsv cover the rest."""

from __future__ import annotations

import pytest

from nlp import Intent
from nlp.intent import appeal_kind, core, intent


@pytest.mark.parametrize(
    ("text", "score"), [("谢谢，路灯还是没修", 6.0), ("人工湖边上垃圾多", 6.0), ("取消3路公交车不方便", 6.0)]
)
def test_a_matter_outweighs_courtesy_and_command_words(text: str, score: float) -> None:
    assert intent(text, score) is Intent.DIFFICULTY


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("为什么三天没人收垃圾？", Intent.DIFFICULTY),
        ("怎么办医保？", Intent.QUESTION),
        ("请问几点开门", Intent.QUESTION),
        ("建议多装几盏灯", Intent.SUGGESTION),
        ("能不能在村口加个垃圾桶", Intent.SUGGESTION),
        ("能不能来修一下坏掉的灯", Intent.DIFFICULTY),
        ("电费怎么突然这么高", Intent.DIFFICULTY),
        ("残疾证怎么办", Intent.QUESTION),
    ],
)
def test_a_question_that_complains_is_a_difficulty(text: str, kind: Intent) -> None:
    assert appeal_kind(text) is kind


def test_an_appeal_number_alone_asks_for_progress() -> None:
    assert intent("1024") is Intent.PROGRESS
    assert intent("13800000000") is Intent.NOISE


def test_the_three_kinds_of_appeal_are_filed_and_nothing_else() -> None:
    filed = {kind for kind in Intent if kind.is_appeal}

    assert filed == {Intent.DIFFICULTY, Intent.SUGGESTION, Intent.QUESTION}


def test_marks_and_emoji_do_not_count() -> None:
    assert core("你好！😂 ~") == "你好"
