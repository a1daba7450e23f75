"""What a resident writes goes through WeChat's content check before it is kept."""

from __future__ import annotations

from collections.abc import Iterable

from sanic import Request

from api.wechat import wechat_if_any
from models import WordsCheck
from services import content_check


async def checked(request: Request, words: Iterable[str]) -> WordsCheck:
    """What is known of the words of whoever is logged in. Calls WeChat, so never inside a transaction."""
    said = [one for one in words if one.strip()]
    if not said:
        return WordsCheck.PASSED
    talk = await request.ctx.login.conversation()
    return await content_check.check(wechat_if_any(request), talk, said)
