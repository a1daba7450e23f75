"""Which grid a point or a name lies in. Every polygon names its datum; points are converted to it first."""

from __future__ import annotations

from collections.abc import Iterable
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


MOST_COMMUNITIES = 30
"""As many are searched for a name; in more, names say too little."""


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A place as written, the community in which it is known, and its grid where that is certain."""

    text: str
    community_id: int
    grid_id: int | None = None


async def place_named(known: Knowledge, text: str, community_ids: Iterable[int]) -> NamedPlace | None:
    """The place that the text names in one of these communities: the longest name, then the first of them."""
    found: list[tuple[int, NamedPlace]] = []
    for community_id in list(dict.fromkeys(community_ids))[:MOST_COMMUNITIES]:
        place = (await known.judge(text, community_id)).place
        if place is not None:
            grid_id = place.grid_ids[0] if len(place.grid_ids) == 1 else None
            found.append((len(place.name or ""), NamedPlace(place.text, community_id, grid_id)))
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
