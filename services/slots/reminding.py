"""Reminders: the evening before and two hours before, to those who hold a place; each once, or not at all.

How far the clock has come with a slot stands in the slot (`reminders`), so what is due is found by an index.
"""

from __future__ import annotations

from datetime import timedelta

from models import Notice, SignUp, SignUpState, Slot, SlotState, writing
from services import deliveries
from services.clock import now
from services.deliveries import Told
from services.slots import day_pushes, line, reminders
from services.slots.reminders import REMINDERS, Reminder

AT_ONCE = 200
"""Reminders in one statement."""


async def remind_due(limit: int = 50) -> int:
    """Remind of up to `limit` slots for each reminder; returns how many slots were looked at."""
    looked = 0
    for one in REMINDERS:
        due = Slot.filter(reminders=one.before, starts_at__lt=one.reached(now()))
        for slot in await due.order_by("starts_at").limit(limit):
            async with writing():
                await _remind(await line.lock(slot.id), one)
            looked += 1
    if looked:
        deliveries.wake()
    return looked


async def _remind(slot: Slot, one: Reminder) -> None:
    if not await Slot.filter(id=slot.id, reminders=one.before).update(reminders=one.before + 1):
        return
    moment, due = now(), one.at(slot.starts_at)
    timely = due <= moment < min(due + one.lasts, slot.starts_at)
    if not timely or slot.state is not SlotState.OPEN or not slot.offering.kind.fills_time:
        return
    last = slot.starts_at - timedelta(hours=slot.offering.cancel_hours)
    payload = day_pushes.reminder(slot, tomorrow=one.tomorrow, may_cancel=moment <= last)
    # Who signed up later than that knows it without a reminder.
    held = SignUp.filter(slot_id=slot.id, state=SignUpState.HELD, created_at__lte=due)
    told = [
        Told(
            Notice.REMINDER,
            made.resident_id,
            reminders.event(made.id, one),
            payload,
            community_id=slot.community_id,
        )
        for made in await held.order_by("id")
    ]
    for first in range(0, len(told), AT_ONCE):
        await deliveries.queue(*told[first : first + AT_ONCE])
