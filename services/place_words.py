"""How a place is said to people, wherever one is told: grid and place, community and grid."""

from __future__ import annotations

import re

from nlp.segment import fold_numerals, normalise


def where(wider: str, place: str, between: str = "") -> str:
    """Both names as one; alone the one that says the other already, however its numerals are written."""
    if _says(place, wider):
        return place
    return wider if _says(wider, place) else f"{wider}{between}{place}"


def _says(longer: str, name: str) -> bool:
    """Whether `name` stands in `longer`; 11组 is not 1组."""
    name = _plain(name)
    before = r"(?<!\d)" if name[:1].isdigit() else ""
    after = r"(?!\d)" if name[-1:].isdigit() else ""
    return re.search(before + re.escape(name) + after, _plain(longer)) is not None


def _plain(name: str) -> str:
    return fold_numerals(normalise(name))[0]
