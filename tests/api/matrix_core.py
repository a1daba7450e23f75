"""What every role may do with appeals, people, places, words and pushes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from models import (
    AppealStatus,
    Attachment,
    AttachmentKind,
    Category,
    ChannelHalt,
    CommunityDay,
    Delivery,
    LexiconVersion,
    PlaceName,
    Role,
    ServiceProject,
    ServiceScope,
    VersionState,
)
from models.types import AppealKind, Channel, DeliveryState, Notice
from services import understanding
from services.clock import china_today, now
from tests.api.matrix_world import (
    ABOVE,
    ALL,
    DESK,
    FRESH,
    HOLDERS,
    SAID,
    WHY,
    Ask,
    Asked,
    Expectation,
    World,
    plain,
)
from tests.make import (
    make_category,
    make_duty,
    make_resident,
)


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
    return "/communities", {"area_id": world.town.id, "code": f"new{next(FRESH)}", "name": "新村"}


async def _new_grid(world: World, _role: Role) -> Asked:
    return "/grids", {"community_id": world.community.id, "name": f"新{next(FRESH)}组"}


async def _grid(world: World, _role: Role) -> Asked:
    return f"/grids/{world.grid.id}", {"position": 3}


async def _new_place(world: World, _role: Role) -> Asked:
    return "/place-names", {"grid_id": world.grid.id, "name": f"老槐树{next(FRESH)}"}


async def _place(world: World, _role: Role) -> Asked:
    place = await PlaceName.create(community=world.community, grid=world.grid, name=f"桥{next(FRESH)}")
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
    return "/organizations", {"area_id": world.town.id, "name": f"新社{next(FRESH)}"}


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
    return "/staff", {"username": f"s{next(FRESH)}x", "password": "long enough", "title": "值班"} | place


def on_staff(path: str, body: dict[str, Any] | None = None) -> Ask:
    """Something of another duty person of the community."""

    async def ask(world: World, _role: Role) -> Asked:
        return f"/staff/{(await make_duty(world.community)).id}{path}", body

    return ask


async def _new_category(_world: World, _role: Role) -> Asked:
    return "/categories", {"code": f"n{next(FRESH)}", "name": "新类别", "prefers": "grid"}


async def _old_category(world: World, _role: Role) -> Asked:
    return f"/categories/{world.category}", {"name": "改名"}


async def _new_keyword(world: World, _role: Role) -> Asked:
    return "/keywords", {"category": world.category, "text": f"词{next(FRESH)}", "weight": 1.5}


def on_keyword(body: dict[str, Any] | None) -> Ask:
    """A keyword, made over and over."""

    async def ask(world: World, _role: Role) -> Asked:
        category = await make_category()
        keyword = await category.keywords.remote_model.create(  # type: ignore[attr-defined]
            category=category, text=f"词{next(FRESH)}", weight=1.0
        )
        return f"/keywords/{keyword.id}", body

    return ask


async def _retry(world: World, role: Role) -> Asked:
    appeal = await world.appeal(role)
    dead = await Delivery.create(
        community_id=world.community.id,
        dedup_key=f"assigned:{next(FRESH)}:1:template",
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
    halt = await ChannelHalt.create(account=f"oa{next(FRESH)}", api="*", code=48004)
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
}
