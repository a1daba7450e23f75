"""Residents log in to the mini-program by WeChat's own code; `session_key` is dropped where it arrives."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TypeVar

from adapters.wechat import Verdict, WeChatApi, WeChatError
from models import Conversation, Resident, phone_hash, rows, writing
from services import audit, conversations, login_lines, login_tokens, throttle
from services.access import Actor, resident_actor
from services.clock import now
from services.errors import Invalid, Unauthorized, Unavailable
from services.login_lines import Tokens
from services.residents import uniting

_AGAIN = "登录没有成功，请关掉小程序重新打开再试。"
_PHONE_AGAIN = "没有拿到手机号，请再点一次按钮。"
T = TypeVar("T")

# Every request of a resident begins with it.
_WHO = """
SELECT talk.id AS conversation_id, resident.id AS resident_id, resident.community_id
FROM resident_session AS login JOIN conversation AS talk ON talk.id = login.conversation_id
JOIN resident ON resident.id = talk.resident_id
WHERE login.id = $1 AND login.ended_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class ResidentLogin:
    """Which resident calls, through which conversation, by which login."""

    actor: Actor
    resident_id: int
    community_id: int | None
    conversation_id: int
    session_id: int

    async def conversation(self) -> Conversation:
        """Through which they call."""
        return await Conversation.get(id=self.conversation_id)


async def login(wechat: WeChatApi, account: str, code: str, *, address: str) -> Tokens:
    """Open a login for whoever WeChat says is behind the code; `address` is where the caller comes from.

    Whom another account knows by the same unionid is one resident from here on.
    Raises: Unauthorized (bad or used code), Unavailable, TooMany.
    """
    await throttle.spend(throttle.WECHAT_ADDRESS, address)
    found = await _asked(wechat.jscode2session(code), Unauthorized(_AGAIN))
    async with writing():
        talk = await conversations.lock(account, found.openid, wrote=False)
        if found.unionid:
            await Conversation.filter(id=talk.id).update(unionid=found.unionid)
        tokens = await login_lines.begin("resident", talk.id)
    if found.unionid:
        await uniting.by_unionid(found.unionid)
    return tokens


async def refresh(token: str, *, address: str) -> Tokens:
    """Exchange a refresh token for the next pair; it works once, and a copied one ends the login.

    Raises: Unauthorized, TooMany.
    """
    await throttle.spend(throttle.REFRESH_ADDRESS, address)
    claims = login_tokens.read("resident", "refresh", token)
    async with writing():
        tokens = await login_lines.rotate(claims)
        if tokens is None:
            _ = await login_lines.end_copied(claims)
    if tokens is None:
        raise login_lines.ended()
    return tokens


async def who(access_token: str) -> ResidentLogin:
    """Which resident an access token speaks for. Raises: Unauthorized."""
    claims = login_tokens.read("resident", "access", access_token)
    found = await rows(_WHO, claims.session_id)
    if not found:
        raise login_lines.ended()
    actor = resident_actor(found[0]["resident_id"])
    return ResidentLogin(actor, session_id=claims.session_id, **found[0])


async def logout(login: ResidentLogin) -> None:
    """End this login; its tokens stop working at once."""
    async with writing():
        await login_lines.end("resident", login.session_id)


async def confirm_phone(login: ResidentLogin, wechat: WeChatApi, code: str) -> str:
    """Take over the phone number that WeChat vouches for; returns it.

    Whoever else is known by this confirmed number, or was entered with it by staff, is the same resident.
    Raises: Invalid (bad or used code), Unavailable.
    """
    number = await _asked(wechat.phone_number(code), Invalid(_PHONE_AGAIN))
    hashed = phone_hash(number)
    async with writing():
        await Resident.filter(id=login.resident_id).update(
            phone=number, phone_hash=hashed, phone_confirmed_at=now(), phone_confirmed_by_id=None
        )
        await audit.record(login.actor, "resident.phone", f"resident {login.resident_id}")
    if hashed:
        await uniting.by_phone(hashed)
    return number


async def _asked(call: Awaitable[T], refusal: Exception) -> T:
    try:
        return await call
    except WeChatError as error:
        if error.verdict is Verdict.REFUSE_INPUT:
            raise refusal from error
        raise Unavailable("微信现在没有回应，请过一会儿再试。") from error
