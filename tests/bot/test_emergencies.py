"""突发险情: numbers first, one alarm, everybody near told together, 误报 stands them down."""

from __future__ import annotations

import pytest

import settings
from bot import responder_replies
from models import Appeal, AppealStatus, Notice, Urgency
from tests.bot.village import Village, newest, owner, pushed, say


async def test_the_emergency_number_comes_first_and_everybody_near_is_alerted(village: Village) -> None:
    reply = await say("三组我家着火了快来人")

    appeal = await newest()
    assert appeal.urgency is Urgency.EMERGENCY
    assert reply.startswith("请马上打 119")
    assert "不能代替" in reply
    for openid in ("leader-3", "duty-1", "grid-3"):
        assert len(await pushed(Notice.ALERT, openid)) == 1, openid


async def test_later_lines_join_the_alarm(village: Village) -> None:
    await say("三组我家着火了快来人")
    reply = await say("火越来越大了，救命啊着火了")

    assert await Appeal.all().count() == 1
    assert len(await pushed(Notice.ALERT, "leader-3")) == 1
    assert "119" in reply
    assert "火越来越大" in (await newest()).text


async def test_a_false_alarm_stands_down_everybody_who_was_alerted(village: Village) -> None:
    await say("三组我家着火了快来人")

    reply = await say("误报")

    appeal = await newest()
    assert appeal.status is AppealStatus.CANCELLED
    assert "解除" in reply
    for openid in ("leader-3", "duty-1", "grid-3"):
        assert len(await pushed(Notice.STAND_DOWN, openid)) == 1, openid


@pytest.mark.parametrize("words", ["不需要了解，赶紧来", "不用来了"])
async def test_ordinary_words_call_off_no_alarm(village: Village, words: str) -> None:
    await say("我妈晕倒了")

    reply = await say(words)

    appeal = await newest()
    assert appeal.status is AppealStatus.ASSIGNED
    assert words in appeal.text
    assert "120" in reply
    assert "误报" in reply
    assert await pushed(Notice.STAND_DOWN, "grid-3") == []
    for openid in ("leader-3", "duty-1", "grid-3"):
        assert "居民补充了" in str((await pushed(Notice.PROGRESS, openid))[-1].payload), openid


async def test_withdrawing_an_alarm_stands_down_everybody_who_was_alerted(village: Village) -> None:
    await say("我妈晕倒了")

    reply = await say("撤回")

    assert (await newest()).status is AppealStatus.CANCELLED
    assert "解除" in reply
    for openid in ("leader-3", "duty-1", "grid-3"):
        assert "撤回" in str((await pushed(Notice.STAND_DOWN, openid))[0].payload), openid


async def test_after_a_false_alarm_a_real_one_is_announced_again(village: Village) -> None:
    await say("三组我家着火了快来人")
    await say("误报")
    await say("三组邻居家着火了，是真的，快来人")

    assert await Appeal.all().count() == 2
    assert len(await pushed(Notice.ALERT, "leader-3")) == 2


async def test_a_false_alarm_without_an_alarm_says_what_to_do(village: Village) -> None:
    assert "撤回" in await say("误报")


async def test_a_strangers_emergency_reaches_the_intake_community(village: Village) -> None:
    reply = await say("着火了快来人", "stranger")

    appeal = await newest()
    assert reply.startswith("请马上打 119")
    assert appeal.community_id == village.xinlian.id
    assert await owner(appeal) == "新联村值班"
    assert len(await pushed(Notice.ALERT, "duty-1")) == 1


async def test_an_emergency_after_an_ordinary_appeal_is_announced_as_one(village: Village) -> None:
    await say("三组路灯不亮")
    await say("三组着火了快来人")

    assert await Appeal.filter(urgency=Urgency.EMERGENCY).count() == 1
    assert len(await pushed(Notice.ALERT, "leader-3")) == 1


async def test_who_may_harm_themself_hears_a_gentle_sentence_and_gets_counselling(village: Village) -> None:
    reply = await say("我不想活了，想自杀")

    appeal = await newest()
    assert settings.load().psychology_hotline in reply
    assert "120" in reply
    assert await owner(appeal) == "邻里帮扶社"
    alert = (await pushed(Notice.ALERT, "leader-3"))[0]
    assert "自杀" not in str(alert.payload)
    assert "不想活" not in str(alert.payload)


