"""Memory of an app process after it has worked."""

from __future__ import annotations

import os
from pathlib import Path

from bench import scratch, world
from bench.figures import Report
from bench.sentences import difficulties
from bench.servers import Server, bench
from bench.signing import Message, requests

ASKED = 3000
MOST_MB = 280


async def run() -> Report:
    """Resident memory when it has started, and after thousands of greetings and appeals."""
    report = Report("memory", "(d) memory of an app process, MB")
    async with scratch.database() as url:
        async with scratch.opened(url):
            await world.populate()
        with bench() as place:
            product = place.product(url, RUN_WORKER="true")
            report.tell("resident after the start", _resident(product, "Rss"))
            await place.load(product, requests(_messages(0), product.path))
            report.tell("resident after half of the load", _resident(product, "Rss"))
            await place.load(product, requests(_messages(ASKED), product.path))
            report.tell("proportional after the load", _resident(product, "Pss"))
            after = _resident(product, "Rss")
            report.demand("resident after the load", after, f"≤ {MOST_MB}", lambda it: it <= MOST_MB)
    report.notes.append(f"sandbox and worker run inside; load: {2 * ASKED} messages, half of them appeals")
    return report


def _messages(first: int) -> list[Message]:
    words = difficulties(ASKED)
    return [Message(f"bench-{first + one}", words[one] if one % 2 else "你好") for one in range(ASKED)]


def _resident(server: Server, which: str) -> float:
    """Of the process and its children, from the kernel's own count."""
    total = 0
    for pid in [server.pid, *_children(server.pid)]:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith(f"{which}:"):
                total += int(line.split()[1])
    return total / 1024


def _children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task")
    found = [(tasks / task / "children").read_text().split() for task in os.listdir(tasks)]
    direct = [int(one) for some in found for one in some]
    return direct + [one for child in direct for one in _children(child)]
