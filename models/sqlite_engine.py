"""Tortoise's SQLite engine with BEGIN IMMEDIATE, so that two processes queue for the write lock.

A deferred BEGIN lets two processes read and then fight over the upgrade: about half of them get
"database is locked". IMMEDIATE takes the write lock first and waits `busy_timeout`.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from tortoise.backends.base.client import (
    NestedTransactionContext,
    TransactionalDBClient,
    TransactionContext,
)
from tortoise.backends.sqlite.client import SqliteClient, SqliteTransactionContext, SqliteTransactionWrapper
from tortoise.connection import get_connections
from tortoise.exceptions import OperationalError


class ImmediateTransaction(SqliteTransactionWrapper):
    """A transaction that owns the write lock from its first moment."""

    async def begin(self) -> None:
        """Take the write lock; waits up to `busy_timeout`, then OperationalError."""
        try:
            await self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as exc:
            raise OperationalError(exc) from exc

    def _in_transaction(self) -> TransactionContext:
        return NestedTransactionContext(ImmediateTransaction(self))


class ImmediateContext(SqliteTransactionContext):
    """Gives the connection's lock back when BEGIN fails or the caller is cancelled in it."""

    async def __aenter__(self) -> TransactionalDBClient:
        """Enter the transaction, or leave nothing behind."""
        await self._trxlock.acquire()
        try:
            await self.ensure_connection()
            await self.connection.begin()
        except BaseException:
            self._trxlock.release()
            raise
        self.token = get_connections().set(self.connection_name, self.connection)
        opened: TransactionalDBClient = self.connection
        return opened


class ImmediateSqliteClient(SqliteClient):
    """SQLite client whose transactions are IMMEDIATE."""

    def _in_transaction(self) -> TransactionContext:
        return ImmediateContext(ImmediateTransaction(self), self._lock)


client_class = ImmediateSqliteClient


def get_client_class(_db_info: dict[str, Any]) -> type[SqliteClient]:
    """Entry point that Tortoise looks up in an engine module."""
    return ImmediateSqliteClient
