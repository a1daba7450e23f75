"""Who could own an appeal in one community, as facts that fit in memory. Read by `services.rosters`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from models import AssigneeKind
from services.worktime import WorkCalendar

Key = tuple[AssigneeKind, int]

FIELD, LEADER, COMMUNITY, AREA = 0, 1, 2, 3
"""Rungs of the chain: whom ranking finds, grid leader, community duty, duty of the parent area, …."""


class Breadth(IntEnum):
    """How narrow a service scope is; the narrower goes first."""

    GRID = 0
    COMMUNITY = 1
    AREA = 2


@dataclass(frozen=True, slots=True)
class Leave:
    """First and last day away, China dates. No last day: until further notice."""

    since: date | None = None
    until: date | None = None

    def away(self, today: date) -> bool:
        """Whether that day lies in the leave."""
        return self.since is not None and self.since <= today and (self.until is None or today <= self.until)


PRESENT = Leave()


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who receives pushes for a post."""

    resident_id: int
    leave: Leave = PRESENT


@dataclass(frozen=True, slots=True)
class Scope:
    """One category that an organization serves here; `project`: period of the project that pays for it."""

    category_id: int
    breadth: Breadth
    grid_id: int | None = None
    project: tuple[date, date] | None = None

    def covers(self, category_ids: frozenset[int], grid_id: int | None) -> bool:
        """Whether an appeal of these categories (itself and its parents) in that grid is served."""
        return self.category_id in category_ids and (self.grid_id is None or self.grid_id == grid_id)

    def paid(self, today: date) -> bool:
        """Whether its project runs on that day."""
        return self.project is not None and self.project[0] <= today <= self.project[1]


@dataclass(frozen=True, slots=True)
class Post:
    """An organization, a grid member or a staff member: whoever may hold an appeal."""

    kind: AssigneeKind
    id: int
    name: str
    level: int = FIELD
    people: tuple[Person, ...] = ()
    cap: int = 0
    leave: Leave = PRESENT
    deputy_id: int | None = None
    grid_id: int | None = None
    on_duty: bool = False
    scopes: tuple[Scope, ...] = ()

    @property
    def key(self) -> Key:
        """What names it among all posts."""
        return self.kind, self.id

    @property
    def has_console(self) -> bool:
        """Staff see what they own in the console, with or without WeChat."""
        return self.kind is AssigneeKind.STAFF


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody active who may come into question in one community, and its working time."""

    community_id: int
    community_name: str
    calendar: WorkCalendar
    grid_names: Mapping[int, str]
    category_names: Mapping[str, str]
    category_parents: Mapping[int, int]
    posts: Mapping[Key, Post]
    revision: int = 0

    def __iter__(self) -> Iterator[Post]:
        """Every post."""
        return iter(self.posts.values())

    @property
    def top(self) -> int:
        """The highest rung on which anybody stands."""
        return max((post.level for post in self), default=FIELD)

    def categories_over(self, category_id: int) -> frozenset[int]:
        """The category and everything above it in the tree."""
        found: list[int] = []
        current: int | None = category_id
        while current is not None and current not in found:
            found.append(current)
            current = self.category_parents.get(current)
        return frozenset(found)

    def stand_in(self, post: Post, today: date) -> Post | None:
        """The post itself, or who stands in while it is on leave; None when deputies end or go in circles."""
        seen = {post.key}
        while post.leave.away(today):
            deputy = self.posts.get((post.kind, post.deputy_id)) if post.deputy_id is not None else None
            if deputy is None or deputy.key in seen:
                return None
            seen.add(deputy.key)
            post = deputy
        return post

    def leaders(self, grid_id: int | None) -> list[Post]:
        """Grid leaders of that grid."""
        return [p for p in self if p.level == LEADER and grid_id is not None and p.grid_id == grid_id]

    def members(self, grid_id: int | None) -> list[Post]:
        """Grid members of that grid, without leaders."""
        return [
            p
            for p in self
            if p.kind is AssigneeKind.GRID_MEMBER
            and p.level == FIELD
            and grid_id is not None
            and p.grid_id == grid_id
        ]

    def duty(self, level: int) -> list[Post]:
        """Staff on duty on one rung."""
        return [p for p in self if p.level == level and p.on_duty and p.kind is AssigneeKind.STAFF]
