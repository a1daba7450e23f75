"""已经有人反映: finds the appeal of the last two weeks that a new one most likely repeats, by one query."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from models import OPEN, Appeal, AppealKind, AppealStatus, Category, Urgency, rows
from models.fields import decrypt
from nlp.judgement import Judgement
from services.clock import now
from services.conversations import QUESTION_MINUTES
from services.sameness import Matter, in_public, point_of, same
from services.understanding import Knowledge

WINDOW = timedelta(days=14)
"""How long an appeal may have been there, and how long ago resolved, to be offered."""

LOOKED_AT = 40
"""Of one category in one grid the newest so many are compared."""

_DONE = (AppealStatus.RESOLVED, AppealStatus.CLOSED)
_OPEN = ", ".join(f"'{one.value}'" for one in sorted(OPEN))
# The appeal itself is among them: a place that was sent with it is needed too.
_FIND = f"""
SELECT appeal.id, appeal.resident_id, appeal.status, appeal.created_at < $5 AS older, appeal.text,
    appeal.place, appeal.grid_id, attachment.latitude, attachment.longitude, attachment.datum
FROM appeal LEFT JOIN attachment ON attachment.appeal_id = appeal.id AND attachment.kind = 'location'
WHERE appeal.community_id = $1 AND appeal.category_id = $2 AND appeal.created_at >= $3
    AND (appeal.grid_id = $4 OR attachment.latitude IS NOT NULL)
    AND (appeal.status IN ({_OPEN}) OR appeal.status IN ('resolved', 'closed') AND appeal.resolved_at >= $3)
    AND appeal.kind = 'difficulty' AND appeal.urgency <> 'emergency'
    AND NOT appeal.about_conduct AND NOT appeal.unsure
ORDER BY appeal.created_at DESC LIMIT {LOOKED_AT}
"""  # noqa: S608 - constants


def offerable(appeal: Appeal, category: Category) -> bool:
    """Whether an appeal like this may be somebody else's matter too: never delicate, conduct or an alarm."""
    return (
        category.shared
        and not category.delicate
        and not appeal.about_conduct
        and not appeal.unsure
        and appeal.kind is AppealKind.DIFFICULTY
        and appeal.urgency is not Urgency.EMERGENCY
        and appeal.status in OPEN
    )


async def find(
    known: Knowledge, appeal: Appeal, judgement: Judgement, *, located: bool = False
) -> Appeal | None:
    """The newest appeal that this one repeats, open ones first, None for none.

    `judgement` is that of the appeal's words, `located` whether a point came with it. What the resident
    reported a moment ago is no repetition, nor is what was done for them already.
    """
    category = known.category_by_id(appeal.category_id)
    subjects = subjects_of(judgement, category.code)
    plain = Matter(appeal.text, appeal.place, appeal.grid_id)
    if not subjects or not (appeal.place or located):
        return None
    if not offerable(appeal, category) or not in_public(plain):
        return None
    number = await _find(known, appeal, plain, subjects)
    return await Appeal.get(id=number) if number is not None else None


def joinable(known: Knowledge, appeal: Appeal, main: Appeal) -> bool:
    """Whether what was offered may still be joined: both stand where they can be, in the same category."""
    standing = main.status in OPEN or main.status in _DONE
    same_category = main.category_id == appeal.category_id
    return standing and same_category and offerable(appeal, known.category_by_id(appeal.category_id))


def subjects_of(judgement: Judgement, code: str) -> frozenset[str]:
    """The words of two characters and more that speak for this category."""
    return frozenset(
        one.keyword
        for one in judgement.matched
        if one.category == code and one.weight > 0 and len(one.keyword) > 1
    )


async def _find(known: Knowledge, appeal: Appeal, plain: Matter, subjects: Collection[str]) -> int | None:
    moment = now()
    moment_ago = moment - timedelta(minutes=QUESTION_MINUTES)
    found = _grouped(
        await rows(
            _FIND, appeal.community_id, appeal.category_id, moment - WINDOW, appeal.grid_id, moment_ago
        )
    )
    gazetteer = await known.gazetteer(appeal.community_id)
    new = replace(plain, points=found[appeal.id].matter.points if appeal.id in found else ())
    fitting = [
        number
        for number, one in found.items()
        if one.another(appeal) and same(new, subjects, one.matter, gazetteer)
    ]
    return min(fitting, key=lambda number: (not found[number].open, -number), default=None)


@dataclass(frozen=True, slots=True)
class _Found:
    """An appeal of the same category nearby; `older` than words that still belong together."""

    id: int
    resident_id: int
    open: bool
    older: bool
    matter: Matter

    def another(self, appeal: Appeal) -> bool:
        """Whether it is not the appeal itself, nor one of the same resident that needs no joining."""
        own = self.resident_id == appeal.resident_id
        return self.id != appeal.id and (not own or (self.older and self.open))


def _grouped(found: Iterable[dict[str, Any]]) -> dict[int, _Found]:
    """One for each appeal; several points come in several rows."""
    made: dict[int, _Found] = {}
    for row in found:
        number = int(row["id"])
        points = point_of(row["longitude"], row["latitude"], row["datum"] or "")
        if number in made:
            points += made[number].matter.points
        place = decrypt(row["place"]) if row["place"] else ""
        matter = Matter(row["text"], place, row["grid_id"], points)
        made[number] = _Found(number, row["resident_id"], row["status"] in OPEN, bool(row["older"]), matter)
    return made
