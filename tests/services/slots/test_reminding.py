"""Reminders: the evening before and two hours before, each once, to who holds a place and is to come."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta

import pytest
import time_machine

from models import (
    Community,
    Delivery,
    DeliveryState,
    Notice,
    OfferingKind,
    Slot,
    SlotState,
    on_postgres,
    rows,
    writing,
)
from services.clock import CHINA
from services.slots import moments, reminding, signup, steering
from tests.make import make_community
from tests.outside import Outside, make_reachable, outside, rows_of
from tests.services.slots.day import CHINA_NIGHT, desk_of, signed_up, slot_at
from tests.services.slots.truth import broken

SECOND = timedelta(seconds=1)


def china(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(CHINA_NIGHT - timedelta(days=3), tick=False) as traveller:
        yield traveller


@pytest.fixture
async def community(db: str) -> Community:
    return await make_community()


async def told() -> list[str]:
    """Which reminders there are, oldest first."""
    found = await Delivery.filter(notice=Notice.REMINDER).order_by("id")
    return [one.dedup_key.split(":")[2] for one in found]


@pytest.mark.parametrize(
    ("starts", "evening"),
    [
        ("2026-12-31T23:30", "2026-12-30T19:00"),
        ("2027-01-01T00:00", "2026-12-31T19:00"),
        ("2027-03-01T09:00", "2027-02-28T19:00"),
        ("2028-03-01T00:30", "2028-02-29T19:00"),
        ("2026-12-01T18:59", "2026-11-30T19:00"),
    ],
)
def test_the_evening_before_is_that_of_the_china_date(starts: str, evening: str) -> None:
    start, due = china(starts), china(evening)

    assert moments.evening_before(start) == due
    assert moments.evening_reached(due) > start
    assert moments.evening_reached(due - SECOND) <= start


@pytest.mark.parametrize("hours", range(0, 72, 5))
def test_what_is_due_by_the_query_is_due_by_the_moment(hours: int) -> None:
    moment = china("2026-12-30T00:30") + timedelta(hours=hours)
    for ahead in range(60):
        start = moment + timedelta(hours=ahead, minutes=17)
        assert (start < moments.evening_reached(moment)) == (moments.evening_before(start) <= moment)
        assert (start < moments.soon_reached(moment)) == (moments.soon_before(start) <= moment)


async def test_people_are_reminded_the_evening_before_and_two_hours_before_once_each(
    community: Community, clock: time_machine.Traveller
) -> None:
    resident, made = await signed_up(await slot_at(community, title="守岁", place="村部"))
    clock.move_to(china("2026-12-30T18:59:59"))
    assert await reminding.remind_due() == 0

    clock.move_to(china("2026-12-30T19:00"))
    assert (await reminding.remind_due(), await reminding.remind_due()) == (1, 0)
    clock.move_to(china("2026-12-31T21:30"))
    assert (await reminding.remind_due(), await reminding.remind_due()) == (1, 0)

    first, second = await Delivery.filter(notice=Notice.REMINDER).order_by("id")
    assert (first.resident_id, first.dedup_key) == (
        resident.id,
        f"sign_up:{made.id}:eve:{resident.id}:subscribe",
    )
    assert "明天 23:30 开始，村部" in first.payload["text"]
    assert "取消 守岁" in first.payload["text"]
    assert "12月31日 23:30" in second.payload["text"]
    assert await broken() == []


async def test_who_signed_up_after_the_evening_hears_two_hours_before_alone(
    community: Community, clock: time_machine.Traveller
) -> None:
    slot = await slot_at(community)
    clock.move_to(china("2026-12-30T19:00:01"))
    await signed_up(slot)
    await reminding.remind_due()
    assert await told() == []

    clock.move_to(china("2026-12-31T21:30"))
    await reminding.remind_due()
    assert await told() == ["soon"]
    clock.move_to(china("2026-12-31T22:00"))
    await signed_up(slot)
    await reminding.remind_due()
    assert await told() == ["soon"]


async def test_each_slot_is_due_by_its_own_moment_whatever_the_hour(
    community: Community, clock: time_machine.Traveller
) -> None:
    first = china("2026-12-30T20:30")
    slots = [await slot_at(community, first + timedelta(hours=3 * number)) for number in range(16)]

    for moment in (china("2026-12-30T18:45"), china("2026-12-30T19:15"), china("2026-12-31T01:00")):
        clock.move_to(moment)
        await reminding.remind_due()
        for slot in slots:
            done = (moments.evening_before(slot.starts_at), moments.soon_before(slot.starts_at))
            await slot.refresh_from_db()
            assert slot.reminders == sum(due <= moment for due in done), slot.starts_at


async def test_a_worker_that_was_away_does_not_disturb_people_at_night(
    community: Community, clock: time_machine.Traveller
) -> None:
    await signed_up(await slot_at(community))
    clock.move_to(china("2026-12-30T20:00"))

    assert await reminding.remind_due() == 1

    assert await told() == []


@pytest.mark.parametrize("how", ["cancelled", "taken_off", "called_off", "waiting"])
async def test_nobody_is_reminded_of_what_they_do_not_go_to(
    community: Community, clock: time_machine.Traveller, how: str
) -> None:
    slot = await slot_at(community)
    desk = await desk_of(community)
    if how == "waiting":
        await Slot.filter(id=slot.id).update(capacity=1, taken=1)
    resident, made = await signed_up(slot)
    if how == "cancelled":
        await signup.cancel(resident.id, made.id)
    elif how == "taken_off":
        await steering.take_off(desk, made.id, "登记错了")
    elif how == "called_off":
        await steering.call_off(desk, slot.id, "下雨")

    for moment in ("2026-12-30T19:00", "2026-12-31T21:30"):
        clock.move_to(china(moment))
        await reminding.remind_due()

    assert await told() == []


async def test_a_reminder_that_is_still_on_its_way_is_taken_back_when_the_slot_is_called_off(
    community: Community, clock: time_machine.Traveller
) -> None:
    slot = await slot_at(community)
    await signed_up(slot)
    clock.move_to(china("2026-12-30T19:00"))
    await reminding.remind_due()

    await steering.call_off(await desk_of(community), slot.id, "下雨")

    reminder = await Delivery.get(notice=Notice.REMINDER)
    assert reminder.state is DeliveryState.STOOD_DOWN
    assert (await Slot.get(id=slot.id)).state is SlotState.CALLED_OFF


async def test_a_plot_of_a_season_has_no_reminder(
    community: Community, clock: time_machine.Traveller
) -> None:
    await signed_up(await slot_at(community, kind=OfferingKind.PLOT))
    clock.move_to(china("2026-12-30T19:00"))

    await reminding.remind_due()

    assert await told() == []


async def test_many_people_of_one_slot_are_all_reminded(
    community: Community, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminding, "AT_ONCE", 3)
    slot = await slot_at(community)
    for _ in range(8):
        await signed_up(slot)
    clock.move_to(china("2026-12-30T19:00"))

    await reminding.remind_due()

    assert await told() == ["eve"] * 8


@pytest.mark.parametrize("column", ["reminders = 0 AND starts_at < ", "settled_at IS NULL AND ends_at <= "])
async def test_what_is_due_is_found_by_an_index(db: str, column: str) -> None:
    query = f"SELECT * FROM slot WHERE {column} '2026-01-01'"
    async with writing():
        if on_postgres():
            await rows("SET LOCAL enable_seqscan = off")  # a table without rows is not worth an index
        plan = await rows(f"EXPLAIN {'' if on_postgres() else 'QUERY PLAN '}{query}")

    assert "index" in str(plan).lower()


@pytest.fixture
async def wechat(db: str) -> AsyncIterator[Outside]:
    async with outside() as running:
        yield running


@pytest.mark.parametrize(
    ("window", "accepts", "expected"),
    [
        (5, "tpl-remind", [("subscribe", "sent")]),
        (5, "", [("subscribe", "fell_back"), ("customer", "sent")]),
        (0, "", [("subscribe", "fell_back"), ("customer", "stood_down")]),
    ],
)
async def test_reminders_go_by_subscription_else_by_the_open_window_else_not_at_all(
    wechat: Outside,
    clock: time_machine.Traveller,
    window: int,
    accepts: str,
    expected: list[tuple[str, str]],
) -> None:
    clock.move_to(china("2026-12-30T18:30"))
    community = await make_community()
    resident = await make_reachable(wechat, "mini-1", account="mini", window=window, accepts=accepts)
    await signed_up(await slot_at(community), resident=resident)
    clock.move_to(china("2026-12-30T19:00"))
    await reminding.remind_due()

    await wechat.send_all()

    assert await rows_of(resident) == expected


def test_china_keeps_no_summer_time() -> None:
    offsets = {datetime(2026, month, 1, tzinfo=CHINA).utcoffset() for month in range(1, 13)}

    assert offsets == {timedelta(hours=8)}
