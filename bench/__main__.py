"""`python -m bench [names]`: measure, print tables, write JSON under var/bench/."""

from __future__ import annotations

import asyncio
import importlib
import sys

from bench.figures import Report

USUAL = ("understanding", "places", "greeting", "filing", "memory", "real", "scale", "storm", "openings")
BY_NAME = ("bursts", "classifier", "kills", "year")


async def measure(names: list[str]) -> list[Report]:
    """Run benchmarks one after the other; each is a module of this package with `run`."""
    reports = []
    for name in names:
        report: Report = await importlib.import_module(f"bench.{name}").run()
        report.publish()
        reports.append(report)
    return reports


def main() -> None:
    """Without names all but the long ones; ends with 1 when a figure falls short."""
    names = sys.argv[1:] or list(USUAL)
    unknown = [name for name in names if name not in USUAL + BY_NAME]
    if unknown:
        sys.exit(f"no benchmark {', '.join(unknown)}; there are {', '.join(USUAL + BY_NAME)}")
    reports = asyncio.run(measure(names))
    short = [report.name for report in reports if report.falls_short]
    sys.exit(f"falls short: {', '.join(short)}" if short else 0)


if __name__ == "__main__":
    main()
