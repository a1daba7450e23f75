"""A small village to talk in: two communities, three grids, an organization, duty staff, some words."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

from bot.answering import settle
from bot.wire.messages import Incoming, dedup_key, to_payload
from models import (
    Appeal,
    AppealStatus,
    AssigneeKind,
    Assignment,
    Category,
    Community,
    Conversation,
    Delivery,
    Grid,
    GridMember,
    Keyword,
    Notice,
    Organization,
    OrganizationMember,
    PlaceName,
    Resident,
    Role,
    ServiceScope,
    Staff,
)
from services import inbox
from tests.make import make_area, make_area_duty, make_duty

CATEGORIES = (
    ("traffic", "道路交通", AssigneeKind.GRID_MEMBER, False),
    ("sanitation", "环境卫生", AssigneeKind.GRID_MEMBER, False),
    ("utilities", "水电气网", AssigneeKind.GRID_MEMBER, False),
    ("safety", "治安安全", AssigneeKind.GRID_MEMBER, False),
    ("elderly_care", "养老助老", AssigneeKind.ORGANIZATION, False),
    ("counselling", "心理关爱", AssigneeKind.ORGANIZATION, True),
    ("social_security", "社保医保代办", AssigneeKind.STAFF, False),
    ("governance", "村务作风", AssigneeKind.STAFF, False),
    ("education", "教育入学", AssigneeKind.STAFF, False),
    ("other", "其他", AssigneeKind.STAFF, False),
)
SHARED = {"traffic", "sanitation", "utilities", "safety"}
KEYWORDS = (
    ("路灯", "traffic", 4.0),
    ("路面", "traffic", 3.0),
    ("垃圾", "sanitation", 4.0),
    ("臭", "sanitation", 2.5),
    ("停水", "utilities", 4.0),
    ("漏水", "utilities", 4.0),
    ("助餐", "elderly_care", 4.0),
    ("老人吃饭", "elderly_care", 4.0),
    ("着火", "safety", 4.0),
    ("养老金", "social_security", 4.0),
    ("医保", "social_security", 4.0),
    ("心里难受", "counselling", 4.0),
    ("小学", "education", 4.0),
    ("书记", "governance", 3.0),
    ("围墙", "safety", 1.2),
    ("围墙", "sanitation", 1.1),
    ("围墙", "traffic", 1.0),
)
_ids = count(int(time.time() * 1000))


@dataclass
class Village:
    """Everything by its name; people by the openids under which they write."""

    xinlian: Community
    dujiang: Community
    grids: dict[str, Grid]
    duty: Staff
    town: Staff
    organization: Organization
    members: dict[str, GridMember]


async def person(openid: str, account: str = "oa", **values: Any) -> Resident:
    """A resident who follows the account."""
    resident = await Resident.create(**values)
    await Conversation.create(account=account, openid=openid, resident=resident)
    return resident


async def build() -> Village:
    """Write the village. `resident-1` lives in 三组, `stranger` is unknown; `grid-N` and `org-1` respond."""
    categories = {
        code: await Category.create(
            code=code, name=name, prefers=prefers, delicate=delicate, shared=code in SHARED
        )
        for code, name, prefers, delicate in CATEGORIES
    }
    await Keyword.bulk_create(
        [Keyword(category=categories[code], text=text, weight=weight) for text, code, weight in KEYWORDS]
    )
    town = await make_area()
    xinlian = await Community.create(code="xinlian", name="新联村", area=town)
    dujiang = await Community.create(code="dujiang", name="渡江村", area=town)
    await make_duty(dujiang, title="渡江村值班")
    grids, members = await _grids(xinlian, dujiang)
    organization = await _organization(town, xinlian, dujiang, categories)
    await person("resident-1", community=xinlian, grid=grids["三组"])
    await person("villager", community=xinlian)
    return Village(
        xinlian,
        dujiang,
        grids,
        await make_duty(xinlian, title="新联村值班", resident=await person("duty-1", responder=True)),
        await make_area_duty(town, title="示范镇值班"),
        organization,
        members,
    )


def _square(lng: float, lat: float) -> list[list[float]]:
    return [[lng, lat], [lng + 0.004, lat], [lng + 0.004, lat + 0.004], [lng, lat + 0.004]]


async def _grids(xinlian: Community, dujiang: Community) -> tuple[dict[str, Grid], dict[str, GridMember]]:
    grids, members = {}, {}
    for position, name in enumerate(("一组", "二组", "三组"), start=1):
        grid = await Grid.create(
            community=xinlian, name=name, position=position, polygon=_square(119.40 + position * 0.004, 32.40)
        )
        grids[name] = grid
        openid = f"grid-{position}"
        resident = await person(openid, community=xinlian, grid=grid, responder=True)
        members[openid] = await GridMember.create(
            community=xinlian, grid=grid, resident=resident, title=f"{name}网格员"
        )
    await PlaceName.create(community=xinlian, grid=grids["二组"], name="老槐树")
    await PlaceName.create(community=xinlian, grid=grids["三组"], name="小学路")
    leader = await person("leader-3", community=xinlian, grid=grids["三组"], responder=True)
    members["leader-3"] = await GridMember.create(
        community=xinlian, grid=grids["三组"], resident=leader, title="三组网格长", role=Role.GRID_LEADER
    )
    grids["江边组"] = await Grid.create(community=dujiang, name="江边组", position=1)
    resident = await person("grid-9", community=dujiang, responder=True)
    members["grid-9"] = await GridMember.create(
        community=dujiang, grid=grids["江边组"], resident=resident, title="江边组网格员"
    )
    return grids, members


async def _organization(
    town: Any, xinlian: Community, dujiang: Community, categories: dict[str, Category]
) -> Organization:
    organization = await Organization.create(name="邻里帮扶社", area=town)
    for openid, role in (("org-1", Role.ORGANIZATION_MANAGER), ("org-2", Role.ORGANIZATION_MEMBER)):
        await OrganizationMember.create(
            organization=organization, title="社工", role=role, resident=await person(openid, responder=True)
        )
    for community in (xinlian, dujiang):
        for code in ("elderly_care", "counselling"):
            await ServiceScope.create(
                organization=organization, category=categories[code], community=community
            )
    return organization


def message(
    text: str | None = None, openid: str = "resident-1", account: str = "oa", **fields: Any
) -> Incoming:
    """A message as the wire reads it; a text unless `fields` say otherwise."""
    values: dict[str, Any] = {
        "account": account,
        "openid": openid,
        "to_user": "gh_oa",
        "msg_type": "text",
        "known": True,
        "created_at": int(time.time()),
        "text": text,
        "msg_id": str(next(_ids)),
    }
    return Incoming(**values | fields)


def event(name: str, openid: str = "resident-1", **fields: Any) -> Incoming:
    """An event as the wire reads it."""
    return message(
        None, openid, msg_type="event", event=name, msg_id=None, fingerprint=str(next(_ids)), **fields
    )


async def send(incoming: Incoming) -> str:
    """Let the conversation answer one message, by way of the inbox."""
    row = await inbox.receive(incoming.account, incoming.openid, dedup_key(incoming), to_payload(incoming))
    return await settle(row, incoming)


async def say(text: str, openid: str = "resident-1", **fields: Any) -> str:
    """What comes back to a text."""
    return await send(message(text, openid, **fields))


async def newest() -> Appeal:
    """The appeal with the highest number."""
    found = await Appeal.all().order_by("-id").first().select_related("category", "grid", "community")
    assert found is not None
    return found


async def owner(appeal: Appeal) -> str:
    """The title of whoever holds the appeal now."""
    held = await Assignment.get(appeal_id=appeal.id, ended_at=None).select_related(
        "organization", "grid_member", "staff"
    )
    if held.organization is not None:
        return held.organization.name
    return held.grid_member.title if held.grid_member is not None else held.staff.title  # type: ignore[union-attr]


async def pushed(notice: Notice, openid: str) -> list[Delivery]:
    """What was queued for somebody, oldest first."""
    conversation = await Conversation.get(openid=openid, account="oa")
    return await Delivery.filter(notice=notice, resident_id=conversation.resident_id).order_by("id")


async def taken(text: str = "三组路灯不亮", openid: str = "resident-1", by: str = "grid-3") -> Appeal:
    """An appeal that somebody has accepted."""
    await say(text, openid)
    appeal = await newest()
    await say(f"接单 {appeal.number}", by)
    await appeal.refresh_from_db()
    assert appeal.status is AppealStatus.ACCEPTED
    return appeal


async def later(minutes: int, openid: str = "resident-1") -> None:
    """Let time pass for a conversation: everything it remembers moves into the past."""
    talk = await Conversation.get(openid=openid, account="oa")
    for name in ("pending_until", "appeal_at", "asked_at", "code_tries_at", "window_until"):
        moment = getattr(talk, name)
        if moment is not None:
            setattr(talk, name, moment - timedelta(minutes=minutes))
    await talk.save()
