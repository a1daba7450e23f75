"""Every allowed move of an appeal, as one table; tests are generated from it, allowed and forbidden alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from models.types import AppealStatus as S
from models.types import Labelled, Role


class Verb(Labelled):
    """What may be done to an appeal."""

    ASSIGN = "assign", "派单"
    ACCEPT = "accept", "接单"
    HAND_OVER = "hand_over", "转派"
    RETURN = "return", "退单"
    SUSPEND = "suspend", "挂起"
    RESUME = "resume", "恢复办理"
    RESOLVE = "resolve", "办结"
    CLOSE = "close", "归档"
    WITHDRAW = "withdraw", "撤回"
    MERGE = "merge", "并案"
    REOPEN = "reopen", "重办"
    ESCALATE = "escalate", "升级督办"


class Need(StrEnum):
    """What ties the actor to the appeal."""

    HOLDS = "holds"  # the open assignment is theirs
    SCOPE = "scope"  # the appeal lies in their area, community or grid
    OWN = "own"  # they reported it
    NOTHING = "nothing"  # the product itself


@dataclass(frozen=True, slots=True)
class Move:
    """One row: `verb` takes an appeal from any of `sources` to `target` (None: stays) for roles in `by`."""

    verb: Verb
    sources: frozenset[S]
    target: S | None
    by: Mapping[Role, Need]


OPEN = frozenset({S.SUBMITTED, S.ASSIGNED, S.ACCEPTED, S.RETURNED, S.SUSPENDED})
"""States in which an appeal must have an owner."""

FINISHED = frozenset(S) - OPEN

_SYSTEM = {Role.SYSTEM: Need.NOTHING}
_RESIDENT = {Role.RESIDENT: Need.OWN}
_DESK = dict.fromkeys((Role.COMMUNITY_STAFF, Role.TOWN, Role.CITY), Need.SCOPE)
_FIELD = dict.fromkeys(
    (Role.GRID_MEMBER, Role.GRID_LEADER, Role.ORGANIZATION_MEMBER, Role.ORGANIZATION_MANAGER), Need.HOLDS
)
_HOLDERS = _FIELD | dict.fromkeys(_DESK, Need.HOLDS)


def _move(verb: Verb, sources: set[S] | frozenset[S], target: S | None, *by: Mapping[Role, Need]) -> Move:
    merged: dict[Role, Need] = {}
    for one in by:
        merged |= one
    return Move(verb, frozenset(sources), target, merged)


MOVES: tuple[Move, ...] = (
    _move(Verb.ASSIGN, OPEN, S.ASSIGNED, _SYSTEM, _DESK, {Role.GRID_LEADER: Need.SCOPE}),
    _move(Verb.ACCEPT, {S.ASSIGNED, S.RETURNED}, S.ACCEPTED, _HOLDERS),
    _move(Verb.HAND_OVER, {S.ASSIGNED, S.ACCEPTED}, S.ASSIGNED, _HOLDERS),
    _move(Verb.RETURN, {S.ASSIGNED, S.ACCEPTED}, S.RETURNED, _SYSTEM, _HOLDERS),
    _move(Verb.SUSPEND, {S.ACCEPTED}, S.SUSPENDED, _FIELD, _DESK),
    _move(Verb.RESUME, {S.SUSPENDED}, S.ACCEPTED, _SYSTEM, _FIELD, _DESK),
    _move(Verb.RESOLVE, OPEN - {S.SUBMITTED}, S.RESOLVED, _FIELD, _DESK),
    _move(Verb.CLOSE, {S.RESOLVED}, S.CLOSED, _SYSTEM, _RESIDENT, _DESK),
    _move(Verb.CLOSE, OPEN, S.CLOSED, _DESK),
    _move(Verb.WITHDRAW, OPEN | {S.MERGED}, S.CANCELLED, _RESIDENT),
    _move(Verb.MERGE, OPEN, S.MERGED, _DESK, _RESIDENT),
    _move(Verb.REOPEN, {S.RESOLVED, S.CLOSED, S.MERGED}, S.ASSIGNED, _RESIDENT, _DESK),
    _move(Verb.REOPEN, {S.MERGED}, S.ASSIGNED, _SYSTEM),
    _move(Verb.ESCALATE, {S.SUBMITTED, S.ASSIGNED, S.RETURNED}, S.ASSIGNED, _SYSTEM),
    _move(Verb.ESCALATE, {S.ACCEPTED, S.SUSPENDED}, None, _SYSTEM),
)


def find_move(verb: Verb, status: S, role: Role) -> Move | None:
    """The row that lets `role` do `verb` to an appeal in `status`, or None: it is not allowed."""
    return next((m for m in MOVES if m.verb is verb and status in m.sources and role in m.by), None)
