"""How much time each urgency leaves."""

from __future__ import annotations

import pytest

from models import Category
from models.types import Urgency


@pytest.mark.parametrize(
    ("urgency", "minutes"),
    [(Urgency.NORMAL, (240, 2700)), (Urgency.URGENT, (60, 540)), (Urgency.EMERGENCY, (10, 120))],
)
def test_each_urgency_has_its_minutes_to_accept_and_to_resolve(
    urgency: Urgency, minutes: tuple[int, int]
) -> None:
    category = Category(
        code="repair",
        name="维修",
        accept_minutes=240,
        resolve_minutes=2700,
        urgent_accept_minutes=60,
        urgent_resolve_minutes=540,
    )

    assert category.minutes(urgency) == minutes
