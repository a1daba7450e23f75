"""抽签: the order of the lots, so that a stranger can draw them again. Pure; see ADR on lots.

key = seed (64 hex characters) + the public number, if one was named; the lot of an application is
HMAC-SHA256(key, its number in decimal), as hex; lots stand in ascending order. All text is UTF-8.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Collection


def new_seed() -> str:
    """32 random bytes as 64 hex characters."""
    return secrets.token_hex(32)


def fingerprint(text: str) -> str:
    """SHA-256, hex: published before what it is of."""
    return hashlib.sha256(text.encode()).hexdigest()


def canonical(applications: Collection[int]) -> str:
    """The list of application numbers as it is published: ascending, JSON without blanks: `[7,12,31]`."""
    return json.dumps(sorted(applications), separators=(",", ":"))


def lot(seed: str, public_value: str, application: int) -> str:
    """The lot of one application. It does not depend on the others: who leaves changes nobody's order."""
    return hmac.new((seed + public_value).encode(), str(application).encode(), hashlib.sha256).hexdigest()


def order(seed: str, public_value: str, applications: Collection[int]) -> list[int]:
    """The application numbers in the order of their lots."""
    return sorted(applications, key=lambda number: lot(seed, public_value, number))
