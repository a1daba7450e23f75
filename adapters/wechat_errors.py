"""The platform's error codes as data: what each one asks of the sender. One table, read by everybody.

Source: the platform's documents and maintained SDKs.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta, timezone
from enum import StrEnum
from types import MappingProxyType

BEIJING = timezone(timedelta(hours=8))


class Verdict(StrEnum):
    """What the sender does after a refusal."""

    REFRESH_TOKEN = "refresh_token"  # noqa: S105 - a verdict, no password
    """Renew the token once, try once more; the client does this itself and callers never see it."""
    BACK_OFF = "back_off"
    """Try again later, with backoff and jitter."""
    REST_UNTIL_MIDNIGHT = "rest_until_midnight"
    """Alert; this API rests until midnight in Beijing; next channel now."""
    ALERT_NEXT = "alert_next"
    """Alert: only staff can mend it; next channel."""
    STOP = "stop"
    """Alert and send nothing more from this account until staff lift the halt; never loop."""
    MARK_RECIPIENT_NEXT = "mark_recipient_next"
    """This recipient cannot be reached on this account: mark it; next channel."""
    NEXT_WINDOW = "next_window"
    """The customer-service window or its count is used up; next channel."""
    MARK_TEMPLATE_NEXT = "mark_template_next"
    """No subscription to this template, or revoked: mark it; next channel."""
    REFUSE_INPUT = "refuse_input"
    """What the caller of a mini-program call handed in is no good: tell that caller, alert nobody."""


VERDICTS: Mapping[int, Verdict] = MappingProxyType(
    {
        40001: Verdict.REFRESH_TOKEN,
        40014: Verdict.REFRESH_TOKEN,
        42001: Verdict.REFRESH_TOKEN,
        -1: Verdict.BACK_OFF,
        45011: Verdict.BACK_OFF,
        45009: Verdict.REST_UNTIL_MIDNIGHT,
        40037: Verdict.ALERT_NEXT,
        41030: Verdict.ALERT_NEXT,
        47003: Verdict.ALERT_NEXT,
        48001: Verdict.ALERT_NEXT,
        40164: Verdict.STOP,
        48004: Verdict.STOP,
        43004: Verdict.MARK_RECIPIENT_NEXT,
        43019: Verdict.MARK_RECIPIENT_NEXT,
        40003: Verdict.MARK_RECIPIENT_NEXT,
        45015: Verdict.NEXT_WINDOW,
        45047: Verdict.NEXT_WINDOW,
        43101: Verdict.MARK_TEMPLATE_NEXT,
        # Mini-program calls on behalf of a resident: bad or used code, risky user, nobody active for 2 hours.
        40029: Verdict.REFUSE_INPUT,
        40163: Verdict.REFUSE_INPUT,
        40226: Verdict.REFUSE_INPUT,
        61010: Verdict.REFUSE_INPUT,
    }
)

TOKEN_ERRORS = frozenset(code for code, verdict in VERDICTS.items() if verdict is Verdict.REFRESH_TOKEN)


class WeChatError(Exception):
    """A call that WeChat refused, or whose answer never came.

    `code` is the errcode, None where no answer could be read. `outcome_known` is false where WeChat may have
    done the work all the same: a repeat may be seen twice. `message` holds no secret, token or openid.
    """

    def __init__(
        self, code: int | None, message: str, verdict: Verdict, *, outcome_known: bool = True
    ) -> None:
        self.code = code
        self.message = message
        self.verdict = verdict
        self.outcome_known = outcome_known
        super().__init__(f"{'no answer' if code is None else code}: {message}")


class MediaTooLarge(WeChatError):
    """A file larger than we keep; trying again would not help."""

    def __init__(self, limit: int) -> None:
        super().__init__(None, f"file larger than {limit} bytes", Verdict.REFUSE_INPUT)


def verdict_of(errcode: int) -> Verdict:
    """What to do after `errcode`.

    An unknown code is taken for ALERT_NEXT: repeating what is not understood may loop for ever and dropping
    it would lose a message, so the next channel carries it and staff get to know the code.
    """
    return VERDICTS.get(errcode, Verdict.ALERT_NEXT)


def refusal(errcode: int, message: str) -> WeChatError:
    """The error for an errcode that WeChat answered with; `message` must be redacted already."""
    return WeChatError(errcode, message, verdict_of(errcode))


def next_midnight(now: datetime) -> datetime:
    """When daily quotas start again: the next midnight in Beijing after `now` (aware), as an aware time."""
    tomorrow = now.astimezone(BEIJING).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), tzinfo=BEIJING)
