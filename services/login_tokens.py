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
Realm = Literal["staff", "resident"]
_ALGORITHM = "HS256"


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token says: which login of staff or residents, whose, and which refresh token of its line."""

    realm: Realm
    session_id: int
    subject_id: int
    """Staff, or the conversation of a resident."""
    nonce: str


def new_nonce() -> str:
    """What makes one refresh token differ from the next."""
    return secrets.token_urlsafe(24)


def _key(realm: Realm) -> bytes:
    words = f"{realm} login tokens".encode()
    return hmac.new(settings.load().secret_key.encode(), words, hashlib.sha256).digest()


def _key_id(realm: Realm) -> str:
    return hashlib.sha256(_key(realm)).hexdigest()[:8]


def issue(use: Use, claims: Claims, expires_at: datetime) -> str:
    """Sign a token; its header names the key, so that a changed key is told from a forgery."""
    values = {
        "use": use,
        "sid": claims.session_id,
        "sub": str(claims.subject_id),
        "jti": claims.nonce,
        "iat": now(),
        "exp": expires_at,
    }
    headers = {"kid": _key_id(claims.realm)}
    return jwt.encode(values, _key(claims.realm), algorithm=_ALGORITHM, headers=headers)


def access_expiry() -> datetime:
    """When an access token issued now ends."""
    return now() + timedelta(minutes=settings.load().access_token_minutes)


def refresh_expiry() -> datetime:
    """When a refresh token issued now ends."""
    return now() + timedelta(days=settings.load().refresh_token_days)


def read(realm: Realm, use: Use, token: str) -> Claims:
    """The claims of a token that we signed for this realm and use and that has not ended.

    Raises: Unauthorized.
    """
    try:
        values = jwt.decode(
            token,
            _key(realm),
            algorithms=[_ALGORITHM],
            options={"require": ["use", "sid", "sub", "jti", "exp"]},
        )
    except jwt.ExpiredSignatureError as error:
        raise Unauthorized("登录已过期，请重新登录。") from error
    except jwt.InvalidTokenError as error:
        raise Unauthorized("请先登录。") from error
    if values["use"] != use:
        raise Unauthorized("请先登录。")
    return Claims(realm, int(values["sid"]), int(values["sub"]), str(values["jti"]))
