"""The world of the role matrix: two sides, who acts in which role, and what is expected of an endpoint."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

from models import (
    Appeal,
    Area,
    AreaLevel,
    Community,
    Grid,
    GridMember,
    Organization,
    OrganizationMember,
    Role,
    Staff,
)
from tests.make import (
    make_appeal,
    make_area_duty,
    make_category,
    make_community,
    make_duty,
    make_grid,
    make_grid_member,
    make_organization,
    make_staff_login,
)

DESK = {Role.CITY, Role.TOWN, Role.COMMUNITY_STAFF}
ABOVE = {Role.CITY, Role.TOWN}
GRID = {Role.GRID_LEADER, Role.GRID_MEMBER}
ORGANIZATION = {Role.ORGANIZATION_MANAGER, Role.ORGANIZATION_MEMBER}
ALL = DESK | GRID | ORGANIZATION
OPERATORS = DESK | {Role.ORGANIZATION_MANAGER}
HOLDERS = GRID | ORGANIZATION
FRESH = count(1)
"""Numbers that nothing else is called by."""


@dataclass
class World:
    """One side: a community with everything in it. The foreign side belongs to another town."""

    town: Area
    community: Community
    grid: Grid
    leader: GridMember
    member: GridMember
    organization: Organization
    manager: OrganizationMember
    helper: OrganizationMember
    duty: Staff
    category: str

    async def appeal(self, role: Role, **values: Any) -> Appeal:
        """An appeal of this side, held by who acts in that role, or by the grid member."""
        holders = {Role.GRID_LEADER: self.leader} | dict.fromkeys(ORGANIZATION, self.organization)
        holder = holders.get(role, self.member)
        return await make_appeal(self.community, grid=self.grid, holder=holder, **values)


async def make_world(city: Area) -> World:
    """A community below a town of its own."""
    town = await Area.create(name=f"town{next(FRESH)}", level=AreaLevel.TOWN, parent=city)
    community = await make_community(area=town)
    grid = await make_grid(community)
    category = await make_category()
    organization = await make_organization(category, community, members=2)
    manager, helper = await OrganizationMember.filter(organization=organization).order_by("id")
    _ = await make_area_duty(town)
    return World(
        town,
        community,
        grid,
        await make_grid_member(grid, role=Role.GRID_LEADER),
        await make_grid_member(grid),
        organization,
        manager,
        helper,
        await make_duty(community),
        category.code,
    )


async def login_of(world: World, role: Role) -> Staff:
    """Who acts in that role on this side; the city sees the town of this side alone, as a town would."""
    if role in ABOVE:
        return await make_area_duty(world.town, role=role)
    posts = {Role.GRID_LEADER: world.leader, Role.GRID_MEMBER: world.member}
    posts |= {Role.ORGANIZATION_MANAGER: world.manager, Role.ORGANIZATION_MEMBER: world.helper}  # type: ignore[dict-item]
    return world.duty if role is Role.COMMUNITY_STAFF else await make_staff_login(posts[role])


Asked = tuple[str, dict[str, Any] | bytes | None]
Ask = Callable[[World, Role], Awaitable[Asked]]


@dataclass(frozen=True)
class Expectation:
    """Who may do it to what is theirs; `ask` makes the row on a side and says address and body.

    Foreign: None where there is nothing of a side in the request; else the status that a foreign row gets.
    """

    roles: set[Role]
    ask: Ask
    foreign: tuple[int, ...] | None = (403, 404)


def plain(path: str, body: dict[str, Any] | None = None) -> Ask:
    """A request that names no row of a side."""

    async def ask(_world: World, _role: Role) -> Asked:
        return path, body

    return ask


WHY = {"reason": "要这样"}
SAID = {"words": "明天上门"}
