"""Followers: residents whose own appeals were merged into another one, which is handled for all of them.

A follower keeps their own number. What they say counts where the matter is handled, and they are told of its
steps; the words of others never reach them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from models import OPEN, Appeal, AppealEvent, AppealStatus, Notice, Urgency, writing
from services import deliveries, moving, notices
from services.access import Actor
from services.deliveries import Told


def of(appeal_id: int) -> QuerySet[Appeal]:
    """The appeals that are handled within this one."""
    return Appeal.filter(merged_into_id=appeal_id, status=AppealStatus.MERGED)


async def target(appeal: Appeal) -> Appeal:
    """The appeal within which this one is handled: itself, unless it was merged. Merges make no loops."""
    while appeal.status is AppealStatus.MERGED and appeal.merged_into_id is not None:
        appeal = await Appeal.get(id=appeal.merged_into_id)
    return appeal


async def alive(appeal_id: int | None) -> Appeal | None:
    """The appeal with this number if somebody is still at work on it, under its own number or another."""
    found = await Appeal.filter(id=appeal_id).first() if appeal_id is not None else None
    return found if found is not None and (await target(found)).status in OPEN else None


async def alarmed(appeal: Appeal) -> bool:
    """Whether an emergency is still one where it is handled."""
    return appeal.urgency is Urgency.EMERGENCY and (await target(appeal)).urgency is Urgency.EMERGENCY


def handled_in(*statuses: AppealStatus) -> Q:
    """Appeals that stand in one of these states, or are handled within one that does."""
    wanted = list(statuses)
    return Q(status__in=wanted) | Q(status=AppealStatus.MERGED, merged_into__status__in=wanted)


async def follows(actor: Actor, number: int) -> bool:
    """Whether an appeal of the actor is handled within this one."""
    return actor.resident_id is not None and await of(number).filter(resident_id=actor.resident_id).exists()


async def others_follow(resident_id: int, number: int) -> bool:
    """Whether appeals of other residents than this one are handled within the appeal."""
    return await of(number).exclude(resident_id=resident_id).exists()


async def own_number(resident_id: int, number: int) -> int:
    """The resident's own number of what they call `number`, perhaps the one that theirs was merged into."""
    if await Appeal.filter(id=number, resident_id=resident_id).exists():
        return number
    own = await of(number).filter(resident_id=resident_id).order_by("id").first()
    return own.number if own is not None else number


async def supporters(appeals: Collection[Appeal]) -> dict[int, int]:
    """How many other residents report the same as each of these, none left out; one query."""
    reporters = {one.id: one.resident_id for one in appeals}
    found = Appeal.filter(merged_into_id__in=list(reporters), status=AppealStatus.MERGED)
    people: dict[int, set[int]] = {}
    for appeal_id, resident_id in await found.values_list("merged_into_id", "resident_id"):
        people.setdefault(appeal_id, set()).add(resident_id)
    return {one: len(people.get(one, set()) - {reporter}) for one, reporter in reporters.items()}


async def tell(appeal: Appeal, event: AppealEvent, words: Callable[[Appeal], str]) -> None:
    """Push a step to every follower, once each, under their own number; the reporter is told elsewhere."""
    told = {appeal.resident_id, event.actor_resident_id}
    queued = []
    for one in await of(appeal.id).order_by("id"):
        if one.resident_id not in told:
            told.add(one.resident_id)
            payload = notices.progress(one, words(one), status=appeal.status.label)
            queued.append(Told(Notice.PROGRESS, one.resident_id, f"event:{event.id}:{one.id}", payload, one))
    await deliveries.queue(*queued)


@asynccontextmanager
async def acting_in_circle(actor: Actor, number: int) -> AsyncIterator[Appeal]:
    """`acting` on an appeal that may be merged, or that others may be merged into.

    All of them are locked, the smaller number first: an update of a merged row locks what it points to,
    so that any other order lets two of these wait in a circle. Raises: NotFound.
    """
    async with writing():
        await lock_circle(number)
        async with moving.acting(actor, number) as appeal:
            yield appeal
    deliveries.wake()


async def lock_circle(number: int) -> None:
    """Lock an appeal, what it was merged into and what was merged into it, in the order of their numbers."""
    around = Appeal.filter(Q(id=number) | Q(merged_into_id=number) | Q(merged__id=number))
    for one in sorted({appeal.id for appeal in await around}):
        _ = await moving.locked(one)
