"""What a played year comes to: load, waiting, lateness, owners."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from bench.client import percentile
from bench.figures import Line, short
from bench.year.district import District
from bench.year.play import Play, orphans
from models import Appeal, AppealEvent, AppealStatus, Assignment, Verb
from services import holding
from services.clock import now
from services.roster import Key


@dataclass(frozen=True)
class Outcome:
    """Shares are of all appeals; `gini` is of the average load of grid members and organizations per cap."""

    appeals: int
    orphaned: int
    gini: float
    fullest: float
    accepted: tuple[float, float]
    resolved: tuple[float, float]
    late_accepted: float
    late_resolved: float
    late: float
    refused: int

    def lines(self) -> list[Line]:
        """The figures that two ways are compared by."""
        return [
            Line("spread of load (Gini)", short(self.gini)),
            Line("fullest post, most at once / cap", short(self.fullest)),
            Line("hours until accepted: median, p95", " – ".join(map(short, self.accepted))),
            Line("days until resolved: median, p95", " – ".join(map(short, self.resolved))),
            Line("accept deadline missed", f"{self.late_accepted:.1%}"),
            Line("resolve deadline missed", f"{self.late_resolved:.1%}"),
            Line("either missed", f"{self.late:.1%}"),
            Line("open appeals without owner", str(self.orphaned)),
        ]


async def outcome(place: District, play: Play) -> Outcome:
    """Read the tables at the end of the year."""
    appeals = await Appeal.all().values_list("id", "created_at", "resolved_at")
    accepted = await _first_accepted()
    waited = sorted(
        (at - created).total_seconds() / 3600
        for number, created, _ in appeals
        if (at := accepted.get(number)) is not None
    )
    worked = sorted((at - created).total_seconds() / 86400 for _, created, at in appeals if at)
    late = await _escalated()
    average, peaks = await _loads(place)
    total = len(appeals)
    return Outcome(
        appeals=total,
        orphaned=max(play.orphaned, await orphans()),
        gini=gini(average),
        fullest=max(peaks),
        accepted=(statistics.median(waited), percentile(waited, 0.95)),
        resolved=(statistics.median(worked), percentile(worked, 0.95)),
        late_accepted=len(late[False]) / total,
        late_resolved=len(late[True]) / total,
        late=len(late[False] | late[True]) / total,
        refused=play.refused,
    )


async def _first_accepted() -> dict[int, datetime]:
    found: dict[int, datetime] = {}
    events = AppealEvent.filter(verb=Verb.ACCEPT.value).order_by("id")
    for number, at in await events.values_list("appeal_id", "at"):
        found.setdefault(number, at)
    return found


async def _escalated() -> dict[bool, set[int]]:
    """Appeals that missed a deadline: False, to accept; True, to resolve."""
    found: dict[bool, set[int]] = {False: set(), True: set()}
    events = AppealEvent.filter(verb=Verb.ESCALATE.value)
    for number, before in await events.values_list("appeal_id", "from_status"):
        found[before in (AppealStatus.ACCEPTED, AppealStatus.SUSPENDED)].add(number)
    return found


async def _loads(place: District) -> tuple[list[float], list[float]]:
    """Of every post with a cap: its average load over the year, and its highest, both per cap."""
    steps: dict[Key, list[tuple[datetime, int]]] = defaultdict(list)
    for one in await Assignment.all():
        steps[holding.holder_key(one)] += [(one.started_at, 1), (one.ended_at or now(), -1)]
    average, peaks = [], []
    for key, cap in place.caps.items():
        changes = sorted(steps.get(key, ()))
        held, most, hours = 0, 0, 0.0
        for (at, change), (until, _) in zip(changes, [*changes[1:], (now(), 0)], strict=False):
            held += change
            most = max(most, held)
            hours += held * (until - at).total_seconds() / 3600
        average.append(hours / (365 * 24) / cap)
        peaks.append(most / cap)
    return average, peaks


def gini(values: Collection[float]) -> float:
    """0 where all have the same, near 1 where one has everything."""
    ordered, total = sorted(values), sum(values)
    if not total:
        return 0.0
    weighted = sum(place * value for place, value in enumerate(ordered, start=1))
    return 2 * weighted / (len(ordered) * total) - (len(ordered) + 1) / len(ordered)
