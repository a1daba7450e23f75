"""What a responder has in hand, in which of their posts, and what became of words that they left open."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from tortoise.expressions import Q

from models import Appeal, Assignment, Conversation, writing
from models.moves import Verb, find_move
from services import access, handling
from services.access import Actor
from services.clock import now

WHOSE = "whose"
"""Kind of the pending question that asks a responder whether their words belong to an appeal."""


async def posts(resident_id: int) -> list[Actor]:
    """Every active post of the WeChat user."""
    return await access.posts_of(resident_id)


async def in_hand(actors: Collection[Actor]) -> list[Assignment]:
    """Open assignments of these posts with their appeals, the newest first."""
    held = Q()
    for actor in actors:
        held |= _held(actor)
    found = Assignment.filter(held, ended_at=None).select_related("appeal").order_by("-id")
    return await found.limit(100) if actors else []


def _held(actor: Actor) -> Q:
    if actor.organization_id is not None:
        return Q(organization_id=actor.organization_id)
    if actor.grid_member_id is not None:
        return Q(grid_member_id=actor.grid_member_id)
    return Q(staff_id=actor.staff_id)


def post_for(actors: Collection[Actor], assignment: Assignment) -> Actor | None:
    """The post in which the appeal of this assignment is held."""
    for actor in actors:
        if actor.organization_id is not None and actor.organization_id == assignment.organization_id:
            return actor
        if actor.grid_member_id is not None and actor.grid_member_id == assignment.grid_member_id:
            return actor
        if actor.staff_id is not None and actor.staff_id == assignment.staff_id:
            return actor
    return None


def fitting(verb: Verb | None, assignments: Collection[Assignment], actors: Collection[Actor]) -> list[Appeal]:
    """The appeals in hand to which the verb can be done as they stand; None fits all."""
    found = []
    for one in assignments:
        post = post_for(actors, one)
        if post and (verb is None or find_move(verb, one.appeal.status, post.role)):
            found.append(one.appeal)
    return found


async def keep_note(resident_id: int, number: int, words: str) -> bool:
    """Keep words that a responder left open as a note; False when the appeal is no longer in their hands."""
    actors = await posts(resident_id)
    for one in await in_hand(actors):
        actor = post_for(actors, one)
        if one.appeal_id == number and actor is not None:
            await handling.note(actor, number, words)
            return True
    return False


_EXPIRED = 20


async def settle_expired(limit: int = _EXPIRED) -> int:
    """Clear pending questions whose time is over; a responder's open words become a note. For the worker."""
    waiting = await Conversation.filter(pending_until__lte=now()).order_by("pending_until").limit(limit)
    for conversation in waiting:
        await _settle(conversation)
    return len(waiting)


async def _settle(conversation: Conversation) -> None:
    async with writing():
        cleared = await Conversation.filter(
            id=conversation.id, pending_until=conversation.pending_until
        ).update(pending=None, pending_until=None)
        pending: dict[str, Any] = conversation.pending or {}
        if cleared == 1 and pending.get("kind") == WHOSE and conversation.resident_id is not None:
            await keep_note(conversation.resident_id, int(pending["number"]), str(pending["text"]))
