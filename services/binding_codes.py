"""One-time codes by which staff tie a WeChat user to a post. Only the hash of a code is stored."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from models import BindingCode
from models.fields import keyed_hash
from services.clock import now

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without 0/O, 1/I/L: read out over the phone, a code must stay one code."""

LENGTH = 8
LIFETIME = timedelta(hours=24)


def code_hash(code: str) -> str:
    """What stands in `BindingCode.code_hash` for a code as typed: spaces, hyphens and case do not matter."""
    return keyed_hash("".join(ch for ch in code.upper() if ch.isalnum()))


def new_code() -> str:
    """A fresh code of 8 characters, about 39 bits; with letter and digit, so that it is told from a word."""
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        if not (code.isalpha() or code.isdigit()):
            return code


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """A code in plain, shown once."""

    code: str
    expires_at: datetime


async def store(
    *,
    grid_member_id: int | None = None,
    organization_member_id: int | None = None,
    staff_id: int | None = None,
) -> IssuedCode:
    """Store a new code for exactly one post, inside the caller's `writing()`.

    Codes issued earlier for the same post and not yet used end now.
    """
    post = {
        "grid_member_id": grid_member_id,
        "organization_member_id": organization_member_id,
        "staff_id": staff_id,
    }
    moment = now()
    await BindingCode.filter(**post, used_at=None, expires_at__gt=moment).update(expires_at=moment)
    issued = IssuedCode(new_code(), moment + LIFETIME)
    await BindingCode(**post, code_hash=code_hash(issued.code), expires_at=issued.expires_at).save(
        force_create=True
    )
    return issued
