"""Which mini-program a request means, and the way to its API."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from sanic import Request

import settings
from adapters.wechat import WeChatApi
from services.errors import Invalid


def mini_program(account: str) -> str:
    """The account of that name, or the only mini-program. Raises: Invalid."""
    minis = [one.account for one in settings.load().wechat_accounts if one.kind == "mini"]
    if account in minis:
        return account
    if account or len(minis) != 1:
        raise Invalid("没有这个小程序。" if account else "请写明是哪个小程序（account）。")
    return minis[0]


def wechat_if_any(request: Request) -> Callable[[str], WeChatApi] | None:
    """Gives the API of an account by its name; None where the process was wired without WeChat."""
    return cast("Callable[[str], WeChatApi] | None", getattr(request.app.ctx, "wechat", None))


def wechat_of(request: Request, account: str) -> WeChatApi:
    """The WeChat API of the account, as `create_app()` wired it."""
    return cast(WeChatApi, request.app.ctx.wechat(account))
