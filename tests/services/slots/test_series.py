"""Weekly classes and opening hours: which dates, which times."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.clock import CHINA
from services.errors import Invalid
from services.slots import opening_hours, series
from services.slots.opening_hours import Piece
from services.slots.series import Weekly

EVENING = (time(18), time(19, 30))


def weekly(weekdays: set[int], first: str, last: str, every: int = 1) -> Weekly:
    return Weekly(frozenset(weekdays), *EVENING, date.fromisoformat(first), date.fromisoformat(last), every)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (weekly({6}, "2026-12-01", "2026-12-31"), "05 12 19 26"),
        (weekly({2, 4}, "2026-12-01", "2026-12-10"), "01 03 08 10"),
        (weekly({6}, "2026-12-01", "2026-12-31", 2), "05 19"),
        (weekly({1, 7}, "2026-12-06", "2026-12-31", 2), "06 14 20 28"),  # weeks count from Monday 30 Nov
        (weekly({2}, "2028-02-22", "2028-03-07"), "22 29 07"),  # leap day, end of a month
        (weekly({5}, "2027-01-29", "2027-02-05"), "29 05"),
        (weekly({3}, "2026-12-01", "2026-12-01"), ""),
    ],
)
def test_a_series_has_these_dates(found: Weekly, expected: str) -> None:
    assert " ".join(f"{one:%d}" for one in series.dates(found)) == expected


@given(
    st.frozensets(st.integers(1, 7), min_size=1),
    st.dates(date(2025, 1, 1), date(2029, 1, 1)),
    st.integers(0, 365),
    st.integers(1, 8),
)
def test_a_series_keeps_to_its_weekdays_its_range_and_its_rhythm(
    weekdays: frozenset[int], first: date, length: int, every: int
) -> None:
    last = first + timedelta(days=length)

    found = series.dates(Weekly(weekdays, *EVENING, first, last, every))

    assert all(one.isoweekday() in weekdays and first <= one <= last for one in found)
    assert found == sorted(set(found))
    rhythm = timedelta(weeks=every)
    for one in found:
        assert one + rhythm in found or one + rhythm > last
        assert one - rhythm in found or one - rhythm < first
    if every == 1:
        days = (first + timedelta(days=number) for number in range(length + 1))
        assert found == [one for one in days if one.isoweekday() in weekdays]


@pytest.mark.parametrize(
    "values",
    [
        {"weekdays": frozenset()},
        {"weekdays": frozenset({8})},
        {"every": 0},
        {"ends": EVENING[0]},
        {"last": date(2026, 11, 30)},
        {"last": date(2027, 12, 2)},
    ],
)
def test_a_series_without_days_or_without_end_is_refused(values: dict[str, object]) -> None:
    known = {"weekdays": frozenset({1}), "first": date(2026, 12, 1), "last": date(2026, 12, 31)}
    with pytest.raises(Invalid):
        Weekly(**({"starts": EVENING[0], "ends": EVENING[1]} | known | values))  # type: ignore[arg-type]


def test_opening_hours_are_cut_into_slots_with_a_gap_and_a_rest_stays_empty() -> None:
    pieces = [Piece(6, time(14), time(16)), Piece(6, time(9), time(11, 50)), Piece(1, time(9), time(10))]

    found = opening_hours.cut(
        pieces, date(2026, 12, 5), date(2026, 12, 6), timedelta(minutes=60), timedelta(minutes=10)
    )

    local = [f"{start.astimezone(CHINA):%H:%M}-{end.astimezone(CHINA):%H:%M}" for start, end in found]
    assert local == ["09:00-10:00", "10:10-11:10", "14:00-15:00"]


def test_hours_past_midnight_belong_to_the_evening_before() -> None:
    found = opening_hours.cut(
        [Piece(6, time(22), time(0))], date(2026, 12, 5), date(2026, 12, 5), timedelta(hours=1), timedelta(0)
    )

    assert [start.astimezone(CHINA).replace(tzinfo=None) for start, _ in found] == [
        datetime(2026, 12, 5, 22),  # noqa: DTZ001
        datetime(2026, 12, 5, 23),  # noqa: DTZ001
    ]


@pytest.mark.parametrize(
    ("pieces", "overlap"),
    [
        ([], False),
        ([Piece(1, time(9), time(12)), Piece(1, time(12), time(14))], False),
        ([Piece(1, time(9), time(12)), Piece(1, time(11), time(14))], True),
        ([Piece(1, time(22), time(2)), Piece(2, time(1), time(3))], True),
        ([Piece(7, time(22), time(2)), Piece(1, time(1), time(3))], True),
        ([Piece(7, time(22), time(2)), Piece(1, time(2), time(3))], False),
    ],
)
def test_pieces_of_opening_hours_do_not_overlap(pieces: list[Piece], overlap: bool) -> None:
    if not overlap:
        opening_hours.check(pieces)
        return
    with pytest.raises(Invalid, match="重叠"):
        opening_hours.check(pieces)


@given(
    st.times(time(0), time(23, 59)).map(lambda one: one.replace(second=0, microsecond=0)),
    st.times(time(0), time(23, 59)).map(lambda one: one.replace(second=0, microsecond=0)),
    st.integers(5, 300),
    st.integers(0, 120),
)
def test_slots_of_a_piece_lie_inside_it_in_order_and_leave_less_than_one_more(
    opens: time, closes: time, length: int, gap: int
) -> None:
    piece = Piece(6, opens, closes)
    day, minutes, between = date(2026, 12, 5), timedelta(minutes=length), timedelta(minutes=gap)

    found = opening_hours.cut([piece], day, day, minutes, between)

    start, end = (timedelta(minutes=one - 5 * 1440) for one in piece.minutes)
    midnight = datetime(2026, 12, 5, tzinfo=CHINA)
    assert all(b - a == minutes for a, b in found)
    assert all(second == first + minutes + between for (first, _), (second, _) in zip(found, found[1:]))  # noqa: B905, RUF007
    if found:
        assert found[0][0] == midnight + start
        assert found[-1][1] <= midnight + end < found[-1][1] + between + minutes
    else:
        assert end - start < minutes
