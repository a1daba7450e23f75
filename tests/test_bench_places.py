"""The bench of places counts as it says, on a file written here."""

from __future__ import annotations

from pathlib import Path

from bench.places import Tally, held_back, labelled
from nlp.addresses import Kind

_ROWS = """三 B-village_group
组 E-village_group
1 B-houseno
2 I-houseno
号 E-houseno

5 B-houseno
栋 E-houseno
2 O
单 O
元 O

路 B-poi
口 E-poi
"""


def test_finds_on_unlabelled_characters_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "rows.conll"
    path.write_text(_ROWS, encoding="utf-8")
    tally = Tally()
    rows = list(labelled(path))
    for row in rows:
        tally.add(row)

    assert [row.text for row in rows] == ["三组12号", "5栋2单元", "路口"]
    assert tally.hits == {Kind.GROUP: 1, Kind.BUILDING: 2}
    assert tally.unlabelled == {Kind.UNIT: 1}
    assert tally.f1(Kind.BUILDING, strict=True) == 1
    assert tally.f1(Kind.UNIT, strict=True) == 0


def test_a_row_is_always_on_the_same_side() -> None:
    assert {held_back(f"{one}组") for one in range(50)} == {True, False}
    assert held_back("三组12号") is held_back("三组12号")
