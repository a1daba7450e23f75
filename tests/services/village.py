"""A small village with somebody on every rung, to arrange tests of dispatch and handling with."""

from __future__ import annotations

from dataclasses import dataclass

from models import (
    Appeal,
    AppealEvent,
    AppealStatus,
    Area,
    AreaLevel,
    AssigneeKind,
    Assignment,
    AssignmentEnd,
    Category,
    Community,
    Delivery,
    Grid,
    GridMember,
    Notice,
    Organization,
    OrganizationMember,
    Resident,
    Role,
    Staff,
    rows,
)
from models.statements import next_id
from services import access, clock
from services.access import SYSTEM, Actor
from tests.make import (
    make_appeal,
    make_area,
    make_area_duty,
    make_category,
    make_community,
    make_duty,
    make_grid,
    make_grid_member,
    make_organization,
    make_resident,
)

Holder = GridMember | Organization | Staff


@dataclass
class Village:
    """One of everybody: grid members and a leader of one grid, an organization, duty staff up to the city."""

    city: Area
    town: Area
    community: Community
    grid: Grid
    member: GridMember
    second: GridMember
    leader: GridMember
    organization: Organization
    duty: Staff
    town_duty: Staff
    city_duty: Staff
    category: Category
    other: Category
    resident: Resident

    async def appeal(self, holder: Holder | None = None, **values: object) -> Appeal:
        """An appeal in the grid, held by the first grid member unless said otherwise."""
        status = values.get("status", AppealStatus.ASSIGNED)
        finished = status in (AppealStatus.RESOLVED, AppealStatus.CLOSED)
        made = await make_appeal(
            self.community,
            holder=holder or self.member,
            **{"resident": self.resident, "grid": self.grid, "category": self.category}
            | ({"resolved_at": clock.now()} if finished else {})
            | values,
        )
        if finished:
            await Assignment.filter(appeal_id=made.id).update(
                ended_at=clock.now(), ended_as=AssignmentEnd.FINISHED
            )
        return made

    async def actor(self, role: Role) -> Actor:
        """Somebody of this village in that role, tied to `appeal(await holder(role))`."""
        if role is Role.SYSTEM:
            return SYSTEM
        if role is Role.RESIDENT:
            return access.resident_actor(self.resident.id)
        holder = self.holder(role)
        if isinstance(holder, GridMember):
            return access.grid_actor(holder)
        if isinstance(holder, Staff):
            return await access.staff_actor(holder)
        return await organization_actor(holder, role)

    def holder(self, role: Role) -> Holder:
        """The post of that role; the first grid member for roles without one."""
        posts: dict[Role, Holder] = {
            Role.GRID_LEADER: self.leader,
            Role.ORGANIZATION_MANAGER: self.organization,
            Role.ORGANIZATION_MEMBER: self.organization,
            Role.COMMUNITY_STAFF: self.duty,
            Role.TOWN: self.town_duty,
            Role.CITY: self.city_duty,
        }
        return posts.get(role, self.member)


async def organization_actor(organization: Organization, role: Role = Role.ORGANIZATION_MANAGER) -> Actor:
    """Somebody of the organization in that role."""
    member = await OrganizationMember.filter(organization_id=organization.id, role=role).first()
    assert member is not None
    return access.organization_actor(member, organization.name)


async def make_village() -> Village:
    """A village of its own; two villages share nothing."""
    city = await make_area(level=AreaLevel.CITY)
    town = await make_area(parent=city)
    community = await make_community(area=town)
    grid = await make_grid(community)
    category = await make_category(prefers=AssigneeKind.GRID_MEMBER)
    other = await make_category(prefers=AssigneeKind.ORGANIZATION)
    return Village(
        city=city,
        town=town,
        community=community,
        grid=grid,
        member=await make_grid_member(grid, title=f"{grid.name}网格员甲"),
        second=await make_grid_member(grid, title=f"{grid.name}网格员乙"),
        leader=await make_grid_member(grid, title=f"{grid.name}网格长", role=Role.GRID_LEADER),
        organization=await make_organization(other, community, members=2),
        duty=await make_duty(community, resident=await make_resident(responder=True)),
        town_duty=await make_area_duty(town, resident=await make_resident(responder=True)),
        city_duty=await make_area_duty(city, role=Role.CITY),
        category=category,
        other=other,
        resident=await make_resident(community=community, grid=grid),
    )


async def verbs(appeal: Appeal) -> list[str]:
    """The history of an appeal, as verbs."""
    found = await AppealEvent.filter(appeal_id=appeal.id).order_by("id").values_list("verb", flat=True)
    return [str(one) for one in found]


async def told(appeal: Appeal, notice: Notice | None = None) -> dict[int, str]:
    """What was queued about an appeal: resident -> text of the newest push."""
    found = Delivery.filter(appeal_id=appeal.id).order_by("id")
    if notice is not None:
        found = found.filter(notice=notice)
    return {one.resident_id: str(one.payload["text"]) for one in await found}


async def reserved() -> int:
    """An id for the first assignment of an appeal, as `filing.insert` gives one."""
    return int((await rows(f"SELECT {next_id('assignment')} AS id"))[0]["id"])


async def open_assignment(appeal: Appeal) -> Assignment:
    """The one assignment that is open."""
    return await Assignment.get(appeal_id=appeal.id, ended_at=None)
