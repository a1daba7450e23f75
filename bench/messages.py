"""The real messages that lie beside the project, and what must have become of each."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from models import Appeal, Assignment, Conversation, RoutingDecision

FOLDER = Path(__file__).parent.parent.parent / "shared" / "data"
MISSING = "no ../shared/data on this machine"


def column(name: str) -> list[str]:
    """The first column of a file in FOLDER, without its heading."""
    lines = (FOLDER / name).read_text().splitlines()
    return [line.split("\t")[0] for line in lines if line.strip() and not line.startswith("text\t")]


@dataclass(frozen=True)
class Accounted:
    """Counts: people with an appeal, their appeals, and how many of these have had an owner and a reason."""

    people: int
    appeals: int
    owned: int
    explained: int


async def accounted(openids: Collection[str]) -> Accounted:
    """What became of the messages of these people."""
    residents = Conversation.filter(openid__in=list(openids)).values_list("resident_id", flat=True)
    filed = await Appeal.filter(resident_id__in=await residents).values_list("id", "resident_id")
    numbers = [number for number, _ in filed]
    owned = await Assignment.filter(appeal_id__in=numbers).values_list("appeal_id", flat=True)
    explained = RoutingDecision.filter(appeal_id__in=numbers).exclude(why="").exclude(candidates=[])
    reasons = await explained.values_list("appeal_id", flat=True)
    return Accounted(len({who for _, who in filed}), len(numbers), len(set(owned)), len(set(reasons)))