@pytest.mark.parametrize("words", ["没人管我", "没什么意思", "不用来了", "算了", "误报"])
async def test_who_may_harm_themself_hears_of_the_hotline_whatever_they_say_next(
    village: Village, words: str
) -> None:
    await say("我不想活了，想自杀")

    reply = await say(words)

    assert settings.load().psychology_hotline in reply
    assert "赶来" not in reply.replace("已告诉赶来的人", "")


async def test_a_responder_in_danger_is_not_asked_whose_it_is(village: Village) -> None:
    await say("三组路灯不亮")

    reply = await say("我家着火了快来人", "grid-3")

    assert reply.startswith("请马上打 119")


async def test_whoever_was_alerted_may_look_and_accept(village: Village) -> None:
    await say("三组我家着火了快来人")
    number = (await newest()).number

    assert "着火" in await say(f"看 {number}", "grid-3")
    assert "已接单" in await say(f"接单 {number}", "grid-3")
    assert (await newest()).status is AppealStatus.ACCEPTED


async def _alarmed_while_busy(openid: str = "grid-3") -> tuple[Appeal, Appeal]:
    """An appeal in the hands of a grid member, and an alarm of somebody else that the member was pushed."""
    await say("三组路灯不亮", "villager")
    held = await newest()
    await say("三组我家着火了快来人")
    alarm = await newest()
    assert await owner(held) == "三组网格员"
    assert await owner(alarm) != "三组网格员"
    assert len(await pushed(Notice.ALERT, openid)) == 1
    return held, alarm


async def test_who_is_alarmed_while_holding_something_is_asked_which_to_accept(village: Village) -> None:
    held, alarm = await _alarmed_while_busy()

    reply = await say("接单", "grid-3")

    assert f"1 {alarm.number}（" in reply
    assert f"2 {held.number}（" in reply
    await say("1", "grid-3")
    await alarm.refresh_from_db()
    await held.refresh_from_db()
    assert (alarm.status, held.status) == (AppealStatus.ACCEPTED, AppealStatus.ASSIGNED)
    assert await owner(alarm) == "三组网格员"


async def test_who_is_alarmed_with_empty_hands_accepts_the_alarm(village: Village) -> None:
    await say("三组我家着火了快来人")
    alarm = await newest()

    assert f"{alarm.number} 已接单" in await say("接单", "grid-3")
    assert await say("待办", "duty-1") == responder_replies.NOTHING_IN_HAND


async def test_an_alarm_stands_in_the_list_of_who_was_pushed_it(village: Village) -> None:
    held, alarm = await _alarmed_while_busy()

    lines = (await say("待办", "grid-3")).splitlines()

    assert f"接单 {alarm.number}" in lines[1]
    assert str(held.number) in lines[2]


async def test_looking_at_an_alarm_says_how_to_accept_it(village: Village) -> None:
    _, alarm = await _alarmed_while_busy()

    assert f"回复：接单 {alarm.number}" in await say(f"看 {alarm.number}", "grid-3")
    assert str(alarm.number) in await say("看", "grid-3")
    card = (await pushed(Notice.ALERT, "grid-3"))[0].payload["fields"]["words"]
    assert f"接单 {alarm.number}" in card
    assert f"看 {alarm.number}" in card


@pytest.mark.parametrize("front", ["", "另报 "])
async def test_a_fire_behind_a_complaint_about_cadres_reaches_who_is_near(
    village: Village, front: str
) -> None:
    reply = await say(f"{front}举报村书记把低保给亲戚，三组我家着火了")

    fire, complaint = await Appeal.all().order_by("id")
    assert reply.startswith("请马上打 119")
    assert (fire.urgency, fire.about_conduct) == (Urgency.EMERGENCY, False)
    assert "书记" not in fire.text
    assert len(await pushed(Notice.ALERT, "leader-3")) == 1
    assert (complaint.about_conduct, complaint.linked_to_id) == (True, fire.id)
    assert await owner(complaint) == "示范镇值班"


@pytest.mark.parametrize(
    ("text", "place"),
    [("老槐树着火了", "老槐树"), ("二组5栋3单元着火了", "5栋3单元"), ("二组桥头着火了", "桥头")],
)
async def test_a_place_that_was_said_is_not_asked_for(village: Village, text: str, place: str) -> None:
    reply = await say(text)

    assert "具体位置" not in reply
    assert place in reply


@pytest.mark.parametrize("text", ["二组着火了", "2组我家着火了", "着火了快来人"])
async def test_a_grid_alone_is_no_place_to_find(village: Village, text: str) -> None:
    assert "请说一下具体位置" in await say(text)
