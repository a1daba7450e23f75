"""What those who came said of a slot, for who steers it: averages, and words without names."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from models import Survey, WordsOf
from services import unchecked
from services.access import Actor
from services.slots import attendance
from services.slots.survey import RATING, questions

_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Rated:
    """One question that was answered by ratings."""

    label: str
    average: float | None
    count: int


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said; `unchecked` where no content check has passed it and nobody has looked yet."""

    label: str
    words: str
    unchecked: bool


@dataclass(frozen=True, slots=True)
class Results:
    """What those who came said, without saying who."""

    offered: int
    answered: int
    ratings: tuple[Rated, ...]
    words: tuple[Said, ...]
    """The last first."""


async def results(actor: Actor, slot_id: int) -> Results:
    """Averages and words of a slot. Raises: Forbidden, NotFound."""
    slot = await attendance.slot_of(actor, slot_id)
    kept = await Survey.filter(slot_id=slot.id).order_by("-answered_at", "-id")
    answered = [one for one in kept if one.answered_at is not None]
    labels = [str(one["label"]) for one in questions(slot.offering) if one["kind"] == RATING]
    # Questions may have been changed since; what was answered before stays to be read.
    labels += sorted({label for one in answered for label in one.ratings} - set(labels))
    unread = await unchecked.among(WordsOf.SURVEY, [one.id for one in answered if one.words])
    said = [
        Said(label, words, one.id in unread)
        for one in answered
        if one.words
        for label, words in json.loads(one.words).items()
    ]
    return Results(
        len(kept),
        len(answered),
        tuple(
            _rated(label, [one.ratings[label] for one in answered if label in one.ratings])
            for label in labels
        ),
        tuple(said[:_SHOWN]),
    )


def _rated(label: str, values: Sequence[int]) -> Rated:
    return Rated(label, round(sum(values) / len(values), 2) if values else None, len(values))
