"""Reading appeals: lists with filters and search, one appeal with all that belongs to it, and unmasking."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from tortoise.expressions import Q, Subquery
from tortoise.queryset import QuerySet

import settings
from models import (
    OPEN,
    Appeal,
    AppealEvent,
    AppealKind,
    AppealStatus,
    AssigneeKind,
    Assignment,
    Attachment,
    Resident,
    RoutingDecision,
    Urgency,
    Verb,
    phone_hash,
    writing,
)
from services import audit, following
from services.access import DESK, Actor, visible_appeals
from services.clock import now
from services.errors import Forbidden, NotFound
from services.history import Act

_PHONE_DIGITS = 7
_EVENT_LABELS = {one.value: one.label for one in (*Verb, *Act)}


def event_label(verb: str) -> str:
    """What a line of the history is called."""
    return str(_EVENT_LABELS.get(verb, verb))


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of appeals is narrowed to; what is None or empty does not narrow."""

    status: Collection[AppealStatus] = ()
    kind: AppealKind | None = None
    category: str | None = None
    community_id: int | None = None
    grid_id: int | None = None
    urgency: Urgency | None = None
    owner_kind: AssigneeKind | None = None
    mine: bool | None = None
    overdue: bool | None = None
    supervised: bool | None = None
    unsure: bool | None = None
    since: datetime | None = None
    until: datetime | None = None
    search: str | None = None


@dataclass(frozen=True, slots=True)
class Owner:
    """Who holds an appeal, called by title."""

    kind: AssigneeKind
    id: int
    name: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Listed:
    """An appeal (category, community and grid fetched) and its owner, None once it is finished.

    `supporters`: how many other residents report the same.
    """

    appeal: Appeal
    owner: Owner | None
    supporters: int


@dataclass(frozen=True, slots=True)
class Detail(Listed):
    """One appeal with everything that belongs to it, oldest first."""

    resident: Resident
    decisions: list[RoutingDecision] = field(default_factory=list)
    events: list[AppealEvent] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)


def is_overdue(appeal: Appeal, moment: datetime) -> bool:
    """Whether a deadline of this appeal has passed."""
    if appeal.status is AppealStatus.ACCEPTED:
        return appeal.resolve_by < moment
    waiting = appeal.status in OPEN and appeal.status is not AppealStatus.SUSPENDED
    return waiting and min(appeal.accept_by, appeal.resolve_by) < moment


def _overdue(moment: datetime) -> Q:
    waiting = OPEN - {AppealStatus.ACCEPTED, AppealStatus.SUSPENDED}
    return Q(status=AppealStatus.ACCEPTED, resolve_by__lt=moment) | Q(
        Q(accept_by__lt=moment) | Q(resolve_by__lt=moment), status__in=waiting
    )


def _held(**holder: object) -> Q:
    return Q(id__in=Subquery(Assignment.filter(ended_at=None, **holder).values("appeal_id")))


def mine(actor: Actor) -> Q:
    """Appeals whose open assignment is the actor's."""
    if actor.organization_id is not None:
        return _held(organization_id=actor.organization_id)
    if actor.grid_member_id is not None:
        return _held(grid_member_id=actor.grid_member_id)
    return _held(staff_id=actor.staff_id)


def _searched(words: str) -> Q:
    # The place is encrypted; what residents said of it stands in the text.
    found = Q(text__icontains=words)
    if words.isascii() and words.isdigit() and len(words) < len(str(2**63)):
        found |= Q(id=int(words))
        if len(words) >= _PHONE_DIGITS:
            found |= Q(resident_id__in=Subquery(Resident.filter(phone_hash=phone_hash(words)).values("id")))
    return found


def _conditions(actor: Actor, filters: Filters) -> list[Q]:
    plain: dict[str, Any] = {
        "status__in": list(filters.status) or None,
        "kind": filters.kind,
        "category__code": filters.category,
        "community_id": filters.community_id,
        "grid_id": filters.grid_id,
        "urgency": filters.urgency,
        "unsure": filters.unsure,
        "created_at__gte": filters.since,
        "created_at__lt": filters.until,
    }
    found = [Q(**{name: value}) for name, value in plain.items() if value is not None]
    for wanted, condition in (
        (filters.mine, mine(actor)),
        (filters.overdue, _overdue(now())),
        (filters.supervised, Q(escalation__gt=0)),
    ):
        if wanted is not None:
            found.append(condition if wanted else ~condition)
    if filters.owner_kind is not None:
        found.append(_held(kind=filters.owner_kind))
    if filters.search:
        found.append(_searched(filters.search))
    return found


