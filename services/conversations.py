"""Conversations: one row a WeChat user, locked by the first statement of the transaction of an answer."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import settings
from models import Conversation, Resident, rows
from models.statements import Statement, together
from services.clock import now

QUESTION_MINUTES = 10
"""How long a pending question waits, and how long words still belong to the appeal before them."""

ANSWER_DAYS = 3
"""How long words are taken as the answer to what a responder asked."""

_MENU_WINDOW = timedelta(minutes=1)


@dataclass(slots=True)
class Talk:
    """A locked conversation. Change its fields, then `save`; community and grid are the resident's."""

    id: int
    account: str
    openid: str
    resident_id: int
    community_id: int | None
    grid_id: int | None
    responder: bool
    pending: dict[str, Any] | None
    pending_until: datetime | None
    appeal_id: int | None
    appeal_at: datetime | None
    asked_id: int | None
    asked_at: datetime | None
    more: str
    owed: str
    following: bool
    reachable: bool
    window_until: datetime | None
    window_left: int
    code_tries: int
    code_tries_at: datetime | None
    moment: datetime
    newcomer: bool = False
    _stored: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def question(self) -> dict[str, Any] | None:
        """The pending question that is still waiting, `kind` says which."""
        if self.pending_until is None or self.moment >= self.pending_until:
            return None
        return self.pending

    def ask(self, kind: str, **facts: Any) -> None:  # noqa: ANN401 - JSON
        """Open the one pending question, in place of any other."""
        self.pending = {"kind": kind, **facts}
        self.pending_until = self.moment + timedelta(minutes=QUESTION_MINUTES)

    def settle(self) -> None:
        """No question is pending any more."""
        self.pending = self.pending_until = None

    @property
    def recent_appeal_id(self) -> int | None:
        """The appeal that words of the last ten minutes were about."""
        if self.appeal_id is None or self.appeal_at is None:
            return None
        fresh = self.moment - self.appeal_at <= timedelta(minutes=QUESTION_MINUTES)
        return self.appeal_id if fresh else None

    def about(self, appeal_id: int) -> None:
        """These words were about that appeal: what follows within ten minutes joins it."""
        self.appeal_id, self.appeal_at = appeal_id, self.moment

    @property
    def asked_appeal_id(self) -> int | None:
        """The appeal about which a responder waits for an answer."""
        if self.asked_id is None or self.asked_at is None:
            return None
        return self.asked_id if self.moment - self.asked_at <= timedelta(days=ANSWER_DAYS) else None


_OURS = frozenset({"id", "account", "openid", "resident_id", "community_id", "grid_id", "responder"})
_SAVED = tuple(one.name for one in fields(Talk) if one.name not in _OURS | {"moment", "newcomer", "_stored"})
_TIMES = ("pending_until", "appeal_at", "asked_at", "window_until", "code_tries_at")

_INSERT = """
INSERT INTO conversation
    (account, openid, version, more, owed, following, reachable, window_until, window_left, code_tries)
VALUES ($1, $2, 1, '', '', $3, $3, $4, $5, 0)
ON CONFLICT (account, openid) DO UPDATE SET version = conversation.version + 1
"""
_WRITES = ", following = excluded.following, reachable = TRUE, window_until = excluded.window_until, "
_COUNTS = "window_left = excluded.window_left"
_READ = """
RETURNING id, account, openid, resident_id, pending, pending_until, appeal_id, appeal_at, asked_id, asked_at,
    more, owed, following, reachable, window_until, window_left, code_tries, code_tries_at,
    (SELECT community_id FROM resident WHERE resident.id = conversation.resident_id) AS community_id,
    (SELECT grid_id FROM resident WHERE resident.id = conversation.resident_id) AS grid_id,
    (SELECT responder FROM resident WHERE resident.id = conversation.resident_id) AS responder
"""
_LOCK_WRITER = _INSERT + _WRITES + _COUNTS + _READ
_LOCK_OTHER = _INSERT + _READ


async def lock(account: str, openid: str, *, wrote: bool = True) -> Talk:
    """Create or lock the conversation and read it, with its resident, in one statement; first in `writing()`.

    `wrote` for a message from the user: it shows that they follow, and opens the customer-service window.
    """
    moment = now()
    until, left = _window(moment) if wrote else (None, 0)
    found = await rows(_LOCK_WRITER if wrote else _LOCK_OTHER, account, openid, wrote, until, left)
    row = found[0]
    newcomer = row["resident_id"] is None
    if newcomer:
        resident = await Resident.create()
        await Conversation.filter(id=row["id"]).update(resident_id=resident.id)
        row = row | {"resident_id": resident.id}
    return _talk(row, moment, newcomer)


async def save(talk: Talk) -> None:
    """Write what has changed, in the same transaction."""
    for one in saving(talk):
        await together(one)


def saving(talk: Talk) -> list[Statement]:
    """What `save` writes; nothing where nothing has changed."""
    changes = {name: getattr(talk, name) for name in _SAVED if getattr(talk, name) != talk._stored[name]}
    if not changes:
        return []
    if changes.get("pending") is not None:
        changes["pending"] = json.dumps(changes["pending"], ensure_ascii=False)
    return [Statement(_update(tuple(changes)), (talk.id, *changes.values()))]


@lru_cache(maxsize=256)
def _update(columns: tuple[str, ...]) -> str:
    changes = ", ".join(f"{name} = ${place}" for place, name in enumerate(columns, 2))
    return f"UPDATE conversation SET {changes} WHERE id = $1"  # noqa: S608 - names of columns


def open_menu_window(talk: Talk) -> None:
    """A follow, a scan or a menu click allows a few customer-service messages for a minute.

    A longer window of which something is left stays as it is.
    """
    until = talk.moment + _MENU_WINDOW
    if talk.window_until is None or talk.window_until < until or talk.window_left <= 0:
        talk.window_until, talk.window_left = until, settings.load().customer_messages_per_menu


def _window(moment: datetime) -> tuple[datetime, int]:
    chosen = settings.load()
    return moment + timedelta(hours=chosen.customer_window_hours), chosen.customer_messages_per_text


def _talk(row: dict[str, Any], moment: datetime, newcomer: bool) -> Talk:
    values = row | {name: _time(row[name]) for name in _TIMES}
    values |= {name: bool(row[name]) for name in ("following", "reachable", "responder")}
    if isinstance(row["pending"], str):
        values["pending"] = json.loads(row["pending"])
    return Talk(**values, moment=moment, newcomer=newcomer, _stored={name: values[name] for name in _SAVED})


def _time(value: Any) -> datetime | None:  # noqa: ANN401 - text on SQLite
    return datetime.fromisoformat(value) if isinstance(value, str) else value
