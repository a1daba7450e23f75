"""What a benchmark found: figures beside their yardstick, printed as a table and kept as JSON."""

from __future__ import annotations

import json
import os
import platform
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from unicodedata import east_asian_width

FOLDER = Path(__file__).parent.parent / "var" / "bench"


@dataclass(frozen=True)
class Spread:
    """Median, least and most of several runs."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """Of at least one value."""
        return cls(statistics.median(values), min(values), max(values))

    def __str__(self) -> str:
        return f"{short(self.median)} ({short(self.least)} – {short(self.most)})"


@dataclass(frozen=True)
class Line:
    """One figure. `target` in words; `met` None where nothing is demanded."""

    name: str
    value: str
    target: str = ""
    met: bool | None = None


@dataclass
class Report:
    """All figures of one benchmark; `notes` say what is compared and what is not alike."""

    name: str
    title: str
    lines: list[Line] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    raw: dict[str, object] = field(default_factory=dict)

    def tell(self, name: str, value: object) -> None:
        """A figure for which nothing is demanded."""
        self.lines.append(Line(name, _words(value)))

    def demand(self, name: str, value: Spread | float, target: str, met: Callable[[float], bool]) -> None:
        """A figure and what it must be; the median counts."""
        middle = value.median if isinstance(value, Spread) else value
        self.lines.append(Line(name, _words(value), target, met(middle)))

    @property
    def falls_short(self) -> bool:
        """Whether any figure misses its target."""
        return any(line.met is False for line in self.lines)

    def publish(self) -> None:
        """Print the table and write `var/bench/<name>.json`."""
        FOLDER.mkdir(parents=True, exist_ok=True)
        found = asdict(self) | {"at": datetime.now(UTC).isoformat(timespec="seconds"), "machine": _machine()}
        (FOLDER / f"{self.name}.json").write_text(
            json.dumps(found, ensure_ascii=False, indent=1, default=asdict) + "\n"
        )
        sys.stdout.write(self.table())

    def table(self) -> str:
        """The table as text."""
        widest = max(_width(line.name) for line in self.lines)
        middle = max(_width(line.value) for line in self.lines)
        rows = [
            f"  {_padded(line.name, widest)}  {_padded(line.value, middle)}  {line.target}{_MARK[line.met]}"
            for line in self.lines
        ]
        notes = [f"  · {note}" for note in self.notes]
        return "\n".join([f"\n{self.title}", *(row.rstrip() for row in rows), *notes, ""])


_MARK = {None: "", True: "  met", False: "  FALLS SHORT"}


def short(value: float) -> str:
    """Three digits that matter: 0.612, 1.85, 912, 12,040."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.3g}"


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> Spread:
    """Run by run, so that a slow minute of the machine falls on both."""
    return Spread.of([one / other for one, other in zip(ours, theirs, strict=True)])


def _words(value: object) -> str:
    return short(value) if isinstance(value, int | float) else str(value)


def _width(text: str) -> int:
    return sum(2 if east_asian_width(one) in "WF" else 1 for one in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _machine() -> dict[str, object]:
    return {"cores": os.cpu_count(), "python": platform.python_version(), "load": os.getloadavg()}
