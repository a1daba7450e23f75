"""The list to take along, and what devices report later: nothing lost, nothing twice, refused one by one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from models import CheckIn, Community, Presence, SignUp, Slot
from services.clock import now
from services.errors import NotFound
from services.slots import checkin, checklist
from services.slots.checkin import Entered, Report
from services.slots.gates import Refusal
from tests.make import make_community, make_resident
from tests.queries import counted
from tests.services.slots.day import CHINA_NIGHT, child_of, desk_of, signed_up, slot_at, stranger
from tests.services.slots.truth import broken


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(CHINA_NIGHT - timedelta(days=1), tick=True) as traveller:
        yield traveller


@pytest.fixture
async def community(db: str) -> Community:
    return await make_community()


@pytest.fixture
async def slot(community: Community) -> Slot:
    return await slot_at(community)


def outcomes(found: list[tuple[Report, Entered | Refusal]]) -> list[str]:
    """`recorded`, `repeated`, or the code of the refusal, for each entry."""
    return [
        answer.code if isinstance(answer, Refusal) else ("repeated" if answer.repeated else "recorded")
        for _, answer in found
    ]


def entry(made: SignUp, name: str, minutes: int = 0, **more: object) -> Report:
    at = CHINA_NIGHT + timedelta(minutes=minutes)
    return Report(at, sign_up_id=made.id, client_id=name, **more)  # type: ignore[arg-type]


async def test_the_list_shows_who_may_come_masked_and_who_is_in(
    community: Community, slot: Slot, clock: time_machine.Traveller
) -> None:
    resident = await make_resident(community=community, name="张三丰", phone="13812345678")
    child = await child_of(resident)
    _, made = await signed_up(slot, f"r{resident.id}", f"d{child.id}", guests=1, resident=resident)
    await Slot.filter(id=slot.id).update(capacity=3)
    _, waits = await signed_up(slot)
    clock.move_to(CHINA_NIGHT)
    desk = await desk_of(community)
    await checkin.by_staff(desk, slot.id, Report(now(), sign_up_id=made.id, people=(f"d{child.id}",)))

    shown, (row,) = await checklist.of(desk, slot.id)

    assert (shown.id, row.sign_up_id) == (slot.id, made.id)
    assert (row.resident, row.phone) == ("张**", "138****5678")
    assert [(one.person, one.name, one.came) for one in row.people] == [
        (f"r{resident.id}", "张**", False),
        (f"d{child.id}", "小**", True),
        ("g1", "同来1", False),
    ]
    assert waits.line == 1
    with pytest.raises(NotFound):
        await checklist.of(await stranger(), slot.id)


async def test_the_list_takes_as_many_statements_for_many_as_for_one(
    community: Community, slot: Slot
) -> None:
    desk = await desk_of(community)
    await signed_up(slot)
    with counted() as few:
        await checklist.of(desk, slot.id)
    for _ in range(5):
        await signed_up(slot)
    with counted() as many:
        await checklist.of(desk, slot.id)

    assert len(many) == len(few) <= 4


async def test_a_batch_that_comes_twice_has_one_effect_and_is_answered_alike(
    community: Community, slot: Slot, clock: time_machine.Traveller
) -> None:
    desk = await desk_of(community)
    entries = [entry((await signed_up(slot))[1], f"tablet-{number}", number) for number in range(3)]
    clock.move_to(CHINA_NIGHT + timedelta(days=2))

    first = await checklist.report(desk, slot.id, entries)
    again = await checklist.report(desk, slot.id, entries)

    assert outcomes(first) == ["recorded"] * 3
    assert outcomes(again) == ["repeated"] * 3
    assert await CheckIn.all().count() == await Presence.all().count() == 3
    assert [one.at for one in await CheckIn.all().order_by("id")] == [one.at for one in entries]
    assert await broken() == []


async def test_what_cannot_be_taken_is_said_entry_by_entry_and_stops_no_other(
    community: Community, slot: Slot, clock: time_machine.Traveller
) -> None:
    desk = await desk_of(community)
    (one, made), (_, second) = await signed_up(slot), await signed_up(slot)
    _, other = await signed_up(await slot_at(community))
    clock.move_to(CHINA_NIGHT)
    code, _ = await checkin.pass_for(one.id, made.id)
    clock.move_to(CHINA_NIGHT + timedelta(days=1))

    found = await checklist.report(
        desk,
        slot.id,
        [
            Report(CHINA_NIGHT + timedelta(minutes=1), code=code, client_id="a-scan"),
            Report(CHINA_NIGHT + timedelta(minutes=2), code=code, client_id="b-scan"),
            entry(made, "a-scan"),
            entry(second, "too-early", -61),
            entry(second, "too-late", 121),
            entry(second, "tomorrow", 60 * 25),
            entry(other, "elsewhere"),
            Report(CHINA_NIGHT, sign_up_id=999, client_id="nobody"),
            Report(CHINA_NIGHT, code="nonsense", client_id="forged"),
            entry(second, "good"),
            entry(second, "again"),
        ],
    )

    assert outcomes(found) == [
        "recorded",
        "used",
        "client_id_taken",
        "too_early",
        "too_late",
        "in_future",
        "wrong_slot",
        "not_signed_up",
        "forged",
        "recorded",
        "already_in",
    ]
    assert await broken() == []


async def test_a_week_after_the_end_nothing_is_taken_any_more(
    community: Community, slot: Slot, clock: time_machine.Traveller
) -> None:
    desk = await desk_of(community)
    _, made = await signed_up(slot)
    clock.move_to(CHINA_NIGHT + timedelta(days=7, hours=2, minutes=1))

    assert outcomes(await checklist.report(desk, slot.id, [entry(made, "tablet-1")])) == ["too_late"]
