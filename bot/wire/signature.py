"""Signatures of the callback, compared in constant time, and the window in which they count.

wechatpy compares with `!=` and looks at no clock, so both are done here before it is called.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

from bot.wire.account import AccountKeys
from bot.wire.errors import BadBody, BadSignature

WINDOW_SECONDS = 600


def sign(token: str, *parts: str) -> str:
    """SHA-1 over the sorted parts, as hex; `msg_signature` covers the encrypted part too."""
    joined = "".join(sorted((token, *parts))).encode(errors="surrogatepass")
    # The platform's protocol fixes SHA-1.
    return hashlib.sha1(joined, usedforsecurity=False).hexdigest()


def check(token: str, given: str, *parts: str) -> None:
    """Promise that `given` signs `parts`.

    Raises: BadSignature.
    """
    expected = sign(token, *parts).encode()
    if not token or not hmac.compare_digest(expected, given.encode(errors="surrogatepass")):
        raise BadSignature("signature does not match")


def check_query(account: AccountKeys, query: Mapping[str, str], now: int) -> None:
    """Promise that WeChat made this query string less than ten minutes from `now` (unix seconds), either way.

    The clock is looked at last: who cannot sign learns nothing about it. In plaintext mode the body is not
    covered, whoever captured a query string can put any body under it while the window lasts.
    Raises: BadSignature.
    """
    timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
    check(account.token, query.get("signature", ""), timestamp, nonce)
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise BadSignature("timestamp is not a number")
    if abs(now - int(timestamp)) > WINDOW_SECONDS:
        raise BadSignature("timestamp outside the window")


def check_echo(account: AccountKeys, query: Mapping[str, str], now: int) -> str:
    """The `echostr` to answer verbatim (as text/plain) when WeChat checks the address by GET.

    Raises: BadSignature, BadBody (no echostr).
    """
    check_query(account, query, now)
    echo = query.get("echostr", "")
    if not echo:
        raise BadBody("no echostr")
    return echo
