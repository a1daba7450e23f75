"""没修好, 又坏了: what was finished lately comes back, and nothing is filed beside it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from models import Appeal, AppealEvent, AppealStatus, Attachment, Notice, Rating
from services import access, handling
from tests.bot.village import Village, later, message, newest, owner, pushed, say, send, taken


async def _resolved(text: str = "三组路灯不亮", by: str = "grid-3") -> Appeal:
    appeal = await taken(text, by=by)
    await say(f"办结 {appeal.number} 换了灯泡", by)
    await later(60)
    return appeal


@pytest.mark.parametrize(
    "words", ["没修好", "还是坏的", "又坏了", "根本没弄", "还没修好", "怎么还没修好", "老样子", "灯还是不亮"]
)
@pytest.mark.parametrize("verdict", ["", "满意", "一般"])
async def test_what_was_finished_lately_comes_back_as_after_an_unhappy_rating(
    village: Village, words: str, verdict: str
) -> None:
    appeal = await _resolved()
    if verdict:
        await say(verdict)

    reply = await say(words)

    await appeal.refresh_from_db()
    assert await Appeal.all().count() == 1
    assert (appeal.status, appeal.rating) == (AppealStatus.ASSIGNED, Rating.UNHAPPY)
    assert (appeal.rating_words, appeal.escalation) == (words, 1)
    assert await owner(appeal) == "三组网格长"
    assert f"{appeal.number} 已重新交给三组网格长" in reply
    assert "另报" in reply
    assert "督办" in (await pushed(Notice.ASSIGNED, "leader-3"))[-1].payload["text"]


@pytest.mark.parametrize("words", ["补得不平", "你们骗人", "灯泡装歪了"])
async def test_while_a_rating_is_waited_for_a_few_words_about_no_other_matter_are_one(
    village: Village, words: str
) -> None:
    appeal = await _resolved()

    await say(words)

    await appeal.refresh_from_db()
    assert (appeal.rating, appeal.rating_words) == (Rating.UNHAPPY, words)
    assert await Appeal.all().count() == 1


async def test_what_was_said_of_another_matter_a_moment_ago_is_no_hindrance(village: Village) -> None:
    rubbish = await _resolved("三组门口垃圾没人收")
    await say("三组路灯不亮")
    light = await newest()

    await say("门口垃圾又堆起来了")

    await rubbish.refresh_from_db()
    assert (rubbish.status, rubbish.rating) == (AppealStatus.ASSIGNED, Rating.UNHAPPY)
    assert (await Appeal.get(id=light.id)).text == "三组路灯不亮"


async def test_once_rated_such_words_are_filed(village: Village) -> None:
    appeal = await _resolved()
    await say("满意")

    await say("你们骗人")

    await appeal.refresh_from_db()
    assert appeal.status is AppealStatus.CLOSED
    assert await Appeal.all().count() == 2


@pytest.mark.parametrize("words", ["", "补得不平"])
async def test_who_was_content_may_turn_unhappy_without_a_number(village: Village, words: str) -> None:
    appeal = await _resolved()
    await say("一般")

    reply = await say(f"不满意 {words}".strip())

    await appeal.refresh_from_db()
    assert (appeal.rating, appeal.rating_words) == (Rating.UNHAPPY, words)
    assert f"{appeal.number} 已重新交给" in reply


async def test_more_about_what_came_back_is_kept_behind_the_same_command(village: Village) -> None:
    appeal = await _resolved()
    await say("不满意")

    reply = await say(f"不满意 {appeal.number} 灯还是闪")

    await appeal.refresh_from_db()
    assert f"已补充到 {appeal.number}" in reply
    assert "灯还是闪" in appeal.text
    assert "办结以后才能评价" in await say(f"不满意 {appeal.number}")


async def test_further_words_join_what_came_back(village: Village) -> None:
    appeal = await _resolved()
    await say("没修好")

    await say("晚上还是黑的")
    await later(60)
    await say("还是坏的")

    await appeal.refresh_from_db()
    assert await Appeal.all().count() == 1
    assert appeal.text.splitlines() == ["三组路灯不亮", "晚上还是黑的", "还是坏的"]
    assert appeal.escalation == 1


async def test_of_several_the_one_that_the_words_are_about_comes_back(village: Village) -> None:
    light = await _resolved()
    rubbish = await _resolved("三组门口垃圾没人收")

    await say("路灯还是不亮")

    await light.refresh_from_db()
    await rubbish.refresh_from_db()
    assert (light.status, rubbish.status) == (AppealStatus.ASSIGNED, AppealStatus.RESOLVED)
    await say("没弄好", "resident-1")
    assert "没弄好" in (await Appeal.get(id=light.id)).text
    await later(60)
    assert str(rubbish.number) in await say("没弄好")


@pytest.mark.parametrize("words", ["水管又漏水了", "老槐树的路灯又不亮了", "村主任根本没管，上班打牌"])
async def test_another_matter_and_another_place_are_filed(village: Village, words: str) -> None:
    appeal = await _resolved()

    await say(words)

    await appeal.refresh_from_db()
    assert appeal.status is AppealStatus.RESOLVED
    assert (await newest()).text == words


async def test_what_was_finished_long_ago_stays(village: Village) -> None:
    appeal = await _resolved()
    await say("满意")
    long_ago = datetime.now(UTC) - timedelta(days=15)
    await Appeal.filter(id=appeal.id).update(resolved_at=long_ago, closed_at=long_ago)

    await say("又坏了")

    await appeal.refresh_from_db()
    assert appeal.status is AppealStatus.CLOSED
    assert await Appeal.all().count() == 2


async def test_what_a_responder_asked_and_what_a_responder_says_go_their_own_way(village: Village) -> None:
    appeal = await _resolved()
    open_ = await taken("三组门口垃圾没人收")
    await say(f"问 {open_.number} 现在好了吗？", "grid-3")
    await later(60)

    assert f"办理 {open_.number} 的人" in await say("还没好")
    assert "这是回复" in await say("没修好，要换新的", "grid-3")
    await appeal.refresh_from_db()
    assert appeal.status is AppealStatus.RESOLVED


async def test_hurry_while_something_is_open_is_about_that(village: Village) -> None:
    appeal = await _resolved()
    open_ = await taken("三组门口垃圾没人收")
    await later(60)

    assert str(open_.number) in await say("我的事怎么还没办好，办到哪一步了")
    await appeal.refresh_from_db()
    assert appeal.status is AppealStatus.RESOLVED


async def test_words_spoken_keep_their_voice(village: Village) -> None:
    appeal = await _resolved()

    await send(message("还是坏的", msg_type="voice", media_id="voice-1"))

    assert await Attachment.filter(appeal_id=appeal.id, media_id="voice-1").exists()


async def test_a_follower_takes_theirs_out_of_the_merge(village: Village, neighbour: str) -> None:
    await say("三组路灯不亮", neighbour)
    own = await newest()
    main = await taken()
    await handling.merge(await access.staff_actor(village.duty), own.number, main.number)
    await say(f"办结 {main.number} 换了灯泡", "grid-3")
    await later(60, neighbour)

    await say("还是坏的", neighbour)

    await own.refresh_from_db()
    assert own.status is AppealStatus.ASSIGNED
    assert (await Appeal.get(id=main.id)).status is AppealStatus.RESOLVED
    assert await AppealEvent.filter(appeal_id=own.id, words="不满意：还是坏的").exists()
