"""Tables in xlsx files: text stays text, and files that are none get a clear answer."""

from __future__ import annotations

import zipfile
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from services.errors import Invalid
from services.sheets import xlsx

HEADERS = ("姓名", "电话")
# What a cell can hold: XML has no control characters, the reader cuts outer blanks.
TEXT = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufffe\uffff"), max_size=30
)


def _packed(parts: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return out.getvalue()


def _with_sheet(xml: str) -> bytes:
    """A whole file whose sheet is this XML."""
    with zipfile.ZipFile(BytesIO(xlsx.written("名单", HEADERS, []))) as packed:
        parts = {one: packed.read(one) for one in packed.namelist()}
    return _packed(parts | {"xl/worksheets/sheet1.xml": xml.encode()})


@given(st.lists(st.lists(TEXT, min_size=2, max_size=2), max_size=8))
def test_whatever_people_wrote_comes_back_as_they_wrote_it(rows: list[list[str]]) -> None:
    found = xlsx.read(xlsx.written("名单", HEADERS, rows))

    wanted = [[cell.strip() for cell in row] for row in rows]
    assert [row or ["", ""] for row in found[1:]] == wanted[: len(found) - 1]
    assert not any(any(row) for row in wanted[len(found) - 1 :])


@pytest.mark.parametrize("words", ["=1+1", "+86", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "\t=1"])
def test_what_looks_like_a_formula_stays_text(words: str) -> None:
    book = load_workbook(BytesIO(xlsx.written("名单", HEADERS, [[words, 3]])))

    cell = book.worksheets[0]["A2"]
    assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", words, True)
    assert book.worksheets[0]["B2"].value == 3


def test_numbers_and_days_that_a_program_made_of_them_are_read_as_people_see_them() -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["电话", "名额"])
    sheet.append([13800000000, 2.0])
    out = BytesIO()
    book.save(out)

    assert xlsx.read(out.getvalue()) == [["电话", "名额"], ["13800000000", "2"]]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a table",
        b"PK\x03\x04",
        _packed({"a.txt": b"x"}),
        _packed({"[Content_Types].xml": b"<a/>"}),
        _with_sheet("<worksheet"),
        _with_sheet("<!DOCTYPE x [<!ENTITY a 'aaaa'>]><worksheet>&a;</worksheet>"),
        xlsx.written("名单", HEADERS, [["甲", "1"]])[:-30],
    ],
    ids=["empty", "words", "magic", "zip", "bare", "xml", "entity", "cut"],
)
def test_what_is_no_table_is_said_in_words(content: bytes) -> None:
    with pytest.raises(Invalid, match="xlsx"):
        xlsx.read(content)


@pytest.mark.filterwarnings("ignore")
@given(st.integers(0, 5_000), st.binary(min_size=1, max_size=12))
def test_a_damaged_file_is_read_or_refused(place: int, damage: bytes) -> None:
    whole = xlsx.written("名单", HEADERS, [["甲", "1"]])
    place %= len(whole)

    # Anything but a refusal in words would fail the test.
    with suppress(Invalid):
        assert xlsx.read(whole[:place] + damage + whole[place + len(damage) :])


def test_what_unpacks_to_far_too_much_is_refused_unread() -> None:
    bomb = _with_sheet("<worksheet>" + " " * 20_000_000 + "</worksheet>")
    assert len(bomb) < 100_000

    with pytest.raises(Invalid, match="太大"):
        xlsx.read(bomb)


def test_a_row_far_below_and_too_many_rows_are_refused() -> None:
    far = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    far += '<row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c></row>'
    far += '<row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData></worksheet>'
    with pytest.raises(Invalid, match="太大"):
        xlsx.read(_with_sheet(far))

    many = xlsx.written("名单", HEADERS, [["甲", "1"]] * (xlsx.MOST_ROWS + 1))
    with pytest.raises(Invalid, match="500 行"):
        xlsx.read(many)
    assert len(xlsx.read(xlsx.written("名单", HEADERS, [["甲", "1"]] * xlsx.MOST_ROWS))) == 501
