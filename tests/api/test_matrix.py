"""Role × endpoint × own/foreign: every endpoint has an expectation, and keeps it for every role."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from itertools import count
from typing import Any

import httpx
import pytest
from PIL import Image

from api.endpoint import XLSX
from api.openapi import served
from models import (
    Absence,
    Appeal,
    AppealStatus,
    Area,
    AreaLevel,
    Attachment,
    AttachmentKind,
    Block,
    Category,
    ChannelHalt,
    CheckIn,
    CheckInWay,
    Community,
    CommunityDay,
    Delivery,
    Draw,
    Grid,
    GridMember,
    HoursOrigin,
    HoursState,
    Household,
    LexiconVersion,
    OfferingKind,
    Organization,
    OrganizationMember,
    Photo,
    PlaceName,
    Resident,
    Role,
    ServiceProject,
    ServiceScope,
    SignUp,
    SignUpPerson,
    SignUpState,
    Slot,
    Staff,
    VersionState,
    VolunteerHours,
)
from models.types import AppealKind, Channel, DeliveryState, Notice
from services import understanding
from services.access import resident_actor
from services.clock import china_today, now
from services.sheets import xlsx
from services.slots import certificates
from tests.api.conftest import Enter, serving
from tests.make import (
    make_appeal,
    make_area_duty,
    make_category,
    make_community,
    make_duty,
    make_grid,
    make_grid_member,
    make_offering,
    make_organization,
    make_resident,
    make_slot,
    make_staff_login,
)

DESK = {Role.CITY, Role.TOWN, Role.COMMUNITY_STAFF}
ABOVE = {Role.CITY, Role.TOWN}
GRID = {Role.GRID_LEADER, Role.GRID_MEMBER}
ORGANIZATION = {Role.ORGANIZATION_MANAGER, Role.ORGANIZATION_MEMBER}
ALL = DESK | GRID | ORGANIZATION
OPERATORS = DESK | {Role.ORGANIZATION_MANAGER}
HOLDERS = GRID | ORGANIZATION
_fresh = count(1)


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
    town = await Area.create(name=f"town{next(_fresh)}", level=AreaLevel.TOWN, parent=city)
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


def on_appeal(path: str, body: dict[str, Any] | None = None, **values: Any) -> Ask:
    """A verb on an appeal."""

    async def ask(world: World, role: Role) -> Asked:
        return f"/appeals/{(await world.appeal(role, **values)).number}{path}", body

    return ask


async def _assign(world: World, role: Role) -> Asked:
    appeal = await world.appeal(role)
    return f"/appeals/{appeal.number}/assignment", {"kind": "grid", "id": world.leader.id}


async def _category(world: World, role: Role) -> Asked:
    return f"/appeals/{(await world.appeal(role)).number}/category", {"code": world.category}


async def _conduct(world: World, role: Role) -> Asked:
    number = (await world.appeal(role)).number
    return f"/appeals/{number}/conduct", {"about_conduct": True, "reason": "说的是干部"}


async def _merge(world: World, role: Role) -> Asked:
    return (
        f"/appeals/{(await world.appeal(role)).number}/merge",
        {"into": (await world.appeal(role)).number},
    )


async def _split(world: World, role: Role) -> Asked:
    body = {"text": "还有一件事", "category": world.category}
    return f"/appeals/{(await world.appeal(role)).number}/split", body


async def _attachment(world: World, role: Role) -> Asked:
    appeal = await world.appeal(role)
    one = await Attachment.create(appeal=appeal, kind=AttachmentKind.IMAGE, account="oa", path="gone.jpg")
    return f"/appeals/{appeal.number}/attachments/{one.id}", None


async def _alarm(world: World, role: Role) -> Asked:
    appeal = await world.appeal(role, urgency="emergency", kind=AppealKind.DIFFICULTY)
    return f"/appeals/{appeal.number}/stand-down", None


def on_community(path: str, body: dict[str, Any] | None = None) -> Ask:
    """Something of the community."""

    async def ask(world: World, _role: Role) -> Asked:
        return f"/communities/{world.community.id}{path}", body

    return ask


async def _forget_day(world: World, _role: Role) -> Asked:
    day = china_today()
    if not await CommunityDay.exists(community=world.community, day=day):
        await CommunityDay(community=world.community, day=day, working=True).save()
    return f"/communities/{world.community.id}/days/{day}", None


async def _new_community(world: World, _role: Role) -> Asked:
    return "/communities", {"area_id": world.town.id, "code": f"new{next(_fresh)}", "name": "新村"}


async def _new_grid(world: World, _role: Role) -> Asked:
    return "/grids", {"community_id": world.community.id, "name": f"新{next(_fresh)}组"}


async def _grid(world: World, _role: Role) -> Asked:
    return f"/grids/{world.grid.id}", {"position": 3}


async def _new_place(world: World, _role: Role) -> Asked:
    return "/place-names", {"grid_id": world.grid.id, "name": f"老槐树{next(_fresh)}"}


async def _place(world: World, _role: Role) -> Asked:
    place = await PlaceName.create(community=world.community, grid=world.grid, name=f"桥{next(_fresh)}")
    return f"/place-names/{place.id}", None


async def _changed_place(world: World, role: Role) -> Asked:
    url, _ = await _place(world, role)
    return url, {"aliases": ["老桥口"]}


async def _new_member(world: World, _role: Role) -> Asked:
    return "/grid-members", {"grid_id": world.grid.id, "title": "新网格员"}


async def _member(world: World, _role: Role) -> Asked:
    return f"/grid-members/{world.member.id}", {"cap": 5}


async def _member_code(world: World, _role: Role) -> Asked:
    return f"/grid-members/{world.member.id}/binding-code", None


async def _new_organization(world: World, _role: Role) -> Asked:
    return "/organizations", {"area_id": world.town.id, "name": f"新社{next(_fresh)}"}


def on_organization(path: str, body: dict[str, Any] | None = None) -> Ask:
    """Something of the organization."""

    async def ask(world: World, _role: Role) -> Asked:
        return f"/organizations/{world.organization.id}{path}", body

    return ask


async def _helper(world: World, _role: Role) -> Asked:
    return f"/organization-members/{world.helper.id}", {"title": "社工"}


async def _helper_code(world: World, _role: Role) -> Asked:
    return f"/organization-members/{world.helper.id}/binding-code", None


async def _new_scope(world: World, _role: Role) -> Asked:
    category = await make_category()
    body = {"category": category.code, "grid_id": world.grid.id}
    return f"/organizations/{world.organization.id}/scopes", body


async def _scope(world: World, _role: Role) -> Asked:
    scope = await ServiceScope.create(
        organization=world.organization, category=await make_category(), grid=world.grid
    )
    return f"/service-scopes/{scope.id}", None


async def _project(world: World, _role: Role) -> Asked:
    project = await ServiceProject.create(
        organization=world.organization, name="向阳花开", starts_on=china_today(), ends_on=china_today()
    )
    return f"/service-projects/{project.id}", {"name": "知心帮帮忙"}


async def _new_staff(world: World, _role: Role) -> Asked:
    place = {"role": "community_staff", "community_id": world.community.id}
    return "/staff", {"username": f"s{next(_fresh)}x", "password": "long enough", "title": "值班"} | place


def on_staff(path: str, body: dict[str, Any] | None = None) -> Ask:
    """Something of another duty person of the community."""

    async def ask(world: World, _role: Role) -> Asked:
        return f"/staff/{(await make_duty(world.community)).id}{path}", body

    return ask


async def _new_category(_world: World, _role: Role) -> Asked:
    return "/categories", {"code": f"n{next(_fresh)}", "name": "新类别", "prefers": "grid"}


async def _old_category(world: World, _role: Role) -> Asked:
    return f"/categories/{world.category}", {"name": "改名"}


async def _new_keyword(world: World, _role: Role) -> Asked:
    return "/keywords", {"category": world.category, "text": f"词{next(_fresh)}", "weight": 1.5}


def on_keyword(body: dict[str, Any] | None) -> Ask:
    """A keyword, made over and over."""

    async def ask(world: World, _role: Role) -> Asked:
        category = await make_category()
        keyword = await category.keywords.remote_model.create(  # type: ignore[attr-defined]
            category=category, text=f"词{next(_fresh)}", weight=1.0
        )
        return f"/keywords/{keyword.id}", body

    return ask


async def _retry(world: World, role: Role) -> Asked:
    appeal = await world.appeal(role)
    dead = await Delivery.create(
        community_id=world.community.id,
        dedup_key=f"assigned:{next(_fresh)}:1:template",
        notice=Notice.PROGRESS,
        appeal_id=appeal.id,
        resident=await make_resident(),
        channel=Channel.TEMPLATE,
        payload={},
        state=DeliveryState.DEAD,
        due_at=now(),
        created_at=now(),
    )
    return f"/deliveries/{dead.id}/retry", None


async def _halt(_world: World, _role: Role) -> Asked:
    halt = await ChannelHalt.create(account=f"oa{next(_fresh)}", api="*", code=48004)
    return f"/halts/{halt.id}/lift", None


async def _refit(_world: World, _role: Role) -> Asked:
    await LexiconVersion.filter(state=VersionState.RUNNING).update(state=VersionState.FAILED)
    return "/lexicon-versions", {"note": "新教例多了"}


def on_version(path: str) -> Ask:
    """An earlier version of the learned words."""

    async def ask(_world: World, _role: Role) -> Asked:
        version = await LexiconVersion.create(state=VersionState.SPARE, requested_by="值班", started_at=now())
        return f"/lexicon-versions/{version.id}{path}", None

    return ask


async def _trial(world: World, _role: Role) -> Asked:
    if not await Category.exists(code="other"):
        await make_category("other")
        understanding.forget()
    return "/trials", {"text": "路灯不亮", "community_id": world.community.id}


async def _rehearsal(world: World, role: Role) -> Asked:
    _ = await _trial(world, role)
    return "/rehearsals", {"community_id": world.community.id, "last": 10}


async def _slot(world: World, **values: Any) -> Slot:
    offering = await make_offering(world.community, organization=world.organization)
    return await make_slot(offering, **values)


def on_offering(path: str, body: dict[str, Any] | None = None, **values: Any) -> Ask:
    """An offering of this side."""

    async def ask(world: World, _role: Role) -> Asked:
        known = {"organization": world.organization} | values
        return f"/offerings/{(await make_offering(world.community, **known)).id}{path}", body

    return ask


def on_slot(path: str, body: dict[str, Any] | bytes | None = None) -> Ask:
    """A slot of this side."""

    async def ask(world: World, _role: Role) -> Asked:
        return f"/slots/{(await _slot(world)).id}{path}", body

    return ask


async def _sign_up(world: World, slot: Slot, party: int, state: SignUpState, line: int | None) -> SignUp:
    return await SignUp.create(
        community_id=world.community.id,
        slot=slot,
        household=await Household.create(),
        resident=await make_resident(),
        party=party,
        state=state,
        line=line,
        created_at=now(),
    )


async def _held(world: World, _role: Role) -> Asked:
    slot = await _slot(world, capacity=1, taken=1)
    made = await _sign_up(world, slot, 1, SignUpState.HELD, None)
    return f"/sign-ups/{made.id}/take-off", WHY


async def _second_in_line(world: World, _role: Role) -> Asked:
    """Behind a party that is too big for the one free place."""
    slot = await _slot(world, capacity=1, waiting=2)
    _ = await _sign_up(world, slot, 2, SignUpState.WAITING, 1)
    made = await _sign_up(world, slot, 1, SignUpState.WAITING, 2)
    return f"/sign-ups/{made.id}/promotion", None


async def _moved(world: World, _role: Role) -> Asked:
    """To a later slot of the same offering."""
    slot = await _slot(world, capacity=1, taken=1)
    made = await _sign_up(world, slot, 1, SignUpState.HELD, None)
    await SignUpPerson.create(sign_up=made, slot_id=slot.id, person=f"r{made.resident_id}")
    later = await make_slot(await slot.offering, starts_at=slot.starts_at + timedelta(days=1))
    return f"/sign-ups/{made.id}/transfer", {"slot_id": later.id}


def on_draw(body: dict[str, Any] | None = None) -> Ask:
    """A season of plots of this side whose applications are closed."""

    async def ask(world: World, _role: Role) -> Asked:
        offering = await make_offering(
            world.community, organization=world.organization, kind=OfferingKind.PLOT
        )
        slot = await make_slot(offering, by_lot=True, closes_at=now() - timedelta(hours=1))
        _ = await Draw.create(community_id=slot.community_id, slot=slot, seed="0" * 64, seed_hash="x")
        return f"/slots/{slot.id}/draw", body

    return ask


async def _running(world: World) -> tuple[Slot, SignUp]:
    """A slot that has just begun, and a sign-up for one guest."""
    slot = await _slot(world, starts_at=now(), capacity=1, taken=1)
    return slot, await _sign_up(world, slot, 1, SignUpState.HELD, None)


async def _check_in(world: World, _role: Role) -> Asked:
    slot, made = await _running(world)
    return f"/slots/{slot.id}/check-ins", {"sign_up_id": made.id}


async def _batch(world: World, _role: Role) -> Asked:
    slot, made = await _running(world)
    entry = {"client_id": "tablet-0001", "at": now().isoformat(), "sign_up_id": made.id}
    return f"/slots/{slot.id}/check-in-batches", {"entries": [entry]}


async def _undo(world: World, _role: Role) -> Asked:
    slot, made = await _running(world)
    there = await CheckIn.create(
        community_id=world.community.id,
        slot=slot,
        sign_up=made,
        way=CheckInWay.NAME,
        at=now(),
        recorded_at=now(),
        fingerprint="",
    )
    return f"/check-ins/{there.id}", None


async def _attendance(world: World, _role: Role) -> Asked:
    slot, _ = await _running(world)
    return f"/slots/{slot.id}/attendance", WHY | {"attendance": "waived"}


async def _block(world: World, _role: Role) -> Asked:
    slot, made = await _running(world)
    own = {"community_id": world.community.id, "person": f"r{made.resident_id}"}
    absence = await Absence.create(slot_id=slot.id, sign_up_id=made.id, at=now(), **own)
    until = now() + timedelta(days=30)
    block = await Block.create(
        resident_id=made.resident_id, absence_id=absence.id, times=3, until=until, created_at=now(), **own
    )
    return f"/blocks/{block.id}/decision", WHY | {"lift": True}


async def _new_hours(world: World, _role: Role) -> Asked:
    resident = await make_resident(community=world.community)
    body = {"resident_id": resident.id, "day": str(china_today()), "minutes": 90, "words": "打扫"}
    return "/volunteer-hours", body


async def _hours(world: World, _role: Role) -> Asked:
    made = await VolunteerHours.create(
        community_id=world.community.id,
        person="r1",
        origin=HoursOrigin.ENTERED,
        state=HoursState.PENDING,
        minutes=60,
        day=china_today(),
        words="打扫",
        created_at=now(),
    )
    return f"/volunteer-hours/{made.id}/decision", {"approve": True}


async def _new_offering(world: World, _role: Role) -> Asked:
    return "/offerings", {"community_id": world.community.id, "kind": "activity", "title": "扬剧沙龙"}


def on_photo(path: str) -> Ask:
    """A photo of a slot of this side, its file gone."""

    async def ask(world: World, _role: Role) -> Asked:
        slot, by = await _slot(world), await make_duty(world.community)
        photo = await Photo.create(slot=slot, path="gone.jpg", width=1, height=1, uploaded_by=by)
        return f"/slots/{slot.id}/photos/{photo.id}{path}", None

    return ask


async def _volunteer(world: World) -> Resident:
    """Somebody with approved hours."""
    helper = await make_resident(community=world.community, name="甲")
    await VolunteerHours.create(
        community_id=world.community.id,
        person=f"r{helper.id}",
        origin=HoursOrigin.ENTERED,
        state=HoursState.APPROVED,
        minutes=60,
        day=china_today(),
        words="打扫",
        created_at=now(),
    )
    return helper


_DAYS = {"starts_on": "2026-01-01", "ends_on": "2099-12-31"}


async def _new_certificate(world: World, _role: Role) -> Asked:
    return "/certificates", {"resident_id": (await _volunteer(world)).id} | _DAYS


def on_certificate(path: str) -> Ask:
    """A certificate of this side."""

    async def ask(world: World, _role: Role) -> Asked:
        helper = await _volunteer(world)
        days = [date.fromisoformat(one) for one in _DAYS.values()]
        made = await certificates.issue(resident_actor(helper.id), helper.id, *days)
        return f"/certificates/{made.id}{path}", None

    return ask


def _pixels() -> bytes:
    out = BytesIO()
    Image.new("RGB", (4, 3)).save(out, "PNG")
    return out.getvalue()


WHY = {"reason": "要这样"}
SAID = {"words": "明天上门"}
LIST = xlsx.written("报名表", ["姓名", "电话"], [["甲", "13800000001"]])
A = "/api/v1/admin"

EXPECTED: dict[tuple[str, str], Expectation] = {
    ("post", "/auth/logout"): Expectation(ALL, plain("/auth/logout"), None),
    ("post", "/auth/password"): Expectation(
        ALL, plain("/auth/password", {"old": "wrong", "new": "long enough"}), None
    ),
    ("get", "/me"): Expectation(ALL, plain("/me"), None),
    ("get", "/appeals"): Expectation(ALL, plain("/appeals"), None),
    ("get", "/appeals/{number}"): Expectation(ALL, on_appeal("")),
    ("post", "/appeals/{number}/unmask"): Expectation(ALL, on_appeal("/unmask", WHY)),
    ("get", "/appeals/{number}/attachments/{attachment_id}"): Expectation(ALL, _attachment),
    ("post", "/appeals/{number}/assignment"): Expectation(DESK | {Role.GRID_LEADER}, _assign),
    ("post", "/appeals/{number}/category"): Expectation(DESK, _category),
    ("post", "/appeals/{number}/conduct"): Expectation(DESK, _conduct),
    ("post", "/appeals/{number}/merge"): Expectation(DESK, _merge),
    ("post", "/appeals/{number}/split"): Expectation(DESK, _split),
    ("post", "/appeals/{number}/reply"): Expectation(ALL, on_appeal("/reply", SAID)),
    ("post", "/appeals/{number}/close"): Expectation(DESK, on_appeal("/close", WHY)),
    ("post", "/appeals/{number}/reopen"): Expectation(
        DESK, on_appeal("/reopen", WHY, status=AppealStatus.RESOLVED)
    ),
    ("post", "/appeals/{number}/accept"): Expectation(HOLDERS, on_appeal("/accept")),
    ("post", "/appeals/{number}/hand-over"): Expectation(HOLDERS, on_appeal("/hand-over", WHY)),
    ("post", "/appeals/{number}/return"): Expectation(HOLDERS, on_appeal("/return", WHY)),
    ("post", "/appeals/{number}/suspend"): Expectation(
        ALL,
        on_appeal(
            "/suspend",
            WHY | {"until": str(china_today() + timedelta(days=30))},
            status=AppealStatus.ACCEPTED,
        ),
    ),
    ("post", "/appeals/{number}/resume"): Expectation(
        ALL, on_appeal("/resume", status=AppealStatus.SUSPENDED, suspended_at=now())
    ),
    ("post", "/appeals/{number}/resolve"): Expectation(
        ALL, on_appeal("/resolve", {"result": "修好了"}, status=AppealStatus.ACCEPTED)
    ),
    ("post", "/appeals/{number}/ask"): Expectation(ALL, on_appeal("/ask", SAID)),
    ("post", "/appeals/{number}/note"): Expectation(ALL, on_appeal("/note", SAID)),
    ("post", "/appeals/{number}/stand-down"): Expectation(DESK, _alarm),
    ("get", "/areas"): Expectation(DESK, plain("/areas"), None),
    ("get", "/communities"): Expectation(ALL, plain("/communities"), None),
    ("post", "/communities"): Expectation(ABOVE, _new_community),
    ("patch", "/communities/{community_id}"): Expectation(DESK, on_community("", {"work_end": "18:00"})),
    ("get", "/communities/{community_id}/days"): Expectation(DESK, on_community("/days")),
    ("put", "/communities/{community_id}/days/{day}"): Expectation(
        DESK, on_community("/days/2027-01-01", {"working": False})
    ),
    ("delete", "/communities/{community_id}/days/{day}"): Expectation(DESK, _forget_day),
    ("get", "/grids"): Expectation(DESK | {Role.GRID_LEADER}, plain("/grids"), None),
    ("post", "/grids"): Expectation(DESK, _new_grid),
    ("patch", "/grids/{grid_id}"): Expectation(DESK, _grid),
    ("get", "/place-names"): Expectation(DESK, plain("/place-names"), None),
    ("post", "/place-names"): Expectation(DESK, _new_place),
    ("patch", "/place-names/{place_id}"): Expectation(DESK, _changed_place),
    ("delete", "/place-names/{place_id}"): Expectation(DESK, _place),
    ("get", "/grid-members"): Expectation(DESK | {Role.GRID_LEADER}, plain("/grid-members"), None),
    ("post", "/grid-members"): Expectation(DESK, _new_member),
    ("patch", "/grid-members/{member_id}"): Expectation(DESK, _member),
    ("post", "/grid-members/{member_id}/binding-code"): Expectation(DESK, _member_code),
    ("get", "/organizations"): Expectation(ALL - {Role.GRID_MEMBER}, plain("/organizations"), None),
    ("post", "/organizations"): Expectation(DESK, _new_organization),
    ("patch", "/organizations/{organization_id}"): Expectation(
        DESK | {Role.ORGANIZATION_MANAGER}, on_organization("", {"leave_from": None})
    ),
    ("get", "/organizations/{organization_id}/members"): Expectation(
        DESK | {Role.ORGANIZATION_MANAGER}, on_organization("/members")
    ),
    ("post", "/organizations/{organization_id}/members"): Expectation(
        DESK | {Role.ORGANIZATION_MANAGER}, on_organization("/members", {"title": "社工"})
    ),
    ("patch", "/organization-members/{member_id}"): Expectation(DESK | {Role.ORGANIZATION_MANAGER}, _helper),
    ("post", "/organization-members/{member_id}/binding-code"): Expectation(
        DESK | {Role.ORGANIZATION_MANAGER}, _helper_code
    ),
    ("get", "/organizations/{organization_id}/scopes"): Expectation(
        ALL - {Role.GRID_MEMBER}, on_organization("/scopes")
    ),
    ("post", "/organizations/{organization_id}/scopes"): Expectation(DESK, _new_scope),
    ("delete", "/service-scopes/{scope_id}"): Expectation(DESK, _scope),
    ("get", "/organizations/{organization_id}/projects"): Expectation(
        ALL - {Role.GRID_MEMBER}, on_organization("/projects")
    ),
    ("post", "/organizations/{organization_id}/projects"): Expectation(
        DESK,
        on_organization("/projects", {"name": "新项目", "starts_on": "2026-01-01", "ends_on": "2026-12-31"}),
    ),
    ("patch", "/service-projects/{project_id}"): Expectation(DESK, _project),
    ("get", "/staff"): Expectation(DESK, plain("/staff"), None),
    ("post", "/staff"): Expectation(DESK, _new_staff),
    ("patch", "/staff/{staff_id}"): Expectation(DESK, on_staff("", {"title": "夜班"})),
    ("post", "/staff/{staff_id}/password"): Expectation(
        DESK, on_staff("/password", {"password": "long enough"})
    ),
    ("post", "/staff/{staff_id}/binding-code"): Expectation(DESK, on_staff("/binding-code")),
    ("get", "/categories"): Expectation(ALL, plain("/categories"), None),
    ("post", "/categories"): Expectation(ABOVE, _new_category, None),
    ("patch", "/categories/{code}"): Expectation(ABOVE, _old_category, None),
    ("get", "/keywords"): Expectation(DESK, plain("/keywords"), None),
    ("post", "/keywords"): Expectation(ABOVE, _new_keyword, None),
    ("patch", "/keywords/{keyword_id}"): Expectation(ABOVE, on_keyword({"weight": 2.0}), None),
    ("delete", "/keywords/{keyword_id}"): Expectation(ABOVE, on_keyword(None), None),
    ("get", "/lessons"): Expectation(DESK, plain("/lessons"), None),
    ("get", "/lexicon-versions"): Expectation(DESK, plain("/lexicon-versions"), None),
    ("post", "/lexicon-versions"): Expectation(ABOVE, _refit, None),
    ("get", "/lexicon-versions/{version_id}"): Expectation(DESK, on_version(""), None),
    ("post", "/lexicon-versions/{version_id}/activation"): Expectation(
        ABOVE, on_version("/activation"), None
    ),
    ("get", "/lexicon-versions/{version_id}/differences"): Expectation(
        DESK, on_version("/differences"), None
    ),
    ("get", "/lexicon-versions/{version_id}/keywords"): Expectation(DESK, on_version("/keywords"), None),
    ("post", "/trials"): Expectation(DESK, _trial),
    ("post", "/rehearsals"): Expectation(DESK, _rehearsal),
    ("get", "/keyword-measures"): Expectation(DESK, plain("/keyword-measures"), None),
    ("get", "/mistakes"): Expectation(DESK, plain("/mistakes"), None),
    ("get", "/unsure-appeals"): Expectation(DESK, plain("/unsure-appeals"), None),
    ("get", "/deliveries"): Expectation(DESK, plain("/deliveries"), None),
    ("post", "/deliveries/{delivery_id}/retry"): Expectation(DESK, _retry),
    ("get", "/halts"): Expectation(DESK, plain("/halts"), None),
    ("post", "/halts/{halt_id}/lift"): Expectation(ABOVE, _halt, None),
    ("get", "/alerts"): Expectation(DESK, plain("/alerts"), None),
    ("get", "/audit"): Expectation(DESK, plain("/audit"), None),
    ("get", "/offerings"): Expectation(OPERATORS, plain("/offerings"), None),
    ("post", "/offerings"): Expectation(DESK, _new_offering),
    ("patch", "/offerings/{offering_id}"): Expectation(DESK, on_offering("", {"title": "书画室"})),
    ("post", "/offerings/{offering_id}/state"): Expectation(DESK, on_offering("/state", {"state": "closed"})),
    ("get", "/offerings/{offering_id}/slots"): Expectation(OPERATORS, on_offering("/slots")),
    ("post", "/offerings/{offering_id}/slots"): Expectation(
        OPERATORS,
        on_offering(
            "/slots",
            {"starts_at": "2099-01-01T08:00:00+08:00", "ends_at": "2099-01-01T10:00:00+08:00", "capacity": 9},
        ),
    ),
    ("post", "/slots/{slot_id}/capacity"): Expectation(OPERATORS, on_slot("/capacity", {"capacity": 3})),
    ("post", "/slots/{slot_id}/call-off"): Expectation(OPERATORS, on_slot("/call-off", WHY)),
    ("get", "/slots/{slot_id}/sign-ups"): Expectation(OPERATORS, on_slot("/sign-ups")),
    ("post", "/sign-ups/{sign_up_id}/take-off"): Expectation(OPERATORS, _held),
    ("post", "/sign-ups/{sign_up_id}/promotion"): Expectation(OPERATORS, _second_in_line),
    ("post", "/sign-ups/{sign_up_id}/transfer"): Expectation(OPERATORS, _moved),
    ("post", "/offerings/{offering_id}/series"): Expectation(
        OPERATORS,
        on_offering(
            "/series",
            {
                "weekdays": [1, 3],
                "starts": "16:30",
                "ends": "18:00",
                "first": "2099-01-01",
                "last": "2099-02-01",
                "capacity": 20,
                "make": True,
            },
        ),
    ),
    ("post", "/offerings/{offering_id}/opening"): Expectation(
        OPERATORS,
        on_offering(
            "/opening",
            {
                "first": "2099-01-01",
                "last": "2099-02-01",
                "length_minutes": 60,
                "capacity": 1,
                "make": True,
            },
            kind=OfferingKind.VENUE,
            opening_hours=[{"weekday": 1, "opens": "09:00", "closes": "12:00"}],
        ),
    ),
    ("post", "/offerings/{offering_id}/copied-week"): Expectation(
        OPERATORS, on_offering("/copied-week", {"week": "2099-01-01"})
    ),
    ("post", "/offerings/{offering_id}/seasons"): Expectation(
        DESK,
        on_offering(
            "/seasons",
            {
                "starts_at": "2099-03-01T00:00:00+08:00",
                "ends_at": "2099-11-01T00:00:00+08:00",
                "opens_at": "2099-01-01T08:00:00+08:00",
                "closes_at": "2099-02-01T18:00:00+08:00",
                "capacity": 9,
            },
            kind=OfferingKind.PLOT,
        ),
    ),
    ("get", "/slots/{slot_id}/draw"): Expectation(OPERATORS, on_draw()),
    ("post", "/slots/{slot_id}/draw"): Expectation(DESK, on_draw({})),
    ("post", "/slots/{slot_id}/check-ins"): Expectation(DESK, _check_in),
    ("delete", "/check-ins/{check_in_id}"): Expectation(DESK, _undo),
    ("get", "/slots/{slot_id}/check-list"): Expectation(DESK, on_slot("/check-list")),
    ("post", "/slots/{slot_id}/check-in-batches"): Expectation(DESK, _batch),
    ("get", "/slots/{slot_id}/room-code"): Expectation(DESK, on_slot("/room-code")),
    ("post", "/slots/{slot_id}/attendance"): Expectation(DESK, _attendance),
    ("get", "/blocks"): Expectation(DESK, plain("/blocks"), None),
    ("post", "/blocks/{block_id}/decision"): Expectation(DESK, _block),
    ("get", "/volunteer-hours"): Expectation(DESK, plain("/volunteer-hours"), None),
    ("post", "/volunteer-hours"): Expectation(DESK, _new_hours),
    ("post", "/volunteer-hours/{hours_id}/decision"): Expectation(DESK, _hours),
    ("get", "/slots/{slot_id}/attendance-sheet"): Expectation(DESK, on_slot("/attendance-sheet")),
    ("get", "/slots/{slot_id}/sign-up-template"): Expectation(DESK, on_slot("/sign-up-template")),
    ("post", "/slots/{slot_id}/bulk-sign-up"): Expectation(DESK, on_slot("/bulk-sign-up", LIST)),
    ("get", "/slots/{slot_id}/survey"): Expectation(DESK, on_slot("/survey")),
    ("get", "/slots/{slot_id}/photos"): Expectation(DESK, on_slot("/photos")),
    ("post", "/slots/{slot_id}/photos"): Expectation(DESK, on_slot("/photos", _pixels())),
    ("get", "/slots/{slot_id}/photos/{photo_id}"): Expectation(DESK, on_photo("")),
    ("delete", "/slots/{slot_id}/photos/{photo_id}"): Expectation(DESK, on_photo("")),
    ("post", "/slots/{slot_id}/photos/{photo_id}/approval"): Expectation(DESK, on_photo("/approval")),
    ("post", "/certificates"): Expectation(DESK, _new_certificate),
    ("get", "/certificates/{certificate_id}/paper"): Expectation(DESK, on_certificate("/paper")),
    ("post", "/certificates/{certificate_id}/revocation"): Expectation(DESK, on_certificate("/revocation")),
}

OPEN_TO_ALL = {("post", "/auth/login"), ("post", "/auth/refresh")}
"""Without login."""

EXCUSED = {
    ("post", "/auth/password"): 422,  # the old password is wrong
    ("get", "/appeals/{number}/attachments/{attachment_id}"): 404,  # the row is there, its file is not
    ("get", "/slots/{slot_id}/room-code"): 409,  # nobody gave this door the way to WeChat
    ("get", "/slots/{slot_id}/photos/{photo_id}"): 404,  # as well
}
"""Allowed, and then refused for what the request holds."""


async def _call(client: httpx.AsyncClient, method: str, asked: Asked) -> httpx.Response:
    path, body = asked
    if isinstance(body, bytes):
        kind = XLSX if body.startswith(b"PK") else "image/png"
        return await client.request(method, path, content=body, headers={"content-type": kind})
    return await client.request(method, path, json=body)


async def test_every_endpoint_has_an_expectation(db: str) -> None:
    async with serving() as (app, _):
        there = {(method, path) for method, path, _ in served(app) if path.startswith(A)}

    expected = {(method, A + path) for method, path in EXPECTED.keys() | OPEN_TO_ALL}
    assert there ^ expected == set()


async def test_without_login_every_endpoint_is_closed(client: httpx.AsyncClient) -> None:
    for method, path in EXPECTED:
        address = A + path.replace("{day}", "2026-01-01").replace("{code}", "water")
        for name in ("number", "attachment_id", "community_id", "grid_id", "place_id", "member_id"):
            address = address.replace(f"{{{name}}}", "1")
        address = address.replace("{", "1").replace("}", "") if "{" in address else address
        response = await client.request(method, address)
        assert response.status_code in {401, 404} if "1" in address else response.status_code == 401, path


# The database has no say in who may do what: every role on SQLite, the desk on PostgreSQL too.
@pytest.mark.parametrize(
    ("database_url", "role"),
    [
        *(("sqlite", role) for role in sorted(ALL)),
        pytest.param("postgres", Role.COMMUNITY_STAFF, marks=pytest.mark.postgres),
    ],
    indirect=["database_url"],
)
async def test_each_role_may_do_what_is_expected_and_nothing_else(enter: Enter, role: Role) -> None:
    city = await Area.create(name="city", level=AreaLevel.CITY)
    own, foreign = await make_world(city), await make_world(city)
    wrong: list[str] = []
    for (method, path), expected in EXPECTED.items():
        client = await enter(await login_of(own, role))
        mine = await _call(client, method, await expected.ask(own, role))
        allowed = role in expected.roles
        good = mine.is_success or mine.status_code == EXCUSED.get((method, path))
        if allowed != good or (not allowed and mine.status_code != 403):
            wrong.append(f"{method} {path}: own {mine.status_code} {mine.text[:120]}")
        if expected.foreign is not None:
            client = await enter(await login_of(own, role))
            theirs = await _call(client, method, await expected.ask(foreign, role))
            if theirs.status_code not in expected.foreign:
                wrong.append(f"{method} {path}: foreign {theirs.status_code} {theirs.text[:120]}")

    assert "\n".join(wrong) == ""
