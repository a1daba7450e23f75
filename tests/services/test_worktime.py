"""Working time: which minutes count."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.clock import CHINA
from services.worktime import CLOCK, WorkCalendar

CALENDAR = WorkCalendar.of("08:30", "17:30")
moments = st.datetimes(datetime(2025, 1, 1), datetime(2027, 6, 1), timezones=st.just(UTC))  # noqa: DTZ001
spans = st.integers(0, 20_000)
calendars = st.builds(
    WorkCalendar,
    st.times(time(0), time(11, 59)),
    st.times(time(12), time(23, 59)),
    st.dictionaries(st.dates(date(2025, 1, 1), date(2027, 6, 1)), st.booleans(), max_size=30),
)


def china(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=CHINA)  # type: ignore[misc, arg-type]


def test_an_afternoon_runs_over_into_the_next_morning() -> None:
    assert CALENDAR.add_minutes(china(2026, 11, 23, 16, 30), 120) == china(2026, 11, 24, 9, 30)


def test_a_weekend_does_not_count() -> None:
    assert CALENDAR.add_minutes(china(2026, 11, 20, 17, 0), 60) == china(2026, 11, 23, 9, 0)


def test_the_national_holiday_does_not_count() -> None:
    after = CALENDAR.add_minutes(china(2026, 9, 30, 17, 0), 60)
    assert after > china(2026, 10, 7, 23, 59)


def test_a_make_up_saturday_counts() -> None:
    assert CALENDAR.works(date(2026, 2, 14))
    assert date(2026, 2, 14).weekday() == 5


def test_exactly_the_rest_of_the_day_ends_at_closing_not_at_the_next_opening() -> None:
    assert CALENDAR.add_minutes(china(2026, 11, 23, 16, 30), 60) == china(2026, 11, 23, 17, 30)


def test_nothing_added_at_night_is_the_next_opening() -> None:
    assert CALENDAR.add_minutes(china(2026, 11, 23, 22, 0), 0) == china(2026, 11, 24, 8, 30)


def test_days_that_staff_entered_win_over_the_published_calendar() -> None:
    entered = WorkCalendar.of("08:30", "17:30", {date(2026, 11, 22): True, date(2026, 11, 23): False})
    assert entered.works(date(2026, 11, 22))
    assert not entered.works(date(2026, 11, 23))


def test_an_unpublished_year_counts_monday_to_friday_and_says_so() -> None:
    entered = WorkCalendar.of("08:30", "17:30", {date(2031, 1, 1): False})
    assert entered.works(date(2031, 1, 2))
    assert not entered.works(date(2031, 1, 4))
    assert entered.guessed(date(2031, 1, 2))
    assert not entered.guessed(date(2031, 1, 1))
    assert not entered.guessed(date(2026, 11, 23))


@pytest.mark.parametrize(("start", "end"), [("17:30", "08:30"), ("08:30", "08:30")])
def test_a_day_that_ends_before_it_starts_is_refused(start: str, end: str) -> None:
    with pytest.raises(ValueError, match="work must start"):
        WorkCalendar.of(start, end)


def test_deadlines_are_utc() -> None:
    assert CALENDAR.add_minutes(china(2026, 11, 23, 9, 0), 5).tzinfo is UTC


@given(calendars, moments, spans)
def test_added_minutes_lie_between(calendar: WorkCalendar, start: datetime, minutes: int) -> None:
    assert calendar.minutes_between(start, calendar.add_minutes(start, minutes)) == minutes


@given(calendars, moments, spans, spans)
def test_more_minutes_never_end_earlier(
    calendar: WorkCalendar, start: datetime, fewer: int, more: int
) -> None:
    fewer, more = sorted((fewer, more))
    assert calendar.add_minutes(start, fewer) <= calendar.add_minutes(start, more)


@given(calendars, moments, moments, spans)
def test_a_later_start_never_ends_earlier(
    calendar: WorkCalendar, one: datetime, other: datetime, minutes: int
) -> None:
    early, late = sorted((one, other))
    assert calendar.add_minutes(early, minutes) <= calendar.add_minutes(late, minutes)


@given(calendars, moments, spans)
def test_subtracting_undoes_adding(calendar: WorkCalendar, start: datetime, minutes: int) -> None:
    end = calendar.add_minutes(start, minutes)
    back = calendar.subtract(end, timedelta(minutes=minutes))
    assert calendar.minutes_between(back, end) == minutes


@given(calendars, moments, moments, moments)
def test_stretches_add_up(calendar: WorkCalendar, a: datetime, b: datetime, c: datetime) -> None:
    a, b, c = sorted((a, b, c))
    assert calendar.between(a, b) + calendar.between(b, c) == calendar.between(a, c)


@given(moments, spans)
def test_on_the_clock_every_minute_counts(start: datetime, minutes: int) -> None:
    span = timedelta(minutes=minutes)
    assert CLOCK.add(start, span) == start + span
    assert CLOCK.subtract(start + span, span) == start
    assert CLOCK.between(start, start + span) == span
    assert CLOCK.between(start + span, start) == timedelta(0)
