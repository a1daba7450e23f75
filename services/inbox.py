"""The inbox: every message is committed before any work, so that nothing is lost and nothing done twice.

A row is RECEIVED under a lease while somebody works on it, and DONE with its stored reply in the very
transaction of that work. Who finds a row done has the reply; who finds a lease over takes the work up.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import settings
from models import InboundMessage, InboundState, Notice, ReplyMode, rows
from models.statements import Statement, together
from services import deliveries, notices
from services.clock import now
from services.deliveries import Told

ATTEMPTS = 5
"""Failed attempts after which a message is given to people as it is."""

# WeChat tries three times, five seconds each: after that nobody waits for a passive reply any more.
_PATIENCE = timedelta(seconds=15)
_PAUSE_AFTER_FAILURE = timedelta(seconds=20)


class Overtaken(Exception):
    """Somebody else finished this message first: the transaction must roll back, their reply counts."""


@dataclass(frozen=True, slots=True)
class Inbound:
    """An inbox row as a worker or a waiting caller sees it; `ours` says that the work is the receiver's."""

    id: int
    ours: bool
    state: InboundState
    mode: ReplyMode | None
    reply: str | None
    lease_until: datetime
    attempts: int
    account: str
    openid: str
    payload: Mapping[str, Any]

    @property
    def words(self) -> str | None:
        """What to answer now: the stored reply, "" when the words go another way, None while undecided."""
        if self.mode is ReplyMode.DEFERRED:
            return ""
        return self.reply or "" if self.state is not InboundState.RECEIVED else None


_RECEIVE = """
INSERT INTO inbound_message (account, openid, key, payload, state, mode, attempts, lease_until, received_at)
VALUES ($1, $2, $3, $4, 'received', $5, 1, $6, $7) ON CONFLICT (account, openid, key) DO NOTHING RETURNING id
"""


async def receive(
    account: str, openid: str, key: str, payload: Mapping[str, Any], *, mode: ReplyMode | None = None
) -> Inbound:
    """Store one message and commit it, or find the row of an earlier try; never inside a transaction.

    `payload` is JSON-ready and masked. `mode` DEFERRED says that no passive reply is possible.
    """
    moment = now()
    lease = _lease(moment)
    text = json.dumps(payload, ensure_ascii=False)
    made = await rows(_RECEIVE, account, openid, key, text, mode, lease, moment)
    if made:
        made_id = int(made[0]["id"])
        return Inbound(made_id, True, InboundState.RECEIVED, mode, None, lease, 1, account, openid, payload)
    return _seen(await InboundMessage.get(account=account, openid=openid, key=key))


async def look(inbound_id: int) -> Inbound:
    """The row as it is now."""
    return _seen(await InboundMessage.get(id=inbound_id))


async def take_over(inbound: Inbound) -> bool:
    """Take up the work of a row whose lease is over; True for exactly one of those who try."""
    moment = now()
    taken = await InboundMessage.filter(
        id=inbound.id, state=InboundState.RECEIVED, attempts=inbound.attempts, lease_until__lte=moment
    ).update(lease_until=_lease(moment), attempts=inbound.attempts + 1)
    return taken == 1


async def defer(inbound_id: int) -> bool:
    """Decide that the words follow by push; False when the work was done first and the reply is there."""
    decided = await InboundMessage.filter(id=inbound_id, mode=None).update(mode=ReplyMode.DEFERRED)
    return decided == 1


_MODES = {one.value: one for one in ReplyMode}
_FINISH = """
UPDATE inbound_message SET state = 'done', reply = $1, done_at = $2,
    mode = COALESCE(mode, CASE WHEN received_at < $3 THEN 'deferred' ELSE 'passive' END)
WHERE id = $4 AND state = 'received' RETURNING mode
"""


async def finish(inbound: Inbound, reply: str, resident_id: int, *before: Statement) -> ReplyMode:
    """Store the reply with the work that it tells of, in the caller's `writing()`; deferred words are queued.

    `before` is written in the same breath.
    Raises: Overtaken.
    """
    moment = now()
    finished = Statement(_FINISH, (reply, moment, moment - _PATIENCE, inbound.id))
    done = await together(*before, finished)
    if not done:
        raise Overtaken
    mode = _MODES[done[0]["mode"]]
    if mode is ReplyMode.DEFERRED and reply:
        await tell_later(inbound, reply, resident_id)
    return mode


async def tell_later(inbound: Inbound, reply: str, resident_id: int) -> None:
    """Queue words as a push into the conversation that the message came from, once for each message."""
    told = Told(
        Notice.REPLY,
        resident_id,
        event=f"reply:{inbound.id}",
        payload=notices.reply(reply),
        account=inbound.account,
    )
    await deliveries.queue(told)


async def postpone(inbound: Inbound) -> None:
    """After a failure: end the wait of the caller, and leave the row to the next try after a pause."""
    pause = _PAUSE_AFTER_FAILURE * inbound.attempts
    await InboundMessage.filter(id=inbound.id, state=InboundState.RECEIVED).update(
        lease_until=now() + pause, mode=ReplyMode.DEFERRED
    )


async def take_over_expired(limit: int) -> list[Inbound]:
    """Rows whose lease is over, taken up by this caller, oldest first; their words will follow by push."""
    found = await InboundMessage.filter(state=InboundState.RECEIVED, lease_until__lte=now()).limit(limit)
    taken = []
    for row in sorted(found, key=lambda one: one.id):
        seen = _seen(row)
        if await take_over(seen):
            await defer(row.id)
            taken.append(_seen(await InboundMessage.get(id=row.id)))
    return taken


async def give_up(inbound: Inbound, reply: str) -> bool:
    """Mark the row FAILED in the caller's `writing()`; False when somebody finished it after all."""
    marked = await InboundMessage.filter(id=inbound.id, state=InboundState.RECEIVED).update(
        state=InboundState.FAILED, reply=reply, done_at=now(), mode=ReplyMode.DEFERRED
    )
    return marked == 1


def _lease(moment: datetime) -> datetime:
    return moment + timedelta(seconds=settings.load().inbox_lease_seconds)


def _seen(row: InboundMessage) -> Inbound:
    return Inbound(
        row.id,
        False,
        row.state,
        row.mode,
        row.reply,
        row.lease_until,
        row.attempts,
        row.account,
        row.openid,
        row.payload,
    )
