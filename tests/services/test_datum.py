"""WGS-84 and GCJ-02."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.datum import GCJ, WGS, convert


def test_a_published_pair_of_points() -> None:
    assert convert((116.404, 39.915), WGS, GCJ) == pytest.approx((116.410244, 39.916404), abs=1e-6)


@given(st.floats(73.5, 135.0), st.floats(18.2, 53.5))
def test_there_and_back_is_the_same_place(longitude: float, latitude: float) -> None:
    point = (longitude, latitude)
    back = convert(convert(point, WGS, GCJ), GCJ, WGS)
    assert back == pytest.approx(point, abs=1e-6)  # a tenth of a metre


def test_outside_of_china_both_are_the_same() -> None:
    assert convert((2.35, 48.85), WGS, GCJ) == (2.35, 48.85)


def test_the_same_datum_changes_nothing() -> None:
    assert convert((119.4, 32.4), GCJ, GCJ) == (119.4, 32.4)
    assert convert((119.4, 32.4), "", GCJ) == (119.4, 32.4)
