"""Where it is: names that several grids share, aliases, and locations near a grid."""

from __future__ import annotations

import pytest

from models import Appeal, PlaceName, Urgency
from services import understanding
from tests.bot.village import Village, message, newest, owner, say, send


@pytest.fixture
async def street(village: Village) -> Village:
    """老街 runs through two grids; 大食堂 is what people call the canteen of the second."""
    for name in ("一组", "二组"):
        await PlaceName.create(community=village.xinlian, grid=village.grids[name], name="老街")
    await PlaceName.create(
        community=village.xinlian, grid=village.grids["二组"], name="老年食堂", aliases=["大食堂"]
    )
    understanding.forget()
    return village


async def test_a_place_in_two_grids_is_asked_while_the_appeal_has_an_owner(street: Village) -> None:
    reply = await say("老街的路灯不亮", "villager")

    appeal = await newest()
    assert appeal.grid_id is None
    assert await owner(appeal) == "新联村值班"
    assert "1 一组\n2 二组" in reply
    assert "三组" not in reply

    reply = await say("2", "villager")

    appeal = await newest()
    assert appeal.grid_id == street.grids["二组"].id
    assert await owner(appeal) == "二组网格员"
    assert "二组" in reply
    assert await Appeal.all().count() == 1


async def test_the_answer_may_be_the_name_of_the_grid(street: Village) -> None:
    await say("老街的路灯不亮", "villager")

    await say("一组", "villager")

    assert (await newest()).grid_id == street.grids["一组"].id


async def test_two_places_in_one_message_are_asked_and_the_own_grid_holds_it_meanwhile(
    street: Village,
) -> None:
    reply = await say("三组和一组中间的路灯不亮", "resident-1")

    appeal = await newest()
    assert appeal.grid_id == street.grids["三组"].id
    assert await owner(appeal) == "三组网格员"
    assert "1 一组\n2 三组" in reply

    await say("1", "resident-1")

    assert await owner(await newest()) == "一组网格员"


async def test_an_unsure_category_is_asked_first_and_then_the_grid(street: Village) -> None:
    reply = await say("老街围墙的事没人管", "villager")
    digit = next(line for line in reply.splitlines() if line[:2] == "1 ")[0]

    reply = await say(digit, "villager")

    assert "1 一组\n2 二组" in reply
    assert "三组" not in reply


async def test_an_answer_that_is_ambiguous_itself_is_asked_once_more(street: Village) -> None:
    await say("路灯不亮", "villager")

    reply = await say("在老街", "villager")
    assert "1 一组\n2 二组" in reply

    await say("2", "villager")
    assert (await newest()).grid_id == street.grids["二组"].id


async def test_a_place_that_comes_later_in_the_burst_is_asked_too(street: Village) -> None:
    await say("三组路灯不亮", "resident-1")

    reply = await say("在老街那边", "resident-1")
    assert "1 一组\n2 二组" in reply

    await say("1", "resident-1")
    assert (await newest()).grid_id == street.grids["一组"].id


async def test_in_an_emergency_the_grid_is_asked_after_the_numbers(street: Village) -> None:
    reply = await say("老街着火了", "villager")

    appeal = await newest()
    assert appeal.urgency is Urgency.EMERGENCY
    assert reply.index("119") < reply.index("1 一组")

    await say("1", "villager")
    assert (await newest()).grid_id == street.grids["一组"].id


async def test_a_suggestion_about_an_ambiguous_place_is_not_asked(street: Village) -> None:
    reply = await say("建议在老街多装几盏路灯", "villager")

    assert "1 一组" not in reply


async def test_an_alias_is_as_good_as_the_name(street: Village) -> None:
    await say("大食堂门口的路灯不亮", "villager")

    appeal = await newest()
    assert appeal.grid_id == street.grids["二组"].id
    assert appeal.place == "老年食堂门口"


async def test_the_responder_reads_the_place_in_one_way_of_writing(street: Village) -> None:
    await say("阳光花园３栋２单元５０１路灯不亮", "villager")

    assert (await newest()).place == "阳光花园3栋2单元501室"


async def test_the_responder_reads_grid_and_place_once(village: Village) -> None:
    await say("3组路灯不亮", "villager")
    number = (await newest()).number

    assert "地点：三组\n" in await say(f"看 {number}", "grid-3")


async def test_a_location_a_little_outside_goes_to_the_nearest_grid(street: Village) -> None:
    await say("路灯不亮", "villager")

    await send(
        message(
            None,
            "villager",
            msg_type="location",
            latitude=32.398,
            longitude=119.41,
            datum="GCJ-02",
            label="桥",
        )
    )

    assert await owner(await newest()) == "二组网格员"


async def test_a_location_a_kilometre_outside_tells_no_grid(street: Village) -> None:
    await say("路灯不亮", "villager")

    await send(
        message(
            None,
            "villager",
            msg_type="location",
            latitude=32.391,
            longitude=119.41,
            datum="GCJ-02",
            label="桥",
        )
    )

    assert (await newest()).grid_id is None
