"""The steps that every verb is made of: lock, look, check the table of moves, change, write down, tell."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from models import (
    Appeal,
    AppealEvent,
    AppealStatus,
    Assignment,
    AssignmentEnd,
    Category,
    Need,
    Notice,
    Role,
    Verb,
    find_move,
    writing,
)
from services import (
    access,
    bundling,
    deadlines,
    deliveries,
    history,
    holding,
    notices,
    refusals,
    rosters,
    sentences,
)
from services.access import Actor
from services.clock import now
from services.deliveries import Told
from services.errors import IllegalMove, Invalid

TASKS = {Notice.ASSIGNED, Notice.REMIND}
"""Pushes that mean nothing once somebody else holds the appeal."""

MOST_WORDS = 1000


@asynccontextmanager
async def acting(
    actor: Actor, number: int, *, also: Callable[[Actor, int], Awaitable[bool]] | None = None
) -> AsyncIterator[Appeal]:
    """A transaction around one verb that starts with the locked appeal; wakes the worker after it.

    `also`: what else than scope and assignments brings the appeal into the actor's sight.
    Raises: NotFound when there is no such appeal, or none in the actor's sight.
    """
    async with writing():
        appeal = await locked(number, actor.role)
        if not await sees(actor, appeal) and not (also is not None and await also(actor, number)):
            raise refusals.unknown(actor.role, number)
        yield appeal
    deliveries.wake()


@asynccontextmanager
async def acting_after(
    actor: Actor, number: int, first: Callable[[int, int], Awaitable[None]]
) -> AsyncIterator[Appeal]:
    """`acting`, after `first(resident id, number)` in the same transaction: it locks the conversation.

    Everybody takes a conversation before an appeal; the other order lets two of them wait for each other.
    """
    async with writing():
        appeal = await Appeal.get_or_none(id=number)
        if appeal is not None:
            await first(appeal.resident_id, number)
        async with acting(actor, number) as found:
            yield found
    deliveries.wake()


@asynccontextmanager
async def acting_on_both(actor: Actor, number: int, other: int) -> AsyncIterator[tuple[Appeal, Appeal]]:
    """`acting` on two appeals; the smaller number is locked first: two of these never wait in a circle.

    The actor needs sight of the first alone. Raises: NotFound.
    """
    async with writing():
        _ = await locked(min(number, other))
        second = await locked(max(number, other))
        async with acting(actor, number) as first:
            yield first, second if second.id == other else await locked(other)
    deliveries.wake()


async def locked(number: int, role: Role = Role.SYSTEM) -> Appeal:
    """The appeal, locked until the transaction ends: what is read of it now stays true.

    SQLite has no row locks and needs none, since `writing()` holds the only write lock.
    Raises: NotFound.
    """
    appeal = await Appeal.filter(id=number).select_for_update().first()
    if appeal is None:
        raise refusals.unknown(role, number)
    return appeal


async def sees(actor: Actor, appeal: Appeal) -> bool:
    """Whether the appeal lies in the actor's sight."""
    if actor.role is Role.SYSTEM:
        return True
    if actor.role is Role.RESIDENT:
        return appeal.resident_id == actor.resident_id
    return bool(await access.visible_appeals(actor).filter(id=appeal.id).exists())


async def allow(actor: Actor, appeal: Appeal, verb: Verb) -> None:
    """Raise unless the table of moves lets this actor do `verb` to the appeal as it stands.

    Raises: IllegalMove (state), Forbidden (role, or the appeal is somebody else's).
    """
    if verb is Verb.ACCEPT and appeal.status is AppealStatus.ACCEPTED:
        raise refusals.taken(await _faster(actor, appeal), appeal.number)
    await _tied(actor, appeal, verb, access.allowed_need(actor, verb, appeal.status, appeal.number))


async def _faster(actor: Actor, appeal: Appeal) -> str:
    """Who accepted, empty for the actor."""
    accepting = AppealEvent.filter(appeal_id=appeal.id, verb=Verb.ACCEPT.value)
    winner = await accepting.order_by("-id").first()
    who = winner.actor if winner is not None else await holding.owner_name(appeal.id)
    by = winner.actor_resident_id if winner is not None else None
    return "" if by is not None and by == actor.resident_id else who


async def _tied(actor: Actor, appeal: Appeal, verb: Verb, need: Need) -> None:
    if actor.role is not Role.RESIDENT and actor.resident_id == appeal.resident_id is not None:
        raise refusals.your_own(appeal.number)
    if need is Need.HOLDS and not await holding.holds(actor, appeal):
        raise refusals.held_by(await holding.owner_name(appeal.id), verb, appeal.number)
    if need is Need.SCOPE and not in_scope(actor, appeal):
        raise refusals.out_of_scope(appeal.number)
    if need is Need.OWN and appeal.resident_id != actor.resident_id:
        raise refusals.unknown(actor.role, appeal.number)


def in_scope(actor: Actor, appeal: Appeal) -> bool:
    """Whether the appeal lies in the actor's area, community or grid; conduct stays above the community."""
    if appeal.about_conduct and actor.role not in access.ABOVE_COMMUNITY:
        return False
    if actor.role is Role.GRID_LEADER:
        return appeal.grid_id is not None and appeal.grid_id == actor.grid_id
    desk = actor.role in access.ABOVE_COMMUNITY or actor.role is Role.COMMUNITY_STAFF
    return desk and appeal.community_id in actor.community_ids


