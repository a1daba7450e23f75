"""Lists that are longer than one answer: everything can be read in the chat."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from models import Appeal, Category, Resident, Urgency
from services.clock import now
from tests.bot.village import Village, say
from tests.make import make_appeal


async def _held(village: Village, count: int, **values: object) -> list[Appeal]:
    """Appeals in the hands of the grid member of 三组; who comes last has to be accepted first."""
    category, by = await Category.get(code="traffic"), now() + timedelta(days=9)
    return [
        await make_appeal(
            village.xinlian,
            holder=village.members["grid-3"],
            category=category,
            **{"accept_by": by - timedelta(hours=place)} | values,
        )
        for place in range(count)
    ]


async def _own(village: Village, count: int) -> list[Appeal]:
    resident = await Resident.get(conversations__openid="resident-1")
    return [await make_appeal(village.xinlian, resident=resident) for _ in range(count)]


def _told(reply: str, appeals: list[Appeal]) -> list[int]:
    """The numbers of these appeals in the order in which the reply tells them."""
    found = [(reply.find(f"{one.number}（"), one.number) for one in appeals]
    return [number for place, number in sorted(found) if place >= 0]


async def test_all_that_is_in_hand_is_told_ten_at_a_time_by_deadline(village: Village) -> None:
    held = await _held(village, 23)
    by_deadline = [one.number for one in reversed(held)]

    first, second = await say("待办", "grid-3"), await say("更多", "grid-3")

    assert _told(first, held) == by_deadline[:10]
    assert "还有 13 件，回复“更多”" in first
    assert _told(second, held) == by_deadline[10:]
    assert "没有更多" in await say("更多", "grid-3")


async def test_a_page_of_the_list_can_be_asked_for(village: Village) -> None:
    held = await _held(village, 23)
    by_deadline = [one.number for one in reversed(held)]

    assert _told(await say("待办 2", "grid-3"), held) == by_deadline[10:20]
    assert _told(await say("待办3", "grid-3"), held) == by_deadline[20:]
    assert f"诉求 {held[0].number}\n" in await say(f"待办 {held[0].number}", "grid-3")
    assert _told(await say("待办 9", "grid-3"), held) == by_deadline[20:]
    assert "不在您手上" in await say("待办 1999", "grid-3")


async def test_the_list_holds_more_than_a_hundred(village: Village) -> None:
    held = await _held(village, 105)

    assert _told(await say("待办 11", "grid-3"), held) == [one.number for one in reversed(held[:5])]


async def test_what_is_urgent_stands_first_whatever_its_deadline(village: Village) -> None:
    urgent = await _held(village, 1, urgency=Urgency.URGENT)
    held = await _held(village, 3)

    assert _told(await say("待办", "grid-3"), [*held, *urgent])[0] == urgent[0].number


async def test_a_resident_reads_all_their_numbers(village: Village) -> None:
    own = await _own(village, 8)
    newest_first = [one.number for one in reversed(own)]

    first, second = await say("进度"), await say("更多")

    assert _told(first, own) == newest_first[:5]
    assert "还有 3 件，回复“更多”" in first
    assert _told(second, own) == newest_first[5:]


async def test_what_a_command_may_mean_goes_on_with_more_and_any_of_them_can_be_chosen(
    village: Village,
) -> None:
    own = await _own(village, 12)

    first, second = await say("撤回"), await say("更多")

    assert _told(first, own) == [one.number for one in reversed(own[3:])]
    assert "还有 3 件，回复“更多”" in first
    assert f"12 {own[0].number}（" in second
    assert f"{own[0].number} 已撤回" in await say("12")


async def test_the_number_of_any_of_them_completes_the_command(village: Village) -> None:
    held = await _held(village, 12)
    await say("接单", "grid-3")

    assert f"{held[0].number} 已接单" in await say(str(held[0].number), "grid-3")


async def test_all_that_can_be_cancelled_is_listed(village: Village) -> None:
    own = await _own(village, 8)

    reply = await say("取消")

    assert len(_told(reply, own)) == 8
    assert "9 都不取消" in reply


def test_nobody_is_sent_to_a_page_that_is_not_there() -> None:
    doors = [Path(name) for name in ("bot", "services", "api")]
    assert [one for door in doors for one in door.rglob("*.py") if "工作台" in one.read_text()] == []


async def test_more_belongs_to_the_answer_before_it(village: Village) -> None:
    await _own(village, 8)
    await say("进度")
    await say("你好")

    assert "没有更多" in await say("更多")
