"""The table is the queue: who may send a delivery now, decided by guarded updates with a lease.

`attempts` counts sends that began. `begun_at` stands from the first of them whose outcome is not known: a
worker that died in the middle leaves it behind, and whoever claims the row next knows that the message may
have been seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from tortoise.expressions import F

import settings
from models import (
    Channel,
    Consent,
    Conversation,
    Delivery,
    DeliveryState,
    Notice,
    on_postgres,
    rows,
    writing,
)
from services.channels import Line
from services.clock import now

_CLAIM = """
UPDATE delivery SET claim = $1, claimed_until = $2 WHERE id IN (
    SELECT id FROM delivery
    WHERE state = 'pending' AND due_at <= $3 AND (claimed_until IS NULL OR claimed_until < $3)
    ORDER BY CASE WHEN notice = 'alert' THEN 0 ELSE 1 END, due_at, id LIMIT $4 {lock}
) AND state = 'pending' AND (claimed_until IS NULL OR claimed_until < $3)
RETURNING id
"""
_LOCKED = _CLAIM.format(lock="FOR UPDATE SKIP LOCKED")
_PLAIN = _CLAIM.format(lock="")

# Renews the lease: a send that starts at its very end must not be taken for abandoned while it runs.
_BEGIN = """
UPDATE delivery SET attempts = attempts + 1, claimed_until = $4, begun_at = COALESCE(begun_at, $3),
       account = $5, repeat = $6
WHERE id = $1 AND claim = $2 AND claimed_until > $3 AND state = 'pending' AND NOT EXISTS (
    SELECT 1 FROM channel_halt
    WHERE account = $5 AND api IN ('*', $7) AND lifted_at IS NULL AND (until IS NULL OR until > $3)
)
RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Spent:
    """What a send took in advance, to be given back when WeChat refuses it."""

    conversation_id: int | None = None
    window_until: datetime | None = None
    consent_template: str = ""


def lease() -> timedelta:
    """How long a claim holds."""
    return timedelta(seconds=settings.load().delivery_lease_seconds)


async def claim(limit: int) -> list[Delivery]:
    """Take up to `limit` due deliveries that nobody holds, emergencies first, then the longest due."""
    token, moment = uuid4().hex, now()
    async with writing():
        found = await rows(_LOCKED if on_postgres() else _PLAIN, token, moment + lease(), moment, limit)
    if not found:
        return []
    taken = await Delivery.filter(id__in=[row["id"] for row in found], claim=token)
    return sorted(taken, key=lambda one: (one.notice is not Notice.ALERT, one.due_at, one.id))


async def begin(delivery: Delivery, line: Line, *, repeat: bool) -> Spent | None:
    """Start a send: renews the lease, counts the attempt, takes a message of the window or an accept.

    None when the send must not happen: the lease is over, the account or API has been halted, or the window
    or the accepts have been used up since the batch was read.
    """
    moment = now()
    async with writing():
        spent = await _spend(delivery.channel, line, moment)
        if spent is None:
            return None
        begun = await rows(
            _BEGIN,
            delivery.id,
            delivery.claim,
            moment,
            moment + lease(),
            line.account.account,
            repeat,
            delivery.channel.value,
        )
        if not begun:
            await give_back(spent)
            return None
    return spent


async def give_back(spent: Spent) -> None:
    """Undo what `begin` took, unless the person has opened a new window since."""
    if spent.consent_template:
        await Consent.filter(
            conversation_id=spent.conversation_id, template_id=spent.consent_template
        ).update(remaining=F("remaining") + 1)
    elif spent.conversation_id is not None:
        await Conversation.filter(id=spent.conversation_id, window_until=spent.window_until).update(
            window_left=F("window_left") + 1
        )


async def settle(delivery: Delivery, **columns: object) -> bool:
    """Write the outcome and end the claim; False when the claim has passed to somebody else."""
    held = Delivery.filter(id=delivery.id, claim=delivery.claim, state=DeliveryState.PENDING)
    return bool(await held.update(**columns, claim=None, claimed_until=None))


async def release(delivery: Delivery) -> None:
    """Give the row back unsent, due as it was."""
    async with writing():
        await settle(delivery)


async def _spend(channel: Channel, line: Line, moment: datetime) -> Spent | None:
    talk = line.conversation
    if channel is Channel.CUSTOMER:
        open_window = Conversation.filter(id=talk.id, window_until__gt=moment, window_left__gt=0)
        taken = await open_window.update(window_left=F("window_left") - 1)
        return Spent(talk.id, talk.window_until) if taken else None
    if channel is Channel.SUBSCRIBE:
        accepts = Consent.filter(
            conversation_id=talk.id, template_id=line.template_id, remaining__gt=0, revoked=False
        )
        taken = await accepts.update(remaining=F("remaining") - 1)
        return Spent(talk.id, None, line.template_id) if taken else None
    return Spent()
