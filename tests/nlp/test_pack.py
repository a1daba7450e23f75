"""The shipped pack."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp import load_pack, pack
from nlp.lexicon import keyword_text

CODES = [
    "elderly_care",
    "child_youth",
    "disability",
    "hardship_aid",
    "health",
    "education",
    "employment",
    "social_security",
    "housing",
    "property",
    "utilities",
    "traffic",
    "sanitation",
    "building",
    "safety",
    "disputes",
    "counselling",
    "culture_sport",
    "farming",
    "consumer",
    "governance",
    "other",
]


def test_the_village_pack_has_the_codes_that_outsiders_rely_on() -> None:
    assert [category.code for category in load_pack("village").categories] == CODES


def test_every_category_has_a_name_sane_deadlines_and_keywords() -> None:
    village = load_pack("village")
    for category in village.categories:
        assert category.name
        assert category.covers
        assert 0 < category.urgent_accept_hours <= category.accept_hours < category.resolve_hours
        assert category.urgent_accept_hours < category.urgent_resolve_hours <= category.resolve_hours
        assert any(keyword.category == category.code for keyword in village.keywords)


def test_counselling_and_disputes_are_delicate() -> None:
    delicate = {category.code for category in load_pack("village").categories if category.delicate}

    assert {"counselling", "disputes"} <= delicate


def test_keywords_fit_into_their_column_and_stand_once_for_a_category() -> None:
    keywords = load_pack("village").keywords

    assert len({(keyword.text, keyword.category) for keyword in keywords}) == len(keywords) > 2500
    assert all(1 <= len(keyword.text) <= 32 and keyword.weight > 0 for keyword in keywords)


def test_shipped_keywords_are_written_as_messages_are_read() -> None:
    assert [one.text for one in load_pack("village").keywords if keyword_text(one.text) != one.text] == []


def test_a_pack_is_read_once() -> None:
    assert load_pack("village") is load_pack("village")
    assert load_pack("village").lexicon() is load_pack("village").lexicon()


@pytest.mark.parametrize("name", ["nowhere", "../packs/village", ""])
def test_an_unknown_pack_is_refused(name: str) -> None:
    with pytest.raises(LookupError):
        load_pack(name)


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("categories.tsv", "traffic\t道路"),
        ("keywords.tsv", "nothing\t1\t路灯"),
        ("keywords.tsv", "traffic\t路灯"),
    ],
)
def test_a_malformed_line_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, line: str
) -> None:
    folder = tmp_path / "broken"
    folder.mkdir()
    (folder / "categories.tsv").write_text("traffic\t道路\tgrid\t4\t40\t1\t8\t0\t1\t路\n", encoding="utf-8")
    (folder / "keywords.tsv").write_text("# none\n", encoding="utf-8")
    (folder / file).write_text(f"# a comment\n{line}\n", encoding="utf-8")
    monkeypatch.setattr(pack, "PACKS", tmp_path)

    with pytest.raises(ValueError, match=f"{file}:2"):
        load_pack.__wrapped__("broken")
