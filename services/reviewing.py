"""What people should look at to teach the product: the surest mistakes, and what is unsure now."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from tortoise.expressions import Q

from models import OPEN, Appeal, Lesson, LessonKind, RoutingDecision
from nlp.lexicon import Lexicon
from nlp.measures import Measure, Verdict, measures
from services import access, understanding
from services.access import DESK, Actor, require_role

MOST_LABELLED = 4000
"""Newest lessons that keywords are measured on."""


@dataclass(frozen=True, slots=True)
class Unsure:
    """An open appeal that waits for a category, with its newest decision."""

    appeal: Appeal
    decision: RoutingDecision | None


async def mistakes(actor: Actor, *, after: int | None, limit: int) -> list[Lesson]:
    """Corrected predictions in the actor's sight, the surest first, after the lesson `after`.

    Appeals with their categories and communities are fetched. Two queries.
    """
    require_role(actor, *DESK)
    found = Lesson.filter(~Q(predicted=""), kind=LessonKind.CORRECTED, community_id__in=actor.community_ids)
    if actor.role not in access.ABOVE_COMMUNITY:
        found = found.filter(appeal__about_conduct=False)
    last = await Lesson.get_or_none(id=after) if after is not None else None
    if last is not None:
        found = found.filter(Q(margin__lt=last.margin) | Q(margin=last.margin, id__lt=last.id))
    return (
        await found.order_by("-margin", "-id")
        .limit(limit)
        .select_related("appeal", "appeal__category", "appeal__community")
    )


async def unsure(actor: Actor, *, after: int | None, limit: int) -> list[Unsure]:
    """Open appeals in the actor's sight whose category nobody confirmed, the oldest first. Two queries."""
    require_role(actor, *DESK)
    found = access.visible_appeals(actor).filter(unsure=True, status__in=list(OPEN))
    if after is not None:
        found = found.filter(id__gt=after)
    appeals = await found.order_by("id").limit(limit).select_related("category", "community")
    decided = RoutingDecision.filter(appeal_id__in=[one.id for one in appeals]).order_by("id")
    newest = {one.appeal_id: one for one in await decided}
    return [Unsure(one, newest.get(one.id)) for one in appeals]


async def keyword_measures(
    actor: Actor,
    *,
    category: str | None,
    verdict: Verdict | None,
    after: int,
    limit: int,
) -> list[Measure]:
    """Hand-written keywords measured on the labelled appeals in the actor's sight, from position `after` on.

    Raises: Forbidden.
    """
    require_role(actor, *DESK)
    rows = await _labelled(actor)
    keywords = (await understanding.knowledge()).hand_written

    def measured() -> list[Measure]:
        found = [
            one
            for one in measures(Lexicon.of(keywords), rows)
            if category in (None, one.category) and verdict in (None, one.verdict)
        ]
        return found[after : after + limit]

    return await asyncio.to_thread(measured)


async def _labelled(actor: Actor) -> list[tuple[str, str]]:
    """(message, right category) of appeals in the actor's sight, the last word about each, newest first."""
    found = (
        await Lesson.filter(
            ~Q(category=""), community_id__in=actor.community_ids, appeal__about_conduct=False
        )
        .order_by("-id")
        .limit(MOST_LABELLED)
        .values_list("appeal_id", "appeal__text", "category")
    )
    last: dict[int, tuple[str, str]] = {}
    for appeal_id, text, label in found:
        last.setdefault(appeal_id, (text, label))
    return [row for row in last.values() if row[0]]
