"""活动, 报名, 我的, 取消, 接受, 放弃 in chat."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from models import Appeal, Dependant, DependantKind, OfferingKind, SignUp, SignUpState, Slot, writing
from services import households
from services.access import staff_actor
from services.slots import deciding, seasons
from tests.bot.village import Village, newest, owner, person, say
from tests.make import make_duty, make_offering, make_slot
from tests.queries import counted


@pytest.fixture
async def school(village: Village) -> Slot:
    offering = await make_offering(village.xinlian, title="四点半学堂", place="村部二楼", everybody=False)
    return await make_slot(offering, capacity=1)


async def family_of(openid: str) -> list[str]:
    """Two children in the household of whoever writes under this name."""
    from models import Conversation

    talk = await Conversation.get(account="oa", openid=openid)
    async with writing():
        household_id = (await households.lock(talk.resident_id or 0)).household_id
    for name, born in (("大宝", "2016-05-01"), ("小宝", "2018-05-01")):
        await Dependant.create(
            household_id=household_id,
            kind=DependantKind.CHILD,
            name=name,
            born=born,
            consent_at=datetime.now(UTC),
            consent_by_id=talk.resident_id,
        )
    return ["大宝", "小宝"]


async def test_the_list_shows_what_is_open_and_a_digit_signs_up(village: Village, school: Slot) -> None:
    told = await say("活动")

    assert "1 四点半学堂" in told
    assert "还有 1 个名额" in told
    assert "报好了：您" in await say("1")
    assert (await SignUp.get(slot_id=school.id)).state is SignUpState.HELD


async def test_with_nothing_open_the_list_says_so(village: Village) -> None:
    assert "没有可以报名" in await say("活动")
    assert "没有报名" in await say("我的")


async def test_who_has_children_is_asked_for_whom(village: Village, school: Slot) -> None:
    await family_of("resident-1")

    told = await say("报名 四点半学堂")

    assert all(name in told for name in ("1 我自己", "2 大宝", "3 小宝"))
    assert "报好了：小宝" in await say("3")
    assert "（小宝）已报名" in await say("我的")


async def test_a_wish_in_a_sentence_signs_up_for_what_it_names(village: Village, school: Slot) -> None:
    assert "报好了" in await say("我想报名四点半学堂")
    assert await Appeal.all().count() == 0


async def test_several_slots_of_one_name_are_asked_back(village: Village, school: Slot) -> None:
    later = school.starts_at + timedelta(days=1)
    await make_slot(await school.offering, starts_at=later)

    told = await say("报名 学堂")

    assert "要报哪一场" in told
    assert "报好了" in await say("2")
    assert (await SignUp.get()).slot_id != school.id


async def test_the_line_an_offer_and_accepting_it_by_word(village: Village, school: Slot) -> None:
    await person("late", community=village.xinlian)
    await say("报名 四点半学堂")

    waits = await say("报名 四点半学堂", "late")
    assert "候补" in waits
    assert "排在最前面" in waits

    assert "名额让给别人了" in await say("取消 四点半学堂")
    # A digit takes nothing that came by push.
    assert "没有要您选数字" in await say("1", "late")
    assert "名额是您的了" in await say("接受", "late")
    assert "没有等您答复" in await say("接受", "late")


async def test_an_offer_that_is_not_wanted_is_given_up(village: Village, school: Slot) -> None:
    await person("late", community=village.xinlian)
    await say("报名 四点半学堂")
    await say("报名 四点半学堂", "late")
    await say("取消 四点半学堂")

    assert "让给别人了" in await say("放弃 四点半学堂", "late")
    assert (await Slot.get(id=school.id)).taken == 0


async def test_a_shut_gate_is_told_with_what_to_do(village: Village, school: Slot) -> None:
    await say("报名 四点半学堂")

    assert "已经报过" in await say("报名 四点半学堂")
    await person("elsewhere", community=village.dujiang)
    assert "没有找到" in await say("报名 四点半学堂", "elsewhere")


@pytest.mark.parametrize(
    "words", ["取消 老年卡优惠是怎么回事", "放弃 治疗的老人没人管", "报名 系统老是打不开 孩子的学籍报不上去"]
)
async def test_a_sentence_that_only_begins_like_a_command_is_an_appeal(
    village: Village, school: Slot, words: str
) -> None:
    assert "编号" in await say(words)
    assert await Appeal.all().count() == 1


async def test_a_wish_for_something_that_is_not_on_is_kept_for_staff(village: Village) -> None:
    await say("我想给孙子报个围棋班，什么时候有啊")

    assert await Appeal.all().count() == 1


@pytest.mark.parametrize("first", ["三组路灯不亮", ""])
@pytest.mark.parametrize("words", ["我想报名老人助餐", "老人要助餐送饭上门", "老人需要助餐送饭上门"])
async def test_a_wish_that_is_clear_about_a_category_goes_to_who_serves_it(
    village: Village, school: Slot, words: str, first: str
) -> None:
    if first:
        await say(first)

    reply = await say(words)

    assert "养老助老" in reply
    assert ((await newest()).text, await owner(await newest())) == (words, "邻里帮扶社")


async def test_the_list_asks_as_much_for_many_slots_as_for_few(village: Village, school: Slot) -> None:
    await say("活动")
    with counted() as few:
        await say("活动")
    for _ in range(8):
        await make_slot(await make_offering(village.xinlian))
    with counted() as many:
        await say("活动")

    assert len(many) == len(few)


async def test_a_child_is_entered_with_consent_and_then_signed_up(village: Village) -> None:
    offering = await make_offering(village.xinlian, title="四点半学堂", age_from=6, age_until=12)
    await make_slot(offering)
    born = f"{datetime.now(UTC).year - 8}-01-01"
    assert "孩子 小宝" in await say("报名 四点半学堂")

    assert "同意吗" in await say(f"孩子 小宝 {born}")
    assert "登记好了：小宝" in await say("1")
    assert "2 小宝" in await say("报名 四点半学堂")
    assert "报好了：小宝" in await say("2")


async def test_without_consent_nobody_is_entered(village: Village) -> None:
    await say("孩子 小宝 2019年3月1日")

    assert "没有登记" in await say("2")
    assert await Dependant.all().count() == 0


@pytest.mark.parametrize("words", ["孩子 小宝 2099-01-01", "孩子 大宝 1990-01-01", "生日 1800-01-01"])
async def test_a_birth_date_that_cannot_be_is_refused_in_words(village: Village, words: str) -> None:
    told = await say(words)

    assert "不对" in told or "没看懂" in told or "满 18 岁" in await say("1")
    assert await Dependant.all().count() == 0


async def test_their_own_birthday_lets_them_in(village: Village) -> None:
    await make_slot(await make_offering(village.xinlian, title="老年大学", age_from=55))
    assert "生日" in await say("报名 老年大学")

    assert "记下了" in await say("生日 1950-03-01")
    assert "报好了" in await say("报名 老年大学")


async def test_of_several_sign_ups_of_one_name_it_is_asked_which_to_cancel(
    village: Village, school: Slot
) -> None:
    await make_slot(await school.offering, starts_at=school.starts_at + timedelta(days=1))
    for _ in range(2):
        await say("报名 四点半学堂")
        await say("1" if _ == 0 else "2")

    assert "取消哪一个" in await say("取消 四点半学堂")
    assert "已取消" in await say("2")
    assert await SignUp.filter(state=SignUpState.HELD).count() == 1


async def test_a_child_who_only_stands_in_a_sentence_is_an_appeal(village: Village) -> None:
    assert "编号" in await say("孩子 上学的路太难走了")


async def test_a_plot_by_lot_is_applied_for_listed_and_taken_back_in_chat(village: Village) -> None:
    plots = await make_offering(village.xinlian, title="一米菜园", kind=OfferingKind.PLOT)
    desk = await staff_actor(await make_duty(village.xinlian))
    moment, day = datetime.now(UTC), timedelta(days=1)
    season = seasons.Season(moment + 9 * day, moment + 99 * day, 12, moment - day, moment + day)
    await seasons.open_season(desk, plots.id, season)

    assert "共 12 块，申请后抽签" in await say("活动")
    told = await say("报名 一米菜园")
    made = await SignUp.get(state=SignUpState.APPLIED)

    assert f"申请号 {made.id}" in told
    assert "截止后抽签" in told
    assert "已申请，待抽签" in await say("我的")
    assert "已取消" in await say("取消 一米菜园")
    await made.refresh_from_db()
    assert made.state is SignUpState.CANCELLED


async def test_a_plot_left_over_after_the_lots_is_listed_and_taken_in_chat(village: Village) -> None:
    plots = await make_offering(village.xinlian, title="一米菜园", kind=OfferingKind.PLOT)
    desk = await staff_actor(await make_duty(village.xinlian))
    moment, day = datetime.now(UTC), timedelta(days=1)
    season = seasons.Season(moment + 9 * day, moment + 99 * day, 12, moment - day, moment + day)
    await seasons.open_season(desk, plots.id, season)
    with time_machine.travel(moment + 2 * day, tick=True):
        await deciding.run_due()

        assert "还有 12 个名额" in await say("活动")
        await say("报名 一米菜园")

    assert await SignUp.filter(state=SignUpState.HELD).count() == 1
