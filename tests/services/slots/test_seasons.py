"""Plots by season: renewal first, then applications, then lots that anybody can draw again."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from models import (
    AuditEntry,
    Community,
    Delivery,
    Draw,
    Notice,
    Offering,
    OfferingKind,
    OfferingState,
    Resident,
    Role,
    SignUp,
    SignUpState,
    Slot,
)
from services import deliveries
from services.access import Actor, staff_actor
from services.clock import now
from services.errors import Conflict, DomainError, Invalid, NotFound
from services.slots import deciding, drawing, gates, line, lots, openings, seasons, signup, steering
from services.slots.seasons import Season
from tests.make import make_community, make_duty, make_offering, make_resident, make_slot
from tests.services.slots.truth import broken

DAY = timedelta(days=1)


@pytest.fixture
async def community(db: str) -> Community:
    return await make_community()


@pytest.fixture
async def desk(community: Community) -> Actor:
    return await staff_actor(await make_duty(community))


@pytest.fixture
async def plots(community: Community) -> Offering:
    return await make_offering(community, kind=OfferingKind.PLOT, title="一米菜园")


def season(**values: Any) -> Season:
    moment = now()
    known: dict[str, Any] = {
        "starts_at": moment + 30 * DAY,
        "ends_at": moment + 120 * DAY,
        "capacity": 2,
        "opens_at": moment - DAY,
        "closes_at": moment + 20 * DAY,
    }
    return Season(**(known | values))


async def families(community: Community, number: int) -> list[Resident]:
    return [await make_resident(community=community) for _ in range(number)]


async def claim(resident: Resident, slot_id: int, **more: Any) -> SignUp:
    return await signup.sign_up(resident.id, slot_id, [f"r{resident.id}"], **more)


async def gate(resident: Resident, slot_id: int, **more: Any) -> object:
    with pytest.raises(DomainError) as caught:
        await claim(resident, slot_id, **more)
    return caught.value.facts["gate"]


async def told(event: str) -> list[int]:
    """Residents who were told this, each as often as it was."""
    found = await Delivery.filter(notice=Notice.PLACE).order_by("resident_id")
    return [one.resident_id for one in found if deliveries.event_of(one).split(":")[2] == event]


def after(days: float) -> Any:
    return time_machine.travel(now() + days * DAY, tick=True)


async def test_more_applications_than_plots_are_drawn_by_lot_and_everybody_hears_once(
    community: Community, desk: Actor, plots: Offering
) -> None:
    draw = await seasons.open_season(desk, plots.id, season())
    residents = await families(community, 5)
    made = [await claim(one, draw.slot_id) for one in residents]

    assert {one.state for one in made} == {SignUpState.APPLIED}
    assert await broken() == []
    early = await drawing.published(draw.slot_id)
    assert (early.seed, early.applications, early.list_hash) == (None, [], None)
    assert await deciding.run_due() == 0
    with after(21):
        closed = await drawing.published(draw.slot_id)
        assert (closed.seed, closed.applications) == (None, [one.id for one in made])
        assert await deciding.run_due() == 1
        assert await deciding.run_due() == 0

    await draw.refresh_from_db()
    order = lots.order(draw.seed, "", [one.id for one in made])
    rows = {one.id: one for one in await SignUp.all()}
    assert [rows[one].state for one in order] == [SignUpState.HELD] * 2 + [SignUpState.WAITING] * 3
    assert [rows[one].line for one in order] == [None, None, 1, 2, 3]
    assert await told("drawn") == [one.id for one in residents]
    assert await broken() == []
    late = await drawing.published(draw.slot_id)
    assert lots.fingerprint(late.seed or "") == draw.seed_hash
    assert (late.order, late.won, late.list_hash) == (order, order[:2], closed.list_hash)
    entry = await AuditEntry.get(action="slot.draw")
    assert (entry.role, entry.detail["applications"], entry.detail["places"]) == (Role.SYSTEM, 5, 2)


async def test_a_plot_given_back_goes_to_the_next_lot(
    community: Community, desk: Actor, plots: Offering
) -> None:
    draw = await seasons.open_season(desk, plots.id, season(capacity=1))
    made = [await claim(one, draw.slot_id) for one in await families(community, 3)]
    with after(21):
        await deciding.run_due()
        await draw.refresh_from_db()
        order = lots.order(draw.seed, "", [one.id for one in made])
        winner = await SignUp.get(id=order[0])
        await signup.cancel(winner.resident_id, winner.id)

    assert (await SignUp.get(id=order[1])).state is SignUpState.OFFERED
    assert (await SignUp.get(id=order[2])).state is SignUpState.WAITING
    assert await broken() == []


async def test_where_there_is_room_for_all_nobody_waits(
    community: Community, desk: Actor, plots: Offering
) -> None:
    draw = await seasons.open_season(desk, plots.id, season(capacity=5))
    for one in await families(community, 2):
        await claim(one, draw.slot_id)
    with after(21):
        await deciding.run_due()

    assert {one.state for one in await SignUp.all()} == {SignUpState.HELD}
    assert (await Slot.get(id=draw.slot_id)).taken == 2
    assert await broken() == []


async def test_after_the_lots_whoever_comes_takes_a_free_plot_or_joins_the_line(
    community: Community, desk: Actor, plots: Offering
) -> None:
    draw = await seasons.open_season(desk, plots.id, season())
    first, second, third, fourth = await families(community, 4)
    await claim(first, draw.slot_id)
    with after(21):
        assert await gate(second, draw.slot_id) == "too_late"
        assert await openings.page(community.id, None, 5) == []
        await deciding.run_due()
        assert [one.id for one in await openings.page(community.id, None, 5)] == [draw.slot_id]
        assert (await claim(second, draw.slot_id)).state is SignUpState.HELD
    with after(40):
        assert [one.id for one in await openings.next_of_each(community.id, 5)] == [draw.slot_id]
        late = await claim(third, draw.slot_id)
        assert (late.state, late.line) == (SignUpState.WAITING, 1)
        assert await gate(second, draw.slot_id) == "signed_up"
    with after(121):
        assert await gate(fourth, draw.slot_id) == "too_late"
        assert await openings.page(community.id, None, 5) == []

    assert (await drawing.published(draw.slot_id)).applications == draw_of(first, await SignUp.all())
    assert await broken() == []


def draw_of(resident: Resident, made: list[SignUp]) -> list[int]:
    """The numbers of what the resident applied for."""
    return [one.id for one in made if one.resident_id == resident.id]


async def test_who_holds_a_plot_renews_first(community: Community, desk: Actor, plots: Offering) -> None:
    last = await make_slot(plots, capacity=2)
    holder, given_up, stranger = await families(community, 3)
    for one in (holder, given_up):
        await claim(one, last.id)
    first = await SignUp.get(resident_id=given_up.id)
    await signup.cancel(given_up.id, first.id)
    draw = await seasons.open_season(desk, plots.id, season(renew_until=now() + 10 * DAY))
    assert draw.last_slot_id == last.id

    assert await deciding.run_due() == 1
    assert await deciding.run_due() == 0
    assert await told(f"renew_{draw.slot_id}") == [holder.id]
    renewed = await claim(holder, draw.slot_id)
    assert renewed.state is SignUpState.HELD
    assert [await gate(one, draw.slot_id) for one in (given_up, stranger)] == ["renewal_first"] * 2
    with after(11):
        assert {(await claim(one, draw.slot_id)).state for one in (given_up, stranger)} == {
            SignUpState.APPLIED
        }
    with after(21):
        await deciding.run_due()

    states = sorted(one.state for one in await SignUp.filter(slot_id=draw.slot_id))
    assert states == [SignUpState.HELD, SignUpState.HELD, SignUpState.WAITING]
    assert (await SignUp.get(id=renewed.id)).state is SignUpState.HELD
    assert await told("drawn") == [given_up.id, stranger.id]
    assert await broken() == []


async def test_who_held_a_plot_and_is_late_applies_as_everybody(
    community: Community, desk: Actor, plots: Offering
) -> None:
    last = await make_slot(plots, capacity=2)
    (holder,) = await families(community, 1)
    await claim(holder, last.id)
    draw = await seasons.open_season(desk, plots.id, season(renew_until=now() + 10 * DAY))

    with after(11):
        assert (await claim(holder, draw.slot_id)).state is SignUpState.APPLIED


async def test_a_household_has_one_application_for_one_plot(
    community: Community, desk: Actor, plots: Offering
) -> None:
    draw = await seasons.open_season(desk, plots.id, season())
    one, other = await families(community, 2)
    await claim(one, draw.slot_id)
    await one.refresh_from_db()
    await Resident.filter(id=other.id).update(household_id=one.household_id)

    assert await gate(other, draw.slot_id) == "household_full"
    assert await gate((await families(community, 1))[0], draw.slot_id, guests=1) == "party_too_big"


async def test_an_application_that_is_taken_back_is_not_drawn(
    community: Community, desk: Actor, plots: Offering
) -> None:
    draw = await seasons.open_season(desk, plots.id, season())
    stays, leaves, off = [await claim(one, draw.slot_id) for one in await families(community, 3)]
    await signup.cancel(leaves.resident_id, leaves.id)
    await steering.take_off(desk, off.id, "重复登记")
    with after(21):
        await deciding.run_due()

    assert (await drawing.published(draw.slot_id)).applications == [stays.id]
    assert await broken() == []


async def test_no_application_comes_after_the_lots(
    community: Community, desk: Actor, plots: Offering, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An application that passed the gates in time and got the lock too late is refused whole."""
    draw = await seasons.open_season(desk, plots.id, season())
    (late,) = await families(community, 1)
    await Slot.filter(id=draw.slot_id).update(closes_at=now() - timedelta(seconds=1))
    monkeypatch.setattr(gates, "GATES", ())
    monkeypatch.setattr(gates.refusal, "__defaults__", ((),))

    assert await gate(late, draw.slot_id) == "too_late"
    assert await SignUp.all().count() == 0


