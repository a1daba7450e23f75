"""Access tokens as `stable_token` gives them out."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from sandbox.errors import Refused

LIFE_SECONDS = 7200
RENEW_BEFORE_SECONDS = 300
FORCED_A_DAY = 20

_BEIJING = timezone(timedelta(hours=8))


@dataclass(frozen=True)
class Token:
    """One access token of one account."""

    value: str
    account: str
    expires_at: float


class TokenDesk:
    """Issues and checks tokens: renewed in the last 5 minutes, when old and new are both valid."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._newest: dict[str, Token] = {}
        self._issued: dict[str, Token] = {}
        self._forced: Counter[tuple[str, str]] = Counter()

    def stable(self, account: str, *, force: bool) -> Token:
        """The token to use now; `force` kills the old one at once.

        Raises: Refused 45009 after 20 forced refreshes on one day of Beijing.
        """
        newest = self._newest.get(account)
        if force:
            self._count_forced(account)
            self._issued = {value: one for value, one in self._issued.items() if one.account != account}
        elif newest and newest.expires_at - self._now() > RENEW_BEFORE_SECONDS:
            return newest
        # 512 characters, the length that WeChat asks everybody to leave room for.
        token = Token(secrets.token_urlsafe(384), account, self._now() + LIFE_SECONDS)
        self._newest[account] = self._issued[token.value] = token
        return token

    def account_of(self, value: str | None) -> str:
        """The account that a token speaks for.

        Raises: Refused 41001 (none given), 40001 (unknown or replaced), 42001 (expired).
        """
        if not value:
            raise Refused(41001)
        token = self._issued.get(value)
        if token is None:
            raise Refused(40001)
        if token.expires_at <= self._now():
            raise Refused(42001)
        return token.account

    def _count_forced(self, account: str) -> None:
        day = datetime.fromtimestamp(self._now(), _BEIJING).date().isoformat()
        if self._forced[account, day] >= FORCED_A_DAY:
            raise Refused(45009)
        self._forced[account, day] += 1
