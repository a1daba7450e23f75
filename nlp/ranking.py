"""From keywords found to ranked categories with a margin."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from nlp.judgement import Match, Scored
from nlp.lexicon import Found, Lexicon
from nlp.segment import boundaries

LANDMARK_SHARE = 0.3
"""A keyword that only says where (学校门口, 医院旁边) counts for this share of its weight."""

SPREAD = 4.0
"""Lead in score at which the margin is tanh(1) = 0.76; hand-written keywords weigh 1 to 6."""

UNSURE = 6.0
"""Lead below which a message is also listened to: one clear keyword by hand, half a lead that is learned."""

LISTENED = 4
"""Characters of the shortest message that is listened to; 找人 is no slip for 招人."""

FAINT = 3.0
"""Hand-written keywords are listened for only where those that are read come to less for every category."""

EXPLAINING = 8
"""Learned keywords that are named as the reason, at most."""

_WHERE = re.compile(
    r"的?(?:正|大|东|西|南|北|后|侧)?(?:门口|门前|门外|旁|附近|对面|后面|前面|后边|前边|边上|隔壁|路口|周边|周围|楼下|楼顶"
    r"|一带|那边|那里|那条|外面|围墙|[东西南北][面边侧]|背后|斜对|路段)"
)


class Ranking(NamedTuple):
    """The categories of a text, best first, and what was found on the way."""

    found: list[Found]
    matches: list[Match]
    rows: list[int]
    order: tuple[Scored, ...]


def rank(text: str, lexicon: Lexicon) -> Ranking:
    """Classify a normalised text: the whole of it, hand-written and learned keywords together."""
    found = lexicon.find(text)
    matches = weighed(text, found)
    start, rows = learned(lexicon, text)
    if len(text) < LISTENED or _lead(_summed(matches, start).values()) >= UNSURE:
        return Ranking(found, matches, rows, totals(matches, start))
    return _listened(text, lexicon, found, matches, rows)


def _listened(
    text: str, lexicon: Lexicon, found: list[Found], matches: list[Match], rows: list[int]
) -> Ranking:
    """The ranking with what the text sounds like beside what it says."""
    marks = boundaries(text)
    faint = all(score < FAINT for score in _summed(matches).values())
    heard = lexicon.heard(text, marks) if faint else []
    more = [*found, *heard]
    matches = weighed(text, more) if heard else matches
    if lexicon.learned is None:
        return Ranking(more, matches, rows, totals(matches))
    start = lexicon.learned.scores(rows, lexicon.learned.heard(text, marks, rows))
    return Ranking(more, matches, rows, totals(matches, start))


def weighed(text: str, found: Iterable[Found]) -> list[Match]:
    """One match per (keyword, category): repeated words count once, landmarks less."""
    best: dict[tuple[str, str], float] = {}
    for keyword in found:
        share = keyword.share * (LANDMARK_SHARE if _WHERE.match(text, keyword.end) else 1.0)
        for category, weight in keyword.weights:
            key = keyword.text, category
            if abs(weight * share) > abs(best.get(key, 0.0)):
                best[key] = weight * share
    return [Match(text, category, round(weight, 4)) for (text, category), weight in best.items()]


def learned(lexicon: Lexicon, text: str) -> tuple[dict[str, float], list[int]]:
    """What the learned keywords add to each category, and which of them occur."""
    if lexicon.learned is None:
        return {}, []
    rows = lexicon.learned.rows(text)
    return lexicon.learned.scores(rows), rows


def explained(lexicon: Lexicon, rows: Sequence[int], code: str) -> list[Match]:
    """The learned keywords that speak most for a category; the many small ones would explain nothing."""
    if lexicon.learned is None:
        return []
    strongest = lexicon.learned.strongest(rows, code, EXPLAINING)
    return [Match(text, code, round(weight, 4)) for text, weight in strongest]


def totals(matches: Iterable[Match], start: Mapping[str, float] | None = None) -> tuple[Scored, ...]:
    """Categories by score, best first, added to what they start with; equal scores by code."""
    order = sorted((-score, code) for code, score in _summed(matches, start).items())
    return tuple(Scored(code, round(-score, 4)) for score, code in order)


def margin(order: Sequence[Scored]) -> float:
    """How far the best category leads, 0 to 1."""
    return round(math.tanh(max(0.0, _lead(scored.score for scored in order[:2])) / SPREAD), 9)


def _summed(matches: Iterable[Match], start: Mapping[str, float] | None = None) -> dict[str, float]:
    """The score of each category."""
    scores = dict(start or {})
    for match in matches:
        scores[match.category] = scores.get(match.category, 0.0) + match.weight
    return scores


def _lead(scores: Iterable[float]) -> float:
    """How many points the best is ahead; a single one leads over nothing."""
    best = sorted(scores, reverse=True)
    return best[0] - (best[1] if len(best) > 1 else 0.0) if best else 0.0
