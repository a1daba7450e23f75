"""Pushes, APIs that rest, alerts and the audit record."""

from __future__ import annotations

from typing import Any

from pydantic import Field
from sanic import Blueprint, Request

from api.endpoint import endpoint
from api.schemas import PLAIN, Id, Label, Moment, Out, Page, PageQuery, paged
from models import Alert, AuditEntry, ChannelHalt, Delivery, DeliveryState, Notice
from services import audit, halts, resending, watching
from services.access import DESK

bp = Blueprint("watching")
TAGS = ["watching"]


class DeliveryQuery(PageQuery):
    """Filters of the list."""

    state: DeliveryState | None = None
    notice: Notice | None = None
    appeal: Id | None = None


class DeliveryOut(Out):
    """推送."""

    id: int
    notice: Label
    channel: Label
    state: Label
    appeal: int | None
    community_id: int | None
    account: str
    attempts: int
    repeat: bool
    error_code: int | None
    error: str
    due_at: Moment
    created_at: Moment
    sent_at: Moment | None

    @classmethod
    def of(cls, row: Delivery) -> DeliveryOut:
        """One push; its words stay with the recipient."""
        same = ("id", "community_id", "account", "attempts", "repeat", "error_code", "error", "due_at")
        more = ("created_at", "sent_at")
        return cls(
            **{name: getattr(row, name) for name in same + more},
            notice=Label.of(row.notice),
            channel=Label.of(row.channel),
            state=Label.of(row.state),
            appeal=row.appeal_id,
        )


class HaltQuery(PageQuery):
    """Whether only those that staff lifted, or only the others."""

    lifted: bool | None = None


class HaltOut(Out):
    """An API of an account that rests; `*` is every API of the account."""

    id: int
    account: str
    api: str
    code: int
    until: Moment | None
    lifted_at: Moment | None
    created_at: Moment


class AlertOut(Out):
    """Something that staff must know about the product."""

    id: int
    key: str
    words: str
    times: int
    created_at: Moment
    updated_at: Moment


class AuditQuery(PageQuery):
    """Filters of the record."""

    action: str | None = Field(
        default=None, min_length=1, max_length=48, pattern=PLAIN, description="how the action begins"
    )
    staff: Id | None = None


class AuditOut(Out):
    """Who looked at or changed what."""

    id: int
    community_id: int | None
    role: str
    actor: str
    staff_id: int | None
    resident_id: int | None
    action: str
    target: str
    detail: dict[str, Any]
    at: Moment


@bp.get("/deliveries")
@endpoint(query=DeliveryQuery, returns=Page[DeliveryOut], roles=DESK, tags=TAGS)
async def list_deliveries(request: Request, query: DeliveryQuery) -> Page[DeliveryOut]:
    """List pushes, newest first."""
    found = await watching.list_deliveries(
        request.ctx.actor,
        state=query.state,
        notice=query.notice,
        appeal=query.appeal,
        before=query.after,
        limit=query.size + 1,
    )
    return paged(found, query.size, DeliveryOut.of, lambda one: one.id)


@bp.post("/deliveries/<delivery_id:int>/retry")
@endpoint(returns=DeliveryOut, roles=DESK, tags=TAGS)
async def retry_delivery(request: Request, delivery_id: int) -> DeliveryOut:
    """Send a dead push again over all channels."""
    return DeliveryOut.of(await resending.retry(request.ctx.actor, delivery_id))


@bp.get("/halts")
@endpoint(query=HaltQuery, returns=Page[HaltOut], roles=DESK, tags=TAGS)
async def list_halts(request: Request, query: HaltQuery) -> Page[HaltOut]:
    """List APIs that rest or rested."""
    found = await watching.list_halts(
        request.ctx.actor, lifted=query.lifted, before=query.after, limit=query.size + 1
    )
    return paged(found, query.size, HaltOut.model_validate, _id)


@bp.post("/halts/<halt_id:int>/lift")
@endpoint(returns=HaltOut, roles=DESK, tags=TAGS)
async def lift_halt(request: Request, halt_id: int) -> HaltOut:
    """Let an API work again."""
    return HaltOut.model_validate(await halts.lift(request.ctx.actor, halt_id))


@bp.get("/alerts")
@endpoint(query=PageQuery, returns=Page[AlertOut], roles=DESK, tags=TAGS)
async def list_alerts(request: Request, query: PageQuery) -> Page[AlertOut]:
    """List alerts, newest first."""
    found = await watching.list_alerts(request.ctx.actor, before=query.after, limit=query.size + 1)
    return paged(found, query.size, AlertOut.model_validate, _id)


@bp.get("/audit")
@endpoint(query=AuditQuery, returns=Page[AuditOut], roles=DESK, tags=TAGS)
async def list_audit(request: Request, query: AuditQuery) -> Page[AuditOut]:
    """List the audit record, newest first."""
    found = await audit.entries(
        request.ctx.actor,
        action=query.action,
        staff_id=query.staff,
        before=query.after,
        limit=query.size + 1,
    )
    return paged(found, query.size, AuditOut.model_validate, _id)


def _id(row: ChannelHalt | Alert | AuditEntry) -> int:
    return int(row.id)
