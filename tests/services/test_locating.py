"""A point in the polygon of a grid."""

from __future__ import annotations

from models import Grid
from services.datum import GCJ, WGS, convert
from services.locating import draw


def _grid(number: int, lng: float, datum: str = GCJ) -> Grid:
    ring = [[lng, 32.40], [lng + 0.004, 32.40], [lng + 0.004, 32.404], [lng, 32.404]]
    return Grid(id=number, name=f"{number}组", polygon=ring, datum=datum)


def test_a_point_is_found_whatever_its_datum() -> None:
    drawn = draw([_grid(1, 119.40), _grid(2, 119.404)])
    inside = (119.406, 32.402)

    for datum in (GCJ, WGS):
        longitude, latitude = convert(inside, GCJ, datum)
        found = drawn.grid_at(latitude, longitude, datum)
        assert found is not None
        assert found.id == 2


def test_a_polygon_in_wgs_is_compared_in_wgs() -> None:
    drawn = draw([_grid(3, 119.40, WGS)])
    longitude, latitude = convert((119.4001, 32.4001), WGS, GCJ)

    assert drawn.grid_at(latitude, longitude, GCJ) is not None
    assert drawn.grid_at(32.4001, 119.4001, GCJ) is None


def test_outside_of_all_there_is_none() -> None:
    assert draw([_grid(1, 119.40)]).grid_at(0, 0, GCJ) is None
    assert draw([]).grid_at(32.4, 119.4, GCJ) is None


def test_where_polygons_overlap_the_first_wins_and_broken_ones_do_not_fail() -> None:
    crossed = Grid(id=9, name="x", polygon=[[0, 0], [1, 1], [1, 0], [0, 1]], datum=GCJ)
    short = Grid(id=8, name="y", polygon=[[0, 0], [1, 1]], datum=GCJ)
    found = draw([_grid(5, 119.40), _grid(4, 119.40), crossed, short]).grid_at(32.402, 119.402, GCJ)

    assert found is not None
    assert found.id == 4
