"""The two tokens of a login, signed JWTs: a short access token, and a refresh token that is used once."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import jwt

import settings
from services.clock import now
from services.errors import Unauthorized

Use = Literal["access", "refresh"]
_ALGORITHM = "HS256"


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token says: whose login, and for a refresh token which one of its line."""

    session_id: int
    staff_id: int
    nonce: str


def new_nonce() -> str:
    """What makes one refresh token differ from the next."""
    return secrets.token_urlsafe(24)


def _key() -> bytes:
    return hmac.new(settings.load().secret_key.encode(), b"staff login tokens", hashlib.sha256).digest()


def _key_id() -> str:
    return hashlib.sha256(_key()).hexdigest()[:8]


def issue(use: Use, claims: Claims, expires_at: datetime) -> str:
    """Sign a token; its header names the key, so that a changed key is told from a forgery."""
    values = {
        "use": use,
        "sid": claims.session_id,
        "sub": str(claims.staff_id),
        "jti": claims.nonce,
        "iat": now(),
        "exp": expires_at,
    }
    return jwt.encode(values, _key(), algorithm=_ALGORITHM, headers={"kid": _key_id()})


def access_expiry() -> datetime:
    """When an access token issued now ends."""
    return now() + timedelta(minutes=settings.load().access_token_minutes)


def refresh_expiry() -> datetime:
    """When a refresh token issued now ends."""
    return now() + timedelta(days=settings.load().refresh_token_days)


def read(use: Use, token: str) -> Claims:
    """The claims of a token that we signed for this use and that has not ended. Raises: Unauthorized."""
    try:
        values = jwt.decode(
            token,
            _key(),
            algorithms=[_ALGORITHM],
            options={"require": ["use", "sid", "sub", "jti", "exp"]},
        )
    except jwt.ExpiredSignatureError as error:
        raise Unauthorized("登录已过期，请重新登录。") from error
    except jwt.InvalidTokenError as error:
        raise Unauthorized("请先登录。") from error
    if values["use"] != use:
        raise Unauthorized("请先登录。")
    return Claims(int(values["sid"]), int(values["sub"]), str(values["jti"]))
