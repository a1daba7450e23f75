"""Counters that tell every process when what it holds in memory is stale."""

from __future__ import annotations

from models import Revision, rows

ROSTER = "roster"
"""People, organizations, service scopes, leave, days."""

LEXICON = "lexicon"
"""Keywords, categories, place names, grids."""

_RAISE = """
INSERT INTO revision (name, number) VALUES ($1, 1)
ON CONFLICT (name) DO UPDATE SET number = revision.number + 1 RETURNING number
"""


async def bump(name: str) -> None:
    """Say that `name` has changed, inside the caller's `writing()`; readers see it once that commits."""
    await rows(_RAISE, name)


async def current() -> dict[str, int]:
    """The present number of every name that ever changed; a missing name counts as 0."""
    return {one.name: one.number for one in await Revision.all()}
