"""Residents write in bursts: what belongs together stays, what is new becomes an appeal of its own."""

from __future__ import annotations

from typing import Any

import pytest

from models import (
    Appeal,
    AppealEvent,
    AppealStatus,
    Attachment,
    AttachmentKind,
    AttachmentState,
    DeliveryState,
    Notice,
    Urgency,
)
from tests.bot.village import Village, later, message, newest, owner, pushed, say, send, taken


async def test_a_matter_that_sounds_like_a_greeting_is_not_greeted_away(village: Village) -> None:
    await say("三组居民路灯困难，新年能快乐吗？", "villager")

    assert (await newest()).text.startswith("三组居民路灯困难")
    assert "您好" in await say("您好，请问一下，有人在吗", "villager-2")
    assert await Appeal.all().count() == 1


async def test_a_greeting_with_a_new_topic_is_an_appeal_of_its_own(
    village: Village,
) -> None:
    await say("三组路灯不亮")

    await say("新年好，我们三组停水两天了")

    assert [one.category.code for one in await Appeal.all().order_by("id").select_related("category")] == [
        "traffic",
        "utilities",
    ]


async def test_a_greeting_a_difficulty_and_a_place_make_one_appeal(village: Village) -> None:
    greeting = await say("你好", "villager")
    await say("我家漏水", "villager")
    await say("在三组", "villager")

    assert "您好" in greeting
    appeal = await newest()
    assert await Appeal.all().count() == 1
    assert appeal.category.code == "utilities"
    assert appeal.grid_id == village.grids["三组"].id
    assert await owner(appeal) == "三组网格员"


async def test_hurry_is_added_to_the_open_appeal(village: Village) -> None:
    await say("三组路灯不亮")

    reply = await say("快点来人吧，天黑看不见")

    appeal = await newest()
    assert await Appeal.all().count() == 1
    assert "天黑看不见" in appeal.text
    assert f"已补充到 {appeal.number}" in reply


async def test_a_new_topic_within_ten_minutes_is_an_appeal_of_its_own(village: Village) -> None:
    await say("三组路灯不亮")
    await say("门口垃圾没人收")

    assert [one.category.code for one in await Appeal.all().order_by("id").select_related("category")] == [
        "traffic",
        "sanitation",
    ]


async def test_few_words_about_a_danger_raise_the_appeal_that_they_belong_to(village: Village) -> None:
    await say("三组秸秆烧得满天烟")

    reply = await say("眼睛都睁不开")

    appeal = await newest()
    assert await Appeal.all().count() == 1
    assert appeal.urgency is Urgency.EMERGENCY
    assert reply.startswith("请马上打 120")


async def test_what_is_hardly_small_talk_belongs_to_the_appeal_of_a_moment_ago(village: Village) -> None:
    await say("三组有人往河里倒垃圾")

    for words in ("拖拉机拉来的", "夏天热得很", "你们给评评理"):
        assert "已补充" in await say(words)

    assert await Appeal.all().count() == 1
    assert "拖拉机拉来的" in (await newest()).text


async def test_without_an_appeal_it_stays_small_talk(village: Village) -> None:
    await say("夏天热得很")

    assert await Appeal.all().count() == 0


async def test_a_plain_yes_is_neither_a_place_nor_added(village: Village) -> None:
    await say("垃圾没人收", "villager")

    assert "已补充" not in await say("嗯嗯", "villager")
    assert (await newest()).text == "垃圾没人收"


async def test_what_announces_another_matter_tells_no_place_of_an_alarm(village: Village) -> None:
    await say("厨房着火了", "villager")

    await say("再一个就是老槐树那边棚子占了路没人管", "villager")

    assert await Appeal.all().count() == 2


async def test_a_danger_told_plainly_is_an_appeal_of_its_own(village: Village) -> None:
    await say("三组路灯不亮")

    await say("我家着火了")

    assert [one.urgency for one in await Appeal.all().order_by("id")] == [Urgency.NORMAL, Urgency.EMERGENCY]


async def test_circumstances_stay_with_their_appeal_and_do_not_move_it(village: Village) -> None:
    await say("三组路灯不亮")
    appeal = await newest()

    await say("晚上心里难受")

    assert await Appeal.all().count() == 1
    assert (await newest()).category_id == appeal.category_id
    assert await owner(appeal) == "三组网格员"


async def test_what_is_no_place_does_not_answer_the_question_for_one(village: Village) -> None:
    await say("垃圾没人收", "villager")

    reply = await say("臭死了", "villager")
    assert "地点" not in reply
    assert (await newest()).place == ""

    await say("2", "villager")
    assert (await newest()).grid_id == village.grids["二组"].id


async def test_another_matter_that_is_announced_needs_no_sure_category(village: Village) -> None:
    await say("三组路灯不亮")

    await say("另外你们上次说的那个棚子怎么还没拆")

    assert await Appeal.all().count() == 2


async def test_after_ten_minutes_the_same_topic_is_an_appeal_of_its_own(village: Village) -> None:
    await say("三组路灯不亮")
    await later(11)
    await say("三组路灯又不亮了")

    assert await Appeal.all().count() == 2


