"""Which grid a point lies in. Every polygon names its datum; points are converted to it first."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

from shapely import STRtree
from shapely.geometry import Point, Polygon

from models import Grid, polygon_ring
from services.datum import GCJ, WGS, convert
from services.understanding import Knowledge


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Map:
    """The polygons of all active grids by datum, with the grids at the same places in the lists."""

    layers: tuple[tuple[str, STRtree, tuple[Grid, ...]], ...]

    def grid_at(self, latitude: float, longitude: float, datum: str) -> Grid | None:
        """The grid that holds the point; None outside of all, the first by id where polygons overlap."""
        found = []
        for layer, tree, grids in self.layers:
            point = Point(convert((longitude, latitude), datum, layer))
            found += [grids[index] for index in tree.query(point, predicate="intersects")]
        return min(found, key=lambda one: one.id, default=None)


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
