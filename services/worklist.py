"""What a responder has in hand, in which of their posts, and what they may read of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from tortoise.expressions import Q

from models import (
    Appeal,
    AppealEvent,
    AppealStatus,
    Assignment,
    Attachment,
    Delivery,
    Notice,
    Role,
    Urgency,
)
from models.moves import Verb, find_move
from services import access, audit, following, handling, holding
from services.access import Actor
from services.history import Act


async def posts(resident_id: int) -> list[Actor]:
    """Every active post of the WeChat user."""
    return await access.posts_of(resident_id)


async def in_hand(actors: Collection[Actor], *, most: int | None = 100) -> list[Assignment]:
    """Open assignments of these posts with their appeals, the newest first; `most` None for all of them."""
    held = Q()
    for actor in actors:
        held |= _held(actor)
    found = Assignment.filter(held, ended_at=None).select_related("appeal").order_by("-id")
    return await (found if most is None else found.limit(most)) if actors else []


def _held(actor: Actor) -> Q:
    if actor.organization_id is not None:
        return Q(organization_id=actor.organization_id)
    if actor.grid_member_id is not None:
        return Q(grid_member_id=actor.grid_member_id)
    return Q(staff_id=actor.staff_id)


def post_for(actors: Collection[Actor], assignment: Assignment) -> Actor | None:
    """The post in which the appeal of this assignment is held."""
    return next((actor for actor in actors if holding.is_holder(actor, assignment)), None)


def fitting(
    verb: Verb | None, assignments: Collection[Assignment], actors: Collection[Actor]
) -> list[Appeal]:
    """The appeals in hand to which the verb can be done as they stand; None fits all."""
    found = []
    for one in assignments:
        post = post_for(actors, one)
        if post and (verb is None or find_move(verb, one.appeal.status, post.role)):
            found.append(one.appeal)
    return found


_WAITING = (AppealStatus.ASSIGNED, AppealStatus.RETURNED)


async def alarms(actors: Collection[Actor], held: Collection[Assignment]) -> list[Appeal]:
    """Emergencies that this person was alerted to and may accept, though others hold them; newest first."""
    communities = {one for actor in actors for one in actor.community_ids}
    people = [actor.resident_id for actor in actors if actor.resident_id is not None]
    if not communities or not people:
        return []
    waiting = Appeal.filter(
        community_id__in=communities, status__in=_WAITING, urgency=Urgency.EMERGENCY
    ).exclude(resident_id__in=people)
    found = [one for one in await waiting.order_by("-id") if one.id not in {own.appeal_id for own in held}]
    if not found:
        return []
    told = Delivery.filter(
        appeal_id__in=[one.id for one in found], resident_id__in=people, notice=Notice.ALERT
    )
    numbers = {one["appeal_id"] for one in await told.values("appeal_id")}
    return [one for one in found if one.id in numbers]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a responder may read of one appeal.

    `holds`: whether it is in their hands now; `answers`: what the resident answered when asked;
    `supporters`: how many other residents report the same.
    """

    appeal: Appeal
    holds: bool
    answers: list[str]
    last_words: str
    attachments: list[Attachment]
    supporters: int


async def look(actors: Collection[Actor], held: Collection[Assignment], number: int) -> Reading | None:
    """One appeal for whoever holds it, has it in sight or was alerted to it; None for others. Audited."""
    actor = await _onlooker(actors, held, number)
    appeal = await Appeal.filter(id=number).select_related("grid", "resident").first()
    if actor is None or appeal is None:
        return None
    await audit.record(actor, "appeal.look", f"appeal {number}", community_id=appeal.community_id)
    said = AppealEvent.filter(appeal_id=number).exclude(words="").exclude(role=Role.SYSTEM)
    answered = await said.filter(verb=Act.ANSWER.value).order_by("id")
    last = await said.exclude(verb=Act.ANSWER.value).order_by("-id").first()
    return Reading(
        appeal=appeal,
        holds=any(one.appeal_id == number for one in held),
        answers=[one.words for one in answered],
        last_words=last.words if last else "",
        attachments=await Attachment.filter(appeal_id=number).order_by("id"),
        supporters=(await following.supporters([appeal]))[number],
    )


async def _onlooker(actors: Collection[Actor], held: Collection[Assignment], number: int) -> Actor | None:
    for one in held:
        if one.appeal_id == number:
            return post_for(actors, one)
    for actor in actors:
        seen = await access.visible_appeals(actor).filter(id=number).exists()
        if seen or await handling.alerted(actor, number):
            return actor
    return None
