"""报名 for an offering with questions: asked one by one, answered by words, and nothing else is swallowed."""

from __future__ import annotations

import json

import pytest

from bot.recovery import recover_inbox
from models import Appeal, Notice, SignUp, Slot
from tests.bot.test_signing_up import family_of
from tests.bot.village import Village, later, newest, pushed, say, taken
from tests.make import make_offering, make_slot

QUESTIONS = [
    {"label": "几年级", "required": True},
    {"label": "爱好", "required": False},
    {"label": "有什么忌口", "required": True},
]


@pytest.fixture
async def school(village: Village) -> Slot:
    offering = await make_offering(village.xinlian, title="四点半学堂", questions=QUESTIONS)
    return await make_slot(offering)


async def answers() -> dict[str, str]:
    found: dict[str, str] = json.loads((await SignUp.get()).answers)
    return found


async def test_required_questions_are_asked_one_by_one_and_then_the_place_is_claimed(
    village: Village, school: Slot
) -> None:
    first = await say("报名 四点半学堂")
    assert "第 1 个，共 2 个" in first
    assert "几年级" in first
    assert await SignUp.all().count() == 0

    assert "有什么忌口" in await say("三年级")
    assert "报好了：您" in await say("没有")

    assert await answers() == {"几年级": "三年级", "有什么忌口": "没有"}
    assert await Appeal.all().count() == 0


async def test_whom_it_is_for_is_asked_first_and_kept(village: Village, school: Slot) -> None:
    await family_of("resident-1")
    await say("报名 四点半学堂")

    assert "几年级" in await say("3")
    await say("2")
    assert "报好了：小宝" in await say("花生")


async def test_a_digit_answers_the_question_and_nothing_else(village: Village, school: Slot) -> None:
    await say("报名 四点半学堂")
    await say("3")
    await say("回答 花生")

    assert await answers() == {"几年级": "3", "有什么忌口": "花生"}


@pytest.mark.parametrize("words", ["不报了", "取消", "算了"])
async def test_who_does_not_want_to_any_more_says_so(village: Village, school: Slot, words: str) -> None:
    await say("报名 四点半学堂")

    assert "没有报名" in await say(words)
    assert await SignUp.all().count() == 0
    assert "没有要您选数字" in await say("3")


async def test_danger_goes_before_the_question(village: Village, school: Slot) -> None:
    await say("报名 四点半学堂")

    assert "119" in await say("三组着火了快来人")
    assert (await newest()).urgency == "emergency"
    assert await SignUp.all().count() == 0


async def test_a_command_is_carried_out_and_the_question_waits_on(village: Village, school: Slot) -> None:
    await say("报名 四点半学堂")

    assert "还没有报名" in await say("我的")
    assert "有什么忌口" in await say("三年级")


async def test_words_that_tell_of_a_matter_are_asked_back_and_filed_or_taken(
    village: Village, school: Slot
) -> None:
    await say("报名 四点半学堂")
    assert "还是另外反映的事" in await say("三组的路灯坏了好几天了没人修")
    told = await say("2")
    assert "编号" in told
    assert "报名 四点半学堂" in told
    assert (await newest()).text == "三组的路灯坏了好几天了没人修"

    await say("报名 四点半学堂")
    await say("三组的路灯坏了好几天了没人修")
    assert "有什么忌口" in await say("是回答")
    assert await Appeal.all().count() == 1


async def test_words_that_nobody_explains_are_filed_with_the_next_message(
    village: Village, school: Slot
) -> None:
    await say("报名 四点半学堂")
    await say("三组的路灯坏了好几天了没人修")

    assert "编号" in await say("我的")
    assert (await newest()).text == "三组的路灯坏了好几天了没人修"


async def test_words_that_nobody_explains_are_filed_after_ten_minutes_and_told(
    village: Village, school: Slot
) -> None:
    await say("报名 四点半学堂")
    await say("三组的路灯坏了好几天了没人修")
    await later(11)

    await recover_inbox(10)
    await recover_inbox(10)

    appeal = await newest()
    assert appeal.text == "三组的路灯坏了好几天了没人修"
    told = await pushed(Notice.REPLY, "resident-1")
    assert [str(appeal.number) in one.payload["text"] for one in told] == [True]


async def test_after_ten_minutes_words_are_words_again(village: Village, school: Slot) -> None:
    await say("报名 四点半学堂")
    await later(11)

    assert "编号" in await say("三组的路灯坏了好几天了没人修")
    assert await SignUp.all().count() == 0


async def test_what_a_responder_asks_meanwhile_is_answered_first(village: Village, school: Slot) -> None:
    lamp = await taken()
    await say("报名 四点半学堂")
    await say(f"问 {lamp.number} 您家几栋？", "grid-3")

    await say("五栋")

    assert any("五栋" in one.payload["text"] for one in await pushed(Notice.ANSWERED, "grid-3"))
    assert "有什么忌口" in await say("三年级")


async def test_a_shut_gate_is_told_before_anything_is_asked(village: Village) -> None:
    offering = await make_offering(village.xinlian, title="合唱队", questions=QUESTIONS, age_from=60)
    await make_slot(offering)

    assert "出生日期" in await say("报名 合唱队")
