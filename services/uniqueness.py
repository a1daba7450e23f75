"""A row that the database refuses because its name is taken, told in words."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tortoise.exceptions import IntegrityError

from services.errors import Conflict


@asynccontextmanager
async def unless_taken(words: str) -> AsyncIterator[None]:
    """Around a `writing()` that nothing joins: a refused unique row becomes a Conflict with these words.

    References must have been checked before: the database refuses a dangling one in the same way.
    """
    try:
        yield
    except IntegrityError as error:
        raise Conflict(words) from error
