"""已经有人反映: who repeats what a neighbour reported is asked, and may follow that one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models import Appeal, AppealEvent, AppealStatus, Assignment, Attachment, Conversation, Notice, Rating
from services import access, handling
from services.clock import now
from tests.bot.village import Village, event, message, newest, owner, pushed, say, send
from tests.queries import counted

LAMP = "老槐树那边路灯不亮"


async def _age(appeal: Appeal, days: float) -> None:
    await Appeal.filter(id=appeal.id).update(created_at=now() - timedelta(days=days))


async def _joined(neighbour: str) -> tuple[Appeal, Appeal]:
    """What `resident-1` reported, and what the neighbour merged into it."""
    await say(LAMP)
    main = await newest()
    await say("老槐树路灯坏了", neighbour)
    own = await newest()
    await say("1", neighbour)
    await own.refresh_from_db()
    assert (own.status, own.merged_into_id) == (AppealStatus.MERGED, main.id)
    return main, own


async def test_the_same_place_and_subject_is_offered_and_filed_all_the_same(
    village: Village, neighbour: str
) -> None:
    await say(LAMP)
    main = await newest()

    reply = await say("老槐树路灯坏了，晚上害怕", neighbour)

    own = await newest()
    assert own.id != main.id
    assert await owner(own) == "二组网格员"
    assert own.status is AppealStatus.ASSIGNED
    for told in (f"编号 {own.number}", "已经有人反映", str(main.number), "道路交通", "二组老槐树", "已派单"):
        assert told in reply
    assert "那边" not in reply
    assert "不亮" not in reply


async def test_the_place_of_what_is_offered_is_said_once(village: Village, neighbour: str) -> None:
    await say("2组老槐树路灯不亮")
    main = await newest()

    reply = await say("二组老槐树路灯坏了", neighbour)

    assert f"{main.number}（道路交通，2组老槐树）" in reply


async def test_joining_by_digit_makes_a_follower_and_frees_the_owner(
    village: Village, neighbour: str
) -> None:
    await say(LAMP)
    main = await newest()
    await say("老槐树路灯坏了", neighbour)
    own = await newest()

    assert f"{own.number} 和 {main.number} 一起办" in await say("1", neighbour)

    assert await Assignment.filter(appeal_id=own.id, ended_at=None).count() == 0
    assert await owner(main) == "二组网格员"
    assert [one.payload["text"] for one in await pushed(Notice.PROGRESS, "grid-2")][-1].endswith(
        "不用再办了。"
    )
    assert "没有要您选数字" in await say("1", neighbour)


@pytest.mark.parametrize("words", ["是的", "是同一件。", "一起办", "是同一件，一起办"])
async def test_joining_in_words(village: Village, neighbour: str, words: str) -> None:
    await say(LAMP)
    await say("老槐树路灯坏了", neighbour)

    reply = await say(words, neighbour)

    assert "一起办" in reply
    assert (await newest()).status is AppealStatus.MERGED


@pytest.mark.parametrize("words", ["2", "不是", "单独办", "不是，单独办"])
async def test_another_matter_goes_on_alone(village: Village, neighbour: str, words: str) -> None:
    await say(LAMP)
    await say("老槐树路灯坏了", neighbour)

    reply = await say(words, neighbour)

    assert "单独办" in reply
    assert (await newest()).status is AppealStatus.ASSIGNED
    assert await Appeal.all().count() == 2


async def test_the_question_waits_ten_minutes_and_unanswered_nothing_changes(
    village: Village, neighbour: str
) -> None:
    await say(LAMP)
    await say("老槐树路灯坏了", neighbour)
    await Conversation.filter(openid=neighbour).update(pending_until=now())

    assert "没有要您选数字" in await say("1", neighbour)
    assert (await newest()).status is AppealStatus.ASSIGNED


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("老槐树那边路灯不亮", "老槐树路面有个坑"),
        ("老槐树那边路灯不亮", "老槐树垃圾没人收"),
        ("老槐树那边路灯不亮", "一组路灯不亮"),
        ("老槐树旁边漏水", "老槐树旁边我家漏水"),
        ("老槐树3栋2单元501漏水", "老槐树3栋2单元501漏水"),
        ("老槐树那边路灯不亮", "建议老槐树那边多装几盏路灯"),
        ("老槐树助餐没送", "老槐树助餐没送"),
        ("老槐树心里难受", "老槐树心里难受"),
        ("老槐树着火了", "老槐树着火了"),
        ("老槐树书记吃拿卡要", "老槐树书记吃拿卡要"),
    ],
)
async def test_what_is_never_offered(village: Village, neighbour: str, first: str, second: str) -> None:
    await say(first)

    reply = await say(second, neighbour)

    assert "已经有人反映" not in reply
    assert await Appeal.all().count() == 2


async def test_two_weeks_are_the_limit(village: Village, neighbour: str) -> None:
    await say(LAMP)
    await _age(await newest(), 15)

    assert "已经有人反映" not in await say("老槐树路灯坏了", neighbour)


async def test_ones_own_of_a_moment_ago_is_not_offered_that_of_another_day_is(village: Village) -> None:
    await say(LAMP)
    first = await newest()
    assert "反映过" not in await say("另报 老槐树路灯又坏了一盏")
    second = await newest()
    assert second.id != first.id
    await _age(first, 3)
    await _age(second, 3)

    assert f"您反映过：{second.number}" in await say("另报 老槐树路灯还是坏的")


@pytest.mark.parametrize("words", ["1", "好了，不用再办"])
async def test_what_was_done_lately_is_told_and_does_not_take_the_new_one_away(
    village: Village, neighbour: str, words: str
) -> None:
    await say(LAMP)
    main = await newest()
    await say(f"接单 {main.number}", "grid-2")
    await say(f"办结 {main.number} 换了灯泡", "grid-2")

    reply = await say("老槐树路灯坏了", neighbour)
    own = await newest()
    assert "已办结" in reply
    assert "换了灯泡" not in reply
    assert await owner(own) == "二组网格员"

    assert "不用再办" in await say(words, neighbour)
    assert (await newest()).status is AppealStatus.MERGED

    await say(f"不满意 {own.number}", neighbour)
    await own.refresh_from_db()
    assert own.status is AppealStatus.ASSIGNED
    assert own.merged_into_id is None
    assert await owner(own) == "新联村值班"


async def test_a_place_that_is_told_afterwards_is_compared_too(village: Village) -> None:
    await say(LAMP)
    await say("路灯不亮", "villager")

    reply = await say("老槐树边上", "villager")

    assert "已经有人反映" in reply
    await say("1", "villager")
    assert (await newest()).status is AppealStatus.MERGED


async def test_points_within_a_hundred_metres_are_one_place(village: Village, neighbour: str) -> None:
    spot = {"msg_type": "location", "datum": "GCJ-02", "label": "村口"}
    await say("路灯不亮")
    await send(message(None, latitude=32.402, longitude=119.410, **spot))
    await say("路灯坏了", neighbour)

    reply = await send(message(None, neighbour, latitude=32.4024, longitude=119.4102, **spot))
    assert "已经有人反映" in reply

    await say("路灯坏了", "villager")
    assert "已经有人反映" not in await send(
        message(None, "villager", latitude=32.4035, longitude=119.410, **spot)
    )


async def test_later_words_photos_and_hurry_of_a_follower_go_to_the_target(
    village: Village, neighbour: str
) -> None:
    main, own = await _joined(neighbour)

    for reply in (
        await say("已经三天了，快点", neighbour),
        await send(message(None, neighbour, msg_type="image", media_id="media-1")),
    ):
        assert f"{own.number}（和 {main.number} 一起办）" in reply
    assert await Appeal.all().count() == 2
    assert await Attachment.filter(appeal_id=main.id).count() == 1
    told = await AppealEvent.filter(appeal_id=main.id, verb="supplement", public=False).order_by("id").first()
    assert told is not None
    assert "已经三天了" in told.words
    await main.refresh_from_db()
    assert "三天" not in main.text
    assert "三天" not in await say("进度")
    assert "另有 1 位居民反映" in await say(f"看 {main.number}", "grid-2")


async def test_progress_of_a_follower_tells_the_state_of_the_target_and_no_words_for_others(
    village: Village, neighbour: str
) -> None:
    main, own = await _joined(neighbour)
    await say(f"接单 {main.number}", "grid-2")
    await say(f"回复 {main.number} 您家门口那盏明天修", "grid-2")

    reply = await say("进度", neighbour)

    for told in (str(own.number), "一起办", "办理中", "二组网格员"):
        assert told in reply
    assert "您家门口" not in reply
    assert reply == await say(f"进度 {main.number}", neighbour)
    assert "没有找到" in await say(f"进度 {main.number}", "villager")


async def test_a_follower_hears_of_the_steps_and_may_rate(village: Village, neighbour: str) -> None:
    main, own = await _joined(neighbour)
    await say(f"接单 {main.number}", "grid-2")
    await say(f"办结 {main.number} 换了灯泡", "grid-2")

    told = [one.payload["text"] for one in await pushed(Notice.PROGRESS, neighbour)]
    assert len(told) == 2
    assert "已接单" in told[0]
    assert f"满意 {own.number}" in told[1]
    assert "换了灯泡" in told[1]

    reply = await say("满意", neighbour)
    await own.refresh_from_db()
    await main.refresh_from_db()
    assert str(own.number) in reply
    assert (own.rating, own.status) == (Rating.HAPPY, AppealStatus.MERGED)
    assert (main.rating, main.status) == (None, AppealStatus.RESOLVED)


async def test_an_unhappy_follower_gets_an_owner_of_their_own(village: Village, neighbour: str) -> None:
    main, own = await _joined(neighbour)
    await say(f"接单 {main.number}", "grid-2")
    await say(f"办结 {main.number} 换了灯泡", "grid-2")
    await say("满意")

    await say(f"不满意 {main.number} 我门口的还是不亮", neighbour)

    await own.refresh_from_db()
    await main.refresh_from_db()
    assert (own.status, own.merged_into_id) == (AppealStatus.ASSIGNED, None)
    assert await owner(own) == "新联村值班"
    assert main.status is AppealStatus.CLOSED


async def test_a_follower_who_withdraws_leaves_the_circle_alone(village: Village, neighbour: str) -> None:
    main, own = await _joined(neighbour)

    reply = await say("撤回", neighbour)

    await own.refresh_from_db()
    assert own.status is AppealStatus.CANCELLED
    assert f"不再跟着办 {main.number}" in reply
    assert await owner(main) == "二组网格员"
    assert "另有" not in await say(f"看 {main.number}", "grid-2")
    await say(f"接单 {main.number}", "grid-2")
    assert await pushed(Notice.PROGRESS, neighbour) == []


async def test_what_a_follower_calls_off_is_kept_and_asked_back(village: Village, neighbour: str) -> None:
    main, own = await _joined(neighbour)
    both = f"{own.number}（和 {main.number} 一起办）"
    assert both in await say("人工", neighbour)

    assert both in await say("不用来了", neighbour)

    await own.refresh_from_db()
    assert own.status is AppealStatus.MERGED
    assert f"不再跟着办 {main.number}" in await say("是的", neighbour)
    await main.refresh_from_db()
    assert main.status is AppealStatus.ASSIGNED


async def test_when_the_reporter_withdraws_the_follower_keeps_an_owner(
    village: Village, neighbour: str
) -> None:
    main, own = await _joined(neighbour)

    await say(f"撤回 {main.number}")

    await own.refresh_from_db()
    await main.refresh_from_db()
    assert main.status is AppealStatus.CANCELLED
    assert own.status is AppealStatus.ASSIGNED
    assert await owner(own) == "二组网格员"
    assert "接着办" in (await pushed(Notice.PROGRESS, neighbour))[-1].payload["text"]
    assert f"按 {own.number} 办" in (await pushed(Notice.PROGRESS, "grid-2"))[-1].payload["text"]


async def test_what_was_taken_back_meanwhile_is_not_joined(village: Village, neighbour: str) -> None:
    await say(LAMP)
    await say("老槐树路灯坏了", neighbour)
    await say("撤回")

    reply = await say("1", neighbour)

    assert "照常" in reply
    own = await newest()
    assert own.status is AppealStatus.ASSIGNED
    assert await owner(own) == "二组网格员"


async def test_joining_what_was_merged_meanwhile_joins_what_that_hangs_below(
    village: Village, neighbour: str
) -> None:
    await say(LAMP)
    first = await newest()
    await say("一组路灯不亮", "villager")
    second = await newest()
    await say("老槐树路灯坏了", neighbour)
    duty = await access.staff_actor(village.duty)
    await handling.merge(duty, first.number, second.number)

    await say("1", neighbour)

    assert (await newest()).merged_into_id == second.id


async def test_an_emergency_of_a_follower_is_an_alarm_of_its_own(village: Village, neighbour: str) -> None:
    _, own = await _joined(neighbour)

    reply = await say("老槐树着火了", neighbour)

    assert "119" in reply
    assert (await newest()).id != own.id


async def test_an_offer_tears_no_burst(village: Village, neighbour: str) -> None:
    await say(LAMP)
    assert "已经有人反映" in await say("老槐树路灯坏了", neighbour)
    own = await newest()

    for line in ("晚上看不见", "已经三天了", "老人容易摔"):
        assert f"补充到 {own.number}" in await say(line, neighbour)

    assert await Appeal.all().count() == 2
    await say("1", neighbour)
    await own.refresh_from_db()
    assert own.status is AppealStatus.MERGED


async def test_looking_for_the_same_matter_is_one_statement(village: Village, neighbour: str) -> None:
    await say("一组路灯不亮")
    await say("一组垃圾没人收", neighbour)
    with counted() as statements:
        await say("另报 老槐树路灯坏了", neighbour)
    assert len([one for one in statements if "LEFT JOIN attachment" in one]) == 1
    with counted() as statements:
        await say("另报 路灯坏了", "villager")
    assert not [one for one in statements if "LEFT JOIN attachment" in one]


async def test_a_push_opens_no_question(village: Village, neighbour: str) -> None:
    main, _ = await _joined(neighbour)
    await say(f"接单 {main.number}", "grid-2")
    assert (await Conversation.get(openid=neighbour)).pending is None
    await send(event("CLICK", neighbour, event_key="进度"))
