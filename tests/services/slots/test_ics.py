"""iCalendar files: folded, escaped, in UTC, and read by another program as they were meant."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from services.slots.ics import Entry, Status, calendar

STAMP = datetime(2026, 12, 1, 1, 2, 3, tzinfo=UTC)
START = datetime(2026, 12, 31, 15, 30, tzinfo=UTC)
ENTRY = Entry(
    7, "扬剧沙龙", "村部二楼", START, START + timedelta(hours=2), Status.CONFIRMED, 0, "已报名，2 个名额"
)
# A name, parameters, a colon and a value: RFC 5545, 3.1.
LINE = re.compile(r"[A-Z0-9-]+(;[A-Z-]+=[^;:,\"]+)*:[^\x00-\x08\x0a-\x1f\x7f]*")
TEXT = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=120)


def unfolded(content: bytes) -> list[str]:
    """The lines of a file, after a look at how they stand in it."""
    assert content.endswith(b"\r\n")
    physical = content.split(b"\r\n")[:-1]
    assert all(len(one) <= 75 and b"\n" not in one and b"\r" not in one for one in physical)
    for one in physical:
        one.decode()  # folded between characters, not within one
    return re.sub(r"\r\n[ \t]", "", content.decode()).split("\r\n")[:-1]


def parsed(content: bytes) -> list[Any]:
    """The events as another program reads them, all lines being what the standard allows."""
    lines = unfolded(content)
    assert all(LINE.fullmatch(one) for one in lines), lines
    whole = vobject.readOne(content.decode())
    whole.validate(raiseException=True)
    return list(whole.contents.get("vevent", []))


def test_an_entry_is_read_as_it_was_meant() -> None:
    content = calendar("我的", [ENTRY], STAMP)

    (event,) = parsed(content)
    assert event.summary.value == "扬剧沙龙"
    assert event.location.value == "村部二楼"
    assert (event.dtstart.value, event.dtend.value) == (START, START + timedelta(hours=2))
    assert event.uid.value == "slot-7@xianglin"
    lines = unfolded(content)
    assert {"DTSTART:20261231T153000Z", "SEQUENCE:0", "STATUS:CONFIRMED", "TRANSP:OPAQUE"} <= set(lines)


@given(TEXT, TEXT, TEXT)
def test_whatever_is_written_is_folded_escaped_and_read_back(title: str, place: str, words: str) -> None:
    entry = Entry(7, title, place, START, START, Status.TENTATIVE, 3, words)

    (event,) = parsed(calendar(title, [entry], STAMP))

    assert (event.summary.value, event.location.value, event.description.value) == (title, place, words)


def test_lines_and_separators_in_words_end_no_line() -> None:
    entry = Entry(7, "a;b,c\\n\r\nEND:VEVENT", "", START, START, Status.CANCELLED, 1, "\x07坏")

    (event,) = parsed(calendar("x", [entry], STAMP))

    assert event.summary.value == "a;b,c\\n\nEND:VEVENT"
    assert event.description.value == "坏"
    assert event.status.value == "CANCELLED"


@pytest.mark.parametrize("count", [0, 1, 40])
def test_there_are_as_many_events_as_entries(count: int) -> None:
    entries = [Entry(n, "书画", "", START, START, Status.CONFIRMED, 0) for n in range(1, count + 1)]

    assert len(parsed(calendar("x", entries, STAMP))) == count
