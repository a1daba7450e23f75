"""Which reminders a slot has, how their pushes are named, and taking back those of a sign-up that ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from models import Channel, Delivery, DeliveryState, SignUp
from services.slots import moments


@dataclass(frozen=True, slots=True)
class Reminder:
    """One of the reminders of a slot, in their order: `before` counts those that come earlier."""

    name: str
    before: int
    at: Callable[[datetime], datetime]
    """Of the start: when it is due."""
    reached: Callable[[datetime], datetime]
    """Of now: slots that start before this moment are due."""
    lasts: timedelta
    """Later than that after its moment it is left out."""
    tomorrow: bool


REMINDERS = (
    Reminder("eve", 0, moments.evening_before, moments.evening_reached, moments.EVENING_LASTS, tomorrow=True),
    Reminder("soon", 1, moments.soon_before, moments.soon_reached, moments.SOON, tomorrow=False),
)


def event(sign_up_id: int, one: Reminder) -> str:
    """Names the reminder of a sign-up once and for all."""
    return f"sign_up:{sign_up_id}:{one.name}"


async def take_back(sign_up: SignUp) -> None:
    """No reminder of a sign-up that has ended goes out any more; in the caller's `writing()`."""
    keys = [
        f"{event(sign_up.id, one)}:{sign_up.resident_id}:{channel.value}"
        for one in REMINDERS
        for channel in Channel
    ]
    pending = Delivery.filter(dedup_key__in=keys, state=DeliveryState.PENDING)
    await pending.update(state=DeliveryState.STOOD_DOWN)
