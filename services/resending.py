"""Second thoughts about a delivery: staff try a dead one again, or WeChat reports that one never arrived."""

from __future__ import annotations

from models import Assignment, Delivery, DeliveryState, writing
from services import audit, deliveries, outcomes
from services.access import DESK, Actor, require_community, require_role, visible_appeals
from services.errors import Conflict, NotFound

AGAIN = "已重新推送"
FAILED = "failed"


async def retry(actor: Actor, delivery_id: int) -> Delivery:
    """Send a dead delivery again over all channels, as a new row; the old one says so.

    Raises: Forbidden, NotFound, Conflict when it is not dead or its assignment has ended.
    """
    require_role(actor, *DESK)
    async with writing():
        dead = await _visible(actor, delivery_id)
        if not await Delivery.filter(id=dead.id, state=DeliveryState.DEAD).update(
            state=DeliveryState.FELL_BACK, error=AGAIN
        ):
            raise Conflict(f"这条推送是「{dead.state.label}」，只有推送失败的才能重新推送。")
        row = await _row_of(dead)
        await deliveries.insert([row])
        await audit.record(actor, "delivery.retry", f"delivery {dead.id}", community_id=dead.community_id)
        fresh = await Delivery.get(dedup_key=row.key)
    deliveries.wake()
    return fresh


async def bounced(account: str, provider_id: str, status: str) -> bool:
    """WeChat says afterwards what became of a template message (TEMPLATESENDJOBFINISH).

    `status` is `success`, or `failed...` for one that never arrived: then the next channel has its turn.
    Returns whether something was done.
    """
    if not provider_id or not status.startswith(FAILED):
        return False
    async with writing():
        found = await Delivery.filter(
            provider_id=provider_id, account=account, state=DeliveryState.SENT
        ).first()
        # Back to PENDING for the rest of this transaction: from here on it is like any refusal.
        if found is None or not await Delivery.filter(id=found.id, state=DeliveryState.SENT).update(
            state=DeliveryState.PENDING, claim=None
        ):
            return False
        await outcomes.pass_on(found, None, "微信回报没有送到，可能被对方屏蔽")
    deliveries.wake()
    return True


async def _visible(actor: Actor, delivery_id: int) -> Delivery:
    found = await Delivery.get_or_none(id=delivery_id)
    if found is None:
        raise NotFound("没有这条推送。")
    if found.appeal_id is None:
        require_community(actor, found.community_id or 0)
    elif not await visible_appeals(actor).filter(id=found.appeal_id).exists():
        raise NotFound("没有这条推送。")
    return found


async def _row_of(dead: Delivery) -> deliveries.Row:
    if dead.assignment_id is not None and await Assignment.exists(
        id=dead.assignment_id, ended_at__isnull=False
    ):
        raise Conflict("这次派单已经结束，不用再推送。")
    orders = await deliveries.current_orders()
    first = deliveries.event_of(dead).partition("~")[0]
    return deliveries.Row.again(dead, f"{first}~{dead.id}", orders[dead.notice])
