"""What appeals turned out to be is kept beside the prediction, once for each event that tells it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tortoise.exceptions import IntegrityError

from models import AppealEvent, AppealStatus, Lesson, LessonKind, Role, writing
from nlp.judgement import Scored
from services import access, dispatch, handling, lessons, moving
from services.access import SYSTEM, Actor
from services.errors import Invalid
from tests.services.test_dispatch import choose, judgement
from tests.services.village import Village, make_village, reserved


@pytest.fixture
async def village(db: str) -> Village:
    return await make_village()


async def _filed(village: Village, **values: Any) -> int:
    """An appeal that was predicted to be of the village's first category."""
    predicted = judgement(ranked=(Scored(village.category.code, 2.0), Scored("road", 0.5)))
    appeal = await village.appeal(**values)
    await appeal.assignments.all().delete()  # type: ignore[attr-defined]
    async with writing():
        await dispatch.assign_new(
            appeal, village.category, predicted, await choose(village), await reserved()
        )
    return appeal.number


async def _desk(village: Village) -> Actor:
    return await access.staff_actor(village.duty)


async def test_a_correction_is_kept_with_version_margin_and_prediction(village: Village) -> None:
    number = await _filed(village)

    await handling.correct_category(await _desk(village), number, village.other.code)

    lesson = await Lesson.get().select_related("event")
    assert (lesson.kind, lesson.by) == (LessonKind.CORRECTED, Role.COMMUNITY_STAFF)
    assert (lesson.predicted, lesson.category) == (village.category.code, village.other.code)
    assert (lesson.margin, lesson.lexicon_version) == (0.75, "village-1")
    assert (lesson.appeal_id, lesson.event.verb) == (number, "correct")


async def test_saying_that_the_prediction_is_right_is_a_confirmation(village: Village) -> None:
    number = await _filed(village)
    await handling.correct_category(await _desk(village), number, village.category.code)

    assert (await Lesson.get()).kind is LessonKind.CONFIRMED


async def test_a_resident_who_chooses_is_kept_as_the_one_who_said_so(village: Village) -> None:
    number = await _filed(village, unsure=True)
    by = replace(SYSTEM, title="居民", resident_id=village.resident.id)
    async with writing():
        appeal = await moving.locked(number)
        await handling.recategorize(appeal, village.other, by=by, why="居民选定类别")

    assert (await Lesson.get()).by is Role.RESIDENT


async def test_an_owner_who_resolves_what_was_predicted_confirms_it(village: Village) -> None:
    number = await _filed(village)
    await handling.resolve(await _desk(village), number, "修好了")

    lesson = await Lesson.get()
    assert (lesson.kind, lesson.category) == (LessonKind.CONFIRMED, village.category.code)


async def test_resolving_says_nothing_about_an_unsure_a_corrected_or_a_hand_filed_appeal(
    village: Village,
) -> None:
    desk = await _desk(village)
    await handling.resolve(desk, await _filed(village, unsure=True), "办好了")
    await handling.resolve(desk, (await village.appeal()).number, "办好了")
    corrected = await _filed(village)
    await handling.correct_category(desk, corrected, village.other.code)
    await handling.resolve(desk, corrected, "办好了")

    assert [one.kind for one in await Lesson.all()] == [LessonKind.CORRECTED]


@pytest.mark.parametrize("returns", [0, 1])
async def test_a_returned_appeal_leaves_the_prediction_in_doubt(village: Village, returns: int) -> None:
    number = await _filed(village, returns=returns)
    held = await dispatch.current(number)
    member = village.member if held.grid_member_id == village.member.id else village.second

    await handling.give_back(access.grid_actor(member), number, "不归我们管")

    lesson = await Lesson.get().select_related("event")
    assert (lesson.kind, lesson.by, lesson.category) == (LessonKind.REJECTED, Role.GRID_MEMBER, "")
    assert (lesson.predicted, lesson.event.verb) == (village.category.code, "return")


async def test_a_correction_of_what_nobody_predicted_has_no_prediction(village: Village) -> None:
    appeal = await village.appeal(status=AppealStatus.ACCEPTED)
    await handling.correct_category(await _desk(village), appeal.number, village.other.code)

    lesson = await Lesson.get()
    assert (lesson.kind, lesson.predicted, lesson.lexicon_version) == (LessonKind.CORRECTED, "", "")


async def test_a_refused_move_leaves_no_lesson(village: Village) -> None:
    number = await _filed(village)
    with pytest.raises(Invalid):
        await handling.resolve(await _desk(village), number, " ")

    assert await Lesson.all().count() == 0


async def test_one_event_gives_one_lesson(village: Village) -> None:
    number = await _filed(village)
    await handling.correct_category(await _desk(village), number, village.other.code)
    event = await AppealEvent.get(appeal_id=number, verb="correct")

    with pytest.raises(IntegrityError):
        async with writing():
            await lessons.correct(event, village.other, None)
