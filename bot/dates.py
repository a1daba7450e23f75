"""Days as people write them in a chat: `12月1日`, `明天`, `三天后`, `下周一`. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

_ONES = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_NEAR = {"今天": 0, "今日": 0, "明天": 1, "明日": 1, "后天": 2, "大后天": 3}
_WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6, "末": 6}
_COUNT = r"([0-9]{1,3}|[一二两三四五六七八九十]{1,2})"
# A day this long gone is meant for next year; a nearer one was mistyped, and is said to be over.
_NEXT_YEAR_AFTER = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class DayFound:
    """A day and where it stood in the text."""

    day: date
    start: int
    end: int


def find_day(text: str, today: date) -> DayFound | None:
    """The first day named in `text`, or None; a day without a year is the coming one.

    Half-width digits are expected. The day may lie in the past: judging that is the caller's.
    """
    found = []
    for pattern, read in _FORMS:
        for match in pattern.finditer(text):
            day = read(match, today)
            if day is not None:
                found.append(DayFound(day, match.start(), match.end()))
                break
    return min(found, key=lambda one: (one.start, -one.end), default=None)


def _calendar(match: re.Match[str], today: date) -> date | None:
    year, month, day = match.group(1), int(match.group(2)), int(match.group(3))
    try:
        named = date(int(year) if year else today.year, month, day)
        if not year and today - named > _NEXT_YEAR_AFTER:
            named = date(today.year + 1, month, day)
    except ValueError:
        return None
    return named


def _near(match: re.Match[str], today: date) -> date:
    return today + timedelta(days=_NEAR[match.group(0)])


def _after_days(match: re.Match[str], today: date) -> date:
    return today + timedelta(days=_count(match.group(1)))


def _after_weeks(match: re.Match[str], today: date) -> date:
    return today + timedelta(weeks=_count(match.group(1)))


def _weekday(match: re.Match[str], today: date) -> date:
    monday = today - timedelta(days=today.weekday())
    weeks = len(match.group(1))
    day = monday + timedelta(days=_WEEKDAYS[match.group(2)], weeks=weeks)
    # 周二 said on a Wednesday is next week's.
    return day if day >= today else day + timedelta(weeks=1)


def _month_end(match: re.Match[str], today: date) -> date:
    months = today.year * 12 + today.month + (1 if match.group(1) else 0)
    return date(months // 12, months % 12 + 1, 1) - timedelta(days=1)


def _count(written: str) -> int:
    if written.isdigit():
        return int(written)
    if written.startswith("十"):
        return 10 + (_ONES[written[1]] if len(written) > 1 else 0)
    if written.endswith("十"):
        return _ONES[written[0]] * 10
    return _ONES[written[-1]]


_Read = Callable[[re.Match[str], date], date | None]
_FORMS: tuple[tuple[re.Pattern[str], _Read], ...] = (
    (re.compile(r"(?<!\d)(?:(20\d\d)[年./-])?(\d{1,2})[月./-](\d{1,2})(?!\d)[日号]?", re.ASCII), _calendar),
    (re.compile("大后天|今天|今日|明天|明日|后天"), _near),
    (re.compile(rf"(?<!\d){_COUNT}\s*天(?:以后|之后|后)?"), _after_days),
    (
        re.compile(rf"(?<!\d){_COUNT}\s*个?(?:周|星期|礼拜)(?:以后|之后|后)?(?![一二三四五六日天])"),
        _after_weeks,
    ),
    (re.compile("(下{0,3})(?:周|星期|礼拜)([一二三四五六日天末])"), _weekday),
    (re.compile("(下个?)?月底"), _month_end),
)
