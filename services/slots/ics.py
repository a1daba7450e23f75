"""Times as an iCalendar file (RFC 5545): moments in UTC, stable UIDs, called-off ones said to be. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from icalendar import Event

MEDIA_TYPE = "text/calendar; charset=utf-8"
_OURS = "-//Xianglin//slots//ZH"
_REFRESH = timedelta(hours=6)


class Status(StrEnum):
    """Whether it takes place, as far as the reader of the calendar is concerned."""

    CONFIRMED = "CONFIRMED"
    TENTATIVE = "TENTATIVE"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class Entry:
    """One time of one offering. `sequence` never falls, and rises whenever something of it has changed."""

    slot_id: int
    title: str
    place: str
    starts_at: datetime
    ends_at: datetime
    status: Status
    sequence: int
    words: str = ""
    fills_time: bool = True

    @property
    def uid(self) -> str:
        """The same in every file, so that a calendar that reads two of them shows it once."""
        return f"slot-{self.slot_id}@xianglin"


def calendar(name: str, entries: Sequence[Entry], stamp: datetime) -> bytes:
    """The file, made at `stamp` (UTC). The library folds lines at 75 octets and escapes what is written."""
    from icalendar import Calendar  # heavy: loaded by the first calendar, not by every process

    whole = Calendar()
    whole.add("prodid", _OURS)
    whole.add("version", "2.0")
    whole.add("method", "PUBLISH")
    whole.add("x-wr-calname", _plain(name))
    whole.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    for one in entries:
        whole.add_component(_event(one, stamp))
    return bytes(whole.to_ical())


def _event(one: Entry, stamp: datetime) -> Event:
    from icalendar import Event

    event = Event()
    event.add("uid", one.uid)
    event.add("dtstamp", stamp)
    event.add("dtstart", one.starts_at)
    event.add("dtend", one.ends_at)
    event.add("summary", _plain(one.title))
    event.add("status", one.status.value)
    event.add("sequence", one.sequence)
    # A plot is one's own for a season, which keeps nobody from doing something else.
    event.add("transp", "OPAQUE" if one.fills_time else "TRANSPARENT")
    if one.place:
        event.add("location", _plain(one.place))
    if one.words:
        event.add("description", _plain(one.words))
    return event


def _plain(text: str) -> str:
    """Without control characters, which no escape allows; line breaks stay."""
    kept = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(one for one in kept if one == "\n" or unicodedata.category(one) not in ("Cc", "Cs"))
