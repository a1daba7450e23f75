"""What is said while an alarm is out: places, further lines, other matters, worse danger."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

import settings
from models import Appeal, AppealEvent, AppealStatus, Conversation, Notice, Urgency
from services import access, handling, open_words
from tests.bot.village import Village, later, message, newest, owner, pushed, say, send


async def _alarm() -> Appeal:
    return await Appeal.get(urgency=Urgency.EMERGENCY).select_related("category", "grid")


async def _alerted(*openids: str) -> None:
    for openid in openids:
        assert len(await pushed(Notice.ALERT, openid)) == 1, openid


def _here(latitude: float, longitude: float, openid: str) -> dict[str, Any]:
    return {"openid": openid, "msg_type": "location"} | {
        "latitude": latitude,
        "longitude": longitude,
        "datum": "GCJ-02",
    }


@pytest.mark.parametrize("openid", ["resident-1", "villager", "stranger"])
async def test_the_answer_where_it_is_changes_nothing_else(village: Village, openid: str) -> None:
    await say("我爸胸口痛得厉害", openid)
    before = await _alarm()

    reply = await say("在三组小学路", openid)

    after = await _alarm()
    assert await Appeal.all().count() == 1
    assert (after.category_id, after.urgency) == (before.category_id, Urgency.EMERGENCY)
    assert "小学路" in after.place
    assert after.grid_id == village.grids["三组"].id
    assert "小学路" in reply


@pytest.mark.parametrize(("openid", "holder"), [("villager", "三组网格长"), ("stranger", "新联村值班")])
async def test_a_grid_learned_later_is_alerted_and_each_person_once(
    village: Village, openid: str, holder: str
) -> None:
    await say("我摔倒了起不来", openid)
    await _alerted("duty-1")
    assert await pushed(Notice.ALERT, "leader-3") == []

    await say("三组", openid)
    await say("就在三组小学路", openid)

    await _alerted("duty-1", "leader-3", "grid-3")
    assert await owner(await _alarm()) == holder


async def test_a_location_alerts_the_grid_around_it(village: Village) -> None:
    await say("我摔倒了起不来", "stranger")

    await send(message(None, **_here(32.402, 119.414, "stranger")))

    await _alerted("duty-1", "leader-3", "grid-3")
    assert (await _alarm()).grid_id == village.grids["三组"].id


async def test_a_place_in_another_community_alerts_and_moves_there(village: Village) -> None:
    await say("我摔倒了起不来", "stranger")

    await say("在江边组", "stranger")

    await _alerted("duty-1", "grid-9")
    alarm = await _alarm()
    assert alarm.community_id == village.dujiang.id
    assert await owner(alarm) == "渡江村值班"


async def test_what_somebody_accepted_is_alerted_elsewhere_but_stays(village: Village) -> None:
    await say("我摔倒了起不来", "stranger")
    number = (await newest()).number
    await say(f"接单 {number}", "duty-1")

    await say("在江边组", "stranger")

    await _alerted("grid-9")
    assert await owner(await _alarm()) == "新联村值班"
    assert "摔倒" in await say(f"看 {number}", "grid-9")


@pytest.mark.parametrize("accepted", [False, True])
async def test_choosing_a_grid_alerts_it(village: Village, accepted: bool) -> None:
    await say("我摔倒了起不来", "stranger")
    if accepted:
        await say("接单", "duty-1")
    await say("绑定 新联村", "stranger")

    await say("3", "stranger")

    await _alerted("duty-1", "leader-3", "grid-3")


@pytest.mark.parametrize("words", ["我儿子都三十了", "快来个人啊", "他在发抖呢"])
async def test_words_that_name_no_place_are_added_and_the_question_stays(
    village: Village, words: str
) -> None:
    await say("我爸胸口痛得厉害", "villager")

    reply = await say(words, "villager")

    alarm = await _alarm()
    assert alarm.place == ""
    assert words in alarm.text
    assert "110" in reply
    await say("老槐树边上", "villager")
    assert (await _alarm()).grid_id == village.grids["二组"].id


@pytest.mark.parametrize("minutes", [1, 15])
@pytest.mark.parametrize("words", ["没事了", "好了", "虚惊一场", "没事了，谢谢", "嗯好了"])
async def test_that_it_is_over_joins_the_alarm_and_only_a_false_alarm_ends_it(
    village: Village, words: str, minutes: int
) -> None:
    await say("三组我家着火了快来人")
    await later(minutes)

    reply = await say(words)

    alarm = await _alarm()
    assert alarm.status is AppealStatus.ASSIGNED
    assert words in alarm.text
    assert await Appeal.all().count() == 1
    assert f"已加到 {alarm.number}" in reply
    assert "不用来人了，请回复：误报" in reply
    for openid in ("leader-3", "duty-1", "grid-3"):
        assert "居民补充了" in str((await pushed(Notice.PROGRESS, openid))[-1].payload), openid


@pytest.mark.parametrize("words", ["你好", "您好，请问一下，有人在吗", "谢谢", "嗯", "？？"])
async def test_the_lightest_words_join_the_alarm(village: Village, words: str) -> None:
    await say("三组我家着火了快来人")

    reply = await say(words)

    alarm = await _alarm()
    assert await AppealEvent.filter(appeal_id=alarm.id, words=words).exists()
    assert "110" in reply


async def test_hurry_during_an_alarm_is_answered_as_such(village: Village) -> None:
    await say("三组我家着火了快来人")

    reply = await say("怎么还没来")

    assert "赶来的人能看到" in reply
    assert "110" in reply
    assert "怎么还没来" in (await _alarm()).text


async def test_light_words_long_after_an_alarm_are_light(village: Village) -> None:
    await say("三组我家着火了快来人")
    await later(20)

    assert "您好" in await say("你好")
    await say("误报")
    assert "好的" in await say("没事了")


async def test_another_matter_gets_an_appeal_of_its_own_and_the_alarm_goes_on(village: Village) -> None:
    await say("我爸胸口痛得厉害", "villager")
    before = await _alarm()

    reply = await say("路灯坏了", "villager")

    other = await newest()
    assert (other.category.code, other.urgency) == ("traffic", Urgency.NORMAL)
    after = await _alarm()
    assert (after.category_id, after.urgency) == (before.category_id, Urgency.EMERGENCY)
    assert "路灯坏了" in after.text
    assert reply.startswith(f"险情 {after.number} 还在处理")
    assert "网格？" not in reply
    await say("在老槐树", "villager")
    assert (await _alarm()).grid_id == village.grids["二组"].id
    await other.refresh_from_db()
    assert other.grid_id is None


@pytest.mark.parametrize("words", ["他在小学当老师", "我妈有医保的", "路面堵着进不来"])
async def test_what_tells_of_the_danger_stays_with_the_alarm(village: Village, words: str) -> None:
    await say("我爸胸口痛得厉害")

    await say(words)

    assert await Appeal.all().count() == 1
    assert words in (await _alarm()).text


async def test_places_said_one_after_another_are_all_remembered(village: Village) -> None:
    await say("我爸胸口痛得厉害", "villager")

    for words in ("三组", "三组小学路", "2单元301室"):
        await say(words, "villager")

    assert (await _alarm()).place == "三组小学路 2单元301室"


async def test_a_complaint_about_cadres_is_never_added_to_an_alarm_of_the_village(village: Village) -> None:
    await say("三组我家着火了快来人")

    await say("村主任贪污修路款")

    assert "贪污" not in (await _alarm()).text
    assert (await newest()).about_conduct


@pytest.mark.parametrize("prefix", ["", "另报 "])
async def test_violence_of_cadres_is_an_alarm_of_its_own_above_the_village(
    village: Village, prefix: str
) -> None:
    await say("三组我家着火了快来人")

    reply = await say(f"{prefix}队长打我")

    assert reply.startswith("请马上打 110")
    assert "示范镇值班" in reply
    assert "新联村" not in reply
    appeal = await newest()
    assert appeal.about_conduct
    assert await owner(appeal) == "示范镇值班"
    await _alerted("leader-3", "duty-1", "grid-3")
    assert "队长" not in (await Appeal.all().order_by("id").first()).text  # type: ignore[union-attr]


async def test_more_about_the_violence_stays_above_and_a_fire_does_not(village: Village) -> None:
    await say("队长打我")
    await say("救命，他又打人了")
    assert await Appeal.all().count() == 1

    await say("三组我家着火了快来人")

    assert await Appeal.all().count() == 2
    await _alerted("leader-3")


@pytest.mark.parametrize("prefix", ["", "另报 "])
@pytest.mark.parametrize("first", ["三组我家着火了快来人", "队长打我", "三组路灯不亮"])
async def test_who_may_harm_themself_always_hears_the_gentle_sentence(
    village: Village, prefix: str, first: str
) -> None:
    await say(first)

    reply = await say(f"{prefix}我不想活了")

    assert settings.load().psychology_hotline in reply
    assert "已请尽快" not in reply


@pytest.mark.parametrize("command", ["绑定 {}", "不满意 {}", "另报 {}", "撤回 1001 {}", "回复 1001 {}"])
@pytest.mark.parametrize("openid", ["resident-1", "stranger"])
async def test_danger_behind_a_command_is_an_alarm(village: Village, command: str, openid: str) -> None:
    reply = await say(command.format("家里着火了"), openid)

    assert reply.startswith("请马上打 119")
    assert (await newest()).urgency is Urgency.EMERGENCY


async def test_danger_behind_another_matter_joins_the_alarm(village: Village) -> None:
    await say("三组我家着火了快来人")

    reply = await say("另报 隔壁也着火了")

    assert reply.startswith("请马上打 119")
    assert await Appeal.all().count() == 1
    await _alerted("leader-3")


async def test_another_matter_may_be_said_during_an_alarm(village: Village) -> None:
    await say("三组我家着火了快来人")

    await say("另报 桥头的路灯坏了")

    assert (await newest()).category.code == "traffic"
    assert "路灯" not in (await _alarm()).text


async def test_a_responder_in_danger_tells_the_place_of_it(village: Village) -> None:
    await say("三组路灯不亮")
    await say("我家着火了快来人", "grid-3")

    await say("在老槐树", "grid-3")

    assert (await _alarm()).grid_id == village.grids["二组"].id
    pending = (await Conversation.get(openid="grid-3")).pending or {}
    assert pending.get("kind") != open_words.WHOSE


async def test_the_sentence_names_whom_it_alerted_each_once(village: Village) -> None:
    reply = await say("着火了快来人", "stranger")
    assert "已通知新联村值班，编号" in reply

    reply = await say("三组我家着火了快来人")
    assert "已通知三组网格长、新联村值班、三组网格员，编号" in reply


async def test_violence_of_cadres_alerts_the_parent_area_alone(village: Village) -> None:
    reply = await say("队长打我")

    assert "已通知示范镇值班，编号" in reply
    for openid in ("leader-3", "duty-1", "grid-3"):
        assert await pushed(Notice.ALERT, openid) == [], openid


async def test_the_alarm_of_a_delicate_matter_is_a_number_alone(village: Village) -> None:
    await say("我在三组老槐树，不想活了")

    payload = str((await pushed(Notice.ALERT, "duty-1"))[0].payload)
    for word in ("组", "新联", "120", "心理"):
        assert word not in payload, word


async def test_nothing_is_offered_while_an_alarm_is_out(village: Village, neighbour: str) -> None:
    await say("老槐树那边路灯不亮")
    await say("二组着火了", neighbour)

    for words in ("老槐树路灯坏了", "另报 老槐树路灯坏了"):
        reply = await say(words, neighbour)
        assert "已经有人反映" not in reply
        assert reply.startswith("险情")


async def test_an_emergency_instead_of_an_answer_is_an_alarm(village: Village, neighbour: str) -> None:
    await say("老槐树那边路灯不亮")
    await say("老槐树路灯坏了", neighbour)

    reply = await say("着火了", neighbour)

    assert reply.startswith("请马上打 119")
    assert "已经有人反映" not in reply


async def test_an_alarm_that_was_merged_is_joined_and_called_off_by_all_who_raised_it(
    village: Village, neighbour: str
) -> None:
    await say("老槐树着火了")
    main = await newest()
    await say("老槐树着火了", neighbour)
    own = await newest()
    await handling.merge(await access.staff_actor(village.duty), own.number, main.number)

    assert "119" in await say("火更大了，着火了", neighbour)
    assert "赶来的人能看到" in await say("火往东边去了", neighbour)
    assert await Appeal.all().count() == 2
    assert "还会来" in await say("误报")
    assert await pushed(Notice.STAND_DOWN, "grid-2") == []

    await own.refresh_from_db()
    assert (own.status, own.merged_into_id) == (AppealStatus.ASSIGNED, None)
    assert "警报已解除" in await say("误报", neighbour)
    assert len(await pushed(Notice.STAND_DOWN, "grid-2")) == 1


async def test_of_two_alarms_of_ones_own_the_one_that_goes_on_is_named(village: Village) -> None:
    await say("老槐树着火了")
    main = await newest()
    await Appeal.filter(id=main.id).update(created_at=main.created_at - timedelta(minutes=20))
    await later(20)
    await say("小学路着火了")
    own = await newest()
    await handling.merge(await access.staff_actor(village.duty), own.number, main.number)

    reply = await say("误报")

    assert f"误报 {main.number}" in reply
    assert "别的居民" not in reply
