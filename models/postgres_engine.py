"""Tortoise's asyncpg engine without what it does for sessions and event loops that change.

asyncpg undoes session state (settings, advisory locks, LISTEN, cursors) whenever a connection goes back to
its pool: one round trip for every statement outside a transaction, and one for every transaction. This
product keeps no such state. Tortoise asks before every statement whether the event loop is still the same
one; here a database is opened and closed within one.
"""

from __future__ import annotations

from typing import Any

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import TransactionContext, TransactionContextPooled


class StatelessConnection(asyncpg.Connection):  # type: ignore[misc] # asyncpg is untyped
    """A connection that goes back as it is."""

    __slots__ = ()

    async def reset(self, *, timeout: float | None = None) -> None:  # noqa: ASYNC109 - asyncpg names it so
        """Roll back what was left open; there is nothing else to undo."""
        if self.is_in_transaction():
            await super().reset(timeout=timeout)


class StatelessTransaction(TransactionWrapper):
    """A transaction on such a connection."""

    def _check_loop(self) -> bool:
        return True


class StatelessClient(AsyncpgDBClient):
    """A pool of such connections."""

    connection_class = StatelessConnection

    def _check_loop(self) -> bool:
        return True

    def _in_transaction(self) -> TransactionContext:
        return TransactionContextPooled(StatelessTransaction(self), self._pool_init_lock)


def get_client_class(_db_info: dict[str, Any]) -> type[AsyncpgDBClient]:
    """Entry point that Tortoise looks up in an engine module."""
    return StatelessClient
