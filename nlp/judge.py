"""Understanding one message: the only call that the rest of the product needs."""

from __future__ import annotations

from collections.abc import Sequence

from nlp.conduct import about_conduct
from nlp.intent import intent
from nlp.judgement import Intent, Judgement, Scored
from nlp.lexicon import Lexicon
from nlp.places import Gazetteer, place
from nlp.ranking import margin, ranked, weighed
from nlp.segment import LONGEST, boundaries, normalise
from nlp.topics import topics
from nlp.urgency import urgency

SURE_SCORE = 2.0
SURE_MARGIN = 0.3
"""From these on a message is dispatched without asking back; below it goes to triage with three choices."""

CONDUCT_CATEGORY = "governance"


def judge(text: str, lexicon: Lexicon, gazetteer: Gazetteer | None = None) -> Judgement:
    """Understand a message; total: any string gives a judgement, of long ones the first `LONGEST` characters."""
    text = text[:LONGEST]
    normal = normalise(text)
    found = lexicon.find(normal, boundaries(normal))
    matches = weighed(normal, found)
    conduct = about_conduct(normal)
    order = ranked(matches, lexicon)
    alarm = urgency(normal)
    wanted = intent(normal, order[0].score if matches else 0.0)
    if alarm.urgent or conduct:
        wanted = wanted if wanted.is_appeal else Intent.DIFFICULTY
    category = CONDUCT_CATEGORY if conduct and CONDUCT_CATEGORY in lexicon.categories else _category(order, bool(matches))
    lead = margin(order)
    return Judgement(
        intent=wanted,
        category=category if wanted.is_appeal else None,
        ranked=order,
        margin=lead,
        sure=wanted.is_appeal and (conduct or _sure(order, lead, bool(matches))),
        urgency=alarm,
        place=place(text, normal, gazetteer),
        topics=topics(text, normal, found, lexicon) if wanted.is_appeal else (),
        matched=tuple(sorted(matches, key=lambda match: -match.weight)),
        conduct=conduct,
        lexicon_version=lexicon.version,
    )


def _category(order: Sequence[Scored], matched: bool) -> str | None:
    """The best category, where anything speaks for it."""
    return order[0].code if matched and order[0].score > 0 else None


def _sure(order: Sequence[Scored], lead: float, matched: bool) -> bool:
    return matched and order[0].score >= SURE_SCORE and lead >= SURE_MARGIN
