"""Starting a process: what whoever runs it can mend is said in one sentence, without a traceback."""

from __future__ import annotations

import errno
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
from tortoise.exceptions import DBConnectionError, IntegrityError, NotExistOrMultiple, OperationalError

_TABLES = "数据库里还没有表，请先运行：python -m scripts.prepare"
_PORT = "端口已被占用，换一个试试，例如：PORT=8001"
_DATABASE = "数据库连不上，请检查 DATABASE_URL 和数据库是否在运行"


_EXPLAINED = (OperationalError, DBConnectionError, asyncpg.PostgresError, OSError)
_OUR_OWN = (IntegrityError, NotExistOrMultiple)
"""Called operational by the ORM, but the database answered: the fault is in our rows or our code."""
_SANIC_SAYS = "Experienced exception while trying to serve"


def _unexplained(record: logging.LogRecord) -> bool:
    """False for the traceback that Sanic logs of what is said in one sentence a moment later."""
    problem = record.exc_info[1] if record.exc_info else None
    return not (isinstance(problem, _EXPLAINED) and record.getMessage() == _SANIC_SAYS)


@contextmanager
def explained() -> Iterator[None]:
    """Ends the process with status 1 and the reason; what nobody can mend by settings keeps its traceback."""
    logging.getLogger("sanic.error").addFilter(_unexplained)
    try:
        yield
    except _OUR_OWN:
        raise
    except _EXPLAINED as problem:
        sys.exit(f"没有启动：{reason(problem)}")


def reason(problem: Exception) -> str:
    """What is wrong with database or port, in words for whoever runs the product."""
    if isinstance(problem, OSError) and problem.errno == errno.EADDRINUSE:
        return _PORT
    missing = "no such table" in str(problem) or "relation" in str(problem)
    if isinstance(problem, OperationalError) and missing:
        return _TABLES
    return f"{_DATABASE}（{problem}）"
