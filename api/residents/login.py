"""Log in to the mini-program by WeChat's own code, stay logged in, log out."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from sanic import Blueprint, Request

from api.endpoint import RESIDENTS, endpoint
from api.schemas import PLAIN, Body
from api.tokens import RefreshBody, TokensOut
from api.wechat import mini_program, wechat_of
from services.residents import logins

bp = Blueprint("resident_login")
TAGS = ["residents: login"]

WeChatCode = Annotated[str, Field(min_length=1, max_length=128, pattern=PLAIN)]


class WeChatBody(Body):
    """What `wx.login` gave; `account` where the product serves several mini-programs."""

    code: WeChatCode
    account: Annotated[str, Field(max_length=32, pattern=r"^[a-z0-9-]*$")] = ""


@bp.post("/auth/wechat")
@endpoint(body=WeChatBody, returns=TokensOut, roles=None, tags=TAGS, also=(503,))
async def log_in_by_wechat(request: Request, body: WeChatBody) -> TokensOut:
    """Log in by the code of `wx.login`; it works once, for five minutes."""
    account = mini_program(body.account)
    wechat = wechat_of(request, account)
    return TokensOut.model_validate(
        await logins.login(wechat, account, body.code, address=str(request.client_ip))
    )


@bp.post("/auth/refresh")
@endpoint(body=RefreshBody, returns=TokensOut, roles=None, tags=TAGS)
async def refresh_resident(request: Request, body: RefreshBody) -> TokensOut:
    """Exchange the refresh token for the next pair of tokens."""
    return TokensOut.model_validate(await logins.refresh(body.refresh_token, address=str(request.client_ip)))


@bp.post("/auth/logout")
@endpoint(roles=RESIDENTS, tags=TAGS, status=204)
async def log_out_resident(request: Request) -> None:
    """End this login."""
    await logins.logout(request.ctx.login)