async def test_a_public_number_joins_the_seed(community: Community, desk: Actor, plots: Offering) -> None:
    source = "双色球 2026 年第 140 期红球"
    draw = await seasons.open_season(desk, plots.id, season(public_source=source))
    made = [await claim(one, draw.slot_id) for one in await families(community, 4)]
    with pytest.raises(Conflict, match="还没截止"):
        await drawing.draw_now(desk, draw.slot_id, "01 02 03 04 05 06")
    with after(21):
        assert await deciding.run_due() == 0
        with pytest.raises(Invalid, match="双色球"):
            await drawing.draw_now(desk, draw.slot_id)
        await drawing.draw_now(desk, draw.slot_id, "01 02 03 04 05 06")
        with pytest.raises(Conflict, match="已经抽过"):
            await drawing.draw_now(desk, draw.slot_id, "07 08 09 10 11 12")

    found = await drawing.published(draw.slot_id)
    assert found.order == lots.order(found.seed or "", "01 02 03 04 05 06", [one.id for one in made])
    assert found.draw.public_source == source


async def test_lots_drawn_twice_at_once_are_drawn_once(
    community: Community, desk: Actor, plots: Offering
) -> None:
    draw = await seasons.open_season(desk, plots.id, season())
    residents = await families(community, 4)
    for one in residents:
        await claim(one, draw.slot_id)
    with after(21):
        _ = await asyncio.gather(
            *(deciding.run_due() for _ in range(3)),
            drawing.draw_now(desk, draw.slot_id),
            return_exceptions=True,
        )

    assert await told("drawn") == [one.id for one in residents]
    assert await AuditEntry.filter(action="slot.draw").count() == 1
    assert await broken() == []


