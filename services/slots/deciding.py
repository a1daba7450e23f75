"""What the clock decides about a slot: called off for too few people, or its lots drawn. Once for each."""

from __future__ import annotations

from models import Draw, Slot, SlotState, writing
from services import deliveries
from services.access import SYSTEM
from services.clock import now
from services.slots import drawing, line, pushes, seasons, steering


async def run_due(limit: int = 100) -> int:
    """Decide up to `limit` slots whose moment has come, tell who may renew; returns how much it was."""
    due = Slot.filter(decide_at__lte=now()).order_by("decide_at").limit(limit)
    found = [one.id for one in await due]
    for slot_id in found:
        await _decide(slot_id)
    if found:
        deliveries.wake()
    return len(found) + await seasons.tell_due()


async def _decide(slot_id: int) -> None:
    async with writing():
        slot = await line.lock(slot_id)
        if slot.decide_at is None or slot.decide_at > now():
            return
        if slot.by_lot and slot.state is SlotState.OPEN:
            await drawing.draw_locked(SYSTEM, slot, await Draw.get(slot_id=slot.id))
            return
        slot.decide_at = None
        await slot.save(update_fields=["decide_at"])
        await line.fill(slot)
        await line.count(slot)
        least = slot.offering.attendance_least
        if slot.state is SlotState.OPEN and now() < slot.starts_at and slot.taken < least:
            await steering.call_off_locked(SYSTEM, slot, pushes.too_few(least, slot.taken))
