"""The record of who looked at or changed what; a row commits with the act it records or not at all."""

from __future__ import annotations

from tortoise.expressions import Q

from models import AuditEntry
from services import access
from services.access import Actor

CONDUCT = "appeal.conduct"
"""The action of marking an appeal as about the conduct of cadres, or of taking the mark back."""


async def record(
    actor: Actor, action: str, target: str, *, community_id: int | None = None, **detail: object
) -> None:
    """Write one audit entry inside the caller's `writing()`.

    `action` is a stable word pair (`appeal.unmask`), `target` the row (`appeal 1024`). `detail` is JSON,
    without personal fields or secrets. Without `community_id` the actor's own community counts.
    """
    await AuditEntry(
        community_id=community_id if community_id is not None else actor.community_id,
        role=actor.role,
        actor=actor.title,
        staff_id=actor.staff_id,
        resident_id=actor.resident_id,
        action=action,
        target=target,
        detail=detail,
    ).save(force_create=True)


async def entries(
    actor: Actor, *, action: str | None, staff_id: int | None, before: int | None, limit: int
) -> list[AuditEntry]:
    """Entries in the actor's scope and of their own hand, newest first, before the entry `before`."""
    access.require_role(actor, *access.DESK)
    found = AuditEntry.filter(Q(community_id__in=actor.community_ids) | Q(staff_id=actor.staff_id))
    if actor.role not in access.ABOVE_COMMUNITY:
        # That somebody complained about cadres is known above the community, and to who marked it.
        found = found.exclude(Q(action=CONDUCT), ~Q(staff_id=actor.staff_id))
    if action is not None:
        found = found.filter(action__startswith=action)
    if staff_id is not None:
        found = found.filter(staff_id=staff_id)
    if before is not None:
        found = found.filter(id__lt=before)
    return await found.order_by("-id").limit(limit)