async def test_a_season_that_is_called_off_draws_nothing(
    community: Community, desk: Actor, plots: Offering
) -> None:
    draw = await seasons.open_season(desk, plots.id, season())
    (one,) = await families(community, 1)
    await claim(one, draw.slot_id)
    await steering.call_off(desk, draw.slot_id, "地被征用")
    with after(21):
        await deciding.run_due()
        assert await deciding.run_due() == 0

    assert await told("called_off") == [one.id]
    assert await told("drawn") == []
    assert (await Draw.get(id=draw.id)).drawn_at is None
    assert await broken() == []


@pytest.mark.parametrize(
    "days",
    [
        {"closes_at": -1},
        {"closes_at": 31},
        {"opens_at": 25},
        {"ends_at": 29},
        {"renew_until": 21},
        {"renew_until": -2},
    ],
)
async def test_the_times_of_a_season_stand_the_right_way_round(
    desk: Actor, plots: Offering, days: dict[str, int]
) -> None:
    await make_slot(plots)
    moments: dict[str, datetime] = {name: now() + number * DAY for name, number in days.items()}
    with pytest.raises(Invalid):
        await seasons.open_season(desk, plots.id, season(**moments))
    assert await Draw.all().count() == 0


async def test_a_season_needs_plots_one_to_renew_and_room_for_them(
    community: Community, desk: Actor, plots: Offering
) -> None:
    soon = now() + 10 * DAY
    with pytest.raises(NotFound, match="上一季"):
        await seasons.open_season(desk, plots.id, season(renew_until=soon))
    last = await make_slot(plots, capacity=3)
    for one in await families(community, 3):
        await claim(one, last.id)
    with pytest.raises(Invalid, match="3 户"):
        await seasons.open_season(desk, plots.id, season(renew_until=soon))
    other = await make_slot(await make_offering(community, kind=OfferingKind.PLOT))
    with pytest.raises(NotFound, match="上一季"):
        await seasons.open_season(desk, plots.id, season(renew_until=soon, last_slot_id=other.id))
    with pytest.raises(Conflict, match="菜地"):
        await seasons.open_season(desk, (await make_offering(community)).id, season())


async def test_a_draft_shows_its_draw_to_staff_alone(desk: Actor, plots: Offering) -> None:
    draw = await seasons.open_season(desk, plots.id, season())
    await Offering.filter(id=plots.id).update(state=OfferingState.DRAFT)

    with pytest.raises(NotFound):
        await drawing.published(draw.slot_id)
    assert (await drawing.seen(desk, draw.slot_id)).draw.id == draw.id
    other = await staff_actor(await make_duty(await make_community()))
    for verb in (drawing.seen, drawing.draw_now):
        with pytest.raises(NotFound):
            await verb(other, draw.slot_id)
    _ = line
