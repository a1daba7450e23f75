"""WGS-84 and GCJ-02: WeChat's location messages and Chinese maps are GCJ-02, its LOCATION events WGS-84.

Pure. The offset is the publicly known approximation of the state's transform, good to a metre or two; outside
of China both are the same.
"""

from __future__ import annotations

import math

GCJ, WGS = "GCJ-02", "WGS-84"
METRES_A_DEGREE = 111_320.0
"""Of latitude; of longitude as much times the cosine of the latitude."""

_AXIS = 6378245.0
_ECCENTRICITY = 0.00669342162296594323

Point = tuple[float, float]
"""(longitude, latitude) in degrees."""


def convert(point: Point, source: str, target: str) -> Point:
    """The same place in another datum; unknown datums count as GCJ-02."""
    if (source == WGS) == (target == WGS):
        return point
    return _to_gcj(point) if source == WGS else _to_wgs(point)


def _to_gcj(point: Point) -> Point:
    longitude, latitude = point
    if not (72.004 <= longitude <= 137.8347 and 0.8293 <= latitude <= 55.8271):
        return point
    east, north = _shift(longitude - 105.0, latitude - 35.0)
    radians = math.radians(latitude)
    magic = 1 - _ECCENTRICITY * math.sin(radians) ** 2
    north = math.degrees(north / (_AXIS * (1 - _ECCENTRICITY) / (magic * math.sqrt(magic))))
    east = math.degrees(east / (_AXIS / math.sqrt(magic) * math.cos(radians)))
    return longitude + east, latitude + north


def _to_wgs(point: Point) -> Point:
    # The transform has no closed inverse; three steps are exact to a millimetre.
    guess = point
    for _ in range(3):
        there = _to_gcj(guess)
        guess = guess[0] + point[0] - there[0], guess[1] + point[1] - there[1]
    return guess


def _shift(x: float, y: float) -> tuple[float, float]:
    """Metres to the east and to the north."""
    root = math.sqrt(abs(x))
    common = _waves(x, (6 * math.pi, 20.0), (2 * math.pi, 20.0))
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += common + _waves(
        x, (math.pi, 20.0), (math.pi / 3, 40.0), (math.pi / 12, 150.0), (math.pi / 30, 300.0)
    )
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += common + _waves(
        y, (math.pi, 20.0), (math.pi / 3, 40.0), (math.pi / 12, 160.0), (math.pi / 30, 320.0)
    )
    return east, north


def _waves(value: float, *parts: tuple[float, float]) -> float:
    return sum(height * math.sin(value * pace) for pace, height in parts) * 2.0 / 3.0
