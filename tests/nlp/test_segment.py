"""Normalising and cutting."""

from __future__ import annotations

import stat
from itertools import accumulate
from pathlib import Path

import pytest

from nlp import segment
from tests.nlp.test_messages import MESSAGES


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("門口的路燈壞了", "门口的路灯坏了"),
        ("３栋２单元", "3栋2单元"),
        ("ＷＩＦＩ", "wifi"),
        ("WiFi", "wifi"),
        ("路\x00灯\u200b坏", "路 灯 坏"),
        ("停水了！？，", "停水了！？，"),
    ],
)
def test_normalising_keeps_the_length(written: str, normal: str) -> None:
    assert segment.normalise(written) == normal
    assert len(written) == len(normal)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("三组", "3组"),
        ("十二栋三单元", "12栋3单元"),
        ("一百零八号", "108号"),
        ("二〇一室", "201室"),
        ("三个人", "三个人"),
        ("两组", "2组"),
    ],
)
def test_counted_places_are_written_in_digits(text: str, folded: str) -> None:
    assert segment.fold_numerals(text)[0] == folded


def test_positions_lead_back_to_the_text_as_written() -> None:
    text = "住十二组旁"
    folded, positions = segment.fold_numerals(text)

    start = folded.index("12组")
    assert text[positions[start] : positions[start + 3]] == "十二组"
    assert len(positions) == len(folded) + 1


def test_boundaries_mark_where_words_begin_and_end() -> None:
    text = "门口的路灯坏了"
    marks = segment.boundaries(text)

    assert all(marks[at] for at in (0, 3, 5, len(text)))
    assert not marks[4]


@pytest.mark.parametrize(
    "text", [*(message.text for message in MESSAGES), "a1 b-2.5%路灯x9坏了ok吗", "𠮷㐀路"]
)
def test_boundaries_are_those_of_jieba_itself(text: str) -> None:
    normal = segment.normalise(text)
    ends = accumulate(map(len, segment.tokenizer().cut(normal, HMM=False)), initial=0)

    assert [at for at, mark in enumerate(segment.boundaries(normal)) if mark] == list(ends)


def test_words_of_the_shipped_packs_are_in_the_user_dictionary() -> None:
    assert "四点半学堂" in segment.words("报名四点半学堂")


def test_long_words_are_also_given_in_parts() -> None:
    assert {"养老", "养老保险"} <= set(segment.words("养老保险"))


def test_the_cache_directory_is_ours_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))

    directory = Path(segment.private_directory())

    assert directory.parent == tmp_path
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700


def test_a_cache_directory_that_others_may_write_to_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    (tmp_path / "xianglin").mkdir()
    (tmp_path / "xianglin").chmod(0o777)

    assert Path(segment.private_directory()).parent != tmp_path


def test_without_a_usable_home_a_temporary_directory_serves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))

    assert Path(segment.private_directory()).is_dir()
