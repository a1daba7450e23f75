"""Trying a sentence shows what would happen, and leaves nothing."""

from __future__ import annotations

import pytest

from models import Appeal, AssigneeKind, AuditEntry, Category, Delivery, Keyword, PlaceName, RoutingDecision
from nlp.judgement import Intent
from services import foreseeing, routing, understanding
from services.access import Actor, staff_actor
from services.errors import Conflict, Forbidden
from services.explaining import Reason, reasons
from tests.make import make_category, make_community
from tests.services.village import Village, make_village


@pytest.fixture
async def village(db: str) -> Village:
    made = await make_village()
    await make_category("other")
    await make_category("counselling", prefers=AssigneeKind.ORGANIZATION)
    await Keyword.create(category=made.category, text="路灯", weight=5.0)
    await Keyword.create(category=made.other, text="扬剧", weight=5.0)
    await PlaceName.create(community=made.community, grid=made.grid, name="老槐树")
    understanding.forget()
    return made


async def _desk(village: Village) -> Actor:
    return await staff_actor(village.duty)


async def test_a_sentence_goes_where_it_would_go_and_nothing_is_written(village: Village) -> None:
    found = await foreseeing.foresee(await _desk(village), "老槐树边上的路灯不亮", None)

    assert (found.category.id, found.unsure, found.grid_id) == (village.category.id, False, village.grid.id)
    assert found.chosen is not None
    assert found.chosen.assignee.kind is AssigneeKind.GRID_MEMBER
    assert village.member.title in found.chosen.why
    for table in (Appeal, RoutingDecision, Delivery, AuditEntry):
        assert await table.all().count() == 0


async def test_the_preference_of_the_category_decides(village: Village) -> None:
    found = await foreseeing.foresee(await _desk(village), "想学扬剧没有地方，怎么办", None)
    assert found.chosen is not None
    assert found.chosen.assignee.id == village.organization.id


async def test_what_nothing_speaks_for_goes_to_triage(village: Village) -> None:
    found = await foreseeing.foresee(await _desk(village), "家里东西坏了没人修", None)

    assert (found.category.code, found.unsure) == ("other", True)
    assert found.chosen is not None
    assert found.chosen.assignee.id == village.duty.id


async def test_whoever_stands_above_names_the_community_or_sees_the_judgement_alone(village: Village) -> None:
    town = await staff_actor(village.town_duty)

    assert (await foreseeing.foresee(town, "路灯不亮", None)).chosen is None
    assert (await foreseeing.foresee(town, "路灯不亮", village.community.id)).chosen is not None
    with pytest.raises(Forbidden):
        await foreseeing.foresee(town, "路灯不亮", (await make_community()).id)


@pytest.mark.parametrize("intent", Intent)
@pytest.mark.parametrize(("long", "offering"), [(False, False), (True, False), (False, True), (True, True)])
def test_what_is_filed(intent: Intent, long: bool, offering: bool) -> None:
    if intent is Intent.SIGNUP:
        wanted = not offering
    elif intent is Intent.GREETING:
        wanted = False
    else:
        wanted = intent.is_appeal or intent is Intent.HUMAN or long

    assert routing.files(intent, long=long, names_offering=offering) is wanted


@pytest.mark.parametrize(
    ("text", "filed"),
    [
        ("老槐树边上的路灯不亮", True),
        ("我要找个人说话", True),
        ("我想报名学唱歌", True),
        ("谢谢", False),
        ("谢谢你们上次帮我家修好了那盏灯", True),
        ("你好", False),
        ("嗯嗯", False),
        ("到哪一步了", False),
    ],
)
async def test_a_trial_says_whether_the_bot_would_file_it(village: Village, text: str, filed: bool) -> None:
    assert (await foreseeing.foresee(await _desk(village), text, None)).filed is filed


async def test_without_a_pack_it_says_so(village: Village) -> None:
    await Category.filter(code="other").update(code="another")
    understanding.forget()
    understanding._memory().knowledge = None  # the revision stays: nobody goes through the services here
    with pytest.raises(Conflict):
        await foreseeing.foresee(await _desk(village), "路灯不亮", None)


def test_reasons_have_their_share_and_single_characters_come_last_as_context() -> None:
    matched = [
        {"keyword": "亮", "category": "lamp", "weight": 3.0},
        {"keyword": "路灯", "category": "lamp", "weight": 1.0},
        {"keyword": "不亮", "category": "lamp", "weight": 2.0},
        {"keyword": "路", "category": "road", "weight": 0.5},
    ]
    ranked = [{"code": "lamp", "score": 8.0}, {"code": "road", "score": -1.0}]

    assert reasons(matched, ranked) == [
        Reason("不亮", "lamp", 2.0, 0.25, context=False),
        Reason("路灯", "lamp", 1.0, 0.125, context=False),
        Reason("亮", "lamp", 3.0, 0.375, context=True),
        Reason("路", "road", 0.5, 0.0, context=True),
    ]


def test_nothing_found_has_no_reasons() -> None:
    assert reasons([], []) == []
