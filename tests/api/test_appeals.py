"""Reading appeals over the admin API: sight, filters, search, pages, masking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

import settings
from models import (
    Appeal,
    AppealEvent,
    AppealKind,
    AppealStatus,
    Area,
    Assignment,
    Attachment,
    AttachmentKind,
    AttachmentState,
    AuditEntry,
    Category,
    Community,
    Grid,
    OrganizationMember,
    Role,
    RoutingDecision,
    Urgency,
    phone_hash,
)
from services.clock import now
from tests.api.conftest import Enter
from tests.make import (
    make_appeal,
    make_area_duty,
    make_category,
    make_community,
    make_duty,
    make_grid,
    make_grid_member,
    make_organization,
    make_resident,
    make_staff_login,
)
from tests.queries import counted


@dataclass
class Place:
    """A community with a grid, and its duty staff logged in."""

    community: Community
    grid: Grid
    desk: httpx.AsyncClient


@pytest.fixture
async def place(enter: Enter) -> Place:
    """Where the tests happen."""
    community = await make_community()
    return Place(community, await make_grid(community), await enter(await make_duty(community)))


async def _numbers(client: httpx.AsyncClient, **params: Any) -> list[int]:
    response = await client.get("/appeals", params=params)
    assert response.status_code == 200, response.text
    return [one["number"] for one in response.json()["items"]]


async def test_a_list_shows_newest_first_with_owner_and_deadlines(place: Place) -> None:
    member = await make_grid_member(place.grid, title="三组网格员")
    first = await make_appeal(place.community, grid=place.grid, holder=member)
    second = await make_appeal(place.community)

    items = (await place.desk.get("/appeals")).json()["items"]

    assert [one["number"] for one in items] == [second.number, first.number]
    assert items[0]["owner"] is None
    assert items[1]["owner"]["name"] == "三组网格员"
    assert items[1]["owner"]["kind"] == {"value": "grid", "label": "网格员"}
    assert items[1]["status"] == {"value": "assigned", "label": "已派单"}
    assert items[1]["grid"]["name"] == place.grid.name


async def test_a_list_shows_a_place_as_far_as_the_building_and_the_detail_all_of_it(place: Place) -> None:
    home = "粮站旁边5栋2单元302室"
    appeal = await make_appeal(place.community, place=home)

    (row,) = (await place.desk.get("/appeals")).json()["items"]

    assert row["place"] == "粮站旁边5栋"
    assert (await place.desk.get(f"/appeals/{appeal.number}")).json()["place"] == home


async def test_pages_follow_each_other_without_gap_or_repeat(place: Place) -> None:
    made = [(await make_appeal(place.community)).number for _ in range(5)]
    seen: list[int] = []
    after: dict[str, int] = {}

    while True:
        page = (await place.desk.get("/appeals", params={"page[size]": 2} | after)).json()
        seen += [one["number"] for one in page["items"]]
        if page["next"] is None:
            break
        after = {"page[after]": page["next"]}

    assert seen == sorted(made, reverse=True)


async def test_a_list_takes_as_many_queries_for_twenty_rows_as_for_one(place: Place) -> None:
    counts = []
    for rows in (1, 19):
        for _ in range(rows):
            holder = await make_grid_member(place.grid)
            _ = await make_appeal(place.community, grid=place.grid, holder=holder)
        with counted() as statements:
            assert (await place.desk.get("/appeals")).status_code == 200
        counts.append(len(statements))

    assert 0 < counts[0] == counts[1] <= 4


async def test_each_filter_narrows_the_list(place: Place) -> None:
    category = await make_category("water")
    moment = now()
    plain = await make_appeal(place.community)
    found: dict[str, Appeal] = {
        "status": await make_appeal(place.community, status=AppealStatus.RESOLVED),
        "kind": await make_appeal(place.community, kind=AppealKind.SUGGESTION),
        "category": await make_appeal(place.community, category=category),
        "grid": await make_appeal(place.community, grid=place.grid),
        "urgency": await make_appeal(place.community, urgency=Urgency.URGENT),
        "unsure": await make_appeal(place.community, unsure=True),
        "overdue": await make_appeal(place.community, accept_by=moment - timedelta(minutes=1)),
        "supervised": await make_appeal(place.community, escalation=1),
        "until": await make_appeal(place.community, created_at=moment - timedelta(days=3)),
        "owner_kind": await make_appeal(
            place.community, holder=await make_organization(category, place.community)
        ),
    }
    asked = {
        "status": "resolved",
        "kind": "suggestion",
        "category": "water",
        "grid": place.grid.id,
        "urgency": "urgent",
        "unsure": "true",
        "overdue": "true",
        "supervised": "true",
        "until": (moment - timedelta(days=2)).isoformat(),
        "owner_kind": "org",
    }

    for name, value in asked.items():
        assert await _numbers(place.desk, **{name: value}) == [found[name].number], name
    both = await _numbers(place.desk, status=["resolved", "accepted"])
    assert both == [found["status"].number]
    since = await _numbers(place.desk, since=(moment - timedelta(days=2)).isoformat())
    assert found["until"].number not in since
    assert plain.number in since
    assert found["overdue"].number not in await _numbers(place.desk, overdue="false")


@pytest.mark.parametrize(
    ("status", "late"),
    [
        (AppealStatus.ASSIGNED, True),
        (AppealStatus.ACCEPTED, False),
        (AppealStatus.SUSPENDED, False),
        (AppealStatus.RESOLVED, False),
    ],
)
async def test_row_and_filter_agree_on_what_is_overdue(
    place: Place, status: AppealStatus, late: bool
) -> None:
    appeal = await make_appeal(place.community, status=status, accept_by=now() - timedelta(hours=1))

    (row,) = (await place.desk.get("/appeals")).json()["items"]

    assert row["overdue"] is late
    assert (await _numbers(place.desk, overdue="true") == [appeal.number]) is late


async def test_search_finds_by_number_words_and_phone(place: Place) -> None:
    resident = await make_resident(phone="13800001111", phone_hash=phone_hash("13800001111"))
    lamp = await make_appeal(place.community, text="小学路 100% 的路灯不亮", resident=resident)
    water = await make_appeal(place.community, text="老槐树旁边水管漏水")

    assert await _numbers(place.desk, search=str(lamp.number)) == [lamp.number]
    assert await _numbers(place.desk, search="路灯") == [lamp.number]
    assert await _numbers(place.desk, search="老槐树") == [water.number]
    assert await _numbers(place.desk, search="13800001111") == [lamp.number]
    assert await _numbers(place.desk, search="0% 的") == [lamp.number]
    assert await _numbers(place.desk, search="%") == [lamp.number]
    assert await _numbers(place.desk, search="没有的词") == []


async def test_everybody_sees_their_own_part(place: Place, enter: Enter) -> None:
    member = await make_grid_member(place.grid)
    leader = await make_grid_member(place.grid, role=Role.GRID_LEADER)
    organization = await make_organization(await make_category(), place.community)
    held = await make_appeal(place.community, grid=place.grid, holder=member)
    given = await make_appeal(place.community, holder=organization)
    conduct = await make_appeal(place.community, about_conduct=True)
    elsewhere = await make_appeal(await make_community())

    area = await Area.get(id=place.community.area_id)
    town = await enter(await make_area_duty(area))
    walker = await enter(await make_staff_login(member))
    head = await enter(await make_staff_login(leader))
    helpers = await enter(await make_staff_login(await OrganizationMember.get(organization=organization)))

    assert set(await _numbers(town)) == {held.number, given.number, conduct.number}
    assert set(await _numbers(place.desk)) == {held.number, given.number}
    assert await _numbers(walker) == await _numbers(walker, mine="true") == [held.number]
    assert await _numbers(head) == [held.number]
    assert await _numbers(head, mine="true") == []
    assert await _numbers(helpers) == [given.number]
    for client in (place.desk, walker, head, helpers):
        for number in (conduct.number, elsewhere.number):
            assert (await client.get(f"/appeals/{number}")).status_code == 404


async def _detailed(place: Place, **values: Any) -> Appeal:
    resident = await make_resident(name="张三丰", phone="13812345678", address="三组 12 号")
    appeal = await make_appeal(place.community, resident=resident, **values)
    await RoutingDecision(
        community_id=appeal.community_id,
        appeal=appeal,
        lexicon_version="village-1",
        intent="difficulty",
        urgent=False,
        ranked=[{"code": "water", "name": "供水", "score": 2.5}],
        margin=1.5,
        matched=[{"keyword": "漏水", "category": "water", "weight": 2.5}],
        candidates=[{"kind": "grid", "id": 7, "name": "三组网格员", "kept": True, "why": "同网格"}],
        chosen="三组网格员",
        why="同网格，手上最少。",
        created_at=now(),
    ).save()
    await AppealEvent(
        community_id=appeal.community_id,
        appeal=appeal,
        verb="assign",
        to_status=AppealStatus.ASSIGNED,
        role=Role.SYSTEM,
        actor="系统",
        at=now(),
    ).save()
    return appeal


async def test_detail_shows_why_it_went_there_and_masks_the_resident(place: Place) -> None:
    appeal = await _detailed(place)

    response = await place.desk.get(f"/appeals/{appeal.number}")

    body = response.json()
    assert body["decision"] == body["decisions"][-1]
    assert body["decision"]["kind"] == "困难"
    assert body["decision"]["ranked"][0] == {"code": "water", "name": "供水", "score": 2.5}
    assert body["decision"]["matched"][0]["keyword"] == "漏水"
    assert body["decision"]["candidates"][0]["why"] == "同网格"
    assert body["decision"]["chosen"] == "三组网格员"
    assert [one["label"] for one in body["history"]] == ["派单"]
    assert body["resident"] == {"name": "张**", "phone": "138****5678"}
    assert not any(secret in response.text for secret in ("三丰", "1234", "12 号"))


async def test_unmasking_needs_a_reason_and_is_audited(place: Place) -> None:
    appeal = await _detailed(place)

    assert (
        await place.desk.post(f"/appeals/{appeal.number}/unmask", json={"reason": " "})
    ).status_code == 422
    response = await place.desk.post(f"/appeals/{appeal.number}/unmask", json={"reason": "上门前打电话"})

    assert response.json() == {"name": "张三丰", "phone": "13812345678", "address": "三组 12 号"}
    entry = await AuditEntry.get(action="appeal.unmask")
    assert (entry.target, entry.detail) == (f"appeal {appeal.number}", {"reason": "上门前打电话"})
    assert entry.community_id == place.community.id


async def test_who_gave_the_appeal_away_cannot_unmask_it_any_more(place: Place, enter: Enter) -> None:
    member = await make_grid_member(place.grid)
    appeal = await _detailed(place, holder=member)
    client = await enter(await make_staff_login(member))
    address = f"/appeals/{appeal.number}/unmask"
    assert (await client.post(address, json={"reason": "上门"})).status_code == 200

    await Assignment.filter(appeal=appeal).update(ended_at=now())

    assert (await client.post(address, json={"reason": "上门"})).status_code == 403
    assert await AuditEntry.filter(action="appeal.unmask").count() == 1


async def test_looking_at_a_delicate_appeal_is_audited(place: Place) -> None:
    delicate: Category = await make_category(delicate=True)
    appeal = await _detailed(place, category=delicate)
    plain = await _detailed(place)

    for number in (appeal.number, plain.number):
        assert (await place.desk.get(f"/appeals/{number}")).status_code == 200

    assert [one.target for one in await AuditEntry.filter(action="appeal.view")] == [
        f"appeal {appeal.number}"
    ]


async def test_detail_takes_as_many_queries_however_much_belongs_to_it(place: Place) -> None:
    appeal = await _detailed(place)
    counts = []
    for _ in range(2):
        with counted() as statements:
            assert (await place.desk.get(f"/appeals/{appeal.number}")).status_code == 200
        counts.append(len(statements))
        for _ in range(5):
            await Attachment(appeal=appeal, kind=AttachmentKind.IMAGE, account="oa").save()

    assert 0 < counts[0] == counts[1] <= 7


async def test_a_stored_file_is_given_to_who_sees_the_appeal(
    place: Place, enter: Enter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = settings.load().model_copy(update={"media_dir": str(tmp_path)})
    monkeypatch.setattr(settings, "load", lambda: changed)
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8picture")
    appeal = await _detailed(place)
    photo = await Attachment.create(
        appeal=appeal,
        kind=AttachmentKind.IMAGE,
        state=AttachmentState.STORED,
        account="oa",
        path="photo.jpg",
        content_type="image/jpeg",
    )
    lost = await Attachment.create(appeal=appeal, kind=AttachmentKind.IMAGE, account="oa")
    stranger = await enter(await make_duty(await make_community()))

    response = await place.desk.get(f"/appeals/{appeal.number}/attachments/{photo.id}")

    assert (response.content, response.headers["content-type"]) == (b"\xff\xd8picture", "image/jpeg")
    assert response.headers["x-content-type-options"] == "nosniff"
    for client, attachment in ((place.desk, lost), (stranger, photo)):
        found = await client.get(f"/appeals/{appeal.number}/attachments/{attachment.id}")
        assert found.status_code == 404
