"""Learned weights: where they come from, how well they judge unseen sentences, what explains them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nlp import Intent, judge, load_pack
from nlp.crossing import crossed
from nlp.evaluate_signs import main, read_rows
from nlp.folds import fold, origins, plain
from nlp.learn import examples, learned
from nlp.segment import normalise
from nlp.signs import ALARM, WEIGHTS, load, saved, shipped, source
from nlp.tables import rows
from nlp.urgency import SELF_HARM, alarming, urgency

HERE = Path(__file__).parent
UNSEEN = [tuple(columns) for _, columns in rows(HERE / "signs.tsv")]
INTENTS = read_rows(HERE / "intents.tsv")
DANGERS = read_rows(HERE / "emergencies.tsv")


def test_the_weights_were_learned_from_the_examples_as_they_are() -> None:
    assert source() in WEIGHTS.read_text(encoding="utf-8").split("\n", 1)[0]


def test_learning_again_gives_the_same_weights(tmp_path: Path) -> None:
    some = examples()[::20]
    saved(learned(some), tmp_path / "once.tsv")
    saved(learned(some), tmp_path / "again.tsv")

    once, again = load(tmp_path / "once.tsv"), load(tmp_path / "again.tsv")
    assert once.features == again.features
    assert np.array_equal(once.weights, again.weights)


def test_no_sentence_that_is_judged_here_was_learned_from() -> None:
    assert not {text for text, *_ in UNSEEN} & {example.text for example in examples()}


def test_what_another_hand_wrote_is_not_learned_from() -> None:
    learned_from = {example.text for example in examples()}

    assert not learned_from & {text for text, *_ in (*INTENTS, *DANGERS)}


def test_intents_of_what_another_hand_wrote_are_told() -> None:
    lexicon = load_pack("village").lexicon()

    assert len(INTENTS) >= 300
    assert sum(judge(text, lexicon).intent == wanted for text, wanted, _ in INTENTS) >= 0.92 * len(INTENTS)


def test_dangers_that_another_hand_wrote_are_alarms_and_few_others_are() -> None:
    alarms = [label for text, label, _ in DANGERS if urgency(normalise(text)).urgent]

    assert len(DANGERS) >= 200
    assert alarms.count("1") >= 0.98 * sum(label == "1" for _, label, _ in DANGERS)
    assert alarms.count("1") >= 0.85 * len(alarms)


def test_unseen_sentences_are_understood() -> None:
    lexicon = load_pack("village").lexicon()
    judged = [(judge(text, lexicon), intent, danger) for text, intent, danger, _ in UNSEEN]

    assert sum(one.intent == intent for one, intent, _ in judged) >= 0.92 * len(UNSEEN)
    alarms = [danger for one, _, danger in judged if one.urgency.urgent]
    assert alarms.count("1") == sum(danger == "1" for _, _, danger in judged)
    assert alarms.count("1") >= 0.85 * len(alarms)


@pytest.mark.parametrize(
    ("text", "number"), [(text, number) for text, _, _, number in UNSEEN if number != "-"]
)
def test_the_number_that_fits_an_unseen_danger_stands_first(text: str, number: str) -> None:
    assert urgency(normalise(text)).numbers[0] == number


@pytest.mark.parametrize(
    "text",
    [
        "我把农药喝了",
        "孩子发烧40度抽筋",
        "井盖没了有人掉下去了",
        "有人闯进我家",
        "一氧化碳报警器响了",
        "老伴心口疼",
        "小孩吞了硬币",
        "屋里有烟",
        "120",
    ],
)
def test_dangers_that_no_single_expression_tells_are_alarms(text: str) -> None:
    assert urgency(text).urgent


@pytest.mark.parametrize(
    "text", ["我真的撑不下去了", "我把农药喝了 不想活了", "活着没有意思了", "遗书写好了"]
)
def test_self_harm_is_never_passed_over(text: str) -> None:
    assert urgency(text).self_harm


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("谢谢你们把路灯修好了", Intent.THANKS),
        ("今天天气不错", Intent.NOISE),
        ("在老粮站", Intent.DIFFICULTY),
        ("我们大家", Intent.DIFFICULTY),
        ("心口慌", Intent.DIFFICULTY),
        ("我儿子都三十了", Intent.DIFFICULTY),
    ],
)
def test_small_talk_and_bare_answers_are_told_apart(text: str, intent: Intent) -> None:
    judged = judge(text, load_pack("village").lexicon())

    assert judged.intent is intent
    assert not judged.urgency.urgent


def test_words_of_one_meaning_are_one_sign() -> None:
    assert fold("奶奶摔倒了").text == fold("爷爷跌倒了").text
    assert fold("手续").text == "^手续$"


def test_a_long_number_is_no_emergency_number() -> None:
    assert fold("13812011920").text == "^0$"


def test_every_sign_stands_for_a_span_of_the_message() -> None:
    text = "老太太，摔倒了！"
    folded, spans = fold(text).text, origins(text)

    assert len(spans) == len(folded)
    assert plain(text)[slice(*spans[1])] == "老太太"


def test_reasons_are_words_of_the_message() -> None:
    reasons = shipped().reasons("三组那边着火了快来人", ALARM, 4)

    assert reasons
    assert all(reason in "三组那边着火了快来人" for reason in reasons)


def test_what_is_learned_holds_for_sentences_left_out() -> None:
    some = [one for one in examples() if one.kind == SELF_HARM or one.intent is Intent.GREETING]
    told = [(bool(alarming(reading)), one.kind) for reading, one in zip(crossed(some), some, strict=True)]

    assert sum(alarm for alarm, kind in told if kind) > 0.9 * sum(bool(kind) for _, kind in told)


def test_a_file_is_judged_by_intents_or_by_dangers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "intents.tsv").write_text("你好\tgreeting\n路灯坏了\tthanks\n", encoding="utf-8")
    (tmp_path / "dangers.tsv").write_text("着火了\t1\tfire\n谢谢\t0\t\n", encoding="utf-8")
    (tmp_path / "neither.tsv").write_text("你好\thello\n", encoding="utf-8")

    assert main([str(tmp_path / "intents.tsv")]) == 0
    assert "accuracy 0.5000 of 2" in capsys.readouterr().out
    assert main([str(tmp_path / "dangers.tsv")]) == 0
    assert "recall 1.0000 of 1" in capsys.readouterr().out
    assert main([str(tmp_path / "neither.tsv")]) == 2
