"""kill -9 in the middle of a load: what was acknowledged is an appeal with an owner, and its pushes end."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.services_at_hand import require_redis
from tests.whole.aftermath import Aftermath
from tests.whole.killing import kill_under_load, place

KILLS = 4


def _check_nothing_lost(found: Aftermath) -> None:
    assert found.acknowledged > KILLS
    assert (found.lost, found.twice, found.ownerless) == (0, 0, 0)
    assert (found.unfinished, found.unseen) == (0, 0)
    assert found.templates.shown > 0
    assert found.templates.repeats == 0
    assert found.others.shown > 0
    assert found.others.most <= 2
    assert found.others.unmarked == 0


async def test_a_service_killed_in_the_middle_of_a_load_loses_nothing(seeded: str, tmp_path: Path) -> None:
    with place(tmp_path, seeded) as where:
        found = await kill_under_load(where, KILLS)

    _check_nothing_lost(found)


@pytest.mark.redis
async def test_a_worker_killed_in_the_middle_of_a_load_loses_no_push(seeded: str, tmp_path: Path) -> None:
    with place(tmp_path, seeded, require_redis()) as where:
        found = await kill_under_load(where, KILLS)

    assert found.acknowledged == found.written
    _check_nothing_lost(found)