async def test_another_matter_may_be_said_to_be_another(village: Village) -> None:
    await say("三组路灯不亮")

    await say("另报 桥头的路灯也坏了")

    assert await Appeal.all().count() == 2


async def test_sure_words_classify_an_open_appeal_that_nobody_understood(village: Village) -> None:
    await say("那边的东西坏了没人管")
    assert (await newest()).unsure

    reply = await say("就是村口的路灯")

    appeal = await newest()
    assert await Appeal.all().count() == 1
    assert appeal.category.code == "traffic"
    assert not appeal.unsure
    assert await owner(appeal) == "三组网格员"
    assert "三组网格员" in reply


async def test_what_somebody_accepted_stays_with_them_whatever_is_added(village: Village) -> None:
    await say("那边的东西坏了没人管")
    appeal = await newest()
    await say(f"接单 {appeal.number}", "duty-1")

    await say("就是二组的路灯")

    assert await owner(appeal) == "新联村值班"


async def test_a_photo_that_comes_first_is_filed_and_the_next_words_classify_it(village: Village) -> None:
    reply = await send(message(None, msg_type="image", media_id="media-1", pic_url="http://pic"))

    appeal = await newest()
    assert str(appeal.number) in reply
    assert appeal.unsure
    assert await owner(appeal) == "新联村值班"
    attachment = await Attachment.get(appeal_id=appeal.id)
    assert attachment.kind is AttachmentKind.IMAGE
    assert attachment.state is AttachmentState.WANTED

    await say("三组这盏路灯不亮")

    appeal = await newest()
    assert await Appeal.all().count() == 1
    assert appeal.category.code == "traffic"
    assert await owner(appeal) == "三组网格员"


@pytest.mark.parametrize("accepted", [False, True])
async def test_a_photo_of_what_cadres_did_goes_to_the_parent_area_and_out_of_sight(
    village: Village, accepted: bool
) -> None:
    await send(message(None, msg_type="image", media_id="media-1"))
    number = (await newest()).number
    if accepted:
        await say(f"接单 {number}", "duty-1")

    reply = await say("村主任贪污修路款")

    appeal = await newest()
    assert await Appeal.all().count() == 1
    assert (appeal.about_conduct, appeal.category.code) == (True, "governance")
    assert await owner(appeal) == "示范镇值班"
    assert "示范镇值班" in reply
    assert "作风" not in reply
    assert "贪污" not in await say(f"看 {number}", "duty-1")
    assert {one.state for one in await pushed(Notice.ASSIGNED, "duty-1")} == {DeliveryState.STOOD_DOWN}
    last = str((await pushed(Notice.PROGRESS, "duty-1"))[-1].payload)
    assert "不用再办" in last
    assert "示范镇" not in last


async def test_a_photo_that_turns_out_delicate_is_not_named_on_the_screen(village: Village) -> None:
    await send(message(None, msg_type="image", media_id="media-1"))

    assert "心理" not in await say("我最近心里难受，想找人说说话")

    assert (await newest()).category.code == "counselling"


async def test_a_photo_after_words_is_attached_to_their_appeal(village: Village) -> None:
    await say("三组路灯不亮")

    reply = await send(message(None, msg_type="image", media_id="media-1"))

    assert await Appeal.all().count() == 1
    assert await Attachment.filter(appeal_id=(await newest()).id).count() == 1
    assert "已附到" in reply


async def test_a_voice_with_recognition_is_text_and_stays_to_be_heard(village: Village) -> None:
    await send(message("三组路灯不亮", msg_type="voice", media_id="voice-1", format="amr"))

    appeal = await newest()
    assert appeal.category.code == "traffic"
    assert (await Attachment.get(appeal_id=appeal.id)).kind is AttachmentKind.VOICE


async def test_a_voice_for_an_open_appeal_asks_its_holder_to_listen(village: Village) -> None:
    appeal = await taken()

    reply = await send(message(None, msg_type="voice", media_id="voice-1", format="amr"))

    assert "已请三组网格员听" in reply
    assert str(appeal.number) in reply
    assert "语音" in (await pushed(Notice.PROGRESS, "grid-3"))[-1].payload["text"]


async def test_what_comes_in_a_row_is_one_push_to_the_holder(village: Village) -> None:
    await taken()
    before = len(await pushed(Notice.PROGRESS, "grid-3"))
    place: dict[str, Any] = {"latitude": 32.401, "longitude": 119.413, "label": "粮站", "datum": "GCJ-02"}

    await send(message(None, msg_type="location", **place))
    await send(message(None, msg_type="link", title="路灯报道", url="http://example.org/a"))
    await send(message(None, msg_type="video", media_id="video-1"))
    await send(message(None, msg_type="shortvideo", media_id="video-2"))
    await send(message(None, msg_type="image", media_id="photo-1"))
    await say("就是这盏")

    pushes = (await pushed(Notice.PROGRESS, "grid-3"))[before:]
    assert ["居民补充了位置、链接、视频、照片、文字" in one.payload["text"] for one in pushes] == [True]


