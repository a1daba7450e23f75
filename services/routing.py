"""What a judgement means for filing: which category, how urgent, and whether a person has to look. Pure."""

from __future__ import annotations

from models import Urgency
from nlp.judge import OTHER
from nlp.judgement import Intent, Judgement
from services.understanding import COUNSELLING

GOVERNANCE = "governance"


def category_code(judgement: Judgement) -> str | None:
    """The category that it is filed under; None: nothing said so."""
    if judgement.urgency.self_harm:
        return COUNSELLING
    return GOVERNANCE if judgement.conduct else judgement.category


_ALWAYS = frozenset({Intent.DIFFICULTY, Intent.SUGGESTION, Intent.QUESTION, Intent.HUMAN})
_IF_LONG = frozenset({Intent.THANKS, Intent.PROGRESS, Intent.CANCEL, Intent.NOISE, Intent.MENU_CHOICE})


def files(intent: Intent, *, long: bool, names_offering: bool) -> bool:
    """Whether such words become an appeal where nothing of the resident's is open and nothing was asked.

    A wish to sign up does unless it names what can be signed up for, a greeting never; other small talk does
    when it is `long`: too much said to be passed over.
    """
    if intent is Intent.SIGNUP:
        return not names_offering
    return intent in _ALWAYS or (long and intent in _IF_LONG)


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
