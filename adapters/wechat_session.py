"""Calls with an access token: fetched when needed, renewed once when WeChat refuses it, never in a loop."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from adapters.wechat_errors import TOKEN_ERRORS, Verdict, WeChatError
from adapters.wechat_tokens import Token, TokenStore
from adapters.wechat_transport import Exchange, Transport, unreadable

FORCED_A_DAY = 10
"""Forced renewals in 24 hours by one session; the platform allows 20 to an account, over all processes."""
_DAY_SECONDS = 86400

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class AppKeys:
    """What an account calls the API with."""

    appid: str
    secret: str = field(repr=False)


class TokenSession:
    """The token of one account in this process; `tokens` decides who fetches."""

    def __init__(
        self,
        transport: Transport,
        keys: AppKeys,
        tokens: TokenStore,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._transport = transport
        self._keys = keys
        self._tokens = tokens
        self._clock = clock
        self._forced: deque[float] = deque(maxlen=FORCED_A_DAY)

    async def call(
        self, send: Callable[[Exchange], Awaitable[Answer]], make: Callable[[str], Exchange]
    ) -> Answer:
        """Send what `make` makes of a token; after a refused token, once more with a renewed one.

        Raises: WeChatError, never with REFRESH_TOKEN: a token refused twice is BACK_OFF.
        """
        token = await self._token(None)
        try:
            return await send(make(token))
        except WeChatError as error:
            if error.verdict is not Verdict.REFRESH_TOKEN:
                raise
            refused = error
        renewed = await self._token(token)
        if renewed == token:
            raise _given_up(refused)
        try:
            return await send(make(renewed))
        except WeChatError as error:
            raise (_given_up(error) if error.verdict is Verdict.REFRESH_TOKEN else error) from None

    async def _token(self, stale: str | None) -> str:
        try:
            return await self._tokens.token(self._keys.appid, stale=stale, fetch=lambda: self._fetch(stale))
        except WeChatError as error:
            # Nothing was sent yet, whatever became of the request for a token; and a token call that answers
            # "bad token" speaks of our secret, which no renewal mends.
            verdict = Verdict.ALERT_NEXT if error.code in TOKEN_ERRORS else error.verdict
            raise WeChatError(error.code, f"token: {error.message}", verdict) from None

    async def _fetch(self, stale: str | None) -> Token:
        token = await self._ask(force=False)
        if token.value != stale or not self._may_force():
            return token
        # The platform still believes in the token that it has just refused.
        try:
            return await self._ask(force=True)
        except WeChatError as error:
            if error.verdict is not Verdict.REST_UNTIL_MIDNIGHT:
                raise
            return token  # forced renewals are used up; the caller sees the same token and backs off

    def _may_force(self) -> bool:
        now = self._clock()
        if len(self._forced) == FORCED_A_DAY and now - self._forced[0] < _DAY_SECONDS:
            return False
        self._forced.append(now)
        return True

    async def _ask(self, *, force: bool) -> Token:
        body = {
            "grant_type": "client_credential",
            "appid": self._keys.appid,
            "secret": self._keys.secret,
            "force_refresh": force,
        }
        answer = await self._transport.fields(Exchange("POST", "/cgi-bin/stable_token", {}, body))
        value, expires_in = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(value, str) or not value or not isinstance(expires_in, int):
            raise unreadable("no access_token in the answer")
        return Token(value, expires_in)


def _given_up(error: WeChatError) -> WeChatError:
    return WeChatError(error.code, error.message, Verdict.BACK_OFF, outcome_known=error.outcome_known)
