"""`make seed`: load the demo communities. Repeatable: rows that are there stay as people left them."""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta
from typing import Any

import settings
from models import (
    Area,
    AreaLevel,
    Category,
    Community,
    Conversation,
    Grid,
    GridMember,
    Organization,
    OrganizationMember,
    PlaceName,
    Resident,
    Role,
    ServiceProject,
    ServiceScope,
    Staff,
    writing,
)
from models.database import opened
from scripts import demo, seed_slots
from services import packs, revisions
from services.clock import china_today
from services.passwords import hashed

HALF_GRID = 0.0018  # degrees: about 200 m


async def seed() -> None:
    """Write what is missing of the demo. Raises: RuntimeError in production, where its password is known."""
    if not settings.load().development:
        raise RuntimeError("示范数据只用于开发环境；正式环境请用管理接口录入。")
    password = await hashed(demo.PASSWORD)
    async with writing():
        await packs.adopt("village")
        town = await _areas()
        for community in demo.COMMUNITIES:
            await _community(town, community)
        for organization in demo.ORGANIZATIONS:
            await _organization(town, organization)
        await _staff(town, password)
        await _residents()
        await seed_slots.seed()
        await revisions.bump(revisions.ROSTER)
        await revisions.bump(revisions.LEXICON)


async def _areas() -> Area:
    city, _ = await Area.get_or_create(name=demo.CITY, parent=None, defaults={"level": AreaLevel.CITY})
    district, _ = await Area.get_or_create(
        name=demo.DISTRICT, parent=city, defaults={"level": AreaLevel.DISTRICT}
    )
    town, _ = await Area.get_or_create(name=demo.TOWN, parent=district, defaults={"level": AreaLevel.TOWN})
    return town


async def _wechat_user(openid: str, **resident: Any) -> Resident:  # noqa: ANN401 - columns of the row
    conversation = await Conversation.get_or_none(account="oa", openid=openid).select_related("resident")
    if conversation is not None and conversation.resident is not None:
        return conversation.resident
    created = await Resident.create(**resident)
    if conversation is None:
        await Conversation(account="oa", openid=openid, resident=created).save()
    else:
        await Conversation.filter(id=conversation.id).update(resident_id=created.id)
    return created


async def _community(town: Area, wanted: demo.DemoCommunity) -> None:
    community, _ = await Community.get_or_create(
        code=wanted.code, defaults={"name": wanted.name, "area": town}
    )
    for position, one in enumerate(wanted.grids, start=1):
        await _grid(community, one, position)


async def _grid(community: Community, wanted: demo.DemoGrid, position: int) -> None:
    grid, _ = await Grid.get_or_create(
        community=community,
        name=wanted.name,
        defaults={"position": position, "polygon": _square(wanted.centre)},
    )
    for name in (wanted.name, *wanted.places):
        aliases = list(demo.ALIASES.get(name, ()))
        await PlaceName.get_or_create(
            community=community, grid=grid, name=name, defaults={"aliases": aliases}
        )
    main = community.code == "xinlian"
    member_openid = f"grid-{_number(wanted)}" if main else f"{community.code}-grid-{position}"
    await _grid_post(grid, f"{wanted.name}网格员", Role.GRID_MEMBER, member_openid)
    if position % 3 == 1:
        await _grid_post(
            grid, f"{wanted.name}网格长", Role.GRID_LEADER, f"{community.code}-leader-{position}"
        )


def _number(wanted: demo.DemoGrid) -> int:
    """`grid-1` of the chat page looks after the third grid, where `resident-1` lives."""
    position = [one.name for one in demo.COMMUNITIES[0].grids].index(wanted.name) + 1
    return {3: 1, 1: 3}.get(position, position)


def _square(centre: tuple[float, float] | None) -> list[list[float]] | None:
    if centre is None:
        return None
    lng, lat = centre
    corners = ((-1, -1), (1, -1), (1, 1), (-1, 1))
    return [[round(lng + x * HALF_GRID, 6), round(lat + y * HALF_GRID, 6)] for x, y in corners]


async def _grid_post(grid: Grid, title: str, role: Role, openid: str) -> None:
    if await GridMember.exists(grid=grid, role=role):
        return
    resident = await _wechat_user(openid, community_id=grid.community_id, grid=grid, responder=True)
    await GridMember(
        community_id=grid.community_id, grid=grid, title=title, role=role, resident=resident
    ).save()


async def _organization(town: Area, wanted: demo.DemoOrganization) -> None:
    organization, new = await Organization.get_or_create(
        name=wanted.name, defaults={"area": town, "cap": wanted.cap}
    )
    if not new:
        return
    resident = await _wechat_user(wanted.openid, responder=True)
    await OrganizationMember(
        organization=organization, resident=resident, role=Role.ORGANIZATION_MANAGER, title="负责人"
    ).save()
    project = await _project(organization, wanted.project)
    communities = await Community.filter(code__in=wanted.communities)
    for category in await Category.filter(code__in=wanted.categories):
        for community in communities:
            await ServiceScope(
                organization=organization, category=category, community=community, project=project
            ).save()


async def _project(organization: Organization, name: str | None) -> ServiceProject | None:
    if name is None:
        return None
    today = china_today()
    return await ServiceProject.create(
        organization=organization, name=name, starts_on=today, ends_on=today + timedelta(days=365)
    )


async def _staff(town: Area, password: str) -> None:
    district = await Area.get(name=demo.DISTRICT)
    city = await Area.get(name=demo.CITY)
    await _login("city", Role.CITY, f"{demo.CITY}民政值班", password, area=city, on_duty=True)
    await _login("district", Role.TOWN, f"{demo.DISTRICT}民政值班", password, area=district, on_duty=True)
    await _login("town", Role.TOWN, f"{demo.TOWN}民政值班", password, area=town, on_duty=True)
    for one in demo.COMMUNITIES:
        community = await Community.get(code=one.code)
        username = "duty" if one.code == "xinlian" else f"duty-{one.code}"
        resident = await _wechat_user(username, community=community, responder=True)
        await _login(
            username,
            Role.COMMUNITY_STAFF,
            f"{one.name}值班",
            password,
            community=community,
            on_duty=True,
            resident=resident,
        )
    # Each logs in by the name that their phone has on the chat page, whoever has taken over the post since.
    for phone in ("grid-1", "grid-3", "xinlian-leader-1"):
        member = await GridMember.filter(resident__conversations__openid=phone).order_by("id").first()
        if member is None:
            continue
        username = "leader" if member.role is Role.GRID_LEADER else phone
        await _login(username, member.role, member.title, password, grid_member=member)
    manager = await OrganizationMember.filter(organization__name=demo.ORGANIZATIONS[0].name).first()
    if manager is not None:
        await _login("org", manager.role, manager.title, password, organization_member_id=manager.id)


async def _login(username: str, role: Role, title: str, password: str, **values: Any) -> None:  # noqa: ANN401
    await Staff.get_or_create(
        username=username, defaults={"role": role, "title": title, "password_hash": password, **values}
    )


async def _residents() -> None:
    for openid, code, grid_name in demo.RESIDENTS:
        grid = await Grid.get(community__code=code, name=grid_name)
        _ = await _wechat_user(openid, community_id=grid.community_id, grid=grid)


async def main() -> None:
    """Open the database, seed, say what is there."""
    async with opened():
        await seed()
        counts = f"{await Community.all().count()} 个村社区，{await Grid.all().count()} 个网格"
        sys.stdout.write(f"示范数据已就绪：{counts}，{await Organization.all().count()} 个社会组织\n")


if __name__ == "__main__":
    asyncio.run(main())
