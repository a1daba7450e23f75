"""A danger is told apart from a complaint about cadres, so that who helps does not read the complaint."""

from __future__ import annotations

import pytest

from nlp.apart import danger_apart


@pytest.mark.parametrize(
    ("text", "danger", "complaint"),
    [
        ("举报村书记把低保给亲戚，我家着火了", "我家着火了", "举报村书记把低保给亲戚"),
        ("我家着火了快来人。我要举报村书记贪污", "我家着火了快来人", "我要举报村书记贪污"),
        (
            "我要举报村书记贪污，5栋2单元302室，煤气泄漏了",
            "5栋2单元302室，煤气泄漏了",
            "我要举报村书记贪污",
        ),
        ("举报村书记贪污低保，我爸晕倒了", "我爸晕倒了", "举报村书记贪污低保"),
    ],
)
def test_a_danger_that_cadres_are_not_behind_stands_apart(text: str, danger: str, complaint: str) -> None:
    assert danger_apart(text) == (danger, complaint)


@pytest.mark.parametrize(
    "text",
    [
        "举报村书记打人",
        "村主任打我，我流血不止，晕倒了",
        "举报村书记贪污，逼得我不想活了",
        "村干部把我困在屋里出不来",
        "我家着火了",
        "举报村书记贪污",
        "",
    ],
)
def test_violence_of_cadres_and_single_matters_stay_whole(text: str) -> None:
    assert danger_apart(text) is None
