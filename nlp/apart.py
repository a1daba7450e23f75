"""A complaint about cadres and a danger in one message: who comes to help must not read the complaint."""

from __future__ import annotations

import re

from nlp.conduct import about_conduct, names_office
from nlp.places import Gazetteer, place
from nlp.segment import LONGEST, normalise
from nlp.signs import read
from nlp.urgency import alarming

_CLAUSE = re.compile(r"[^，。！？；,!?;\n ]+")
_BY_PEOPLE = frozenset({"violence", "self-harm", "cry"})
"""Dangers that the cadres complained about may be behind: these stay with the complaint."""
_INJURIES = frozenset({"fall", "illness", "lost"})
"""The same where violence is told of as well."""


def danger_apart(text: str, gazetteer: Gazetteer | None = None) -> tuple[str, str] | None:
    """(the clauses in danger, the complaint) of a message about conduct; None where they are one matter.

    Clauses that name an office never stand with the danger; one beside it that names a place does.
    """
    text = text[:LONGEST]
    normal = normalise(text)
    excused = (_BY_PEOPLE | _INJURIES) if "violence" in alarming(read(normal)) else _BY_PEOPLE
    spans = [found.span() for found in _CLAUSE.finditer(normal)]
    plain = [not names_office(normal[start:end]) for start, end in spans]
    danger = {
        at for at, span in enumerate(spans) if plain[at] and _likeliest(normal[slice(*span)]) not in excused
    }
    beside = {at + step for at in danger for step in (-1, 1) if 0 <= at + step < len(spans)} - danger
    danger |= {at for at in beside if plain[at] and _placed(text, normal, spans[at], gazetteer)}
    told = "，".join(text[slice(*spans[at])] for at in sorted(danger))
    rest = "，".join(text[slice(*span)] for at, span in enumerate(spans) if at not in danger)
    parted = bool(told) and about_conduct(normalise(rest)) and not about_conduct(normalise(told))
    return (told, rest) if parted else None


def _likeliest(clause: str) -> str:
    """The likeliest kind of danger in a clause; violence, as good as any, where there is none."""
    return next(iter(alarming(read(clause))), "violence")


def _placed(text: str, normal: str, span: tuple[int, int], gazetteer: Gazetteer | None) -> bool:
    return place(text[slice(*span)], normal[slice(*span)], gazetteer) is not None
