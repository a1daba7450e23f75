"""Residents write as they speak: names for digits, how many they are, dates in any shape, no blanks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from models import Appeal, Dependant, DependantKind, Offering, Resident, SignUp, SignUpState, Slot, writing
from services import households
from services.slots import line
from tests.bot.village import Village, person, say
from tests.make import make_offering, make_slot


@pytest.fixture
async def opera(village: Village) -> Slot:
    return await make_slot(await make_offering(village.xinlian, title="扬剧沙龙"), capacity=8)


async def with_children(openid: str, *names: str) -> None:
    """Children in the household of whoever writes under this name."""
    resident = await Resident.get(conversations__openid=openid)
    async with writing():
        household_id = (await households.lock(resident.id)).household_id
    for name in names:
        await Dependant.create(
            household_id=household_id,
            kind=DependantKind.CHILD,
            name=name,
            born="2018-05-01",
            consent_at=datetime.now(UTC),
            consent_by_id=resident.id,
        )


async def test_consent_may_be_given_in_words(village: Village) -> None:
    await say("孩子 小宝 2018-05-01")

    assert "登记好了：小宝" in await say("同意")
    await say("老人 外婆 1950-05-01")
    assert "没有登记" in await say("不同意")
    assert await Appeal.all().count() == 0


async def test_for_whom_may_be_answered_by_name(village: Village, opera: Slot) -> None:
    await with_children("resident-1", "大宝", "小宝")
    await say("报名 扬剧沙龙")

    assert "报好了：小宝" in await say("小宝")
    await say("报名 扬剧沙龙")
    assert "报好了：您" in await say("我")
    assert await Appeal.all().count() == 0


async def test_a_slot_of_the_list_may_be_chosen_by_its_title(village: Village, opera: Slot) -> None:
    await make_slot(await make_offering(village.xinlian, title="书画室"))
    await say("活动")

    assert "报好了：您，「扬剧沙龙」" in await say("扬剧沙龙")


@pytest.mark.parametrize(
    "words",
    ["孩子 小宝 ２０１８－０５－０１", "孩子 小宝 20180501", "孩子 小宝 2018 5 1", "孩子：小宝，2018/5/1"],
)
async def test_a_birth_date_is_read_in_any_shape(village: Village, words: str) -> None:
    assert "同意吗" in await say(words)
    await say("1")

    assert (await Dependant.get()).birth_date.isoformat() == "2018-05-01"


@pytest.mark.parametrize("words", ["生日 19580501", "生日 1958.5.1", "生日1958-05-01", "生日 1958年5月1号"])
async def test_their_own_birthday_is_read_in_any_shape(village: Village, words: str) -> None:
    assert "记下了" in await say(words)

    assert (await Resident.get(conversations__openid="resident-1")).born == "1958-05-01"


@pytest.mark.parametrize("words", ["孩子 小宝 2019-02-29", "孩子 小宝 2019-13-01", "生日 1957-02-30"])
async def test_a_day_that_no_calendar_has_is_refused_in_words(village: Village, words: str) -> None:
    assert "出生日期不对" in await say(words)
    assert await Appeal.all().count() == 0


@pytest.mark.parametrize(
    ("words", "party"),
    [
        ("报名 扬剧沙龙 2人", 2),
        ("报名 扬剧沙龙 两个人", 2),
        ("报名 扬剧沙龙，3个名额", 3),
        ("报名 沙龙 ２位", 2),
        ("我们俩想报名扬剧沙龙", 2),
        ("报名 扬剧沙龙", 1),
    ],
)
async def test_as_many_places_as_were_asked_for(
    village: Village, opera: Slot, words: str, party: int
) -> None:
    told = await say(words)

    assert "报好了：您" in told
    assert (f"共 {party} 个名额" in told) is (party > 1)
    assert (await SignUp.get()).party == party
    assert (f"（我自己，共 {party} 个名额）" in await say("我的")) is (party > 1)


async def test_more_than_one_may_sign_up_is_refused_and_not_made_fewer(village: Village, opera: Slot) -> None:
    assert "一次最多报 4 个名额" in await say("报名 扬剧沙龙 十个人")
    assert await SignUp.all().count() == 0


@pytest.mark.parametrize("words", ["报名 扬剧沙龙 小宝", "给小宝报名扬剧沙龙", "报名 扬剧沙龙 给小宝"])
async def test_who_is_named_is_not_asked_for(village: Village, opera: Slot, words: str) -> None:
    await with_children("resident-1", "大宝", "小宝")

    assert "报好了：小宝" in await say(words)


async def test_several_of_the_household_are_signed_up_at_once(village: Village, opera: Slot) -> None:
    await with_children("resident-1", "大宝", "小宝")

    assert "报好了：大宝、小宝" in await say("报名 扬剧沙龙 大宝和小宝")
    assert (await SignUp.get()).party == 2


async def test_who_comes_and_how_many_is_kept_while_the_slot_is_chosen(village: Village, opera: Slot) -> None:
    await with_children("resident-1", "小宝")
    await make_slot(await opera.offering, starts_at=opera.starts_at + timedelta(days=1))

    assert "要报哪一场" in await say("报名 扬剧沙龙 小宝 2人")
    assert "报好了：小宝（共 2 个名额）" in await say("2")


async def test_whom_else_is_kept_while_it_is_asked_for_whom(village: Village, opera: Slot) -> None:
    await with_children("resident-1", "小宝")

    assert "给谁报" in await say("报名 扬剧沙龙 2人")
    assert "报好了：小宝（共 2 个名额）" in await say("小宝")


@pytest.mark.parametrize("words", ["取消扬剧沙龙", "我要取消扬剧沙龙", "取消报名", "取消报名 扬剧沙龙"])
async def test_cancelling_needs_no_blank(village: Village, opera: Slot, words: str) -> None:
    await say("报名 扬剧沙龙")

    told = await say(words)
    if "要取消" in told:
        told = await say("1")

    assert "已取消" in told
    assert (await SignUp.get()).state is SignUpState.CANCELLED


@pytest.mark.parametrize("words", ["取消 扬剧沙龙", "接受 扬剧沙龙", "放弃 扬剧沙龙", "取消扬剧沙龙"])
async def test_what_is_not_theirs_is_said_so_and_joins_no_appeal(
    village: Village, opera: Slot, words: str
) -> None:
    await say("三组路灯不亮")

    told = await say(words)

    assert "扬剧沙龙" in told
    assert "回复“我的”看已报的" in told
    assert "撤回" not in told


async def test_with_two_offers_a_bare_word_is_asked_back(village: Village, opera: Slot) -> None:
    for title, day in (("书画室", 2), ("太极拳", 3)):
        starts_at = opera.starts_at + timedelta(days=day)
        offering = await make_offering(village.xinlian, title=title)
        slot = await make_slot(offering, capacity=1, starts_at=starts_at)
        await person(f"first-{title}", community=village.xinlian)
        await say(f"报名 {title}", f"first-{title}")
        await say(f"报名 {title}")
        await say(f"取消 {title}", f"first-{title}")
        assert (await SignUp.get(slot_id=slot.id, state=SignUpState.OFFERED)).party == 1

    for word in ("放弃", "接受"):
        told = await say(word)
        assert f"{word} 书画室" in told
        assert f"{word} 太极拳" in told
    assert await SignUp.filter(state=SignUpState.OFFERED).count() == 2
    assert "名额是您的了" in await say("接受 太极拳")
    assert "书画室" in await say("接受")
    assert await SignUp.filter(state=SignUpState.OFFERED).count() == 0


async def test_an_offer_that_expired_is_not_taken_and_the_way_out_is_told(
    village: Village, opera: Slot
) -> None:
    await SignUp.all().delete()
    await person("first", community=village.xinlian)
    one = await make_slot(await make_offering(village.xinlian, title="书画室"), capacity=1)
    await say("报名 书画室", "first")
    await say("报名 书画室")
    await say("取消 书画室", "first")
    await SignUp.filter(state=SignUpState.OFFERED).update(offered_until=datetime.now(UTC))

    assert "过期" in await say("接受")
    assert await line.tidy_due() == 1
    assert (await Slot.get(id=one.id)).taken == 0


async def test_who_has_no_village_yet_is_asked_for_it(village: Village, opera: Slot) -> None:
    await Offering.all().update(everybody=False)
    for words in ("活动", "报名 扬剧沙龙"):
        told = await say(words, "newcomer")
        assert "哪个村（社区）" in told
        assert "1 新联村" in told
    await say("1", "newcomer")
    assert "报好了" in await say("报名 扬剧沙龙", "newcomer")


async def test_a_full_week_of_a_room_hides_no_other_offering(village: Village, opera: Slot) -> None:
    room = await make_offering(village.xinlian, title="乒乓球室")
    await Slot.bulk_create([_hour(room, opera, number) for number in range(1, 80)])

    assert "扬剧沙龙" in await say("活动")
    assert "报好了" in await say("报名 扬剧沙龙")


async def test_what_does_not_fit_in_the_list_comes_by_more(village: Village) -> None:
    for number in range(9):
        await make_slot(await make_offering(village.xinlian, title=f"活动{number}班"))

    assert "回复“更多”" in await say("活动")
    assert "9 活动8班" in await say("更多")
    assert "报好了：您，「活动8班」" in await say("9")


@pytest.mark.parametrize("words", ["第二个", "选二", "第2个"])
async def test_a_choice_may_be_spelt_out(village: Village, opera: Slot, words: str) -> None:
    await make_slot(await opera.offering, starts_at=opera.starts_at + timedelta(days=1))
    await say("报名 扬剧沙龙")

    assert "报好了" in await say(words)
    assert (await SignUp.get()).slot_id != opera.id


async def test_a_title_is_found_however_its_numeral_is_written(village: Village) -> None:
    await make_slot(await make_offering(village.xinlian, title="四点半学堂"))

    assert "报好了" in await say("报名 ４点半学堂")


def _hour(room: Offering, opera: Slot, number: int) -> Slot:
    starts_at = opera.starts_at - timedelta(hours=number) / 4
    return Slot(
        offering_id=room.id,
        community_id=room.community_id,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=10),
        opens_at=opera.opens_at,
        closes_at=starts_at,
        capacity=2,
    )