async def may_talk(actor: Actor, appeal: Appeal) -> None:
    """Raise Forbidden unless the actor holds the appeal or has it in scope."""
    if actor.role is Role.RESIDENT or not (in_scope(actor, appeal) or await holding.holds(actor, appeal)):
        raise refusals.not_in_charge(appeal.number)


def target_of(verb: Verb, appeal: Appeal, actor: Actor) -> AppealStatus:
    """Where the table takes the appeal."""
    move = find_move(verb, appeal.status, actor.role)
    if move is None:
        raise refusals.illegal(actor.role, verb, appeal.status, appeal.number)
    return move.target or appeal.status


async def change(appeal: Appeal, **values: Any) -> None:  # noqa: ANN401 - columns of Appeal
    """Guarded update: only while the appeal stands where it was read.

    Raises: IllegalMove when somebody else moved it meanwhile.
    """
    done = await Appeal.filter(id=appeal.id, status=appeal.status).update(**values)
    if done != 1:
        words = f"{appeal.number} 刚刚有了变化，请重新查看。"
        raise IllegalMove(words, in_chat=f"请回复：看 {appeal.number}")
    for name, value in values.items():
        setattr(appeal, name, value)


async def move(appeal: Appeal, verb: Verb, actor: Actor, **values: Any) -> AppealStatus:  # noqa: ANN401
    """Take the appeal where the table says, with `values` and the next timer; returns where it was."""
    before, target = appeal.status, target_of(verb, appeal, actor)
    await change(appeal, status=target, **values)
    await rearm(appeal)
    return before


async def rearm(appeal: Appeal, category: Category | None = None) -> None:
    """Set the timer that follows from where the appeal stands now."""
    category = category or await Category.get(id=appeal.category_id)
    calendar = await deadlines.calendar_of(appeal.community_id)
    timer, at = deadlines.next_timer(appeal, category, calendar, now())
    await change(appeal, timer=timer, timer_at=at)


async def step(
    appeal: Appeal,
    verb: Verb,
    actor: Actor,
    words: str = "",
    *,
    before: AppealStatus,
    public: bool = True,
) -> AppealEvent:
    """Write the move that was just made into the history."""
    return await history.append(
        history.entry(appeal, verb, actor, words, before=before, after=appeal.status, public=public)
    )


async def end_assignment(
    appeal: Appeal, ended_as: AssignmentEnd, *, note: str = "", at: datetime | None = None
) -> Assignment | None:
    """Close the open assignment, if there is one, and take back pushes that nobody needs any more."""
    held = await Assignment.filter(appeal_id=appeal.id, ended_at=None).first()
    if held is not None:
        held.ended_at, held.ended_as = at or now(), ended_as
        held.note = note or held.note
        await held.save(update_fields=["ended_at", "ended_as", "note"])
    await stand_down_tasks(appeal)
    await bundling.drop(appeal.id)
    return held


async def stand_down_tasks(appeal: Appeal) -> None:
    """Take back unsent pushes that ask somebody to accept or to hurry."""
    await deliveries.stand_down(appeal.id, TASKS)


async def tell_resident(appeal: Appeal, event: AppealEvent, words: str) -> None:
    """Push a step to whoever reported it, unless they took it themselves."""
    if event.actor_resident_id != appeal.resident_id:
        payload = notices.progress(appeal, words)
        await deliveries.queue(_told(Notice.PROGRESS, appeal, event, appeal.resident_id, payload))


async def tell_holder(appeal: Appeal, event: AppealEvent, held: Assignment | None, words: str) -> None:
    """Push plain words to whoever holds (or held) it, but for who caused them."""
    if held is not None:
        await tell_people(appeal, event, await holding.people_of(appeal, held), words)


async def tell_people(appeal: Appeal, event: AppealEvent, people: Iterable[int], words: str) -> None:
    """Push plain words to people who handle it, each once, but for who caused them."""
    payload = sentences.for_holder(appeal, words)
    await deliveries.queue(
        *(
            _told(Notice.PROGRESS, appeal, event, one, payload)
            for one in dict.fromkeys(people)
            if one != event.actor_resident_id
        )
    )


async def tell_others(
    actor: Actor, appeal: Appeal, event: AppealEvent, held: Assignment | None, words: str
) -> None:
    """`tell_holder`, when the actor is somebody else than the holder."""
    if held is not None and not holding.belongs_to(actor, held):
        await tell_holder(appeal, event, held, words)


def _told(
    notice: Notice, appeal: Appeal, event: AppealEvent, resident_id: int, payload: dict[str, Any]
) -> Told:
    return Told(notice, resident_id, f"event:{event.id}", payload, appeal)


def needed(words: str, hint: str, most: int = MOST_WORDS, *, in_chat: str = "") -> str:
    """The words without blanks around them. `hint` says what is missing when there are none, `in_chat` how to
    write it there.

    Raises: Invalid when empty or longer than `most`.
    """
    plain = words.strip()
    if not plain:
        raise Invalid(hint, in_chat=in_chat)
    if len(plain) > most:
        raise Invalid(f"内容太长了，请缩短到 {most} 字以内。")
    return plain.rstrip("。")


async def roster_name(appeal: Appeal) -> tuple[str, str]:
    """(community, grid) of an appeal as people call them."""
    roster = await rosters.of(appeal.community_id)
    return roster.community_name, roster.grid_names.get(appeal.grid_id or 0, "")
