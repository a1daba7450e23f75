"""Rows to arrange a test with: each `make_*` fills what the test does not care about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, TypeVar

from tortoise.models import Model

from models import (
    Appeal,
    AppealKind,
    AppealStatus,
    Area,
    AreaLevel,
    AssigneeKind,
    Assignment,
    Category,
    Community,
    Conversation,
    Grid,
    GridMember,
    Offering,
    OfferingKind,
    OfferingState,
    Organization,
    OrganizationMember,
    Resident,
    Role,
    ServiceScope,
    Slot,
    Staff,
)

_numbers = count(1)
M = TypeVar("M", bound=Model)


async def _create(model: type[M], values: dict[str, Any]) -> M:
    return await model.create(**values)


async def make_area(**values: Any) -> Area:
    """An area without parent."""
    return await _create(Area, {"name": f"镇{next(_numbers)}", "level": AreaLevel.TOWN} | values)


async def make_community(**values: Any) -> Community:
    """A community in an area of its own. No duty staff: see `make_duty`."""
    if "area" not in values and "area_id" not in values:
        values["area"] = await make_area()
    number = next(_numbers)
    return await _create(Community, {"code": f"c{number}", "name": f"社区{number}"} | values)


async def make_grid(community: Community, **values: Any) -> Grid:
    """A grid of the community."""
    number = next(_numbers)
    return await _create(Grid, {"community": community, "name": f"{number}组", "position": number} | values)


async def make_resident(*, openid: str | None = None, account: str = "oa", **values: Any) -> Resident:
    """A resident with a conversation on `account`, following it."""
    resident = await Resident.create(**values)
    await Conversation.create(account=account, openid=openid or f"openid-{next(_numbers)}", resident=resident)
    return resident


async def make_grid_member(grid: Grid, *, bound: bool = True, **values: Any) -> GridMember:
    """A grid member, bound to WeChat unless `bound` is False."""
    if bound and "resident" not in values:
        values["resident"] = await make_resident(responder=True)
    return await _create(
        GridMember, {"community_id": grid.community_id, "grid": grid, "title": f"{grid.name}网格员"} | values
    )


async def make_duty(community: Community, **values: Any) -> Staff:
    """Community staff on duty: the floor of the chain."""
    number = next(_numbers)
    return await _create(
        Staff,
        {
            "username": f"duty{number}",
            "password_hash": "x",
            "title": f"{community.name}值班",
            "role": Role.COMMUNITY_STAFF,
            "community": community,
            "on_duty": True,
        }
        | values,
    )


async def make_area_duty(area: Area, **values: Any) -> Staff:
    """Area staff on duty: the end of the chain."""
    number = next(_numbers)
    return await _create(
        Staff,
        {
            "username": f"town{number}",
            "password_hash": "x",
            "title": f"{area.name}值班",
            "role": Role.TOWN,
            "area": area,
            "on_duty": True,
        }
        | values,
    )


async def make_staff_login(post: GridMember | OrganizationMember, **values: Any) -> Staff:
    """A login for somebody with a post in a grid or an organization."""
    column = "grid_member_id" if isinstance(post, GridMember) else "organization_member_id"
    return await _create(
        Staff,
        {
            "username": f"post{next(_numbers)}",
            "password_hash": "x",
            "title": post.title,
            "role": post.role,
            column: post.id,
        }
        | values,
    )


async def make_category(code: str | None = None, **values: Any) -> Category:
    """A category that prefers grid members."""
    number = next(_numbers)
    return await _create(
        Category,
        {"code": code or f"cat{number}", "name": f"类别{number}", "prefers": AssigneeKind.GRID_MEMBER}
        | values,
    )


async def make_organization(
    category: Category | None = None, community: Community | None = None, *, members: int = 1, **values: Any
) -> Organization:
    """An organization with bound members that serves `category` in `community`."""
    number = next(_numbers)
    area = values.pop("area", None) or (
        await Area.get(id=community.area_id) if community else await make_area()
    )
    organization = await _create(Organization, {"name": f"组织{number}", "area": area} | values)
    for position in range(members):
        await OrganizationMember.create(
            organization=organization,
            title=f"社工{position + 1}",
            role=Role.ORGANIZATION_MANAGER if position == 0 else Role.ORGANIZATION_MEMBER,
            resident=await make_resident(responder=True),
        )
    if category is not None:
        await ServiceScope.create(organization=organization, category=category, community=community)
    return organization


async def make_appeal(
    community: Community | None = None,
    *,
    holder: GridMember | Organization | Staff | None = None,
    **values: Any,
) -> Appeal:
    """An appeal, by default just assigned; `holder` gets the open assignment."""
    community = community or await make_community()
    moment = datetime.now(UTC)
    appeal = await _create(
        Appeal,
        {
            "community": community,
            "resident": values.pop("resident", None) or await make_resident(community=community),
            "category": values.pop("category", None) or await make_category(),
            "kind": AppealKind.DIFFICULTY,
            "status": AppealStatus.ASSIGNED,
            "text": "路灯不亮",
            "account": "oa",
            "created_at": moment,
            "accept_by": moment + timedelta(hours=4),
            "resolve_by": moment + timedelta(days=5),
        }
        | values,
    )
    if holder is not None:
        await make_assignment(appeal, holder)
    return appeal


async def make_assignment(
    appeal: Appeal, holder: GridMember | Organization | Staff, **values: Any
) -> Assignment:
    """The open assignment of the appeal."""
    kinds = {
        GridMember: (AssigneeKind.GRID_MEMBER, "grid_member"),
        Organization: (AssigneeKind.ORGANIZATION, "organization"),
        Staff: (AssigneeKind.STAFF, "staff"),
    }
    kind, column = kinds[type(holder)]
    return await _create(
        Assignment,
        {
            "community_id": appeal.community_id,
            "appeal": appeal,
            "kind": kind,
            column: holder,
            "started_at": datetime.now(UTC),
        }
        | values,
    )


async def make_offering(community: Community, **values: Any) -> Offering:
    """A published activity that everybody may join."""
    number = next(_numbers)
    given = {"title": f"活动{number}", "kind": OfferingKind.ACTIVITY, "state": OfferingState.PUBLISHED}
    return await _create(Offering, {"community": community, "everybody": True} | given | values)


async def make_slot(offering: Offering, **values: Any) -> Slot:
    """A slot tomorrow at this time, two hours long, open for sign-up, with ten places."""
    starts_at = values.setdefault("starts_at", datetime.now(UTC) + timedelta(days=1))
    times = {
        "ends_at": starts_at + timedelta(hours=2),
        "opens_at": starts_at - timedelta(days=7),
        "closes_at": starts_at,
    }
    known = {"offering": offering, "community_id": offering.community_id, "capacity": 10}
    return await _create(Slot, known | times | values)
