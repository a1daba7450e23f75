"""What logins of staff and of residents share: a line of refresh tokens, each good for one exchange."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from models import ResidentSession, StaffSession
from models.fields import keyed_hash
from services import login_tokens
from services.clock import now
from services.errors import Unauthorized
from services.login_tokens import Claims, Realm

ENDED = "登录已失效，请重新登录。"
_LINES: Mapping[Realm, type[StaffSession] | type[ResidentSession]] = {
    "staff": StaffSession,
    "resident": ResidentSession,
}


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a login gives: the access token for every call, the refresh token for the next pair."""

    access_token: str
    access_expires_at: datetime
    refresh_token: str
    refresh_expires_at: datetime


async def begin(realm: Realm, subject_id: int) -> Tokens:
    """Open a login for staff or a conversation whose identity is proven, inside the caller's `writing()`."""
    nonce, expires_at = login_tokens.new_nonce(), login_tokens.refresh_expiry()
    line = (
        StaffSession(staff_id=subject_id) if realm == "staff" else ResidentSession(conversation_id=subject_id)
    )
    line.token_hash, line.expires_at = keyed_hash(nonce), expires_at
    await line.save(force_create=True)
    return _tokens(Claims(realm, line.id, subject_id, nonce), expires_at)


async def rotate(claims: Claims) -> Tokens | None:
    """The next pair for a refresh token, None when it was used or ended; inside the caller's `writing()`."""
    nonce, expires_at = login_tokens.new_nonce(), login_tokens.refresh_expiry()
    used = keyed_hash(claims.nonce)
    line = _LINES[claims.realm].filter(
        id=claims.session_id, token_hash=used, ended_at=None, expires_at__gt=now()
    )
    if not await line.update(token_hash=keyed_hash(nonce), previous_hash=used, expires_at=expires_at):
        return None
    return _tokens(replace(claims, nonce=nonce), expires_at)


async def end_copied(claims: Claims) -> bool:
    """A used token came back: it was copied, and the login ends for the thief and the owner alike.

    Inside the caller's `writing()`. Says whether there was a login to end.
    """
    mine = _LINES[claims.realm].filter(id=claims.session_id, ended_at=None)
    return bool(await mine.exclude(token_hash=keyed_hash(claims.nonce)).update(ended_at=now()))


async def end(realm: Realm, session_id: int) -> None:
    """End one login: its tokens stop working at once."""
    await _LINES[realm].filter(id=session_id, ended_at=None).update(ended_at=now())


def ended() -> Unauthorized:
    """The refusal for a token of a login that is over."""
    return Unauthorized(ENDED)


def _tokens(claims: Claims, expires_at: datetime) -> Tokens:
    access_ends = login_tokens.access_expiry()
    return Tokens(
        login_tokens.issue("access", claims, access_ends),
        access_ends,
        login_tokens.issue("refresh", claims, expires_at),
        expires_at,
    )
