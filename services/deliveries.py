"""Writes down whom to tell what, in the transaction of the event itself. Sending is `services.sending`."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Self
from weakref import WeakKeyDictionary

from tortoise.context import TortoiseContext, require_context

from models import Appeal, Channel, Delivery, DeliveryState, Notice, NoticeRule
from models.statements import Statement, together, value_lists
from services.clock import now

# Template messages carry a key against doubles and reach people who have not written for days; words meant
# for one person's eyes go through the chat first, where they stand in full.
_PUSH = (Channel.TEMPLATE, Channel.CUSTOMER, Channel.SUBSCRIBE)
_CHAT = (Channel.CUSTOMER, Channel.TEMPLATE, Channel.SUBSCRIBE)
ORDERS: Mapping[Notice, tuple[Channel, ...]] = MappingProxyType(
    {
        Notice.ASSIGNED: _PUSH,
        Notice.ALERT: _PUSH,
        Notice.REMIND: _PUSH,
        Notice.ESCALATED: _PUSH,
        Notice.SUPERVISOR: _PUSH,
        Notice.STAND_DOWN: _PUSH,
        Notice.PROGRESS: _CHAT,
        Notice.ASKED: _CHAT,
        Notice.ANSWERED: _CHAT,
        Notice.REPLY: (Channel.CUSTOMER,),
        Notice.PLACE: (Channel.SUBSCRIBE, Channel.CUSTOMER, Channel.TEMPLATE),
        Notice.REMINDER: (Channel.SUBSCRIBE, Channel.CUSTOMER),
    }
)
"""Fall-back order of channels; a `NoticeRule` row replaces that of its notice."""

AS_ALLOWED = frozenset({Notice.REMINDER})
"""What is said only where people allow it: without an open channel nothing went wrong."""

ORDERS_SECONDS = 5.0
CHANNELS: Mapping[str, Channel] = MappingProxyType({one.value: one for one in Channel})
"""Channels by the name that stands in the rows."""

_orders: WeakKeyDictionary[TortoiseContext, tuple[float, Mapping[Notice, tuple[Channel, ...]]]] = (
    WeakKeyDictionary()
)
_wakers: list[Callable[[], None]] = []


@dataclass(frozen=True, slots=True)
class Told:
    """One person to be told one thing. `event` names it once and for all: `assigned:1024:3`.

    `account` pins the WeChat account, for words that belong into one conversation (`Notice.REPLY`); `wait` is
    how long what is told may still grow before it is sent.
    """

    notice: Notice
    resident_id: int
    event: str
    payload: dict[str, Any]
    appeal: Appeal | None = None
    assignment_id: int | None = None
    community_id: int | None = None
    account: str = ""
    wait: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Row:
    """A delivery about to be written; `order` is what is left of the channels, never empty."""

    notice: Notice
    resident_id: int
    event: str
    payload: dict[str, Any]
    order: tuple[Channel, ...]
    appeal_id: int | None = None
    assignment_id: int | None = None
    community_id: int | None = None
    account: str = ""
    repeat: bool = False
    wait: timedelta = timedelta()

    @classmethod
    def of(cls, told: Told, order: tuple[Channel, ...]) -> Self:
        """The first row of what is told."""
        appeal_id = community_id = None
        if told.appeal is not None:
            appeal_id, community_id = told.appeal.id, told.appeal.community_id
        return cls(
            told.notice,
            told.resident_id,
            told.event,
            told.payload,
            order,
            appeal_id,
            told.assignment_id,
            told.community_id or community_id,
            told.account,
            wait=told.wait,
        )

    @classmethod
    def after(cls, delivery: Delivery, *, repeat: bool) -> Self:
        """The row for the next channel of a delivery that its own could not carry."""
        order = tuple(CHANNELS[one] for one in delivery.next_channels)
        return cls.again(delivery, event_of(delivery), order, repeat=repeat)

    @classmethod
    def again(
        cls, delivery: Delivery, event: str, order: tuple[Channel, ...], *, repeat: bool = False
    ) -> Self:
        """The same message under another name or order."""
        return cls(
            delivery.notice,
            delivery.resident_id,
            event,
            delivery.payload,
            order,
            delivery.appeal_id,
            delivery.assignment_id,
            delivery.community_id,
            pinned(delivery),
            repeat,
        )

    @property
    def key(self) -> str:
        """Unique name of (event, recipient, channel)."""
        return f"{self.event}:{self.resident_id}:{self.order[0].value}"


def event_of(delivery: Delivery) -> str:
    """The event that the delivery tells about, as `Told` named it."""
    return delivery.dedup_key.rsplit(":", 2)[0]


def pinned(delivery: Delivery) -> str:
    """The account that a delivery must go through; only the words of a conversation are tied to one."""
    return delivery.account if delivery.notice is Notice.REPLY else ""


async def queue(*told: Told) -> None:
    """Write one delivery for each; what is queued already (same event, recipient, channel) stays as it is.

    Inside the caller's `writing()`, so that a push commits with its event or not at all.
    """
    if told:
        await together(*await queueing(*told))


async def queueing(*told: Told) -> list[Statement]:
    """What `queue` writes; nothing where nobody is told."""
    orders = await current_orders()
    return [_inserting([Row.of(one, orders[one.notice]) for one in told])] if told else []


async def insert(deliveries: Collection[Row]) -> None:
    """One statement for all of them; a key that exists already wins over the new row."""
    await together(_inserting(deliveries))


def _inserting(deliveries: Collection[Row]) -> Statement:
    moment = now()
    values = tuple(value for one in deliveries for value in _values(one, moment))
    return Statement(_insert(len(deliveries)), values)


@lru_cache(maxsize=64)
def _insert(count: int) -> str:
    return f"{_INSERT} VALUES {value_lists(len(_COLUMNS), count)} ON CONFLICT (dedup_key) DO NOTHING"


_COLUMNS = (
    "community_id",
    "dedup_key",
    "notice",
    "appeal_id",
    "assignment_id",
    "resident_id",
    "account",
    "channel",
    "next_channels",
    "payload",
    "state",
    "attempts",
    "repeat",
    "due_at",
    "error",
    "provider_id",
    "created_at",
)
_INSERT = f"INSERT INTO delivery ({', '.join(_COLUMNS)})"


def _values(row: Row, moment: datetime) -> tuple[object, ...]:
    return (
        row.community_id,
        row.key,
        row.notice.value,
        row.appeal_id,
        row.assignment_id,
        row.resident_id,
        row.account,
        row.order[0].value,
        json.dumps([one.value for one in row.order[1:]]),
        json.dumps(row.payload, ensure_ascii=False),
        DeliveryState.PENDING.value,
        0,
        row.repeat,
        moment + row.wait,
        "",
        "",
        moment,
    )


async def current_orders() -> Mapping[Notice, tuple[Channel, ...]]:
    """The order of channels for every notice, at most `ORDERS_SECONDS` old."""
    context = require_context()
    until, kept = _orders.get(context, (0.0, ORDERS))
    if time.monotonic() < until:
        return kept
    ruled = {
        rule.notice: tuple(CHANNELS[one] for one in rule.channels)
        for rule in await NoticeRule.all()
        if rule.channels
    }
    orders = {**ORDERS, **ruled}
    _orders[context] = (time.monotonic() + ORDERS_SECONDS, orders)
    return orders


async def stand_down(appeal_id: int, notices: set[Notice]) -> int:
    """Take back what nobody has sent yet of these notices; returns how many."""
    return await Delivery.filter(
        appeal_id=appeal_id, notice__in=list(notices), state=DeliveryState.PENDING
    ).update(state=DeliveryState.STOOD_DOWN)


def wake() -> None:
    """Hint to the worker that there is something to send; call it after the commit. Cheap, never fails."""
    for waker in tuple(_wakers):
        waker()


def on_wake(waker: Callable[[], None]) -> Callable[[], None]:
    """Call `waker` (which must not raise or block) at every `wake`; returns what takes it back."""
    _wakers.append(waker)
    return lambda: _wakers.remove(waker)
