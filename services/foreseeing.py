"""Try a sentence: how it would be understood, who would get it and why. Reads only, nothing is kept."""

from __future__ import annotations

from dataclasses import dataclass

from models import Category
from nlp.judge import OTHER, SENTENCE
from nlp.judgement import Intent, Judgement
from services import dispatch, routing, understanding
from services.access import DESK, Actor, require_community, require_role
from services.errors import Conflict
from services.ranking import Chosen, Need
from services.slots import openings


@dataclass(frozen=True, slots=True)
class Foreseen:
    """The judgement, whether it would be filed, under what, and the owner (None without a community)."""

    judgement: Judgement
    filed: bool
    category: Category
    unsure: bool
    grid_id: int | None
    chosen: Chosen | None


async def foresee(actor: Actor, text: str, community_id: int | None) -> Foreseen:
    """What would become of these words, in the actor's own community when none is named.

    Raises: Forbidden (role, foreign community), NotFound (a community that does not take part), Conflict (no
    categories yet, or nobody to own it).
    """
    require_role(actor, *DESK)
    place = community_id or actor.community_id
    known = await understanding.knowledge()
    if place is not None:
        require_community(actor, place)
        _ = known.active_community(place)
    if OTHER not in known.categories:
        raise Conflict("还没有类别和关键词，请先装入模板包。")
    judgement = await known.judge(text, place)
    filed = await _files(judgement, text, place)
    category = known.category(routing.category_code(judgement))
    unsure = not routing.is_sure(judgement, category.code)
    named = judgement.place.grid_ids if judgement.place else ()
    grid_id = named[0] if len(named) == 1 else None
    if place is None:
        return Foreseen(judgement, filed, category, unsure, grid_id, None)
    need = Need(
        category_id=category.id,
        prefers=category.prefers,
        grid_id=grid_id,
        urgency=routing.ranked_as(category.code, routing.urgency(judgement)),
        about_conduct=judgement.conduct,
        unsure=unsure,
        text=text,
    )
    return Foreseen(judgement, filed, category, unsure, grid_id, await dispatch.choose_for(place, need))


async def _files(judgement: Judgement, text: str, community_id: int | None) -> bool:
    """Whether the bot would file it, said by a resident of whom nothing is open."""
    wishes = judgement.intent is Intent.SIGNUP
    named = await openings.named_in(text, community_id) if wishes else False
    return routing.files(judgement.intent, long=len(text) >= SENTENCE, names_offering=named)
