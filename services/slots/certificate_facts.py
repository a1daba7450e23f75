"""What a certificate of volunteer hours says. Pure; how it is printed is `certificate_paper`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

_HOUR = 60


@dataclass(frozen=True, slots=True)
class Served:
    """One time that somebody helped, with its minutes; `entered` by hand and approved, else recorded."""

    day: date
    title: str
    minutes: int
    entered: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """All that stands on a certificate; `where` says at what address the code is confirmed."""

    number: str
    code: str
    name: str
    community: str
    starts_on: date
    ends_on: date
    issued_on: date
    served: tuple[Served, ...]
    where: str = "/api/v1/certificates/"

    @property
    def minutes(self) -> int:
        """In all."""
        return sum(one.minutes for one in self.served)


def hours(minutes: int) -> str:
    """Minutes as hours with at most two digits behind the point, cut and never rounded up: 12.5."""
    return f"{minutes * 100 // _HOUR / 100:.2f}".rstrip("0").rstrip(".")
