"""绑定: residents to community and grid, responders to their post."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from models import (
    Appeal,
    AuditEntry,
    BindingCode,
    Consent,
    Conversation,
    Grid,
    GridMember,
    Resident,
    writing,
)
from services import binding_codes, understanding
from tests.bot.village import Village, event, message, newest, owner, person, say, send


async def _resident(openid: str) -> Resident:
    conversation = await Conversation.get(openid=openid).select_related("resident")
    assert conversation.resident is not None
    return conversation.resident


async def test_a_new_follower_is_welcomed_and_asked_for_the_community(village: Village) -> None:
    reply = await send(event("subscribe", "stranger", event_key=""))

    assert "1 新联村" in reply
    assert "2 渡江村" in reply
    conversation = await Conversation.get(openid="stranger")
    assert conversation.following
    assert conversation.window_left == 3


async def test_community_and_grid_are_chosen_by_digits(village: Village) -> None:
    await send(event("subscribe", "stranger", event_key=""))

    assert "2 二组" in await say("1", "stranger")
    assert "新联村二组" in await say("2", "stranger")

    resident = await _resident("stranger")
    assert (resident.community_id, resident.grid_id) == (village.xinlian.id, village.grids["二组"].id)


async def test_names_will_do_as_well(village: Village) -> None:
    await say("绑定 渡江村", "stranger")
    await say("江边组", "stranger")

    resident = await _resident("stranger")
    assert resident.grid_id == village.grids["江边组"].id


@pytest.mark.parametrize(
    "words",
    [
        "新联村 三组",
        "三组",
        "新联村三组",
        "新联村，三组",
        "我是新联村三组的",
        "我们家在3组",
        "新联村三组的居民。",
    ],
)
async def test_the_question_for_the_community_is_answered_in_ones_own_words(
    village: Village, words: str
) -> None:
    await say("绑定", "stranger")

    assert "新联村三组" in await say(words, "stranger")

    assert (await _resident("stranger")).grid_id == village.grids["三组"].id
    assert await Appeal.all().count() == 0


@pytest.mark.parametrize("words", ["三组", "新联村三组", "我是三组的"])
async def test_so_is_the_question_for_the_grid(village: Village, words: str) -> None:
    await say("绑定 新联村", "stranger")

    assert "新联村三组" in await say(words, "stranger")

    assert await Appeal.all().count() == 0


async def test_a_grid_that_several_communities_have_is_asked_back(village: Village) -> None:
    await Grid.create(community=village.dujiang, name="三组")
    understanding.forget()
    await say("绑定", "stranger")

    assert "2 渡江村" in await say("三组", "stranger")
    assert (await _resident("stranger")).grid_id is None
    assert "渡江村三组" in await say("渡江村三组", "stranger")


@pytest.mark.parametrize("choice", ["1", "新联村"])
async def test_a_grid_that_was_said_is_not_asked_again_once_the_community_is_known(
    village: Village, choice: str
) -> None:
    await Grid.create(community=village.dujiang, name="三组")
    understanding.forget()
    await say("家里漏水", "stranger")
    await say("在三组", "stranger")

    assert "新联村三组" in await say(choice, "stranger")

    assert (await _resident("stranger")).grid_id == village.grids["三组"].id
    assert await owner(await newest()) == "三组网格员"


async def test_a_difficulty_is_no_answer_to_the_question_for_the_community(village: Village) -> None:
    await say("绑定", "stranger")

    await say("三组路灯不亮", "stranger")

    assert (await newest()).text == "三组路灯不亮"
    assert (await _resident("stranger")).grid_id is None


async def test_strangers_are_owned_by_the_intake_community_until_they_bind(village: Village) -> None:
    reply = await say("江边路灯不亮", "stranger")
    appeal = await newest()
    assert await owner(appeal) == "新联村值班"
    assert "1 新联村" in reply

    await say("2", "stranger")
    reply = await say("1", "stranger")

    appeal = await newest()
    assert (appeal.community_id, appeal.grid_id) == (village.dujiang.id, village.grids["江边组"].id)
    assert await owner(appeal) == "江边组网格员"
    assert "1 件" in reply


async def test_what_an_organization_serves_waits_with_the_duty_staff_until_the_stranger_binds(
    village: Village,
) -> None:
    await say("想问问老人吃饭助餐", "stranger")
    await say("就在三组小学路", "stranger")
    assert await owner(await newest()) == "新联村值班"

    await say("绑定 新联村", "stranger")
    await say("3", "stranger")

    assert await owner(await newest()) == "邻里帮扶社"


@pytest.mark.parametrize("chosen", [("2",), ("2", "1")])
async def test_a_mistyped_community_is_put_right_for_what_was_reported(
    village: Village, chosen: tuple[str, ...]
) -> None:
    await say("路灯不亮", "stranger")
    for digit in chosen:
        await say(digit, "stranger")
    assert (await newest()).community_id == village.dujiang.id

    assert "1 件" in await say("绑定 新联村", "stranger")
    await say("3", "stranger")

    appeal = await newest()
    assert (appeal.community_id, appeal.grid_id) == (village.xinlian.id, village.grids["三组"].id)
    assert await owner(appeal) == "三组网格员"


async def test_what_the_words_or_a_point_place_elsewhere_stays_there(village: Village) -> None:
    await say("二组老槐树的路灯不亮")
    named = await newest()
    here: dict[str, Any] = {"latitude": 32.402, "longitude": 119.414, "datum": "GCJ-02"}
    await say("另报 垃圾桶臭")
    await send(message(None, msg_type="location", **here))
    pointed = await newest()

    await say("绑定 渡江村")
    await say("1")

    for appeal, grid in ((named, "二组"), (pointed, "三组")):
        await appeal.refresh_from_db()
        assert (appeal.community_id, appeal.grid_id) == (village.xinlian.id, village.grids[grid].id)


async def test_what_somebody_accepted_stays_where_it_is(village: Village) -> None:
    await say("路灯不亮", "stranger")
    appeal = await newest()
    await say(f"接单 {appeal.number}", "duty-1")

    await say("绑定 渡江村", "stranger")

    appeal = await newest()
    assert appeal.community_id == village.xinlian.id
    assert await owner(appeal) == "新联村值班"


async def test_a_location_binds_to_the_grid_around_it(village: Village) -> None:
    await say("绑定", "stranger")

    reply = await send(
        message(None, "stranger", msg_type="location", latitude=32.402, longitude=119.414, datum="GCJ-02")
    )

    assert "新联村三组" in reply
    assert (await _resident("stranger")).grid_id == village.grids["三组"].id


async def test_a_strangers_location_that_comes_first_says_where_the_appeal_belongs(village: Village) -> None:
    here: dict[str, Any] = {"msg_type": "location", "latitude": 32.402, "longitude": 119.414}
    reply = await send(message(None, "stranger", datum="GCJ-02", **here))
    assert "新联村三组" in reply

    reply = await say("路灯坏了", "stranger")

    appeal = await newest()
    assert await Appeal.all().count() == 1
    assert (appeal.community_id, appeal.grid_id) == (village.xinlian.id, village.grids["三组"].id)
    assert await owner(appeal) == "三组网格员"
    assert "绑定" in reply


async def test_a_strangers_photo_that_comes_first_leads_to_the_question_for_the_community(
    village: Village,
) -> None:
    await send(message(None, "stranger", msg_type="image", media_id="media-1"))

    assert "1 新联村" in await say("路灯坏了", "stranger")


async def test_a_location_outside_of_all_grids_asks_again(village: Village) -> None:
    await say("绑定", "stranger")

    reply = await send(
        message(None, "stranger", msg_type="location", latitude=1.0, longitude=1.0, datum="GCJ-02")
    )

    assert "1 新联村" in reply
    assert await Appeal.all().count() == 0


async def test_a_reported_place_binds_only_while_the_question_is_open(village: Village) -> None:
    here = {"latitude": 32.4039, "longitude": 119.4086, "datum": "WGS-84"}
    assert await send(event("LOCATION", "stranger", **here)) == ""
    assert (await _resident("stranger")).grid_id is None

    await say("绑定", "stranger")
    assert await send(event("LOCATION", "stranger", **here)) == ""
    assert (await _resident("stranger")).grid_id == village.grids["三组"].id


async def test_the_qr_code_of_a_community_binds_strangers_alone(village: Village) -> None:
    reply = await send(event("subscribe", "stranger", event_key="qrscene_dujiang"))
    assert "渡江村" in reply
    assert (await _resident("stranger")).community_id == village.dujiang.id

    await send(event("SCAN", "resident-1", event_key="dujiang"))
    assert (await _resident("resident-1")).community_id == village.xinlian.id


async def _code(member: GridMember) -> str:
    async with writing():
        return (await binding_codes.store(grid_member_id=member.id)).code


async def test_a_code_binds_to_a_post_once(village: Village) -> None:
    await person("newcomer")
    code = await _code(village.members["grid-2"])

    reply = await say(f"绑定 {code.lower()}", "newcomer")
    assert "二组网格员" in reply
    member = await GridMember.get(id=village.members["grid-2"].id)
    assert member.resident_id == (await _resident("newcomer")).id
    assert await AuditEntry.filter(action="post.bind").count() == 1

    assert "不对" in await say(f"绑定 {code}", "villager")
    await member.refresh_from_db()
    assert member.resident_id == (await _resident("newcomer")).id


async def test_the_new_post_gets_the_next_appeal_and_may_answer_it(village: Village) -> None:
    await person("newcomer")
    await say(f"绑定 {await _code(village.members['grid-2'])}", "newcomer")

    await say("二组路灯不亮")

    assert "已接单" in await say("接单", "newcomer")


async def test_wrong_codes_are_throttled(village: Village) -> None:
    for _ in range(6):
        assert "不对" in await say("绑定 ABCD2345", "villager")
    code = await _code(village.members["grid-2"])

    assert "10 分钟" in await say(f"绑定 {code}", "villager")
    assert (await BindingCode.get()).used_at is None


@pytest.mark.parametrize("code", ["12345678", "1024", "10I0 ABCD", "0O1I2345", "1234567", "ABCD-23"])
async def test_a_wrong_code_is_said_to_be_one_whatever_it_holds(village: Village, code: str) -> None:
    reply = await say(f"绑定 {code}", "villager")

    assert "绑定码不对" in reply
    assert "渡江村" not in reply


@pytest.mark.parametrize(
    "written",
    [
        "绑定 {}。",
        "绑定码 {}",
        "绑定码：{}",
        "绑定码是{}",
        "我的绑定码是 {}",
        "绑定 [{}]",
        "绑定“{}”",
        "绑定（{}）！",
        "绑定 {} 谢谢",
        "绑定{}，谢谢您",
        "绑定 {} 麻烦您了。",
        "绑定 {} 我是二组网格员",
        "请绑定 {}",
        "帮我绑定一下 {}",
        "{}",
        "{}。",
        "【{}】",
        "{} 谢谢",
    ],
)
@pytest.mark.parametrize("code", ["ABCD2345", "abcd2345", "ＡＢＣＤ２３４５"])
async def test_a_code_is_read_whatever_stands_around_it(village: Village, written: str, code: str) -> None:
    await person("newcomer")
    async with writing():
        await BindingCode.create(
            code_hash=binding_codes.code_hash("ABCD2345"),
            grid_member_id=village.members["grid-2"].id,
            expires_at=datetime.now(UTC) + timedelta(hours=1),
        )

    reply = await say(written.format(code), "newcomer")

    assert "二组网格员" in reply
    assert await Appeal.all().count() == 0


@pytest.mark.parametrize(
    "text",
    [
        "绑定码",
        "绑定码收不到",
        "绑定码 #",
        "绑定 AB*CD23好",
        "绑定 AB12CD34EF 二组",
        "绑定 AB12CD34EF怎么不行",
    ],
)
async def test_a_code_that_cannot_be_read_is_no_appeal(village: Village, text: str) -> None:
    reply = await say(text, "newcomer")

    assert "绑定 加上 8 位绑定码" in reply
    assert await Appeal.all().count() == 0


@pytest.mark.parametrize(
    "text", ["ABCDEFGH", "iphone15", "zhangsan", "WIFI12345 连不上", "AB123456 这个电表不走了"]
)
async def test_what_only_looks_like_a_code_is_none(village: Village, text: str) -> None:
    assert "绑定码" not in await say(text)


async def test_a_bare_code_that_answers_a_question_is_an_answer(village: Village) -> None:
    await say("三组路灯不亮")
    number = (await newest()).number
    await say(f"问 {number} 灯杆编号是多少？", "grid-3")

    assert "绑定码" not in await say("AB234567")
    assert "AB234567" in (await newest()).text or await Appeal.all().count() == 1


@pytest.mark.parametrize("text", ["绑定 渡江村。", "绑定 渡江村 谢谢", "绑定【渡江村】"])
async def test_a_community_is_read_with_signs_around_it(village: Village, text: str) -> None:
    assert "您是渡江村的居民" in await say(text, "stranger")


@pytest.mark.parametrize(
    "text", ["绑定医保卡怎么弄", "绑定 社保卡", "绑定手机号", "绑定iphone15怎么弄", "绑定 huaweiP60 手机"]
)
async def test_a_sentence_that_begins_like_binding_is_a_matter(village: Village, text: str) -> None:
    reply = await say(text)

    assert "没有找到" not in reply
    assert (await newest()).text == text


@pytest.mark.parametrize("text", ["绑定 新连村", "绑定 新联", "绑定新联村怎么绑"])
async def test_a_community_written_nearly_right_is_offered(village: Village, text: str) -> None:
    reply = await say(text, "stranger")
    assert "1 新联村" in reply
    assert "渡江村" not in reply

    await say("1", "stranger")

    assert (await _resident("stranger")).community_id == village.xinlian.id


@pytest.mark.parametrize("text", ["绑定 张家村", "绑定 三组", "绑定 社区"])
async def test_a_place_that_nobody_knows_leads_to_the_list(village: Village, text: str) -> None:
    reply = await say(text, "stranger")

    assert "没有找到" in reply
    assert "1 新联村" in reply
    assert await Appeal.all().count() == 0


@pytest.mark.parametrize("text", ["绑定 二组", "绑定 2组", "绑定 新联村二组", "绑定 新联村 二组"])
async def test_a_grid_may_be_named(village: Village, text: str) -> None:
    await say(text)

    assert (await _resident("resident-1")).grid_id == village.grids["二组"].id


@pytest.mark.parametrize("text", ["解绑", "解除绑定", "换绑", "我搬家了", "我想换村"])
async def test_who_moved_chooses_again(village: Village, text: str) -> None:
    assert "1 新联村" in await say(text)


@pytest.mark.parametrize("text", ["解绑银行卡怎么弄", "我搬家了电表没过户", "换村主任的事什么时候定"])
async def test_a_sentence_that_begins_like_moving_is_a_matter(village: Village, text: str) -> None:
    await say(text)

    assert (await newest()).text == text


async def test_a_digit_behind_the_word_leads_to_the_list(village: Village) -> None:
    assert "1 新联村" in await say("绑定 2", "stranger")


async def test_subscriptions_add_up_and_end_when_revoked(village: Village) -> None:
    from bot.wire.messages import SubscribeItem

    accepted = (SubscribeItem("tpl-1", "accept"), SubscribeItem("tpl-2", "reject"))
    await send(event("subscribe_msg_popup_event", subscribe_items=accepted))
    await send(event("subscribe_msg_popup_event", subscribe_items=accepted))
    consent = await Consent.get(template_id="tpl-1")
    assert (consent.remaining, consent.revoked) == (2, False)

    await send(event("subscribe_msg_change_event", subscribe_items=(SubscribeItem("tpl-1", "reject"),)))
    await consent.refresh_from_db()
    assert (consent.remaining, consent.revoked) == (0, True)
    assert await Consent.filter(template_id="tpl-2").count() == 0


async def test_who_leaves_is_no_longer_reachable_until_they_write(village: Village) -> None:
    await send(event("unsubscribe"))
    assert not (await Conversation.get(openid="resident-1")).following

    await say("你好")
    conversation = await Conversation.get(openid="resident-1")
    assert conversation.following
    assert conversation.window_left == 5


async def test_who_comes_back_can_be_written_to_again(village: Village) -> None:
    await say("你好")
    await send(event("unsubscribe"))
    await send(event("subscribe", event_key=""))

    assert (await Conversation.get(openid="resident-1")).window_left == 3


async def test_events_without_meaning_are_silent(village: Village) -> None:
    for name in ("VIEW", "user_enter_tempsession", "wxa_media_check", "TEMPLATESENDJOBFINISH"):
        assert await send(event(name, status="failed:user block")) == "", name
    assert not (await Conversation.get(openid="resident-1")).reachable
