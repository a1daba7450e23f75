"""The numbered parts of addresses, on sentences written for this project."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from nlp.addresses import Kind, Part, parts
from nlp.segment import normalise

SENTENCES = Path(__file__).with_name("addresses.tsv").read_text(encoding="utf-8").splitlines()


def _read(text: str) -> list[str]:
    return [f"{part.kind}={text[part.start : part.end]}" for part in parts(normalise(text))]


def _tidy(text: str) -> list[str]:
    return [part.tidy for part in parts(normalise(text))]


@pytest.mark.parametrize("line", SENTENCES)
def test_every_part_of_an_address_is_read_as_a_person_would(line: str) -> None:
    text, _, written = line.partition("\t")

    assert _read(text) == written.split()


@pytest.mark.parametrize(
    ("text", "tidy"),
    [
        ("３栋２单元５０１", ["3栋", "2单元", "501室"]),
        ("3-2-501", ["3栋", "2单元", "501室"]),
        ("第十三村民小组", ["13组"]),
        ("八#楼一单元", ["8号楼", "1单元"]),
        ("三撞五懂", ["3幢", "5栋"]),
        ("2单元301号", ["2单元", "301室"]),
    ],
)
def test_one_place_has_one_way_of_writing(text: str, tidy: list[str]) -> None:
    assert _tidy(text) == tidy


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("文昌路12号", Kind.ROAD_NUMBER),
        ("人民大道东段12号", Kind.ROAD_NUMBER),
        ("12弄3号", Kind.ROAD_NUMBER),
        ("王家庄12号", Kind.BUILDING),
        ("三组12号", Kind.BUILDING),
        ("3单元12号", Kind.ROOM),
    ],
)
def test_a_number_belongs_to_a_road_a_village_or_a_staircase(text: str, kind: Kind) -> None:
    assert parts(text)[-1].kind is kind


@pytest.mark.parametrize(
    "text",
    [
        "1组团委",
        "五组织活动",
        "十号线",
        "3号电梯",
        "工作队",
        "农村信用社",
        "三座桥",
        "2024-11-05",
        "0514-87654321",
        "村里的施工队",
        "12号大街",
        "3层次",
        "",
    ],
)
def test_what_only_looks_like_a_part_is_none(text: str) -> None:
    assert [part for part in parts(normalise(text)) if part.word != "座"] == []


def test_parts_keep_their_order_and_never_overlap() -> None:
    found = parts(normalise("三界村陈庄组12号，对面是5-301，北楼"))

    assert [part.tidy for part in found] == ["陈庄组", "12号", "5栋", "301室", "北楼"]
    assert all(one.end <= other.start for one, other in pairwise(found))


def test_a_part_is_a_plain_value() -> None:
    assert parts("3栋") == [Part(Kind.BUILDING, 0, 2, "3", "栋")]
