"""What a resident adds in a row (a place, a link, three photos) is one push to whoever handles the appeal.

The push waits a short while for what else comes, and says all of it; in an emergency it waits for nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from models import Appeal, AppealEvent, Delivery, DeliveryState, Notice, Urgency
from services import deliveries, sentences
from services.clock import now
from services.deliveries import Told
from services.notices import Payload

SHORT_WHILE = timedelta(seconds=20)
_NAME = "more:"


async def tell(appeal: Appeal, event: AppealEvent, people: Iterable[int], came: str) -> None:
    """Tell each of them once, but for who added it, that `came` (照片, 位置) came for the appeal.

    Inside the transaction that locked the appeal. What a worker has taken up already is left to it.
    """
    wait = timedelta() if appeal.urgency is Urgency.EMERGENCY else SHORT_WHILE
    for one in dict.fromkeys(people):
        if one != event.actor_resident_id and not await _joined(appeal, one, came):
            payload = _payload(appeal, [came])
            name = f"{_NAME}{event.id}"
            await deliveries.queue(Told(Notice.PROGRESS, one, name, payload, appeal, wait=wait))


async def drop(appeal_id: int) -> None:
    """Take back what still waits: whoever was to be told handles the appeal no more."""
    waiting = Delivery.filter(appeal_id=appeal_id, state=DeliveryState.PENDING, due_at__gt=now())
    await waiting.filter(dedup_key__startswith=_NAME).update(state=DeliveryState.STOOD_DOWN)


async def _joined(appeal: Appeal, resident_id: int, came: str) -> bool:
    """Whether a push to this person was still waiting, and says this as well now."""
    waiting = Delivery.filter(
        appeal_id=appeal.id,
        resident_id=resident_id,
        state=DeliveryState.PENDING,
        claim=None,
        begun_at=None,
        dedup_key__startswith=_NAME,
    )
    found = await waiting.order_by("-id").first()
    if found is None:
        return False
    payload = _payload(appeal, [*found.payload["came"], came])
    return bool(await waiting.filter(id=found.id).update(payload=payload))


def _payload(appeal: Appeal, came: Iterable[str]) -> Payload:
    kinds = list(dict.fromkeys(came))
    return sentences.supplemented(appeal, kinds) | {"came": kinds}
