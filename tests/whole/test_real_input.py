"""Real messages of residents through the signed callback: each is answered, owned and explained."""

from __future__ import annotations

import random
from itertools import cycle

import pytest

from bench.messages import FOLDER, MISSING, Accounted, accounted, column
from models import Appeal, Assignment, Grid
from tests.bot.posting import answering
from tests.bot.village import person

SAMPLE = 60
"""Of the messages of a city, which are many more than those of villages."""


@pytest.mark.skipif(not FOLDER.exists(), reason=MISSING)
async def test_every_real_message_is_answered_in_words_and_becomes_an_owned_and_explained_appeal(
    seeded: str,
) -> None:
    texts = column("village_dev.tsv") + random.Random(7).sample(column("citizen_titles.tsv"), SAMPLE)
    said = {f"real-{number}": text for number, text in enumerate(texts)}
    grids = cycle(await Grid.all().order_by("id").select_related("community"))
    for openid, grid in zip(said, grids, strict=False):
        await person(openid, community=grid.community, grid=grid)
    async with answering() as line:
        unanswered = [text for openid, text in said.items() if not await line.say(text, openid)]

    found = await accounted(said)
    assert unanswered == []
    assert found == Accounted(len(said), found.appeals, found.appeals, found.appeals)
    assert await Assignment.filter(ended_at=None).count() == await Appeal.all().count() == found.appeals
