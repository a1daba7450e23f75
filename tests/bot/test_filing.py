"""困难, 建议 and 咨询 become appeals with an owner."""

from __future__ import annotations

import pytest

from models import Appeal, AppealKind, AppealStatus, Notice, RoutingDecision, rows
from tests.bot.village import Village, later, newest, owner, pushed, say


async def test_one_sentence_becomes_an_appeal_with_category_place_and_owner(village: Village) -> None:
    reply = await say("二组老槐树旁边路灯不亮")

    appeal = await newest()
    assert appeal.status is AppealStatus.ASSIGNED
    assert appeal.category.code == "traffic"
    assert appeal.grid_id == village.grids["二组"].id
    assert await owner(appeal) == "二组网格员"
    assert str(appeal.number) in reply
    assert "二组网格员" in reply
    assert f"进度 {appeal.number}" in reply
    assert len(await pushed(Notice.ASSIGNED, "grid-2")) == 1
    decision = await RoutingDecision.get(appeal_id=appeal.id)
    assert decision.ranked[0]["code"] == "traffic"
    assert decision.why


async def test_a_suggestion_and_a_question_are_kept_as_what_they_are(village: Village) -> None:
    await say("建议在村口多装几盏路灯", "villager")
    assert (await newest()).kind is AppealKind.SUGGESTION

    await say("请问医保怎么缴费", "resident-1")
    assert (await newest()).kind is AppealKind.QUESTION


async def test_a_category_that_is_served_by_an_organization_goes_there(village: Village) -> None:
    reply = await say("我妈腿脚不好，想要助餐")

    assert await owner(await newest()) == "邻里帮扶社"
    assert "邻里帮扶社" in reply
    assert len(await pushed(Notice.ASSIGNED, "org-1")) == 1
    assert len(await pushed(Notice.ASSIGNED, "org-2")) == 1


async def test_two_topics_become_two_linked_appeals(village: Village) -> None:
    reply = await say("路灯坏了好几天，还有我妈的养老金没发")

    first, second = await Appeal.all().order_by("id").select_related("category")
    assert {first.category.code, second.category.code} == {"traffic", "social_security"}
    assert second.linked_to_id == first.id
    assert str(first.number) in reply
    assert str(second.number) in reply


async def test_an_unsure_category_is_asked_back_while_the_appeal_has_an_owner(village: Village) -> None:
    reply = await say("围墙的事没人管")

    appeal = await newest()
    assert appeal.unsure
    assert await owner(appeal) == "新联村值班"
    assert "1 " in reply
    assert "3 " in reply


async def test_the_chosen_category_redispatches_what_nobody_accepted(village: Village) -> None:
    reply = await say("围墙的事没人管")
    place = next(line for line in reply.splitlines() if line.endswith("道路交通"))[0]

    reply = await say(place)

    appeal = await newest()
    assert appeal.category.code == "traffic"
    assert not appeal.unsure
    assert await owner(appeal) == "三组网格员"
    assert "三组网格员" in reply
    corrected = await RoutingDecision.filter(appeal_id=appeal.id).order_by("id").first()
    assert corrected is not None
    assert await Appeal.all().count() == 1


async def test_a_category_may_be_chosen_by_its_name(village: Village) -> None:
    await say("围墙的事没人管")

    await say("环境卫生")

    assert (await newest()).category.code == "sanitation"
    assert await Appeal.all().count() == 1


async def test_a_digit_out_of_range_is_told_the_range_and_changes_nothing(village: Village) -> None:
    await say("围墙的事没人管")

    assert "1 到 3" in await say("7")
    assert (await newest()).unsure


async def test_an_unknown_place_is_asked_once_and_the_answer_redispatches(village: Village) -> None:
    reply = await say("路灯不亮", "villager")
    assert await owner(await newest()) == "新联村值班"
    assert "2 二组" in reply

    await say("2", "villager")

    appeal = await newest()
    assert appeal.grid_id == village.grids["二组"].id
    assert await owner(appeal) == "二组网格员"
    assert await Appeal.all().count() == 1
    assert "在哪" not in await say("快点来修", "villager")


