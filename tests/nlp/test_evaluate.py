"""The command that judges the classifier."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nlp import Lexicon, segment
from nlp.evaluate import evaluate, macro_f1, main, read_rows

LEXICON = Lexicon.of([("路灯", "traffic", 6.0), ("垃圾", "sanitation", 6.0), ("停水", "utilities", 1.0)])


def _file(folder: Path, text: str) -> str:
    path = folder / "rows.tsv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_the_figures_say_what_they_promise() -> None:
    rows = [
        ("路灯坏了", "traffic"),
        ("垃圾没收", "sanitation"),
        ("停水了", "traffic"),
        ("你看看", "traffic"),
        ("路灯", "traffic"),
    ]

    figures = evaluate(LEXICON, rows)

    assert figures["accuracy"] == 0.6
    assert figures["coverage80_accuracy"] == 0.75
    assert figures["top3_accuracy"] == 0.6
    assert figures["rows"] == 5
    assert figures["micros_per_message"] > 0


def test_loading_the_dictionary_is_no_part_of_the_time_of_a_message() -> None:
    segment.tokenizer.cache_clear()
    segment.boundaries.cache_clear()

    assert evaluate(LEXICON, [("路灯坏了", "traffic")])["micros_per_message"] < 100_000


def test_macro_f1_weighs_rare_labels_like_common_ones() -> None:
    assert macro_f1(["a", "a", "a", "b"], ["a", "a", "a", "a"]) == round((6 / 7 + 0) / 2, 4)
    assert macro_f1(["a", "b"], ["a", "b"]) == 1.0


def test_the_command_prints_one_json_object(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--pack", "village", "--test", _file(tmp_path, "路灯坏了\ttraffic\tdifficulty\t0\n")]) == 0

    figures = json.loads(capsys.readouterr().out)
    assert set(figures) == {
        "accuracy", "macro_f1", "coverage80_accuracy", "top3_accuracy", "micros_per_message", "rows"
    }  # fmt: skip
    assert figures["accuracy"] == 1.0


def test_a_training_file_with_the_packs_codes_starts_from_the_pack(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is needed to learn")
    rows = _file(tmp_path, "垃圾没人收\tsanitation\n路灯坏了\ttraffic\n")

    assert main(["--train", rows, "--test", rows]) == 0

    assert json.loads(capsys.readouterr().out)["accuracy"] == 1.0


def test_a_short_training_file_with_other_labels_starts_from_the_pack_under_these_labels(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is needed to learn")
    train = tmp_path / "train.tsv"
    train.write_text(
        "垃圾没人收\t环境\n垃圾太臭\t环境\n路灯坏了\t交通\n路灯不亮\t交通\n" * 3, encoding="utf-8"
    )

    # None of these characters were seen: only the pack knows that they are about refuse and roads.
    assert main(["--train", str(train), "--test", _file(tmp_path, "保洁员偷懒\t环境\n井盖丢\t交通\n")]) == 0

    assert json.loads(capsys.readouterr().out)["accuracy"] == 1.0


@pytest.mark.parametrize("text", ["", "no tab here\n"])
def test_a_file_without_labels_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    assert main(["--test", _file(tmp_path, text)]) == 2

    assert "text TAB label" in capsys.readouterr().err


def test_a_missing_file_or_pack_is_refused(tmp_path: Path) -> None:
    assert main(["--test", str(tmp_path / "none.tsv")]) == 2
    assert main(["--pack", "nowhere", "--test", _file(tmp_path, "a\tb\n")]) == 2


def test_a_byte_order_mark_and_windows_line_ends_are_no_part_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "rows.tsv"
    path.write_bytes(b"\xef\xbb\xbf" + "路灯\ttraffic\r\n".encode())

    assert read_rows(path) == [("路灯", "traffic")]
