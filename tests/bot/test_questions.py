"""What responders ask residents: every question gets its answer, however many wait."""

from __future__ import annotations

import pytest

from bot.recovery import recover_inbox
from models import Appeal, AppealEvent, Attachment, Conversation, Notice
from tests.bot.village import Village, event, later, message, newest, pushed, say, send, taken


async def _asked_twice() -> tuple[Appeal, Appeal]:
    """Two appeals of one resident, in different hands, and a question about each."""
    lamp = await taken()
    await say("我妈想要助餐")
    meals = await newest()
    await say(f"接单 {meals.number}", "org-1")
    await say(f"问 {lamp.number} 您家几栋？", "grid-3")
    await say(f"问 {meals.number} 老人多大年纪？", "org-1")
    return lamp, meals


async def _answers(openid: str) -> list[str]:
    return [one.payload["text"] for one in await pushed(Notice.ANSWERED, openid)]


async def test_with_two_questions_the_answer_is_asked_back_and_both_are_answered(village: Village) -> None:
    lamp, meals = await _asked_twice()

    reply = await say("五栋")
    assert f"1 {lamp.number}：您家几栋？" in reply
    assert f"2 {meals.number}：老人多大年纪？" in reply
    reply = await say("1")

    assert any("五栋" in one for one in await _answers("grid-3"))
    assert await _answers("org-1") == []
    assert f"{meals.number}" in reply
    assert "老人多大年纪？" in reply
    await say("八十了")
    assert any("八十了" in one for one in await _answers("org-1"))
    assert (await Conversation.get(openid="resident-1")).asked_id is None


async def test_the_number_chooses_the_question_too(village: Village) -> None:
    _, meals = await _asked_twice()
    await say("八十了")

    await say(str(meals.number))

    assert any("八十了" in one for one in await _answers("org-1"))
    assert await _answers("grid-3") == []


async def test_an_answer_with_its_number_is_not_asked_back(village: Village) -> None:
    lamp, _ = await _asked_twice()

    await say(f"回复 {lamp.number} 五栋")

    assert any("五栋" in one for one in await _answers("grid-3"))
    assert await _answers("org-1") == []


@pytest.mark.parametrize("how", ["words", "time", "menu"])
async def test_an_answer_that_nobody_placed_goes_to_who_asked_last(village: Village, how: str) -> None:
    _, meals = await _asked_twice()
    await send(message(None, msg_type="image", media_id="media-9"))

    if how == "words":
        await say("进度")
    elif how == "menu":
        await send(event("CLICK", event_key="菜单"))
    else:
        await later(10)
        await recover_inbox()

    assert len(await _answers("org-1")) == 1
    assert (await Attachment.get(appeal_id=meals.id)).media_id == "media-9"


async def test_whoever_has_it_next_reads_what_was_answered(village: Village) -> None:
    await say("三组路灯不亮")
    number = (await newest()).number
    await say(f"问 {number} 您家几栋", "grid-3")
    await say("八栋二单元")
    await say("快点啊")
    await say(f"转派 {number} 不归我管", "grid-3")

    reply = await say(f"看 {number}", "duty-1")

    assert "答复：八栋二单元" in reply


async def test_a_long_answer_is_passed_on_whole(village: Village) -> None:
    appeal = await taken()
    await say(f"问 {appeal.number} 您家几栋？", "grid-3")

    await say("五栋" * 700)

    assert (await AppealEvent.get(appeal_id=appeal.id, verb="answer")).words == "五栋" * 700


async def test_everybody_who_asked_about_one_appeal_gets_the_answer(village: Village) -> None:
    appeal = await taken()
    await say(f"问 {appeal.number} 您家几栋？", "grid-3")
    await say(f"问 {appeal.number} 哪个单元？", "leader-3")

    await say("五栋二单元")

    assert any("五栋二单元" in one for one in await _answers("grid-3"))
    assert any("五栋二单元" in one for one in await _answers("leader-3"))
    await say("补一句，在三楼")
    assert len(await _answers("grid-3")) == 1


async def test_words_of_a_responder_survive_a_photo_and_a_tap_on_the_menu(village: Village) -> None:
    appeal = await taken()
    await say("下午去换灯泡", "grid-3")
    await send(message(None, "grid-3", msg_type="image", media_id="media-9"))
    await send(event("CLICK", "grid-3", event_key="待办"))

    notes = await AppealEvent.filter(appeal_id=appeal.id, verb="note").order_by("id")
    assert [one.words for one in notes] == ["下午去换灯泡", "[照片]"]
    assert (await Attachment.get(appeal_id=appeal.id)).media_id == "media-9"
