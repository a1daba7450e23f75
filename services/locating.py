"""Which grid a point or a name lies in or near. Every polygon names its datum; points are converted to it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from shapely import STRtree
from shapely.affinity import affine_transform
from shapely.geometry import Point, Polygon, box

from models import Grid, polygon_ring
from services.datum import GCJ, METRES_A_DEGREE, WGS, convert
from services.understanding import Knowledge

NEAR_METRES = 500.0
"""So far outside of all polygons a point still belongs to the nearest grid: phones and drawn borders err."""


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Map:
    """The polygons of all active grids by datum, with the grids at the same places in the lists."""

    layers: tuple[tuple[str, STRtree, tuple[Grid, ...]], ...]

    def grid_at(self, latitude: float, longitude: float, datum: str) -> Grid | None:
        """The grid that holds the point; None outside of all, the first by id where polygons overlap."""
        return min(self._holding(latitude, longitude, datum), key=lambda one: one.id, default=None)

    def grid_near(
        self, latitude: float, longitude: float, datum: str, community_id: int | None = None
    ) -> Grid | None:
        """The grid that holds the point, else the nearest within `NEAR_METRES` of its border.

        With a community only its own grids count. None where there is none; the first by id of equally near.
        """
        holding = self._holding(latitude, longitude, datum)
        if holding:
            own = (one for one in holding if community_id in (None, one.community_id))
            return min(own, key=lambda one: one.id, default=None)
        near = [
            (metres, grid.id, grid)
            for metres, grid in self._around(latitude, longitude, datum)
            if metres <= NEAR_METRES and community_id in (None, grid.community_id)
        ]
        return min(near, key=lambda one: one[:2])[2] if near else None

    def _holding(self, latitude: float, longitude: float, datum: str) -> list[Grid]:
        found = []
        for layer, tree, grids in self.layers:
            point = Point(convert((longitude, latitude), datum, layer))
            found += [grids[index] for index in tree.query(point, predicate="intersects")]
        return found

    def _around(self, latitude: float, longitude: float, datum: str) -> Iterator[tuple[float, Grid]]:
        """Grids that may be near, with the metres to their border; right to a metre at such distances."""
        for layer, tree, grids in self.layers:
            lng, lat = convert((longitude, latitude), datum, layer)
            high, wide = METRES_A_DEGREE, METRES_A_DEGREE * max(0.01, math.cos(math.radians(lat)))
            up, aside = NEAR_METRES / high, NEAR_METRES / wide
            for index in tree.query(box(lng - aside, lat - up, lng + aside, lat + up)):
                shape = affine_transform(tree.geometries[index], (wide, 0, 0, high, -lng * wide, -lat * high))
                yield shape.distance(Point(0, 0)), grids[index]


MOST_COMMUNITIES = 30
"""As many are searched for a name; in more, names say too little."""


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A place as written, the community in which it is known, and the grids in which it may lie."""

    text: str
    community_id: int
    grid_ids: tuple[int, ...] = ()


async def place_named(known: Knowledge, text: str, community_ids: Iterable[int]) -> NamedPlace | None:
    """The place that the text names in one of these communities: the longest name, then the first of them."""
    found: list[tuple[int, NamedPlace]] = []
    for community_id in list(dict.fromkeys(community_ids))[:MOST_COMMUNITIES]:
        place = (await known.judge(text, community_id)).place
        if place is not None:
            found.append((len(place.name or ""), NamedPlace(place.text, community_id, place.grid_ids)))
    return max(found, key=lambda one: one[0])[1] if found else None


_maps: WeakKeyDictionary[Knowledge, Map] = WeakKeyDictionary()


async def grid_map(known: Knowledge) -> Map:
    """The map that belongs to this revision of knowledge."""
    if known not in _maps:
        _maps[known] = draw(await Grid.filter(active=True, community__active=True, polygon__not_isnull=True))
    return _maps[known]


def draw(grids: list[Grid]) -> Map:
    """A map of these grids; polygons of fewer than three points are left out, crossed ones are repaired."""
    layers = []
    for datum in (GCJ, WGS):
        chosen = [
            one for one in grids if (one.datum == WGS) == (datum == WGS) and len(polygon_ring(one)) >= 3
        ]
        if chosen:
            shapes = [Polygon(polygon_ring(one)).buffer(0) for one in chosen]
            layers.append((datum, STRtree(shapes), tuple(chosen)))
    return Map(tuple(layers))
