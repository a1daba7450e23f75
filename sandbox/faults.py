"""Faults that can be switched on: any errcode, a delay, a dropped connection, an HTTP status."""

from __future__ import annotations

import itertools
from fnmatch import fnmatchcase
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Fault(BaseModel):
    """One fault and the calls that it strikes.

    `path` is a pattern (`*`, `/cgi-bin/message/*`); `openid` and `account` narrow it down. `when=after` does
    the call first and spoils only its answer, so that the outcome is unknown to the caller.
    """

    model_config = ConfigDict(extra="forbid")

    path: str = "*"
    account: str | None = None
    openid: str | None = None
    errcode: int | None = None
    errmsg: str = ""
    delay: float = Field(0, ge=0, le=60, description="seconds")
    drop: bool = False
    status: int | None = Field(None, ge=400, le=599)
    times: int | None = Field(None, ge=1, description="how many calls it strikes; none means all")
    when: Literal["before", "after"] = "before"
    id: int = 0
    hits: int = 0

    def strikes(self, path: str, account: str | None, openid: str | None) -> bool:
        """Whether this call is hit."""
        if self.times is not None and self.hits >= self.times:
            return False
        if self.account not in {None, account} or self.openid not in {None, openid}:
            return False
        return fnmatchcase(path, self.path)


class Faults:
    """The faults that are on, oldest first."""

    def __init__(self) -> None:
        self._on: list[Fault] = []
        self._ids = itertools.count(1)

    def add(self, fault: Fault) -> Fault:
        """Switch one on and number it."""
        numbered = fault.model_copy(update={"id": next(self._ids), "hits": 0})
        self._on.append(numbered)
        return numbered

    def all(self) -> list[Fault]:
        """Those that are still on."""
        return [one for one in self._on if one.times is None or one.hits < one.times]

    def clear(self, number: int | None = None) -> None:
        """Switch off one, or all."""
        self._on = [one for one in self._on if number is not None and one.id != number]

    def take(self, path: str, *, account: str | None, openid: str | None) -> Fault | None:
        """The first fault that strikes this call; its hit is counted."""
        for fault in self._on:
            if fault.strikes(path, account, openid):
                fault.hits += 1
                return fault
        return None