async def test_the_place_may_be_answered_in_words(village: Village) -> None:
    await say("路灯不亮", "villager")

    await say("老槐树边上", "villager")

    appeal = await newest()
    assert appeal.grid_id == village.grids["二组"].id
    assert "老槐树边上" in appeal.text


@pytest.mark.parametrize("words", ["学校旁边", "村口那棵树下", "就在小学路", "在老粮站", "我家门口"])
async def test_words_that_point_at_a_place_are_one(village: Village, words: str) -> None:
    await say("路灯不亮", "villager")

    assert words in await say(words, "villager")

    assert (await newest()).place == words
    assert (await newest()).category.code == "traffic"
    assert await Appeal.all().count() == 1


@pytest.mark.parametrize(
    "words", ["我儿子都三十了", "快点来看一下", "黑灯瞎火的", "天黑看不见", "心口慌", "我们大家"]
)
async def test_other_words_are_no_place_and_the_question_stays(village: Village, words: str) -> None:
    await say("路灯不亮", "villager")

    assert "已补充" in await say(words, "villager")

    appeal = await newest()
    assert appeal.place == ""
    assert words in appeal.text
    await say("2", "villager")
    assert (await newest()).grid_id == village.grids["二组"].id


async def test_a_place_in_another_matter_is_no_answer(village: Village) -> None:
    await say("路灯不亮", "villager")

    await say("二组门口垃圾没人收", "villager")

    assert await Appeal.all().count() == 2
    assert (await newest()).category.code == "sanitation"


async def test_a_bare_digit_without_a_question_files_nothing(village: Village) -> None:
    reply = await say("3")

    assert await Appeal.all().count() == 0
    assert "菜单" in reply


async def test_a_question_waits_ten_minutes(village: Village) -> None:
    await say("围墙的事没人管")
    await later(10)

    await say("1")

    assert (await newest()).unsure


async def test_a_delicate_matter_is_not_repeated_in_the_reply_nor_in_the_push(village: Village) -> None:
    reply = await say("我最近心里难受，想找人说说话")

    appeal = await newest()
    assert appeal.category.code == "counselling"
    assert "心理" not in reply
    payload = (await pushed(Notice.ASSIGNED, "org-1"))[0].payload
    assert str(appeal.number) in str(payload)
    assert "难受" not in str(payload)
    assert "心理关爱" not in str(payload)


async def test_a_complaint_about_cadres_goes_to_the_parent_area(village: Village) -> None:
    await say("我们村书记吃拿卡要，办低保要好处费")

    appeal = await newest()
    assert appeal.about_conduct
    assert await owner(appeal) == "示范镇值班"
    assert await pushed(Notice.ASSIGNED, "duty-1") == []


async def test_masked_words_never_reach_the_appeal_with_a_number_of_a_person(village: Village) -> None:
    from bot.wire.masking import mask

    await say(mask("我的身份证11010519491231002X，养老金没发"))

    assert "11010519491231002X" not in (await newest()).text


async def test_a_signup_is_owned_by_a_person_until_it_can_be_done_here(village: Village) -> None:
    await say("我想报名参加书法班")

    assert (await newest()).kind is AppealKind.QUESTION


async def test_noise_is_answered_and_files_nothing(village: Village) -> None:
    reply = await say("？？")

    assert await Appeal.all().count() == 0
    assert "人工" in reply


async def test_a_home_address_does_not_stand_readable_in_the_column_of_places(village: Village) -> None:
    await say("三组5栋2单元302室漏水")

    appeal = await newest()
    assert "5栋2单元302室" in appeal.place
    (stored,) = await rows("SELECT place FROM appeal WHERE id = $1", appeal.id)
    assert "302" not in stored["place"]
    assert "栋" not in stored["place"]
