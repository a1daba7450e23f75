"""APIs of an account that rest: one until midnight when its quota is used up, all until staff lift it."""

from __future__ import annotations

from datetime import datetime, timedelta

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from models import ChannelHalt, Delivery, DeliveryState, writing
from services import audit
from services.access import ABOVE_COMMUNITY, Actor, require_role
from services.clock import now
from services.errors import Conflict, NotFound

EVERYTHING = "*"
RECHECK = timedelta(minutes=5)
"""How long a delivery waits before it looks again whether its halted account is back."""


async def halt(account: str, api: str, *, code: int, until: datetime | None) -> bool:
    """Let `api` (a channel's value, or EVERYTHING) of the account rest; whether it was not resting already.

    Inside the caller's `writing()`. Two workers refused at once may leave two rows; `lift` takes both.
    """
    if await _active(now()).filter(account=account, api=api).exists():
        return False
    await ChannelHalt(account=account, api=api, code=code, until=until).save()
    return True


async def active() -> dict[tuple[str, str], ChannelHalt]:
    """What rests at this moment, by (account, api)."""
    return {(one.account, one.api): one for one in await _active(now())}


async def lift(actor: Actor, halt_id: int) -> ChannelHalt:
    """Let the API work again; what waited for it is due at once. An account serves many communities.

    Raises: Forbidden, NotFound, Conflict when it does not rest any more.
    """
    require_role(actor, *ABOVE_COMMUNITY)
    moment = now()
    async with writing():
        found = await ChannelHalt.get_or_none(id=halt_id)
        if found is None:
            raise NotFound("没有这条停用记录。")
        resting = _active(moment).filter(account=found.account, api=found.api)
        if not await resting.update(lifted_at=moment):
            raise Conflict("这个接口已经恢复，不用再处理。")
        await Delivery.filter(state=DeliveryState.PENDING, error_code=found.code, due_at__gt=moment).update(
            due_at=moment
        )
        await audit.record(actor, "halt.lift", f"{found.account}/{found.api}", code=found.code)
    await found.refresh_from_db()
    return found


def _active(moment: datetime) -> QuerySet[ChannelHalt]:
    return ChannelHalt.filter(Q(until=None) | Q(until__gt=moment), lifted_at=None)
