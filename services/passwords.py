"""Passwords of staff: argon2id, hashed outside the event loop."""

from __future__ import annotations

import asyncio
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 10

_hasher = PasswordHasher()
_AT_ONCE = 2  # each hash takes 64 MiB


def hash_password(plain: str) -> str:
    """The argon2id hash to store. Takes tens of milliseconds: `hashed` in the event loop."""
    return _hasher.hash(plain)


def _fits(stored: str, plain: str) -> bool:
    try:
        return _hasher.verify(stored, plain)
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return _hasher.hash("nobody has this password")


@lru_cache(maxsize=8)
def _gate(_loop: asyncio.AbstractEventLoop) -> asyncio.Semaphore:
    return asyncio.Semaphore(_AT_ONCE)


async def hashed(plain: str) -> str:
    """`hash_password` in a thread."""
    async with _gate(asyncio.get_running_loop()):
        return await asyncio.to_thread(hash_password, plain)


async def fits(stored: str | None, plain: str) -> bool:
    """Whether the password fits. Without a stored hash (no such user) it takes as long and is False."""
    async with _gate(asyncio.get_running_loop()):
        found = await asyncio.to_thread(lambda: _fits(stored or _nobodys_hash(), plain))
    return found and stored is not None


def outdated(stored: str) -> bool:
    """Whether a stored hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(stored)
