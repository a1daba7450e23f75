"""What residents do with their own appeals, small talk, and what comes back when nothing fits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models import (
    Appeal,
    AppealEvent,
    AppealStatus,
    Category,
    Conversation,
    Keyword,
    Notice,
    Rating,
    RoutingDecision,
    Staff,
)
from services import access, handling, reviewing, understanding
from tests.bot.village import Village, event, later, newest, owner, person, pushed, say, send, taken


async def _resolved() -> Appeal:
    appeal = await taken()
    await say(f"办结 {appeal.number} 换了灯泡", "grid-3")
    return appeal


async def test_progress_tells_status_owner_and_last_words(village: Village) -> None:
    appeal = await taken()
    await say(f"回复 {appeal.number} 明天上午来修", "grid-3")

    reply = await say(f"进度 {appeal.number}")

    assert "办理中" in reply
    assert "三组网格员" in reply
    assert "明天上午来修" in reply
    assert reply == await say("进度")


@pytest.mark.parametrize("ending", ["撤回", "办结"])
async def test_progress_of_what_is_over_names_nobody_who_has_it(village: Village, ending: str) -> None:
    appeal = await taken()
    if ending == "办结":
        await say(f"办结 {appeal.number} 换了灯泡", "grid-3")
    else:
        await say(f"撤回 {appeal.number}")

    reply = await say(f"进度 {appeal.number}")

    assert f"：已{ending}" in reply
    assert "三组网格员" not in reply


async def test_progress_after_an_unhappy_rating_shows_no_result_of_before(village: Village) -> None:
    appeal = await _resolved()
    assert "换了灯泡" in await say(f"进度 {appeal.number}")
    await say(f"不满意 {appeal.number}")

    assert "最新" not in await say(f"进度 {appeal.number}")


async def test_progress_shows_the_question_that_waits_and_no_other(village: Village) -> None:
    appeal = await taken()
    await say(f"回复 {appeal.number} 明天上午来修", "grid-3")
    await say(f"问 {appeal.number} 灯泡几瓦？", "grid-3")
    assert "等您答复：灯泡几瓦？" in await say(f"进度 {appeal.number}")

    await say("五瓦")
    reply = await say(f"进度 {appeal.number}")
    assert "最新：明天上午来修" in reply
    assert "几瓦" not in reply

    await say(f"撤回 {appeal.number}")
    assert "最新" not in await say(f"进度 {appeal.number}")


async def test_progress_shows_a_suspension_as_long_as_it_lasts(village: Village) -> None:
    appeal = await taken()
    await say(f"挂起 {appeal.number} 明天 等材料", "grid-3")
    assert "等材料" in await say(f"进度 {appeal.number}")
    await say(f"恢复 {appeal.number}", "grid-3")

    assert "等材料" not in await say(f"进度 {appeal.number}")


async def test_progress_shows_what_staff_wrote_at_their_desk(village: Village) -> None:
    appeal = await taken()
    desk = replace(await access.staff_actor(village.duty), resident_id=None)
    await handling.reply(desk, appeal.number, "周三统一检修")

    assert "最新：周三统一检修" in await say(f"进度 {appeal.number}")


async def test_what_a_delicate_matter_is_about_stands_in_no_list(village: Village) -> None:
    await say("我最近心里难受，想找人说说话")
    number = (await newest()).number
    await say("另报 书记把低保给了亲戚")
    conduct = (await newest()).number
    await person("town-1", responder=True)
    await Staff.filter(id=village.town.id).update(
        resident_id=(await Conversation.get(openid="town-1")).resident_id
    )

    for text, openid in (
        ("进度", "resident-1"),
        (f"进度 {number}", "resident-1"),
        ("撤回", "resident-1"),
        ("待办", "org-1"),
        ("待办", "town-1"),
    ):
        reply = await say(text, openid)
        assert str(conduct if openid == "town-1" else number) in reply
        assert "保密诉求" in reply
        assert "心理关爱" not in reply
        assert "村务作风" not in reply
    assert "类别：心理关爱" in await say(f"看 {number}", "org-1")


async def test_two_matters_in_one_message_name_no_delicate_one(village: Village) -> None:
    reply = await say("三组路灯不亮，另外我最近心里难受想找人说说话")

    assert await Appeal.all().count() == 2
    assert "道路交通" in reply
    assert "心理关爱" not in reply


async def test_progress_lists_several(village: Village) -> None:
    await say("三组路灯不亮")
    first = await newest()
    await say("门口垃圾没人收")
    second = await newest()

    reply = await say("进度")

    assert str(first.number) in reply
    assert str(second.number) in reply


async def test_progress_of_what_was_merged_names_the_other(village: Village) -> None:
    await say("三组路灯不亮", "villager")
    main = await newest()
    await say("三组路灯不亮")
    twin = await newest()
    await handling.merge(await access.staff_actor(village.duty), twin.number, main.number)

    reply = await say(f"进度 {twin.number}")

    assert f"和 {main.number} 一起办理" in reply


async def test_progress_of_somebody_elses_appeal_is_not_told(village: Village) -> None:
    await say("三组路灯不亮")
    number = (await newest()).number

    reply = await say(f"进度 {number}", "villager")

    assert "没有找到" in reply
    assert "三组" not in reply


async def test_progress_in_other_words(village: Village) -> None:
    await say("三组路灯不亮")
    await later(20)

    assert str((await newest()).number) in await say("我的事办得怎么样了")
    assert await Appeal.all().count() == 1


async def test_a_resident_takes_their_appeal_back(village: Village) -> None:
    await say("三组路灯不亮")

    reply = await say("撤回")

    assert (await newest()).status is AppealStatus.CANCELLED
    assert "已撤回" in reply
    assert "没有可以撤回" in await say("撤回")


async def test_taking_back_asks_which_of_several(village: Village) -> None:
    await say("三组路灯不亮")
    first = await newest()
    await say("门口垃圾没人收")

    reply = await say("撤回")
    place = next(line for line in reply.splitlines() if str(first.number) in line)[0]
    await say(place)

    await first.refresh_from_db()
    assert first.status is AppealStatus.CANCELLED
    assert (await newest()).status is AppealStatus.ASSIGNED


@pytest.mark.parametrize("words", ["不用来了", "大家说算了吧", "算了不弄了", "不需要了，我们再商量"])
async def test_ordinary_words_withdraw_nothing_and_are_kept(village: Village, words: str) -> None:
    await say("三组路灯不亮")

    reply = await say(words)

    appeal = await newest()
    assert appeal.status is AppealStatus.ASSIGNED
    assert words in appeal.text
    assert f"撤回 {appeal.number}" in reply
    assert "居民补充了" in str((await pushed(Notice.PROGRESS, "grid-3"))[-1].payload)
    assert await Appeal.all().count() == 1


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ("1", AppealStatus.CANCELLED),
        ("是的", AppealStatus.CANCELLED),
        ("撤回", AppealStatus.CANCELLED),
        ("撤回，不用办了", AppealStatus.CANCELLED),
        ("2", AppealStatus.ASSIGNED),
        ("不撤回，接着办", AppealStatus.ASSIGNED),
        ("不撤回", AppealStatus.ASSIGNED),
    ],
)
async def test_whether_to_withdraw_is_asked_back_and_answered(
    village: Village, answer: str, status: AppealStatus
) -> None:
    await say("门口垃圾没人收")
    await later(11)
    await say("三组路灯不亮")
    number = (await newest()).number
    await say("不用来了")

    reply = await say(answer)

    assert (await Appeal.get(id=number)).status is status
    assert str(number) in reply
    assert await Appeal.filter(status=AppealStatus.CANCELLED).count() == (status is AppealStatus.CANCELLED)
    assert "没有要您选数字" in await say("1")


async def test_calling_off_without_saying_which_is_asked_back(village: Village) -> None:
    await say("门口垃圾没人收")
    await later(11)
    await say("三组路灯不亮")
    number = (await newest()).number
    await later(11)

    reply = await say("不用来了")

    assert await Appeal.filter(status=AppealStatus.CANCELLED).count() == 0
    place = next(line for line in reply.splitlines() if str(number) in line)[0]
    await say(place)
    assert (await Appeal.get(id=number)).status is AppealStatus.CANCELLED


async def test_calling_off_while_the_place_is_asked_is_no_place(village: Village) -> None:
    await say("路灯不亮", "villager")

    reply = await say("不用来了", "villager")

    assert (await newest()).place == ""
    assert "撤回" in reply


async def test_a_happy_rating_closes(village: Village) -> None:
    appeal = await _resolved()

    reply = await say("满意 谢谢你们")

    await appeal.refresh_from_db()
    assert appeal.status is AppealStatus.CLOSED
    assert appeal.rating is Rating.HAPPY
    assert appeal.rating_words == "谢谢你们"
    assert "归档" in reply


async def test_an_unhappy_rating_goes_to_other_hands(village: Village) -> None:
    appeal = await _resolved()

    reply = await say("不满意，还是不亮")

    await appeal.refresh_from_db()
    assert appeal.status is AppealStatus.ASSIGNED
    assert await owner(appeal) == "三组网格长"
    assert "三组网格长" in reply
    assert "督办" in reply
    assert appeal.escalation == 1
    assert "督办" in (await pushed(Notice.ASSIGNED, "leader-3"))[-1].payload["text"]


async def test_a_verdict_with_nothing_to_rate_is_answered(village: Village) -> None:
    assert "没有等您评价" in await say("满意")


async def test_thanks_after_resolving_tell_how_to_rate(village: Village) -> None:
    appeal = await _resolved()

    for words in ("谢谢", "可以", "评价"):
        assert f"满意 {appeal.number}" in await say(words)


async def test_whoever_handles_the_appeal_hears_that_a_person_is_wanted(village: Village) -> None:
    appeal = await taken()

    assert "已请三组网格员联系您" in await say("人工")

    told = [one.payload["text"] for one in await pushed(Notice.PROGRESS, "grid-3")]
    assert any("居民想请您联系" in text for text in told)
    assert await AppealEvent.filter(appeal_id=appeal.id, verb="supplement", words="想找工作人员").exists()


async def test_the_digit_of_the_menu_asks_for_a_person_in_words(village: Village) -> None:
    await say("菜单")

    await say("3")

    assert (await newest()).text == "想找工作人员"


async def _keyword(text: str, code: str) -> None:
    await Keyword.create(category=await Category.get(code=code), text=text, weight=6.0)
    understanding.forget()


@pytest.mark.parametrize("text", ["人工", "找工作人员"])
async def test_a_command_for_a_person_predicts_nothing_that_a_correction_could_call_a_mistake(
    village: Village, text: str
) -> None:
    await _keyword("找工作", "education")

    await say(text)
    appeal = await newest()
    desk = await access.staff_actor(village.duty)
    await handling.correct_category(desk, appeal.number, "sanitation")

    predicted = await RoutingDecision.filter(appeal_id=appeal.id).order_by("id").first()
    assert predicted is not None
    assert (predicted.intent, predicted.matched, predicted.ranked) == ("human", [], [])
    assert await reviewing.mistakes(desk, after=None, limit=9) == []


async def test_a_person_asked_for_in_a_sentence_is_predicted_by_the_words_of_it(village: Village) -> None:
    await _keyword("找工作", "education")
    await _keyword("睡不着", "counselling")

    await say("夜里睡不着 想找人讲讲")

    decision = await RoutingDecision.get()
    assert [one["keyword"] for one in decision.matched] == ["睡不着"]
    appeal = await newest()
    assert (appeal.text, appeal.unsure) == ("夜里睡不着 想找人讲讲", True)
    assert (appeal.category.code, await owner(appeal)) == ("other", "新联村值班")


async def test_a_person_can_be_asked_for_once(village: Village) -> None:
    reply = await say("人工")
    again = await say("转人工")

    assert await Appeal.all().count() == 1
    assert await owner(await newest()) == "新联村值班"
    assert "新联村值班" in reply
    assert str((await newest()).number) in again


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("你好", "您好"),
        ("谢谢", "不客气"),
        ("菜单", "回复数字"),
        ("更多", "没有更多"),
        ("接受", "没有等您答复"),
        ("1024", "进度 1024"),
        ("撤回 9999", "9999"),
        ("满意 9999", "9999"),
        ("好的", "好的"),
        ("😀", "菜单"),
        ("asdf", "菜单"),
    ],
)
async def test_every_word_has_an_answer(village: Village, text: str, expected: str) -> None:
    assert expected in await say(text)
    assert await Appeal.all().count() == 0


async def test_the_menu_is_answered_by_digits(village: Village) -> None:
    await say("菜单")
    assert "一句话" in await say("1")
    await say("菜单")
    assert "还没有" in await say("2")
    await say("菜单")
    await say("3")
    assert await Appeal.all().count() == 1
    await say("菜单")
    assert "渡江村" in await say("4")


async def test_a_long_list_goes_on_with_more(village: Village) -> None:
    await Conversation.filter(openid="resident-1").update(owed="很长的话。" * 200)

    first = await say("你好")
    second = await say("更多")
    third = await say("更多")

    assert len(first.encode()) <= 2048
    assert "更多" in first
    assert "您好" in second
    assert "没有更多" in third


async def test_words_that_could_not_be_pushed_open_the_next_reply(village: Village) -> None:
    await Conversation.filter(openid="resident-1").update(owed="1001 已办结。")

    assert (await say("你好")).startswith("1001 已办结。\n您好")
    assert not (await say("你好")).startswith("1001")


async def test_menu_keys_of_the_account_are_commands(village: Village) -> None:
    await say("三组路灯不亮")

    assert str((await newest()).number) in await send(event("CLICK", event_key="进度"))
    assert "回复数字" in await send(event("CLICK", event_key="SOMETHING"))
