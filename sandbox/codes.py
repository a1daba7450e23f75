"""One-time codes that a mini-program gets on the phone: for login and for the phone number."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from sandbox.errors import Refused

LIFE_SECONDS = 300

Purpose = Literal["login", "phone"]


@dataclass
class Code:
    """One code; it works once, for five minutes, for one account."""

    value: str
    purpose: Purpose
    account: str
    openid: str
    phone_number: str
    expires_at: float
    used: bool = False


class CodeBook:
    """Codes that were given out."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._codes: dict[str, Code] = {}

    def issue(self, purpose: Purpose, account: str, openid: str, phone_number: str = "13800000000") -> Code:
        """A new code, as `wx.login` or the phone-number button gives it."""
        code = Code(secrets.token_hex(16), purpose, account, openid, phone_number, self._now() + LIFE_SECONDS)
        self._codes[code.value] = code
        return code

    def redeem(self, value: object, purpose: Purpose, account: str) -> Code:
        """Use a code up.

        Raises: Refused 40029 (unknown, foreign or too old), 40163 (used before).
        """
        code = self._codes.get(str(value))
        if (
            code is None
            or (code.purpose, code.account) != (purpose, account)
            or code.expires_at <= self._now()
        ):
            raise Refused(40029)
        if code.used:
            raise Refused(40163)
        code.used = True
        return code
