"""词库版本: ask for a refit, see what came of it, go back to an earlier one."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from models import Category, LearnedWeights, Lesson, LexiconVersion, VersionState, rows, writing
from nlp.weights import NOTHING, Weights
from services import audit, revisions
from services.access import ABOVE_COMMUNITY, SYSTEM, Actor, require_role
from services.clock import now
from services.differences import Difference, Weighted, differences
from services.errors import Conflict, NotFound
from services.uniqueness import unless_taken

FEWEST = 50
"""Labelled messages below which nothing is learned: the held-back part would be a handful."""

MOST = 50_000
"""Newest labelled messages that a refit reads."""

FIRST = "人工关键词"
"""Who asked for the version before the first: the hand-written keywords alone, so that one can go back."""

_LABELLED = """
SELECT appeal.text AS text, lesson.category AS label
FROM lesson JOIN appeal ON appeal.id = lesson.appeal_id
JOIN category ON category.code = lesson.category AND category.active
WHERE lesson.id IN (SELECT MAX(id) FROM lesson WHERE category <> '' GROUP BY appeal_id)
AND NOT appeal.about_conduct AND appeal.text <> ''
ORDER BY lesson.id DESC LIMIT $1
"""


async def request(actor: Actor, note: str = "") -> LexiconVersion:
    """Ask for a refit, which a worker takes up within seconds. Raises: Forbidden, Conflict (one runs)."""
    require_role(actor, *ABOVE_COMMUNITY)
    async with unless_taken("正在学习，请等这一次结束。"), writing():
        version = await insert(actor)
        await audit.record(actor, "lexicon.refit", f"lexicon version {version.id}", note=note)
    return version


async def insert(by: Actor = SYSTEM) -> LexiconVersion:
    """A version that waits for a worker, inside the caller's `writing()`; before the very first one the
    hand-written keywords become a version, to which one can go back.

    Raises: IntegrityError when another one runs.
    """
    moment = now()
    if not await LexiconVersion.all().exists():
        await LexiconVersion(
            state=VersionState.ACTIVE,
            requested_by=FIRST,
            started_at=moment,
            finished_at=moment,
            activated_at=moment,
        ).save(force_create=True)
    version = LexiconVersion(requested_by=by.title, started_at=moment)
    await version.save(force_create=True)
    return version


async def labelled() -> list[tuple[str, str]]:
    """(message, right category) of each appeal whose category somebody said or confirmed, newest first.

    The last word about an appeal counts. Conduct is left out: a rule finds it, not its words.
    """
    return [(str(row["text"]), str(row["label"])) for row in await rows(_LABELLED, MOST)]


async def newest_lesson() -> int:
    """Id of the newest lesson, 0 without any."""
    newest = await Lesson.all().order_by("-id").first().only("id")
    return newest.id if newest is not None else 0


async def active() -> LexiconVersion | None:
    """The version in force; None before the first refit."""
    return await LexiconVersion.get_or_none(state=VersionState.ACTIVE)


async def packed(version_id: int) -> bytes | None:
    """The learned weights of a version as they are stored; None when it learned nothing."""
    found = await LearnedWeights.get_or_none(version_id=version_id)
    return found.packed if found is not None else None


async def weights(version_id: int) -> Weights:
    """The learned weights of a version, ready to read."""
    found = await packed(version_id)
    return Weights.unpacked(found) if found is not None else NOTHING


async def activate(actor: Actor, version_id: int) -> LexiconVersion:
    """Put an earlier version in force again; every process has it within seconds.

    Raises: Forbidden, NotFound, Conflict when it is in force already or never passed the comparison.
    """
    require_role(actor, *ABOVE_COMMUNITY)
    async with writing():
        await revisions.bump(revisions.LEXICON)
        version = await by_number(version_id)
        if version.state is not VersionState.SPARE:
            raise Conflict(f"第 {version_id} 版现在是「{version.state.label}」，不能启用。")
        await put_in_force(version_id, now())
        await audit.record(actor, "lexicon.activate", f"lexicon version {version_id}")
    return await by_number(version_id)


async def put_in_force(version_id: int, moment: datetime, **columns: object) -> None:
    """Make one version the active one, in the caller's `writing()` that has bumped the lexicon."""
    await LexiconVersion.filter(state=VersionState.ACTIVE).update(state=VersionState.SPARE)
    await LexiconVersion.filter(id=version_id).update(
        state=VersionState.ACTIVE, activated_at=moment, **columns
    )


async def by_number(version_id: int) -> LexiconVersion:
    """One version. Raises: NotFound."""
    found = await LexiconVersion.get_or_none(id=version_id)
    if found is None:
        raise NotFound(f"没有第 {version_id} 版词库。")
    return found


async def page(*, before: int | None, limit: int) -> list[LexiconVersion]:
    """Versions, newest first, with numbers below `before`."""
    found = LexiconVersion.all() if before is None else LexiconVersion.filter(id__lt=before)
    return await found.order_by("-id").limit(limit)


async def category_names() -> Mapping[str, str]:
    """What each code is called."""
    return {one.code: one.name for one in await Category.all()}


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions and what sets them apart, category by category."""

    before: int | None
    after: int
    differences: list[Difference]


async def compare(version_id: int, with_id: int | None) -> Comparison:
    """A version beside another one, by default beside the one that it was measured with. Raises: NotFound."""
    version = await by_number(version_id)
    other = with_id if with_id is not None else version.base_id
    if other is not None:
        _ = await by_number(other)
    old = await weights(other) if other is not None else NOTHING
    new = await weights(version_id)
    found = await asyncio.to_thread(lambda: differences(old.pairs(), new.pairs()))
    return Comparison(other, version_id, found)


async def learned_words(
    version_id: int, *, category: str | None, search: str | None, after: int, limit: int
) -> list[Weighted]:
    """Learned keywords of two characters and more, the heaviest first, from position `after` on.

    Raises: NotFound.
    """
    _ = await by_number(version_id)
    table = await weights(version_id)

    def chosen() -> list[Weighted]:
        found = [
            (text, code, weight)
            for text, code, weight in table.pairs()
            if len(text) > 1 and category in (None, code) and (search or "") in text
        ]
        found.sort(key=lambda one: (-abs(one[2]), one[0], one[1]))
        return found[after : after + limit]

    return await asyncio.to_thread(chosen)
