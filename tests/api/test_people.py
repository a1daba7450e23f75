"""People, organizations and categories over the admin API: what the rules refuse and what a change brings."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import httpx
import pytest

from models import (
    Appeal,
    AppealStatus,
    Area,
    Assignment,
    AuditEntry,
    BindingCode,
    ChannelHalt,
    Community,
    Delivery,
    Grid,
    GridMember,
    Keyword,
    Notice,
    OrganizationMember,
    Role,
    Staff,
    phone_hash,
)
from models.fields import EncryptedText
from services import binding_codes, passwords, revisions, understanding
from services.clock import china_today, now
from tests.api.conftest import Enter
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
    make_staff_login,
)


@pytest.fixture
async def community(db: str) -> Community:
    """A community with an area duty above it, the end of every chain."""
    made = await make_community()
    _ = await make_area_duty(await Area.get(id=made.area_id))
    return made


@pytest.fixture
async def grid(community: Community) -> Grid:
    """One of its grids."""
    return await make_grid(community)


@pytest.fixture
async def duty(community: Community) -> Staff:
    """The one person on duty."""
    return await make_duty(community)


@pytest.fixture
async def desk(duty: Staff, enter: Enter) -> httpx.AsyncClient:
    """The same, logged in."""
    return await enter(duty)


@pytest.fixture
async def town(community: Community, enter: Enter) -> httpx.AsyncClient:
    """Staff of the area above, logged in."""
    return await enter(await make_area_duty(await Area.get(id=community.area_id), on_duty=False))


async def test_the_last_duty_person_of_a_community_cannot_be_removed(
    desk: httpx.AsyncClient, duty: Staff
) -> None:
    for change in ({"active": False}, {"on_duty": False}):
        response = await desk.patch(f"/staff/{duty.id}", json=change)
        assert (response.status_code, response.json()["code"]) == (409, "conflict")
    await duty.refresh_from_db()
    assert duty.active
    assert duty.on_duty


async def test_of_two_duty_persons_one_may_go(
    desk: httpx.AsyncClient, duty: Staff, community: Community
) -> None:
    second = await make_duty(community)

    assert (await desk.patch(f"/staff/{second.id}", json={"on_duty": False})).status_code == 200
    assert (await desk.patch(f"/staff/{duty.id}", json={"on_duty": False})).status_code == 409


async def test_two_duty_persons_who_go_at_the_same_moment_leave_one(
    town: httpx.AsyncClient, duty: Staff, community: Community
) -> None:
    second = await make_duty(community)

    answers = await asyncio.gather(
        *(town.patch(f"/staff/{one.id}", json={"on_duty": False}) for one in (duty, second))
    )

    assert sorted(one.status_code for one in answers) == [200, 409]
    assert await Staff.filter(community=community, on_duty=True, active=True).count() == 1


async def test_a_grid_member_who_stops_hands_on_what_they_hold_and_is_logged_out(
    desk: httpx.AsyncClient, grid: Grid, community: Community, enter: Enter
) -> None:
    member, other = await make_grid_member(grid), await make_grid_member(grid)
    appeal = await make_appeal(community, grid=grid, holder=member, status=AppealStatus.ACCEPTED)
    walker = await enter(await make_staff_login(member))

    response = await desk.patch(f"/grid-members/{member.id}", json={"active": False})

    assert response.status_code == 200, response.text
    held = await Assignment.get(appeal_id=appeal.id, ended_at=None)
    assert held.grid_member_id == other.id
    assert (await Appeal.get(id=appeal.id)).status is AppealStatus.ASSIGNED
    told = await Delivery.get(resident_id=appeal.resident_id, notice=Notice.PROGRESS)
    assert f"已转给{other.title}办理" in told.payload["text"]
    assert (await walker.get("/me")).status_code == 401


@pytest.mark.parametrize("stopped", ["grid-members", "organization-members", "organizations"])
async def test_whoever_is_active_again_logs_in_as_before(
    town: httpx.AsyncClient, community: Community, grid: Grid, duty: Staff, stopped: str
) -> None:
    organization = await make_organization(await make_category(), community)
    member = await OrganizationMember.get(organization=organization)
    post = await make_grid_member(grid) if stopped == "grid-members" else member
    address = f"/{stopped}/{organization.id if stopped == 'organizations' else post.id}"
    known = {"username": "walker", "password_hash": passwords.hash_password("long enough")}
    login = await make_staff_login(post, **known)

    async def logs_in() -> int:
        body = {"username": "walker", "password": "long enough"}
        return (await town.post("/auth/login", json=body)).status_code

    assert (await town.patch(address, json={"active": False})).status_code == 200
    assert await logs_in() == 401
    assert (await town.patch(address, json={"active": True})).status_code == 200
    assert await logs_in() == 200

    await town.patch(f"/staff/{login.id}", json={"active": False})
    await town.patch(address, json={"active": False})
    await town.patch(address, json={"active": True})
    assert await logs_in() == 401


async def test_an_organization_that_stops_hands_on_what_it_holds(
    town: httpx.AsyncClient, community: Community, duty: Staff
) -> None:
    category = await make_category()
    organization = await make_organization(category, community)
    appeal = await make_appeal(community, holder=organization, category=category)

    response = await town.patch(f"/organizations/{organization.id}", json={"active": False})

    assert response.status_code == 200, response.text
    held = await Assignment.get(appeal_id=appeal.id, ended_at=None)
    assert held.organization_id != organization.id


async def test_an_organization_whose_last_member_stops_hands_on_what_it_holds(
    desk: httpx.AsyncClient, community: Community, duty: Staff
) -> None:
    category = await make_category()
    organization = await make_organization(category, community, members=2)
    appeal = await make_appeal(community, holder=organization, category=category)
    first, last = await OrganizationMember.filter(organization=organization).order_by("id")

    await desk.patch(f"/organization-members/{last.id}", json={"active": False})
    assert (await Assignment.get(appeal_id=appeal.id)).ended_at is None
    response = await desk.patch(f"/organization-members/{first.id}", json={"active": False})

    assert response.status_code == 200, response.text
    assert (await Assignment.get(appeal_id=appeal.id, ended_at=None)).organization_id is None


async def test_a_manager_who_stops_as_the_last_one_hands_on_too(
    community: Community, duty: Staff, enter: Enter
) -> None:
    category = await make_category()
    organization = await make_organization(category, community)
    appeal = await make_appeal(community, holder=organization, category=category)
    manager = await OrganizationMember.get(organization=organization)
    client = await enter(await make_staff_login(manager))

    response = await client.patch(f"/organization-members/{manager.id}", json={"active": False})

    assert response.status_code == 200, response.text
    assert (await Assignment.get(appeal_id=appeal.id, ended_at=None)).organization_id is None


async def test_a_refused_change_leaves_everything_as_it_was(
    desk: httpx.AsyncClient, duty: Staff, community: Community
) -> None:
    before = await revisions.current()
    appeal = await make_appeal(community, holder=duty)

    assert (await desk.patch(f"/staff/{duty.id}", json={"active": False})).status_code == 409

    assert await revisions.current() == before
    assert (await Assignment.get(appeal_id=appeal.id, ended_at=None)).staff_id == duty.id
    assert await AuditEntry.filter(action="staff.update").count() == 0


async def test_personal_fields_are_encrypted_hashed_and_masked(desk: httpx.AsyncClient, grid: Grid) -> None:
    body = {"grid_id": grid.id, "title": "三组网格员", "name": "张三丰", "phone": "138 1234 5678"}

    made = (await desk.post("/grid-members", json=body)).json()
    changed = (await desk.patch(f"/grid-members/{made['id']}", json={"phone": "139-0000-1111"})).json()

    assert (made["name"], made["phone"], changed["phone"]) == ("张**", "138****5678", "139****1111")
    row = await GridMember.get(id=made["id"])
    assert (row.name, row.phone_hash) == ("张三丰", phone_hash("13900001111"))
    assert isinstance(GridMember._meta.fields_map["phone"], EncryptedText)


async def test_leave_and_deputy_are_checked(desk: httpx.AsyncClient, grid: Grid) -> None:
    member, other = await make_grid_member(grid), await make_grid_member(grid)
    stranger = await make_grid_member(await make_grid(await make_community()))
    today, earlier = str(china_today()), str(china_today() - timedelta(days=1))
    address = f"/grid-members/{member.id}"

    good = await desk.patch(
        address, json={"leave_from": today, "leave_until": today, "deputy_id": other.id, "cap": 3}
    )
    assert good.status_code == 200
    assert (good.json()["leave_from"], good.json()["deputy_id"], good.json()["cap"]) == (today, other.id, 3)
    for wrong in (
        {"leave_from": today, "leave_until": earlier},
        {"leave_from": None},
        {"deputy_id": member.id},
        {"deputy_id": stranger.id},
    ):
        assert (await desk.patch(address, json=wrong)).status_code == 422, wrong
    assert (await desk.patch(address, json={"cap": None})).status_code == 422
    ended = await desk.patch(address, json={"leave_from": None, "leave_until": None, "deputy_id": None})
    assert (ended.json()["leave_from"], ended.json()["deputy_id"], ended.json()["cap"]) == (None, None, 3)


async def test_a_binding_code_is_shown_once_and_the_next_one_ends_it(
    desk: httpx.AsyncClient, grid: Grid
) -> None:
    member = await make_grid_member(grid, bound=False)
    address = f"/grid-members/{member.id}/binding-code"

    first = (await desk.post(address)).json()
    second = (await desk.post(address)).json()

    assert len(first["code"]) == 8
    assert set(first["code"]) <= set(binding_codes.ALPHABET)
    old = await BindingCode.get(code_hash=binding_codes.code_hash(first["code"]))
    new = await BindingCode.get(code_hash=binding_codes.code_hash(second["code"].lower()))
    assert old.expires_at <= now() < new.expires_at <= now() + timedelta(hours=24)
    assert new.grid_member_id == member.id
    assert first["code"] not in str(await AuditEntry.all().values())


async def test_a_town_sees_the_logins_of_its_own_organizations_alone(
    town: httpx.AsyncClient, community: Community
) -> None:
    logins = []
    for place in (community, await make_community()):
        organization = await make_organization(await make_category(), place)
        logins.append(await make_staff_login(await OrganizationMember.get(organization=organization)))

    seen = {one["id"] for one in (await town.get("/staff")).json()["items"]}

    assert logins[0].id in seen
    assert logins[1].id not in seen


async def test_nobody_makes_a_login_above_their_own(
    desk: httpx.AsyncClient, town: httpx.AsyncClient, community: Community, grid: Grid
) -> None:
    base = {"username": "newcomer", "password": "long enough", "title": "新人"}
    in_area = {"area_id": community.area_id}

    assert (await desk.post("/staff", json=base | in_area | {"role": "town"})).status_code == 403
    assert (await town.post("/staff", json=base | in_area | {"role": "city"})).status_code == 403
    mixed = base | in_area | {"role": "community_staff", "community_id": community.id}
    assert (await town.post("/staff", json=mixed)).status_code == 422
    made = await town.post("/staff", json=base | in_area | {"role": "town"})
    assert made.status_code == 201
    assert "password" not in made.text
    again = await desk.post("/staff", json=base | {"role": "community_staff", "community_id": community.id})
    assert again.status_code == 409
    member = await make_grid_member(grid)
    walker = base | {"username": "walker", "role": "grid_member", "grid_member_id": member.id}
    assert (await desk.post("/staff", json=walker | {"on_duty": True})).status_code == 422
    assert (await desk.post("/staff", json=walker)).status_code == 201


async def test_a_new_login_can_log_in(desk: httpx.AsyncClient, community: Community) -> None:
    body = {"username": "night", "password": "long enough", "title": "夜班", "role": "community_staff"}
    assert (await desk.post("/staff", json=body | {"community_id": community.id})).status_code == 201

    answer = await desk.post("/auth/login", json={"username": "night", "password": "long enough"})

    assert answer.json()["token_type"] == "Bearer"
    headers = {"authorization": f"Bearer {answer.json()['access_token']}"}
    me = (await desk.get("/me", headers=headers)).json()
    assert (me["title"], me["community_ids"]) == ("夜班", [community.id])


async def test_community_staff_change_only_organizations_that_serve_them_alone(
    desk: httpx.AsyncClient, community: Community
) -> None:
    mine = await make_organization(await make_category(), community)
    neighbour = await make_community(area_id=community.area_id)
    shared = await make_organization(await make_category(), neighbour)
    both = await desk.get("/organizations")
    assert {one["id"] for one in both.json()["items"]} == {mine.id, shared.id}

    assert (await desk.patch(f"/organizations/{mine.id}", json={"cap": 5})).status_code == 200
    assert (await desk.patch(f"/organizations/{shared.id}", json={"cap": 5})).status_code == 403


async def test_a_manager_sets_the_leave_of_their_own_organization_but_not_its_cap(
    community: Community, enter: Enter
) -> None:
    organization = await make_organization(await make_category(), community)
    manager = await enter(await make_staff_login((await organization.members)[0]))  # type: ignore[attr-defined]
    today = str(china_today())

    leave = await manager.patch(f"/organizations/{organization.id}", json={"leave_from": today})
    cap = await manager.patch(f"/organizations/{organization.id}", json={"leave_from": today, "cap": 0})

    assert (leave.status_code, cap.status_code) == (200, 403)


async def test_a_scope_names_exactly_one_place_of_the_callers(
    desk: httpx.AsyncClient, community: Community, grid: Grid
) -> None:
    category = await make_category("water")
    organization = await make_organization(await make_category(), community)
    elsewhere = await make_community()
    address = f"/organizations/{organization.id}/scopes"

    async def ask(**place: int) -> int:
        return (await desk.post(address, json={"category": category.code} | place)).status_code

    assert await ask() == 422
    assert await ask(community_id=community.id, grid_id=grid.id) == 422
    assert await ask(community_id=elsewhere.id) == 403
    assert await ask(area_id=community.area_id) == 403
    assert await ask(grid_id=999_999) == 404
    assert await ask(community_id=community.id, project_id=999_999) == 404
    assert await ask(grid_id=grid.id) == 201
    assert await ask(grid_id=grid.id) == 409


async def test_the_record_of_a_scope_names_what_was_added_and_removed(
    desk: httpx.AsyncClient, community: Community, grid: Grid
) -> None:
    category = await make_category("water")
    organization = await make_organization(await make_category(), community)
    wanted = {"category": category.code, "grid_id": grid.id}
    made = await desk.post(f"/organizations/{organization.id}/scopes", json=wanted)

    response = await desk.delete(f"/service-scopes/{made.json()['id']}")

    assert response.status_code == 204, response.text
    names = {"organization": organization.name, "category": category.name, "grid": grid.name}
    recorded = await AuditEntry.filter(action__startswith="scope.").order_by("id")
    assert [(one.action, one.detail) for one in recorded] == [("scope.add", names), ("scope.remove", names)]


async def test_keywords_are_unique_in_their_category_and_every_change_raises_the_revision(
    town: httpx.AsyncClient,
) -> None:
    category = await make_category("water")
    body = {"category": category.code, "text": "漏水", "weight": 2.5}
    numbers = []

    made = await town.post("/keywords", json=body)
    numbers.append((await revisions.current())["lexicon"])
    assert (await town.post("/keywords", json=body)).status_code == 409
    assert (await revisions.current())["lexicon"] == numbers[-1]
    address = f"/keywords/{made.json()['id']}"
    assert (await town.patch(address, json={"weight": 3})).status_code == 200
    numbers.append((await revisions.current())["lexicon"])
    assert (await town.delete(address)).status_code == 204
    numbers.append((await revisions.current())["lexicon"])

    assert numbers == sorted(set(numbers))
    assert await Keyword.all().count() == 0
    assert (await town.delete(address)).status_code == 404


@pytest.mark.parametrize(
    ("there", "same"),
    [("路灯", "路燈"), ("公交车", "公交車"), ("wifi", "ＷｉＦｉ"), ("漏水", " 漏水\u200b"), ("路燈", "路灯")],
)
async def test_a_keyword_is_the_same_in_another_script_width_or_case(
    town: httpx.AsyncClient, there: str, same: str
) -> None:
    keyword = await Keyword.create(category=await make_category("water"), text=there, weight=4.0)
    await make_category("roads")
    body = {"text": same, "weight": -20}

    refused = await town.post("/keywords", json=body | {"category": "water"})

    assert (refused.status_code, refused.json()["detail"]) == (409, "这个类别已有这个关键词。")
    assert (await Keyword.get()).weight == keyword.weight
    assert (await town.post("/keywords", json=body | {"category": "roads"})).status_code == 201


async def test_a_keyword_is_kept_and_found_as_messages_are_read(town: httpx.AsyncClient) -> None:
    await make_category("water")

    made = await town.post("/keywords", json={"category": "water", "text": "　公交車\u200b", "weight": 2})
    found = await town.get("/keywords", params={"search": "交車"})

    assert (made.status_code, made.json()["text"]) == (201, "公交车")
    assert [one["text"] for one in found.json()["items"]] == ["公交车"]


@pytest.mark.parametrize("text", [" ", "　", "\u200b", "\u200e\u2060", "\u00ad \ufeff", "\t\n"])
async def test_a_keyword_that_nobody_can_see_is_refused(town: httpx.AsyncClient, text: str) -> None:
    await make_category("water")

    refused = await town.post("/keywords", json={"category": "water", "text": text, "weight": 2})

    assert refused.status_code == 422
    assert await Keyword.all().count() == 0


async def test_a_category_accepts_before_it_resolves(town: httpx.AsyncClient) -> None:
    body = {"code": "roads", "name": "道路", "prefers": "grid"}

    assert (await town.post("/categories", json=body | {"accept_minutes": 9000})).status_code == 422
    assert (await town.post("/categories", json=body)).status_code == 201
    assert (await town.post("/categories", json=body)).status_code == 409
    assert (
        await town.post("/categories", json=body | {"code": "r2", "parent": "nothing"})
    ).status_code == 404
    child = await town.post("/categories", json=body | {"code": "r2", "parent": "roads"})
    assert child.json()["parent"]["name"] == "道路"
    assert (await town.patch("/categories/roads", json={"delicate": True})).json()["delicate"] is True


async def test_a_grid_with_open_appeals_stays(
    desk: httpx.AsyncClient, grid: Grid, community: Community
) -> None:
    appeal = await make_appeal(community, grid=grid)
    address = f"/grids/{grid.id}"
    square = [[119.0, 32.0], [119.1, 32.0], [119.1, 32.1]]

    assert (await desk.patch(address, json={"active": False})).status_code == 409
    drawn = await desk.patch(address, json={"polygon": square, "datum": "WGS-84"})
    assert (drawn.json()["polygon"], drawn.json()["datum"]) == (square, "WGS-84")
    await Appeal.filter(id=appeal.id).update(status=AppealStatus.CLOSED)
    assert (await desk.patch(address, json={"active": False})).status_code == 200


async def test_days_are_entered_changed_and_forgotten(desk: httpx.AsyncClient, community: Community) -> None:
    address = f"/communities/{community.id}/days"

    assert (await desk.put(f"{address}/2027-02-06", json={"working": True})).status_code == 200
    assert (await desk.put(f"{address}/2027-02-06", json={"working": False})).status_code == 200
    assert (await desk.get(address)).json()["items"] == [{"day": "2027-02-06", "working": False}]
    assert (await desk.delete(f"{address}/2027-02-06")).status_code == 204
    assert (await desk.delete(f"{address}/2027-02-06")).status_code == 404
    hours = await desk.patch(f"/communities/{community.id}", json={"work_start": "18:00"})
    assert hours.status_code == 422


async def test_the_audit_record_shows_ones_own_communities(
    desk: httpx.AsyncClient, town: httpx.AsyncClient, grid: Grid, enter: Enter
) -> None:
    _ = await desk.post("/place-names", json={"grid_id": grid.id, "name": "老槐树"})
    stranger = await enter(await make_duty(await make_community()))

    mine = (await town.get("/audit", params={"action": "place."})).json()["items"]

    assert [(one["action"], one["detail"]) for one in mine] == [("place.add", {"name": "老槐树"})]
    assert (await stranger.get("/audit")).json()["items"] == []


ROLES = (Role.GRID_LEADER, Role.GRID_MEMBER)


@pytest.mark.parametrize("role", ROLES)
async def test_a_login_of_a_post_acts_as_that_post(grid: Grid, enter: Enter, role: Role) -> None:
    member = await make_grid_member(grid, role=role)

    me = (await (await enter(await make_staff_login(member))).get("/me")).json()

    assert (me["role"]["value"], me["grid_member_id"], me["grid_id"]) == (role.value, member.id, grid.id)


async def test_short_lists_are_paged_like_long_ones(enter: Enter) -> None:
    town = await make_area()
    desk = await enter(await make_area_duty(town))
    made = [(await make_category()).code for _ in range(3)]

    first = (await desk.get("/categories", params={"page[size]": 2})).json()
    second = (await desk.get("/categories", params={"page[size]": 2, "page[after]": first["next"]})).json()

    assert [one["code"] for one in first["items"] + second["items"]] == made
    assert second["next"] is None


async def test_only_staff_above_the_communities_let_a_halted_account_send_again(enter: Enter) -> None:
    community = await make_community()
    halt = await ChannelHalt.create(account="oa", api="*", code=48004)
    duty = await enter(await make_duty(community))
    above = await enter(await make_area_duty(await Area.get(id=community.area_id)))

    assert (await duty.post(f"/halts/{halt.id}/lift")).status_code == 403
    assert (await above.post(f"/halts/{halt.id}/lift")).status_code == 200


async def test_the_chat_notices_a_community_that_is_made_renamed_or_switched_off(
    town: httpx.AsyncClient, community: Community
) -> None:
    assert await _chat_knows(community.name)
    made = await town.post(
        "/communities", json={"area_id": community.area_id, "code": "new", "name": "桃花村"}
    )
    assert made.status_code == 201, made.text
    assert await _chat_knows("桃花村")

    await town.patch(f"/communities/{community.id}", json={"name": "梅花村"})
    assert await _chat_knows("梅花村")

    await town.patch(f"/communities/{community.id}", json={"active": False})
    assert not await _chat_knows("梅花村")


async def _chat_knows(name: str) -> bool:
    understanding.forget()  # as if the two seconds were over
    return (await understanding.knowledge()).community_called(name) is not None
