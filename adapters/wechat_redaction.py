"""Secrets, tokens and openids are kept out of error texts and logs."""

from __future__ import annotations

import logging
import re
from urllib.parse import quote

import httpx

_OPENID = re.compile(r"(?<![A-Za-z0-9_-])o[A-Za-z0-9_-]{27}(?![A-Za-z0-9_-])")
_NAMED = re.compile(
    r"((?:token|secret|code|openid|touser)[\"' ]*[=:][\"' ]*)[A-Za-z0-9_.-]{6,}", re.IGNORECASE
)
_HIDDEN = "[hidden]"
_MAX_MESSAGE = 300


def redact(text: str, *known: str) -> str:
    """At most 300 characters of `text`, without `known` values and what looks like an openid or a key."""
    for value in sorted(filter(None, known), key=len, reverse=True):
        text = text.replace(value, _HIDDEN).replace(quote(value, safe=""), _HIDDEN)
    return _NAMED.sub(rf"\1{_HIDDEN}", _OPENID.sub(_HIDDEN, text))[:_MAX_MESSAGE]


class _WithoutQuery(logging.Filter):
    """httpx logs every address at INFO, and WeChat wants token and secret in the query string."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(_bare(value) for value in record.args)
        return True


def _bare(value: object) -> object:
    return value.copy_with(query=None) if isinstance(value, httpx.URL) else value


_FILTER = _WithoutQuery()


def keep_queries_out_of_logs() -> None:
    """Cut the query string from what httpx logs; calling it again changes nothing."""
    logging.getLogger("httpx").addFilter(_FILTER)
