"""Times before they are slots: China's clock, days off, what stands in the way."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.slots import times
from services.slots.times import DaysOff, Session, Taken

NOON = datetime(2026, 12, 1, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)
days = st.dates(date(2024, 1, 1), date(2028, 12, 31))
clocks = st.times(time(0), time(23, 59)).map(lambda one: one.replace(second=0, microsecond=0))


def session(start: datetime, length: timedelta = HOUR) -> Session:
    return Session(start, start + length, 10, start)


@pytest.mark.parametrize(
    ("day", "starts", "ends", "expected"),
    [
        ("2026-12-05", "09:00", "11:00", ("2026-12-05T01:00Z", "2026-12-05T03:00Z")),
        ("2026-12-31", "22:00", "00:30", ("2026-12-31T14:00Z", "2026-12-31T16:30Z")),
        ("2028-02-28", "23:00", "01:00", ("2028-02-28T15:00Z", "2028-02-28T17:00Z")),
        ("2028-02-29", "06:00", "07:00", ("2028-02-28T22:00Z", "2028-02-28T23:00Z")),
        ("2026-12-05", "22:00", "00:00", ("2026-12-05T14:00Z", "2026-12-05T16:00Z")),
    ],
)
def test_clock_times_are_chinas_and_rows_hold_utc(
    day: str, starts: str, ends: str, expected: tuple[str, str]
) -> None:
    found = times.span(date.fromisoformat(day), time.fromisoformat(starts), time.fromisoformat(ends))

    assert found == tuple(datetime.fromisoformat(one) for one in expected)


@given(days, clocks, clocks)
def test_a_span_starts_on_its_china_day_and_lasts_a_day_at_most(day: date, starts: time, ends: time) -> None:
    start, end = times.span(day, starts, ends)

    assert (Session(start, end, 1, start).day, start.tzinfo) == (day, UTC)
    assert timedelta(0) < end - start <= timedelta(days=1)
    assert times.moved(start, 7) == times.at(day + timedelta(days=7), starts)


@given(days)
def test_the_monday_of_a_week_is_a_monday_not_after_the_day(day: date) -> None:
    found = times.monday(day)

    assert found.isoweekday() == 1
    assert timedelta(0) <= day - found < timedelta(days=7)


@pytest.mark.parametrize(
    ("day", "code"),
    [
        ("2026-10-01", "holiday"),
        ("2026-10-07", "holiday"),
        ("2026-10-10", None),  # Saturday, worked instead of a holiday
        ("2026-12-05", None),  # an ordinary Saturday is when classes are
        ("2026-12-07", "named"),
        ("2026-12-08", "day_off"),
        ("2026-05-01", None),  # staff: works here
        ("2027-10-01", None),  # nobody published that year
    ],
)
def test_days_off_are_those_named_entered_or_published(day: str, code: str | None) -> None:
    entered = {date(2026, 12, 8): False, date(2026, 5, 1): True}
    off = DaysOff(entered, frozenset({date(2026, 12, 7)}))

    why = off.why(date.fromisoformat(day))

    assert (why[0] if why else None) == code
    assert off.unsure(date.fromisoformat(day)) is day.startswith("2027")


def test_without_holidays_only_named_days_are_off() -> None:
    off = DaysOff({date(2026, 10, 2): False}, frozenset({date(2026, 10, 3)}), holidays=False)

    assert [bool(off.why(date(2026, 10, day))) for day in (1, 2, 3)] == [False, False, True]
    assert not off.unsure(date(2030, 1, 1))


def test_a_skipped_holiday_says_which_it_is() -> None:
    assert DaysOff().why(date(2026, 10, 1)) == ("holiday", "国庆节放假。")


@pytest.mark.parametrize(
    ("starts_in", "closes_in", "expected"),
    [(48, 48, 24), (48, 30, 24), (48, 10, 10), (20, 20, None), (20, 5, None), (-1, -1, None)],
)
def test_it_is_decided_a_day_before_or_as_sign_up_ends(
    starts_in: int, closes_in: int, expected: int | None
) -> None:
    found = times.deciding(NOON + starts_in * HOUR, NOON + closes_in * HOUR, NOON)

    assert found == (None if expected is None else NOON + expected * HOUR)


@pytest.mark.parametrize(
    ("there", "room", "code"),
    [
        ([], True, None),
        ([(0, 1, True, True)], False, "exists"),
        ([(0, 1, True, False)], True, "called_off"),
        ([(-1, 1, False, True)], True, "overlap"),
        ([(-1, 5, True, True), (-0.5, 0, True, True)], True, "overlap"),
        ([(-1, 1, False, False)], True, None),
        ([(-1, 0, False, True), (1, 2, False, True)], True, None),
        ([(-0.5, 1, True, True)], False, None),
    ],
)
def test_what_is_there_stands_in_the_way(
    there: list[tuple[float, float, bool, bool]], room: bool, code: str | None
) -> None:
    start = NOON + 48 * HOUR
    busy = [Taken(start + a * HOUR, start + b * HOUR, own, open_) for a, b, own, open_ in there]

    plan = times.fit([session(start)], busy, DaysOff(), NOON, room=room)

    assert [one.code for one in plan.skipped] == ([code] if code else [])
    assert len(plan.sessions) == (0 if code else 1)


def test_what_is_over_or_closed_for_sign_up_is_not_made() -> None:
    late = Session(NOON + HOUR, NOON + 2 * HOUR, 10, NOON - HOUR)

    plan = times.fit([late, session(NOON)], [], DaysOff(), NOON, room=False)

    assert [one.code for one in plan.skipped] == ["past", "sign_up_over"]


starts = st.lists(
    st.tuples(st.integers(0, 200), st.integers(1, 30)), max_size=30, unique_by=lambda one: one[0]
)


@given(starts, starts)
def test_in_a_room_nothing_overlaps_and_a_second_time_makes_nothing(
    wanted: list[tuple[int, int]], there: list[tuple[int, int]]
) -> None:
    asked = [session(NOON + (1 + start) * HOUR, length * HOUR) for start, length in wanted]
    busy = [
        Taken(NOON + (1 + start) * HOUR, NOON + (1 + start + length) * HOUR, False, True)
        for start, length in there
    ]

    plan = times.fit(asked, busy, DaysOff(holidays=False), NOON, room=True)

    for number, one in enumerate(plan.sessions):
        others: list[Taken | Session] = [*busy, *plan.sessions[number + 1 :]]
        assert all(other.starts_at >= one.ends_at or other.ends_at <= one.starts_at for other in others)
    made = [Taken(one.starts_at, one.ends_at, True, True) for one in plan.sessions]
    again = times.fit(asked, busy + made, DaysOff(holidays=False), NOON, room=True)
    assert again.sessions == ()
    assert len(plan.sessions) + len(plan.skipped) == len(asked)
