"""A refit is measured on words that no version has learned from."""

from __future__ import annotations

import subprocess
import sys
from base64 import b64decode

import pytest

from nlp import Keyword
from nlp.ranking import rank
from nlp.refit import HELD_BACK, TWINS, Outcome, answered, distinct, request, split
from nlp.weights import NOTHING, Weights, fitted

HAND = [Keyword("路灯", "traffic", 4.0), Keyword("垃圾", "sanitation", 4.0)]
PLACES = ("村口", "东头", "西头", "桥边", "渠边", "广场", "校门", "田头", "井边", "庙前")
MATTERS = {"喇叭太吵": "noise", "音响太响": "noise", "路灯不亮": "traffic", "垃圾没收": "sanitation"}
ROWS = [(f"{place}的{matter}", label) for matter, label in MATTERS.items() for place in PLACES]


def test_the_same_words_always_fall_on_the_same_side() -> None:
    known, unseen = split(ROWS)

    assert split([*ROWS, *ROWS]) == ([*known, *known], [*unseen, *unseen])
    assert set(known) | set(unseen) == set(ROWS)
    assert not {text for text, _ in known} & {text for text, _ in unseen}


def test_marks_width_and_script_make_no_other_words() -> None:
    for one in ("路灯不亮", "路灯，不亮！", "路燈不亮", " 路灯不亮 "):
        assert len(split([("路灯不亮", "a"), (one, "b")])[0]) in {0, 2}


def test_about_one_text_in_five_is_held_back_and_another_seed_holds_others_back() -> None:
    letters = [chr(ord("甲") + number) for number in range(1000)]
    many = [(f"{letter}门口积水", "a") for letter in letters]
    known, unseen = split(many)

    assert abs(len(unseen) - len(many) / HELD_BACK) < 50
    assert split(many, seed="other")[1] != unseen
    assert len(known) + len(unseen) == len(many)


def test_words_that_differ_in_numbers_alone_are_twins_and_only_a_few_of_them_count() -> None:
    twins = [(f"{number}组的路灯坏了，{number}号门口", "a") for number in ("三", "4", "十二", "7", "8")]
    other = [("路灯坏了", "a"), ("三组的路灯坏了，三号门口", "b")]

    assert distinct([*other, *twins]) == [*other, *twins[-TWINS:]]
    assert {len(side) for side in split(twins)} == {0, len(twins)}


def test_one_matter_told_often_does_not_outvote_the_rest() -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is needed to learn")
    told_often = [(f"{number}组垃圾没人收", "traffic") for number in range(200)]

    weights = Weights.unpacked(
        b64decode(answered(_run(request([*ROWS, *told_often], HAND, None)).stdout).packed)
    )

    found = rank("垃圾没收", fitted(HAND, weights, version="new"))
    assert found.order[0].code == "sanitation"


@pytest.mark.parametrize(
    ("new", "old", "good"),
    [
        ((0.8, 0.8), (0.8, 0.8), True),
        ((0.9, 0.8), (0.8, 0.8), True),
        ((0.9, 0.7), (0.8, 0.8), False),
        ((0.7, 0.9), (0.8, 0.8), False),
    ],
)
def test_not_worse_means_that_neither_figure_fell(
    new: tuple[float, float], old: tuple[float, float], good: bool
) -> None:
    assert Outcome(1, 1, 1, *new, *old, packed="").not_worse is good


def _run(given: bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "nlp.refit"], input=given, capture_output=True, check=False)


def test_the_command_learns_what_the_hand_written_keywords_lack() -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is needed to learn")

    done = _run(request(ROWS, HAND, None))

    assert done.returncode == 0, done.stderr
    outcome = answered(done.stdout)
    assert outcome.accuracy > outcome.base_accuracy
    assert outcome.rows + outcome.held_back == len(ROWS)
    weights = Weights.unpacked(b64decode(outcome.packed))
    assert outcome.keywords == len(weights.texts) > 0
    assert "noise" in weights.categories


def test_a_base_is_measured_with_its_own_weights() -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is needed to learn")
    first = answered(_run(request(ROWS, HAND, None)).stdout)

    again = answered(_run(request(ROWS, HAND, b64decode(first.packed))).stdout)

    assert (again.base_accuracy, again.base_macro_f1) == (first.accuracy, first.macro_f1)
    assert again.not_worse


def test_too_few_rows_are_refused_with_the_reason() -> None:
    done = _run(request(ROWS[:1], HAND, NOTHING.packed()))

    assert (done.returncode, done.stdout) == (2, b"")
    assert b"too few" in done.stderr


def test_what_serves_residents_never_imports_the_learner() -> None:
    code = "import sys, app, services.refitting, worker.tasks, nlp.refit; print('sklearn' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.stdout.strip() == "False", done.stderr
