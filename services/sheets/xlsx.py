"""One table to and from the bytes of an xlsx file. Pure; large files belong into a thread.

Text stays text: nothing that a resident wrote is ever run as a formula. What is read is suspected: its size
when unpacked, its rows and columns are limited, entities are refused by defusedxml, which openpyxl uses.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from io import BytesIO

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from services.errors import Invalid
from services.sheets import Value

MOST_ROWS = 500
"""Rows below the headers."""
MOST_COLUMNS = 60
_SCANNED = 5_000
_UNPACKED = 12 * 1024 * 1024
_PARTS = 200
_LONGEST = 2_000
"""Characters of a cell."""

_LIKE_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NONSENSE = "这不是能读的 .xlsx 表格，请用模板填好，另存为 .xlsx 再上传。"
# What openpyxl raises for files that are none, depending on where they are broken.
_BROKEN = (
    zipfile.BadZipFile,
    InvalidFileException,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    SyntaxError,
    ArithmeticError,
    RuntimeError,
    EOFError,
    OSError,
    zlib.error,
)


def written(title: str, headers: Sequence[str], rows: Sequence[Sequence[Value]]) -> bytes:
    """The file: one sheet, headers in bold and frozen, each string as text whatever it begins with."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = title[:31]
    for number, row in enumerate([headers, *rows], start=1):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(number, column)
            if isinstance(cell, Cell):
                _put(cell, value)
                cell.font = Font(bold=number == 1)
    for column, header in enumerate(headers, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = max(12, 2 * len(header) + 2)
    sheet.freeze_panes = "A2"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _put(cell: Cell, value: Value) -> None:
    if isinstance(value, int):
        cell.value = value
        return
    text = ILLEGAL_CHARACTERS_RE.sub("", value)
    cell.value = text
    # Without this openpyxl makes a formula of what begins with an equals sign.
    cell.data_type = "s"
    # As if somebody had typed an apostrophe before it: it stays text when the cell is edited, too.
    cell.quotePrefix = text.startswith(_LIKE_A_FORMULA)


def read(content: bytes) -> list[list[str]]:
    """The rows of the first sheet as text, blanks cut, as long as the headers; blank rows are empty lists.

    The place in the list is the row's number in the sheet, less one. Raises: Invalid, in words.
    """
    _suspect(content)
    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
        rows = list(_rows(book.worksheets[0].iter_rows(values_only=True)))
        book.close()
    except _BROKEN as error:
        raise Invalid(_NONSENSE) from error
    while rows and not rows[-1]:
        rows.pop()
    if sum(1 for one in rows if one) - 1 > MOST_ROWS:
        raise Invalid(f"一次最多 {MOST_ROWS} 行，请分几次上传。")
    return rows


def _suspect(content: bytes) -> None:
    """Refuse what unpacks to far more than a list of people, before any of it is unpacked."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            parts = packed.infolist()
    except _BROKEN as error:
        raise Invalid(_NONSENSE) from error
    # A part yields no more bytes than are declared here, zipfile sees to that.
    if len(parts) > _PARTS or sum(one.file_size for one in parts) > _UNPACKED:
        raise Invalid("表格解开后太大，请只留报名用的这一页，重新保存再上传。")


class _TooLong(Invalid):
    """More rows or columns than are read."""


def _rows(found: Iterator[tuple[object, ...]]) -> Iterator[list[str]]:
    for number, row in enumerate(found, start=1):
        if number > _SCANNED or any(one is not None for one in row[MOST_COLUMNS:]):
            raise _TooLong(f"表格太大：最多 {MOST_ROWS} 行、{MOST_COLUMNS} 列，下面和右边不要留内容。")
        texts = [_text(one) for one in row[:MOST_COLUMNS]]
        yield texts if any(texts) else []


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime):
        value = f"{value:%Y-%m-%d %H:%M}" if value.hour or value.minute else f"{value:%Y-%m-%d}"
    text = str(value).replace("\x00", "").strip()
    if len(text) > _LONGEST:
        raise _TooLong(f"有一格超过 {_LONGEST} 个字，请缩短再上传。")
    return text
