"""What people show and scan on the spot: a resident's signed code, and the scene of a room's code.

A resident's code is a JWT signed with Ed25519: a device without network verifies it with the public key,
and cannot make one. The scene is short (32 characters), so it bears the slot and a keyed digest.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

import settings

LIVES = timedelta(minutes=5)
"""The mini-program shows a new code well before."""
ALGORITHM = "EdDSA"
_AUDIENCE = "check-in"
_NONCE_BYTES = 16
_MARK = "ci"
_DIGEST_BYTES = 9


@dataclass(frozen=True, slots=True)
class Pass:
    """What a code says: good once, for one sign-up, until a moment. Times are whole seconds."""

    sign_up_id: int
    slot_id: int
    nonce: str
    expires_at: datetime


def new(sign_up_id: int, slot_id: int, moment: datetime) -> Pass:
    """A pass that nobody had before."""
    expires_at = (moment + LIVES).replace(microsecond=0)
    return Pass(sign_up_id, slot_id, secrets.token_urlsafe(_NONCE_BYTES), expires_at)


def code(shown: Pass) -> str:
    """The pass as it stands in the QR code."""
    values = {
        "aud": _AUDIENCE,
        "sub": str(shown.sign_up_id),
        "slot": shown.slot_id,
        "jti": shown.nonce,
        "exp": shown.expires_at,
    }
    return jwt.encode(values, _key(), algorithm=ALGORITHM)


def read(scanned: str) -> Pass | None:
    """What a code says, expired or not; None for one that we did not sign."""
    try:
        values = jwt.decode(
            scanned,
            _key().public_key(),
            algorithms=[ALGORITHM],
            audience=_AUDIENCE,
            options={"require": ["aud", "sub", "slot", "jti", "exp"], "verify_exp": False},
        )
    except jwt.InvalidTokenError:
        return None
    expires_at = datetime.fromtimestamp(int(values["exp"]), UTC)
    return Pass(int(values["sub"]), int(values["slot"]), str(values["jti"]), expires_at)


def public_key() -> str:
    """The raw public key in URL-safe base64, for devices that verify codes offline."""
    return _text(_key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))


def scene(slot_id: int) -> str:
    """The scene of the room's mini-program code: at most 32 of the characters that WeChat allows."""
    return f"{_MARK}.{slot_id:x}.{_digest(slot_id)}"


def slot_of(scanned: str) -> int | None:
    """The slot of a scene that we made; None for any other text."""
    mark, _, rest = scanned.partition(".")
    number, _, digest = rest.partition(".")
    try:
        slot_id = int(number, 16)
    except ValueError:
        return None
    ours = hmac.compare_digest(digest.encode(), _digest(slot_id).encode())
    return slot_id if mark == _MARK and ours else None


def _digest(slot_id: int) -> str:
    return _text(_secret(f"check-in room {slot_id}")[:_DIGEST_BYTES])


def _key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(_secret("check-in passes"))


def _secret(purpose: str) -> bytes:
    return hmac.new(settings.load().secret_key.encode(), purpose.encode(), hashlib.sha256).digest()


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
