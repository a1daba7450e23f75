"""现场码: the mini-program code that hangs in the room; who scans it checks in by themself."""

from __future__ import annotations

from collections.abc import Callable

import structlog

import settings
from adapters.wechat import Media, WeChatApi, WeChatError
from models import Slot
from services import access
from services.access import Actor
from services.errors import Conflict, NotFound, Unavailable
from services.slots import passes

log = structlog.get_logger(__name__)

PAGE = "pages/check-in/index"
"""Page of the mini-program that takes the scene."""


async def code(actor: Actor, slot_id: int, api_for: Callable[[str], WeChatApi] | None) -> Media:
    """The image of the slot's code. Calls WeChat, so never inside a transaction.

    Raises: Forbidden, NotFound, Conflict (no mini-program), Unavailable.
    """
    access.require_role(actor, *access.DESK)
    slot = await Slot.get_or_none(id=slot_id)
    if slot is None or slot.community_id not in actor.community_ids:
        raise NotFound("没有找到这个场次。")
    account = next((one.account for one in settings.load().wechat_accounts if one.kind == "mini"), None)
    if account is None or api_for is None:
        raise Conflict("还没有配置小程序，请用居民的签到码或按名单点名。")
    try:
        return await api_for(account).wxacode(passes.scene(slot.id), PAGE)
    except WeChatError as error:
        log.warning("no room code", code=error.code, slot=slot.id)
        raise Unavailable("微信暂时没有给出小程序码，请稍后再试。") from error
