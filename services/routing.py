"""What a judgement means for filing: which category, how urgent, and whether a person has to look. Pure."""

from __future__ import annotations

from models import Urgency
from nlp.judge import OTHER
from nlp.judgement import Judgement
from services.understanding import COUNSELLING

GOVERNANCE = "governance"


def category_code(judgement: Judgement) -> str | None:
    """The category that it is filed under; None: nothing said so."""
    if judgement.urgency.self_harm:
        return COUNSELLING
    return GOVERNANCE if judgement.conduct else judgement.category


def urgency(judgement: Judgement) -> Urgency:
    """How urgent the words make it."""
    danger = judgement.urgency.urgent or judgement.urgency.self_harm
    return Urgency.EMERGENCY if danger else Urgency.NORMAL


def is_sure(judgement: Judgement, code: str) -> bool:
    """Whether it is dispatched by its category `code`, without a person's eyes."""
    if judgement.conduct or judgement.urgency.self_harm:
        return True
    return judgement.sure and code != OTHER


def ranked_as(code: str, urgency: Urgency) -> Urgency:
    """Counselling helps somebody who may harm themself: ranked as ordinary, alarmed as an emergency."""
    return Urgency.URGENT if code == COUNSELLING else urgency
