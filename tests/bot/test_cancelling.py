"""A bare 取消: it is asked back what is meant, and nothing is withdrawn by it."""

from __future__ import annotations

import pytest

from models import Appeal, AppealStatus, Notice, SignUp, SignUpState, Slot
from tests.bot.village import Village, later, newest, pushed, say
from tests.make import make_offering, make_slot


@pytest.fixture
async def salon(village: Village) -> Slot:
    return await make_slot(await make_offering(village.xinlian, title="扬剧沙龙"), capacity=5)


async def _lamp_and_sign_up() -> Appeal:
    await say("三组路灯不亮")
    lamp = await newest()
    assert "取消 扬剧沙龙" in await say("报名 扬剧沙龙")
    return lamp


@pytest.mark.parametrize("words", ["取消", "取消吧", "取消。", "取消了", "我要取消", "帮我取消", "取消 0"])
async def test_it_is_asked_back_among_sign_ups_and_appeals(village: Village, salon: Slot, words: str) -> None:
    lamp = await _lamp_and_sign_up()

    reply = await say(words)

    assert "1 报名：扬剧沙龙" in reply
    assert f"2 诉求：{lamp.number}" in reply
    assert "3 都不取消" in reply
    assert (await newest()).status is AppealStatus.ASSIGNED
    assert (await SignUp.get()).state is SignUpState.HELD


@pytest.mark.parametrize(
    ("answer", "sign_up", "appeal"),
    [
        ("1", SignUpState.CANCELLED, AppealStatus.ASSIGNED),
        ("取消 1", SignUpState.CANCELLED, AppealStatus.ASSIGNED),
        ("扬剧沙龙", SignUpState.CANCELLED, AppealStatus.ASSIGNED),
        ("取消 扬剧沙龙", SignUpState.CANCELLED, AppealStatus.ASSIGNED),
        ("2", SignUpState.HELD, AppealStatus.CANCELLED),
        ("{number}", SignUpState.HELD, AppealStatus.CANCELLED),
        ("3", SignUpState.HELD, AppealStatus.ASSIGNED),
        ("都不取消", SignUpState.HELD, AppealStatus.ASSIGNED),
        ("取消", SignUpState.HELD, AppealStatus.ASSIGNED),
    ],
)
async def test_the_answer_cancels_what_was_chosen_and_nothing_else(
    village: Village, salon: Slot, answer: str, sign_up: SignUpState, appeal: AppealStatus
) -> None:
    lamp = await _lamp_and_sign_up()
    await say("取消")

    await say(answer.format(number=lamp.number))

    await lamp.refresh_from_db()
    assert (lamp.status, (await SignUp.get()).state) == (appeal, sign_up)
    assert await Appeal.all().count() == 1


async def test_the_only_open_appeal_is_not_withdrawn_unasked(village: Village) -> None:
    await say("三组路灯不亮")

    reply = await say("取消")

    assert "2 都不取消" in reply
    assert (await newest()).status is AppealStatus.ASSIGNED


async def test_with_nothing_to_cancel_that_is_said(village: Village) -> None:
    assert "没有可以取消的" in await say("取消")


async def test_behind_the_question_whether_to_withdraw_it_leaves_the_appeal(village: Village) -> None:
    await say("三组路灯不亮")
    assert "要撤回吗" in await say("不要了")

    reply = await say("取消")

    assert "接着办" in reply
    assert (await newest()).status is AppealStatus.ASSIGNED
    assert "没有要您选数字" in await say("1")


@pytest.mark.parametrize("minutes", [0, 30])
async def test_an_alarm_is_called_off_by_no_cancelling(village: Village, salon: Slot, minutes: int) -> None:
    await say("报名 扬剧沙龙")
    await say("着火了，三组")
    await later(minutes)

    reply = await say("取消")

    assert "误报" in reply
    assert "110、119、120" in reply
    assert (await newest()).status is AppealStatus.ASSIGNED
    assert (await SignUp.get()).state is SignUpState.HELD
    assert await pushed(Notice.STAND_DOWN, "grid-3") == []
    assert "解除" in await say("误报")


async def test_what_became_an_alarm_after_the_question_is_not_chosen_away(village: Village) -> None:
    from models import Urgency

    await say("三组路灯不亮")
    await say("取消")
    await Appeal.all().update(urgency=Urgency.EMERGENCY)

    assert "误报" in await say("1")
    assert (await newest()).status is AppealStatus.ASSIGNED


async def test_with_its_number_an_appeal_is_withdrawn_at_once(village: Village) -> None:
    await say("三组路灯不亮")

    assert "已撤回" in await say(f"取消 {(await newest()).number}")


async def test_taking_back_number_zero_takes_nothing_back(village: Village) -> None:
    await say("三组路灯不亮")

    await say("撤回 0")

    assert (await newest()).status is AppealStatus.ASSIGNED


async def test_a_phone_number_is_kept_with_the_appeal_of_a_moment_ago(village: Village) -> None:
    await say("三组路灯不亮")

    reply = await say("13812345678")

    assert "已补充" in reply
    assert "13812345678" in (await newest()).text
    assert await Appeal.all().count() == 1
