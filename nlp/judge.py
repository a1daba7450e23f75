"""Understanding one message: the only call that the rest of the product needs."""

from __future__ import annotations

from collections.abc import Sequence

from nlp.conduct import about_conduct
from nlp.intent import doubtful, intent
from nlp.judgement import Intent, Judgement, Match, Scored
from nlp.lexicon import Lexicon
from nlp.places import Gazetteer, place
from nlp.ranking import Ranking, explained, margin, rank, totals
from nlp.segment import LONGEST, normalise
from nlp.topics import topics
from nlp.urgency import urgency

SURE_SCORE = 2.0
SURE_MARGIN = 0.3
"""From these on a message is dispatched without asking back; below it goes to triage with three choices."""

CONDUCT_CATEGORY = "governance"
OTHER = "other"
"""Codes of the pack that the rules know: what conduct is, and what is nothing else."""

SENTENCE = 9
"""Characters from which words may bring a matter of their own; fewer only greet, answer or add."""


def judge(text: str, lexicon: Lexicon, gazetteer: Gazetteer | None = None) -> Judgement:
    """Understand a message; total: any string gives one, of long ones the first `LONGEST` characters."""
    text = text[:LONGEST]
    normal = normalise(text)
    ranking = rank(normal, lexicon)
    found, order = ranking.found, ranking.order
    matched = _reasons(ranking, lexicon)
    conduct = about_conduct(normal)
    alarm = urgency(normal)
    wanted = intent(normal, max((scored.score for scored in totals(ranking.matches)), default=0.0))
    lead = margin(order)
    speaks = _clear(order, lead, matched)
    greeted_with = wanted is Intent.GREETING and speaks and _brings_matter(text, order)
    if not wanted.is_appeal and (alarm.urgent or conduct or greeted_with):
        wanted = Intent.DIFFICULTY
    return Judgement(
        intent=wanted,
        category=_category(order, matched, conduct) if wanted.has_category else None,
        ranked=order,
        margin=lead,
        sure=wanted.has_category and (conduct or speaks),
        urgency=alarm,
        place=place(text, normal, gazetteer),
        topics=topics(text, normal, found, order) if wanted.is_appeal else (),
        matched=matched,
        conduct=conduct,
        lexicon_version=lexicon.version,
        doubtful=not wanted.is_appeal and doubtful(normal),
    )


def _reasons(ranking: Ranking, lexicon: Lexicon) -> tuple[Match, ...]:
    """The keywords that explain the ranking, strongest first."""
    best = explained(lexicon, ranking.rows, ranking.order[0].code) if ranking.order else []
    return tuple(sorted([*ranking.matches, *best], key=lambda match: (-match.weight, match.keyword)))


def _category(order: Sequence[Scored], matched: Sequence[Match], conduct: bool) -> str | None:
    """The best category, where anything speaks for it; conduct is a category of its own."""
    if conduct:
        return CONDUCT_CATEGORY
    return order[0].code if matched and order[0].score > 0 else None


def _clear(order: Sequence[Scored], lead: float, matched: Sequence[Match]) -> bool:
    """Whether ranking, margin and matched words of a message speak for one category, whatever it intends."""
    return bool(matched) and order[0].score >= SURE_SCORE and lead >= SURE_MARGIN


def _brings_matter(text: str, order: Sequence[Scored]) -> bool:
    """Whether words clear about a category are a sentence about it (新年好，我们三组停水两天了)."""
    return len(text) >= SENTENCE and order[0].code != OTHER
