"""A village for every test of the chat."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.bot import village as arranged
from tests.bot.posting import Line, answering
from tests.bot.village import Village


@pytest.fixture
async def village(db: str) -> Village:
    """Two communities with people who respond; fresh for each test, on each database."""
    return await arranged.build()


@pytest.fixture
async def line(village: Village) -> AsyncIterator[Line]:
    """The running callback, on the village."""
    async with answering() as opened:
        yield opened


@pytest.fixture
async def neighbour(village: Village) -> str:
    """Somebody of 二组 besides `resident-1`."""
    await arranged.person("neighbour", community=village.xinlian, grid=village.grids["二组"])
    return "neighbour"
