"""What people should look at: surest mistakes first, unsure ones, and measured keywords."""

from __future__ import annotations

import pytest

from models import AppealStatus, Keyword, LessonKind, RoutingDecision
from nlp.measures import Verdict
from services import clock, reviewing, understanding
from services.access import Actor, grid_actor, staff_actor
from services.errors import Forbidden
from tests.make import make_appeal, make_community
from tests.queries import counted
from tests.services.learning import make_lesson
from tests.services.village import Village, make_village


@pytest.fixture
async def village(db: str) -> Village:
    return await make_village()


async def _desk(village: Village) -> Actor:
    return await staff_actor(village.duty)


async def test_the_surest_mistakes_come_first_page_by_page(village: Village) -> None:
    margins = (0.2, 0.9, 0.5, 0.9, 0.1)
    made = [
        await make_lesson(await village.appeal(), village.other, predicted="lamp", margin=margin)
        for margin in margins
    ]
    await make_lesson(await village.appeal(), village.other, kind=LessonKind.CONFIRMED, margin=1.0)
    await make_lesson(await village.appeal(), village.other, predicted="", margin=1.0)
    desk = await _desk(village)

    first = await reviewing.mistakes(desk, after=None, limit=2)
    rest = await reviewing.mistakes(desk, after=first[-1].id, limit=9)

    assert [one.id for one in first] == [made[3].id, made[1].id]
    assert [one.margin for one in rest] == [0.5, 0.2, 0.1]


async def test_mistakes_lie_in_scope_and_conduct_stays_above(village: Village) -> None:
    await make_lesson(await village.appeal(about_conduct=True), village.other, margin=0.9)
    await make_lesson(await make_appeal(await make_community()), village.other, margin=0.9)

    assert await reviewing.mistakes(await _desk(village), after=None, limit=9) == []
    assert len(await reviewing.mistakes(await staff_actor(village.town_duty), after=None, limit=9)) == 1
    with pytest.raises(Forbidden):
        await reviewing.mistakes(grid_actor(village.member), after=None, limit=9)


async def test_unsure_open_appeals_come_with_their_newest_guess_in_two_queries(village: Village) -> None:
    for number in range(3):
        appeal = await village.appeal(unsure=True)
        for margin in (0.1, 0.2):
            await RoutingDecision.create(
                community_id=appeal.community_id, appeal=appeal, lexicon_version="r1", intent="difficulty",
                urgent=False, ranked=[{"code": "lamp", "name": "路灯", "score": 1.0 + number}], margin=margin,
                matched=[], candidates=[], chosen="", why="", created_at=clock.now(),
            )  # fmt: skip
    await village.appeal(unsure=True, status=AppealStatus.CANCELLED)
    await village.appeal()
    desk = await _desk(village)

    with counted() as statements:
        found = await reviewing.unsure(desk, after=None, limit=9)

    assert [one.decision.margin for one in found if one.decision] == [0.2, 0.2, 0.2]
    assert len(statements) == 2
    assert await reviewing.unsure(desk, after=found[1].appeal.id, limit=9) == [found[2]]


async def test_keywords_are_measured_on_the_last_word_about_appeals_in_scope(village: Village) -> None:
    await Keyword.create(category=village.category, text="路灯", weight=5.0)
    await Keyword.create(category=village.other, text="路灯", weight=3.0)
    await Keyword.create(category=village.other, text="扬剧", weight=3.0)
    understanding.forget()
    appeal = await village.appeal(text="路灯不亮")
    await make_lesson(appeal, village.other)
    await make_lesson(appeal, village.category)
    await make_lesson(await make_appeal(await make_community(), text="路灯不亮"), village.other)
    desk = await _desk(village)

    found = await reviewing.keyword_measures(desk, category=None, verdict=None, after=0, limit=9)

    assert [(one.text, one.hits, one.right) for one in found if one.category == village.category.code] == [
        ("路灯", 1, 1)
    ]
    unhit = await reviewing.keyword_measures(desk, category=None, verdict=Verdict.UNHIT, after=0, limit=9)
    assert [one.text for one in unhit] == ["扬剧"]
    rivals = await reviewing.keyword_measures(
        desk, category=village.other.code, verdict=Verdict.CONTRADICTING, after=0, limit=9
    )
    assert [one.rivals for one in rivals] == [(village.category.code,)]
    assert await reviewing.keyword_measures(desk, category=None, verdict=None, after=3, limit=9) == []
