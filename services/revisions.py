"""Counters that tell every process when what it holds in memory is stale."""

from __future__ import annotations

import time

from models import Revision, rows

ROSTER = "roster"
"""People, organizations, service scopes, leave, days."""

LEXICON = "lexicon"
"""Keywords, categories, place names, grids, names of communities."""

_RAISE = """
INSERT INTO revision (name, number) VALUES ($1, $2)
ON CONFLICT (name) DO UPDATE
SET number = CASE WHEN excluded.number > revision.number THEN excluded.number ELSE revision.number + 1 END
RETURNING number
"""


async def bump(name: str) -> None:
    """Say that `name` has changed, inside the caller's `writing()`; readers see it once that commits.

    Numbers are microseconds of the clock: what a transaction read under its own number
    and then rolled back is never taken for what a later one wrote.
    """
    await rows(_RAISE, name, time.time_ns() // 1000)


async def current() -> dict[str, int]:
    """The present number of every name that ever changed; a missing name counts as 0."""
    return {one.name: one.number for one in await Revision.all()}
