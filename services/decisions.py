"""派单依据: the prediction, the candidates and the reason behind an assignment, as they were then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models import Appeal, Category, RoutingDecision, Urgency
from services import rosters
from services.clock import now
from services.ranking import Chosen

if TYPE_CHECKING:
    from nlp.judgement import Judgement


async def decide(appeal: Appeal, chosen: Chosen, predicted: dict[str, Any], why: str = "") -> None:
    """Keep prediction and candidates as they are at this moment."""
    await decision(appeal, chosen, predicted, why).save(force_create=True)


def decision(appeal: Appeal, chosen: Chosen, predicted: dict[str, Any], why: str = "") -> RoutingDecision:
    """What `decide` writes."""
    return RoutingDecision(
        community_id=appeal.community_id,
        appeal_id=appeal.id,
        candidates=[
            {"kind": c.assignee.kind.value, "id": c.assignee.id, "name": c.assignee.name}
            | {"kept": c.kept, "why": c.why}
            for c in chosen.candidates
        ],
        chosen=chosen.assignee.name,
        why=f"{why.rstrip('。')}。{chosen.why}" if why else chosen.why,
        created_at=now(),
        **predicted,
    )


async def prediction(appeal: Appeal, category: Category, judgement: Judgement | None) -> dict[str, Any]:
    """The columns of a decision that say how the words were understood; by hand without a judgement."""
    if judgement is None:
        return {
            "lexicon_version": "",
            "intent": appeal.kind.value,
            "urgent": appeal.urgency is Urgency.EMERGENCY,
            "ranked": [{"code": category.code, "name": category.name, "score": 1.0}],
            "margin": 1.0,
            "matched": [],
        }
    names = (await rosters.of(appeal.community_id)).category_names
    return {
        "lexicon_version": judgement.lexicon_version,
        "intent": judgement.intent.value,
        "urgent": judgement.urgency.urgent,
        "ranked": [
            {"code": one.code, "name": names.get(one.code, one.code), "score": one.score}
            for one in judgement.ranked
        ],
        "margin": judgement.margin,
        "matched": [
            {"keyword": one.keyword, "category": one.category, "weight": one.weight}
            for one in judgement.matched
        ],
    }


async def same_prediction(appeal: Appeal, category: Category) -> dict[str, Any]:
    """The prediction of the decision before: giving it to somebody else does not understand it anew."""
    last = await RoutingDecision.filter(appeal_id=appeal.id).order_by("-id").first()
    if last is None:
        return await prediction(appeal, category, None)
    columns = ("lexicon_version", "intent", "urgent", "ranked", "margin", "matched")
    return {name: getattr(last, name) for name in columns}