def _with_names(appeals: QuerySet[Appeal]) -> QuerySet[Appeal]:
    return appeals.select_related("category", "community", "grid")


async def owners(appeal_ids: Collection[int]) -> dict[int, Owner]:
    """The present owner of each of these appeals, in one query."""
    found = await Assignment.filter(appeal_id__in=list(appeal_ids), ended_at=None).select_related(
        "organization", "grid_member", "staff"
    )
    return {one.appeal_id: _owner(one) for one in found}


def _owner(one: Assignment) -> Owner:
    if one.organization_id is not None and one.organization is not None:
        return Owner(one.kind, one.organization_id, one.organization.name, one.started_at)
    if one.grid_member_id is not None and one.grid_member is not None:
        return Owner(one.kind, one.grid_member_id, one.grid_member.title, one.started_at)
    return Owner(one.kind, one.staff_id or 0, one.staff.title if one.staff else "", one.started_at)


async def page(actor: Actor, filters: Filters, *, before: int | None, limit: int) -> list[Listed]:
    """Appeals in the actor's sight, newest first, numbers below `before`, at most `limit`. Three queries."""
    found = visible_appeals(actor).filter(*_conditions(actor, filters))
    if before is not None:
        found = found.filter(id__lt=before)
    appeals = await _with_names(found).order_by("-id").limit(limit)
    held = await owners([one.id for one in appeals]) if appeals else {}
    others = await following.supporters(appeals) if appeals else {}
    return [Listed(one, held.get(one.id), others[one.id]) for one in appeals]


async def find(actor: Actor, number: int) -> Appeal:
    """One appeal in the actor's sight, with its category, community, grid and resident. Raises: NotFound."""
    found = _with_names(visible_appeals(actor).filter(id=number)).select_related("resident")
    appeal = await found.first()
    if appeal is None:
        raise NotFound(f"没有找到 {number} 号诉求。", number=number)
    return appeal


async def detail(actor: Actor, number: int) -> Detail:
    """One appeal with owner, decisions, history and attachments; delicate ones are audited.

    Raises: NotFound.
    """
    appeal = await find(actor, number)
    if appeal.category.delicate or appeal.about_conduct:
        async with writing():
            await audit.record(actor, "appeal.view", f"appeal {number}", community_id=appeal.community_id)
    return Detail(
        appeal=appeal,
        owner=(await owners([appeal.id])).get(appeal.id),
        supporters=(await following.supporters([appeal]))[appeal.id],
        resident=appeal.resident,
        decisions=await RoutingDecision.filter(appeal_id=appeal.id).order_by("id"),
        events=await AppealEvent.filter(appeal_id=appeal.id).order_by("id"),
        attachments=await Attachment.filter(appeal_id=appeal.id).order_by("id"),
    )


async def unmask(actor: Actor, number: int, reason: str) -> Resident:
    """The reporter with name, phone and address in plain; an audited act of the desk or of the present owner.

    Raises: NotFound, Forbidden.
    """
    appeal = await find(actor, number)
    if actor.role not in DESK and not await Appeal.filter(mine(actor), id=number).exists():
        raise Forbidden("这件诉求已不在您手里，不能查看联系方式。")
    async with writing():
        await audit.record(
            actor, "appeal.unmask", f"appeal {number}", community_id=appeal.community_id, reason=reason
        )
    return appeal.resident


async def attachment(actor: Actor, number: int, attachment_id: int) -> tuple[Path, str]:
    """Where a stored file of an appeal in the actor's sight lies, and its media type. Raises: NotFound."""
    appeal = await find(actor, number)
    found = await Attachment.filter(id=attachment_id, appeal_id=appeal.id).exclude(path="").first()
    path = Path(settings.load().media_dir) / found.path if found is not None else None
    if found is None or path is None or not await asyncio.to_thread(path.is_file):
        raise NotFound("没有找到这个文件。")
    return path, found.content_type or "application/octet-stream"
