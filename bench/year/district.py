"""A district to simulate a year in: 24 communities of nine grids, with caps, deputies and organizations."""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import pairwise

from models import (
    AreaLevel,
    AssigneeKind,
    Category,
    Grid,
    GridMember,
    OrganizationMember,
    Role,
    ServiceScope,
    Staff,
)
from services import access, packs, revisions
from services.access import Actor
from services.roster import Key
from tests.make import (
    make_area,
    make_area_duty,
    make_community,
    make_duty,
    make_grid,
    make_grid_member,
    make_organization,
    make_resident,
)

COMMUNITIES = 24
GRIDS = 9
RESIDENTS = 6
"""Residents of a grid who ever write; each may have several appeals open."""
ORGANIZATIONS = 20
SERVED = 4
"""Categories that one organization serves, each in some communities."""
MEMBER_CAP, ORGANIZATION_CAP = 6, 10


@dataclass(frozen=True)
class District:
    """Who may write (openids by community), and who may act: every post by the key of its assignments."""

    openids: tuple[tuple[str, ...], ...]
    actors: dict[Key, Actor]
    members: tuple[GridMember, ...]
    staff: tuple[Staff, ...]
    caps: dict[Key, int]


async def build(dice: random.Random) -> District:
    """Found the district in the opened, empty database."""
    await packs.adopt("village")
    city = await make_area(name="市", level=AreaLevel.CITY)
    towns = [await make_area(name=f"{n}镇", level=AreaLevel.TOWN, parent=city) for n in range(1, 5)]
    above = [await make_area_duty(one) for one in towns]
    above.append(await make_area_duty(city, role=Role.CITY))
    communities = [
        await make_community(code=f"village-{n}", name=f"{n}村", area=towns[n % len(towns)])
        for n in range(COMMUNITIES)
    ]
    duty = [await make_duty(one) for one in communities]
    members, openids = [], []
    for community in communities:
        grids = [await make_grid(community, name=f"{n}组", position=n) for n in range(1, GRIDS + 1)]
        members += [await _member(grid) for grid in grids]
        openids.append(tuple([await _resident(grid, n) for grid in grids for n in range(RESIDENTS)]))
    await _deputies(members, dice)
    caps = {(AssigneeKind.GRID_MEMBER, one.id): MEMBER_CAP for one in members}
    actors = {(AssigneeKind.GRID_MEMBER, one.id): access.grid_actor(one) for one in members}
    actors |= {(AssigneeKind.STAFF, one.id): await access.staff_actor(one) for one in (*duty, *above)}
    for key, actor in (await _organizations([one.id for one in communities], dice)).items():
        actors[key], caps[key] = actor, ORGANIZATION_CAP
    await revisions.bump(revisions.ROSTER)
    return District(tuple(openids), actors, tuple(members), tuple(duty), caps)


async def _member(grid: Grid) -> GridMember:
    """Of three grid members one is a leader, as in the pilot villages."""
    role = Role.GRID_LEADER if grid.position % 3 == 1 else Role.GRID_MEMBER
    return await make_grid_member(grid, role=role, cap=MEMBER_CAP)


async def _resident(grid: Grid, number: int) -> str:
    openid = f"year-{grid.id}-{number}"
    _ = await make_resident(openid=openid, community_id=grid.community_id, grid=grid)
    return openid


async def _deputies(members: list[GridMember], dice: random.Random) -> None:
    """Half of the members have a deputy: the member of the next grid."""
    for one, other in pairwise(members):
        if one.community_id == other.community_id and dice.random() < 0.5:
            await GridMember.filter(id=one.id).update(deputy_id=other.id)


async def _organizations(community_ids: list[int], dice: random.Random) -> dict[Key, Actor]:
    categories = await Category.filter(prefers=AssigneeKind.ORGANIZATION)
    found: dict[Key, Actor] = {}
    for number in range(ORGANIZATIONS):
        organization = await make_organization(name=f"服务社{number}", cap=ORGANIZATION_CAP)
        served = dice.sample(categories, min(SERVED, len(categories)))
        await _scopes(organization.id, served, dice.sample(community_ids, 8))
        member = await OrganizationMember.get(organization=organization)
        key = (AssigneeKind.ORGANIZATION, organization.id)
        found[key] = access.organization_actor(member, organization.name)
    return found


async def _scopes(organization_id: int, served: list[Category], community_ids: list[int]) -> None:
    for category in served:
        for community_id in community_ids:
            _ = await ServiceScope.create(
                organization_id=organization_id, category=category, community_id=community_id
            )
