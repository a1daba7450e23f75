"""What staff watch about the product itself: pushes, APIs that rest, alerts."""

from __future__ import annotations

from tortoise.expressions import Q

from models import Alert, ChannelHalt, Delivery, DeliveryState, Notice, Role
from services.access import ABOVE_COMMUNITY, DESK, Actor, require_role


async def list_deliveries(
    actor: Actor,
    *,
    state: DeliveryState | None,
    notice: Notice | None,
    appeal: int | None,
    before: int | None,
    limit: int,
) -> list[Delivery]:
    """Pushes of the actor's communities, newest first; those of nobody's community are for the city."""
    require_role(actor, *DESK)
    scope = Q(community_id__in=actor.community_ids)
    if actor.role is Role.CITY:
        scope |= Q(community_id=None)
    found = Delivery.filter(scope)
    for name, value in (("state", state), ("notice", notice), ("appeal_id", appeal), ("id__lt", before)):
        if value is not None:
            found = found.filter(**{name: value})
    return await found.order_by("-id").limit(limit)


async def list_halts(
    actor: Actor, *, lifted: bool | None, before: int | None, limit: int
) -> list[ChannelHalt]:
    """APIs that rested or rest, newest first."""
    require_role(actor, *DESK)
    found = ChannelHalt.all()
    if lifted is not None:
        found = found.filter(lifted_at__isnull=not lifted)
    if before is not None:
        found = found.filter(id__lt=before)
    return await found.order_by("-id").limit(limit)


async def list_alerts(actor: Actor, *, before: int | None, limit: int) -> list[Alert]:
    """Alerts of the actor's communities, newest first; those above also see what is the product's own, and
    what is about conduct.
    """
    require_role(actor, *DESK)
    scope = Q(community_id__in=actor.community_ids)
    scope = scope | Q(community_id=None) if actor.role in ABOVE_COMMUNITY else scope & Q(above=False)
    found = Alert.filter(scope)
    if before is not None:
        found = found.filter(id__lt=before)
    return await found.order_by("-id").limit(limit)