async def test_looking_says_where_a_place_is_and_who_has_the_files(village: Village) -> None:
    appeal = await taken()
    await send(message(None, msg_type="image", media_id="photo-1"))
    await send(
        message(None, msg_type="location", latitude=32.401, longitude=119.413, label="粮站", datum="GCJ-02")
    )

    reply = await say(f"看 {appeal.number}", "grid-3")

    assert "照片（请向工作人员要来看）" in reply
    assert "位置 粮站 https://uri.amap.com/marker?position=119.413000,32.401000" in reply


async def test_a_voice_without_recognition_asks_a_person_to_listen(village: Village) -> None:
    reply = await send(message(None, msg_type="voice", media_id="voice-1", format="amr"))

    appeal = await newest()
    assert await owner(appeal) == "新联村值班"
    assert "听" in reply
    assert await Attachment.filter(appeal_id=appeal.id, kind=AttachmentKind.VOICE).exists()


async def test_a_location_tells_the_grid_of_the_open_appeal(village: Village) -> None:
    await say("路灯不亮", "villager")

    await send(
        message(
            None,
            "villager",
            msg_type="location",
            latitude=32.402,
            longitude=119.410,
            datum="GCJ-02",
            label="村口",
        )
    )

    appeal = await newest()
    assert await Appeal.all().count() == 1
    assert appeal.grid_id == village.grids["二组"].id
    assert await owner(appeal) == "二组网格员"


async def test_a_link_and_a_video_are_kept_with_their_appeal(village: Village) -> None:
    await say("三组路灯不亮")
    await send(message(None, msg_type="link", title="路灯报道", url="http://example.org/a"))
    await send(message(None, msg_type="shortvideo", media_id="video-1"))

    kinds = {one.kind for one in await Attachment.filter(appeal_id=(await newest()).id)}
    assert kinds == {AttachmentKind.LINK, AttachmentKind.VIDEO}


async def test_an_answer_goes_back_to_who_asked(village: Village) -> None:
    await say("三组路灯不亮")
    appeal = await newest()
    await say(f"接单 {appeal.number}", "grid-3")
    assert "已问居民" in await say(f"问 {appeal.number} 您家几栋？", "grid-3")
    assert len(await pushed(Notice.ASKED, "resident-1")) == 1
    await later(30)

    reply = await say("靠近村口那一排")

    assert "已转告" in reply
    assert await Appeal.all().count() == 1
    answered = await pushed(Notice.ANSWERED, "grid-3")
    assert len(answered) == 1
    assert "靠近村口那一排" in answered[0].payload["text"]
    assert await AppealEvent.filter(appeal_id=appeal.id, verb="answer").exists()

    await later(30)
    await say("垃圾没人收")
    assert await Appeal.all().count() == 2


@pytest.mark.parametrize(
    "words",
    [
        "有垃圾桶",
        "小学门口那盏",
        "没有，垃圾都堆在路边上",
        "就在小学外面那一排",
        "垃圾桶在院子东边的墙角",
    ],
)
async def test_what_sounds_like_an_answer_is_one(village: Village, words: str) -> None:
    appeal = await taken()
    await say(f"问 {appeal.number} 您家门口有没有垃圾桶？", "grid-3")

    reply = await say(words)

    assert "已转告" in reply
    assert "另报" in reply
    assert await Appeal.all().count() == 1
    assert words in (await pushed(Notice.ANSWERED, "grid-3"))[0].payload["text"]
    assert (await newest()).category.code == "traffic"


async def test_the_answer_where_it_is_goes_to_who_asked_and_is_the_place(village: Village) -> None:
    await say("路灯不亮", "villager")
    number = (await newest()).number
    await say(f"接单 {number}", "duty-1")
    await say(f"问 {number} 在哪里？", "duty-1")

    await say("老槐树边上", "villager")

    assert "老槐树" in (await newest()).place
    assert len(await pushed(Notice.ANSWERED, "duty-1")) == 1


async def test_calling_off_as_an_answer_withdraws_nothing_and_says_how(village: Village) -> None:
    appeal = await taken()
    await say(f"问 {appeal.number} 下午来修行吗？", "grid-3")

    reply = await say("不用来了")

    assert "已转告" in reply
    assert f"撤回 {appeal.number}" in reply
    assert len(await pushed(Notice.ANSWERED, "grid-3")) == 1
    assert (await newest()).status is AppealStatus.ACCEPTED


async def test_a_complaint_about_cadres_is_never_an_answer(village: Village) -> None:
    appeal = await taken()
    await say(f"问 {appeal.number} 谁弄坏的？", "grid-3")

    await say("书记贪污")

    assert await pushed(Notice.ANSWERED, "grid-3") == []
    assert (await newest()).about_conduct


async def test_a_new_topic_is_not_taken_for_the_answer(village: Village) -> None:
    await say("三组路灯不亮")
    appeal = await newest()
    await say(f"接单 {appeal.number}", "grid-3")
    await say(f"问 {appeal.number} 您家几栋？", "grid-3")

    await say("垃圾好几天没人收了")
    assert await Appeal.all().count() == 2
    await later(11)
    assert "已转告" in await say("3栋2单元")
