"""Hold branch coverage of the product's rooms to their floor, each on its own."""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path

FLOOR = 90.0
ROOMS = ("services", "bot", "nlp", "models")


def shares(report: dict[str, dict[str, dict[str, dict[str, int]]]]) -> dict[str, float]:
    """Percentage of branches taken in each room, from coverage's JSON report."""
    taken: dict[str, int] = defaultdict(int)
    there: dict[str, int] = defaultdict(int)
    for name, entry in report["files"].items():
        room = Path(name).parts[0]
        taken[room] += entry["summary"]["covered_branches"]
        there[room] += entry["summary"]["num_branches"]
    return {room: 100.0 * taken[room] / there[room] for room in ROOMS if there[room]}


def main() -> int:
    """Exit status 1 when a room lies below the floor or was not measured."""
    found = shares(json.loads(Path(sys.argv[1]).read_text()))
    for room in ROOMS:
        sys.stdout.write(f"branches taken in {room}: {found.get(room, 0.0):.1f} % (floor {FLOOR:.0f})\n")
    return int(any(found.get(room, 0.0) < FLOOR for room in ROOMS))


if __name__ == "__main__":
    sys.exit(main())
