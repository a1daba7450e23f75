"""What our dispatch is compared with: everybody who serves category or grid, in turn, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from unittest.mock import patch

from services import dispatch, ranking
from services.ranking import Chosen, Load, Need, Situation
from services.roster import PRESENT, Roster

_NO_CAP = 1_000_000


@contextmanager
def by_turns() -> Iterator[None]:
    """While it lasts, owners are chosen by turns."""
    with patch.object(dispatch, "rank", in_turn):
        yield


def in_turn(roster: Roster, need: Need, situation: Situation) -> Chosen:
    """Of the rung that is asked, whoever had none for the longest: on leave or full or not."""
    posts = {key: replace(post, leave=PRESENT, cap=_NO_CAP) for key, post in roster.posts.items()}
    loads = {key: Load(0, load.last) for key, load in situation.loads.items()}
    chosen = ranking.rank(replace(roster, posts=posts), need, replace(situation, loads=loads))
    fitting = [one for one in chosen.candidates if one.kept and one.level == chosen.level and one.order]
    if not fitting:
        return chosen
    first = min(fitting, key=lambda one: (loads.get(one.assignee.key, Load()).last, one.assignee.id))
    return replace(chosen, assignee=first.assignee, why=f"轮到{first.assignee.name}。")
