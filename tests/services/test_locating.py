"""A point in the polygon of a grid, or near it."""

from __future__ import annotations

import math

import pytest

from models import Grid
from services.datum import GCJ, WGS, convert
from services.locating import draw


def _grid(number: int, lng: float, datum: str = GCJ, community: int = 1) -> Grid:
    ring = [[lng, 32.40], [lng + 0.004, 32.40], [lng + 0.004, 32.404], [lng, 32.404]]
    grid = Grid(id=number, name=f"{number}组", polygon=ring, datum=datum)
    grid.community_id = community  # no database is open that would know the column
    return grid


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


def _metres(east: float, north: float) -> tuple[float, float]:
    """(latitude, longitude) so far from the south-west corner of the first grid."""
    return 32.40 + north / 111_320, 119.40 + east / (111_320 * math.cos(math.radians(32.40)))


@pytest.mark.parametrize("layer", [GCJ, WGS])
@pytest.mark.parametrize(("west", "near"), [(10, True), (480, True), (520, False), (5000, False)])
def test_a_point_outside_belongs_to_the_nearest_grid_within_500_metres(
    layer: str, west: float, near: bool
) -> None:
    drawn = draw([_grid(1, 119.40, layer), _grid(2, 119.404, layer)])
    latitude, longitude = _metres(-west, 100)

    for datum in (GCJ, WGS):
        lng, lat = convert((longitude, latitude), layer, datum)
        found = drawn.grid_near(lat, lng, datum)
        assert (found is not None and found.id == 1) is near


def test_a_point_inside_is_not_given_to_a_neighbour() -> None:
    first, second = _grid(1, 119.40, community=7), _grid(2, 119.404, community=8)
    drawn = draw([first, second])
    latitude, longitude = _metres(100, 100)

    assert drawn.grid_near(latitude, longitude, GCJ) is first
    assert drawn.grid_near(latitude, longitude, GCJ, 8) is None


def test_outside_of_all_only_the_communitys_own_grids_count() -> None:
    first, second = _grid(1, 119.40, community=7), _grid(2, 119.404, community=8)
    drawn = draw([first, second])
    latitude, longitude = _metres(300, -50)

    assert drawn.grid_near(latitude, longitude, GCJ) is first
    assert drawn.grid_near(latitude, longitude, GCJ, 8) is second
    assert drawn.grid_near(latitude, longitude, GCJ, 9) is None


def test_the_nearest_of_several_wins_and_the_first_of_equally_near() -> None:
    drawn = draw([_grid(2, 119.40), _grid(1, 119.4045)])

    for east, nearest in ((-10, 2), (400, 1)):
        latitude, longitude = _metres(east, 100)
        assert (found := drawn.grid_near(latitude, longitude, GCJ)) is not None
        assert found.id == nearest
    equal = draw([_grid(5, 119.40), _grid(4, 119.40)]).grid_near(*_metres(-10, 100), GCJ)
    assert equal is not None
    assert equal.id == 4
