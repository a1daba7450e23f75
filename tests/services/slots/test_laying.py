"""Many slots at once: previewed, made once, never two in one room at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest
import time_machine

from models import (
    AuditEntry,
    Community,
    CommunityDay,
    Offering,
    OfferingKind,
    OfferingState,
    OrganizationMember,
    Role,
    ServiceProject,
    Slot,
)
from services.access import Actor, organization_actor, staff_actor
from services.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from services.slots import laying, offerings, steering
from services.slots.laying import Off, Places
from services.slots.series import Weekly
from services.slots.times import Plan
from tests.make import make_community, make_duty, make_offering, make_organization, make_slot

HOUR = timedelta(hours=1)
TEN = Places(10)
WEEKENDS = Weekly(frozenset({6}), time(9), time(11), date(2026, 9, 19), date(2026, 10, 17))
CUT = (HOUR, timedelta(0))


@pytest.fixture(autouse=True)
def _september() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 9, 1, 4, tzinfo=UTC), tick=True):
        yield


@pytest.fixture
async def community(db: str) -> Community:
    return await make_community()


@pytest.fixture
async def desk(community: Community) -> Actor:
    return await staff_actor(await make_duty(community))


def said(plan: Plan) -> tuple[list[str], dict[str, str]]:
    """Dates that get a slot, and those that do not, with why."""
    return [f"{one.day:%m-%d}" for one in plan.sessions], {
        f"{one.starts_at + 8 * HOUR:%m-%d}": one.code for one in plan.skipped
    }


async def lay(desk: Actor, offering: Offering, *, make: bool, **values: Any) -> Plan:
    given: dict[str, Any] = {"places": TEN, "off": Off()} | values
    return await laying.weekly(desk, offering.id, given.pop("wanted", WEEKENDS), make=make, **given)


async def test_a_series_is_previewed_then_made_once(community: Community, desk: Actor) -> None:
    offering = await make_offering(community)
    await CommunityDay.create(community=community, day=date(2026, 9, 26), working=False)
    off = Off(frozenset({date(2026, 10, 17)}))

    preview = await lay(desk, offering, make=False, off=off)
    assert await Slot.all().count() == 0
    made = await lay(desk, offering, make=True, off=off)

    assert said(preview) == said(made)
    assert said(made) == (
        ["09-19", "10-10"],
        {"09-26": "day_off", "10-03": "holiday", "10-17": "named"},
    )
    slots = await Slot.all().order_by("starts_at")
    assert [one.starts_at for one in slots] == [
        datetime(2026, 9, 19, 1, tzinfo=UTC),
        datetime(2026, 10, 10, 1, tzinfo=UTC),
    ]
    assert {(one.capacity, one.ends_at - one.starts_at) for one in slots} == {(10, 2 * HOUR)}
    assert slots[0].decide_at == slots[0].starts_at - 24 * HOUR
    again = await lay(desk, offering, make=True, off=off)
    assert (again.sessions, await Slot.all().count()) == ((), 2)
    entry = await AuditEntry.get(action="slot.lay")
    assert entry.detail == {"made": 2}


async def test_a_session_called_off_is_not_made_again(community: Community, desk: Actor) -> None:
    offering = await make_offering(community)
    await lay(desk, offering, make=True)
    first = await Slot.all().order_by("starts_at").first()
    assert first is not None
    await steering.call_off(desk, first.id, "老师生病")

    assert said(await lay(desk, offering, make=True))[1]["09-19"] == "called_off"


async def test_a_year_without_published_holidays_is_told(community: Community, desk: Actor) -> None:
    offering = await make_offering(community)
    far = Weekly(frozenset({5}), time(9), time(11), date(2026, 12, 25), date(2027, 1, 8))

    plan = await lay(desk, offering, make=False, wanted=far)

    assert [str(one) for one in plan.unsure] == ["2027-01-01", "2027-01-08"]
    assert len(plan.sessions) == 3


async def test_sign_up_opens_and_closes_so_long_before(community: Community, desk: Actor) -> None:
    offering = await make_offering(community)
    await lay(desk, offering, make=True, places=Places(8, 72 * HOUR, 3 * HOUR))

    for one in await Slot.all():
        assert one.starts_at - one.opens_at == 72 * HOUR
        assert one.starts_at - one.closes_at == 3 * HOUR
    with pytest.raises(Invalid, match="报名"):
        Places(8, HOUR, HOUR)


async def venue(community: Community, **values: Any) -> Offering:
    hours = [
        {"weekday": 6, "opens": "09:00", "closes": "11:00"},
        {"weekday": 6, "opens": "14:00", "closes": "15:30"},
    ]
    return await make_offering(community, kind=OfferingKind.VENUE, opening_hours=hours, **values)


async def open_up(desk: Actor, offering: Offering, *, make: bool = True, **off: Any) -> Plan:
    dates = (date(2026, 10, 3), date(2026, 10, 10))
    return await laying.opening(desk, offering.id, dates, CUT, Places(1), Off(**off), make=make)


async def test_opening_hours_become_slots_and_holidays_may_be_open(community: Community, desk: Actor) -> None:
    room = await venue(community)

    closed = await open_up(desk, room, make=False)
    every = await open_up(desk, room, holidays=False)

    assert ([one.code for one in closed.skipped], len(closed.sessions)) == (["holiday"] * 3, 3)
    assert (len(every.sessions), await Slot.all().count()) == (6, 6)
    assert (await open_up(desk, room, holidays=False)).sessions == ()


async def test_two_slots_of_a_room_never_overlap_whoever_lays_them(community: Community, desk: Actor) -> None:
    room = await venue(community)
    opera = await make_offering(community, venue=room)
    elsewhere = await make_offering(community)
    nine = datetime(2026, 10, 10, 1, tzinfo=UTC)
    await offerings.add_slot(desk, opera.id, nine + HOUR / 2, nine + HOUR, 30)
    await offerings.add_slot(desk, elsewhere.id, nine, nine + HOUR, 30)

    plan = await open_up(desk, room)

    assert [one.code for one in plan.skipped] == ["holiday", "holiday", "holiday", "overlap"]
    for one in (room, opera):
        with pytest.raises(Conflict, match="场地"):
            await offerings.add_slot(desk, one.id, nine + HOUR, nine + 2 * HOUR, 1)
    morning = Weekly(frozenset({6}), time(9), time(11), date(2026, 10, 10), date(2026, 10, 10))
    assert said(await lay(desk, opera, make=True, wanted=morning))[1] == {"10-10": "overlap"}


async def test_two_at_once_make_no_doubles(community: Community, desk: Actor) -> None:
    room = await venue(community)
    opera = await make_offering(community, venue=room)
    morning = Weekly(frozenset({6}), time(9), time(11), date(2026, 10, 10), date(2026, 10, 10))

    _ = await asyncio.gather(
        *(open_up(desk, room) for _ in range(3)),
        *(lay(desk, opera, make=True, wanted=morning) for _ in range(3)),
    )

    found = await Slot.all().order_by("starts_at")
    assert all(one.ends_at <= two.starts_at for one, two in pairwise(found))


async def test_last_week_is_copied_without_what_is_there_or_was_called_off(
    community: Community, desk: Actor
) -> None:
    offering = await make_offering(community)
    monday = datetime(2026, 9, 20, 16, tzinfo=UTC)  # 21 September, midnight in China
    for after, more in ((0, {}), (23.5, {"capacity": 4}), (60, {}), (167.5, {}), (168, {})):
        await make_slot(offering, starts_at=monday + after * HOUR, **more)
    gone = await Slot.get(starts_at=monday + 60 * HOUR)
    await steering.call_off(desk, gone.id, "下雨")
    week = date(2026, 9, 23)

    preview = await laying.next_week(desk, offering.id, week, Off(), make=False)
    made = await laying.next_week(desk, offering.id, week, Off(), make=True)

    assert preview == made
    assert [one.code for one in made.skipped] == ["exists", "was_called_off", "holiday"]
    copied = await Slot.get(starts_at=monday + timedelta(days=7, hours=23.5))
    before = await Slot.get(starts_at=monday + 23.5 * HOUR)
    week_long = timedelta(days=7)
    assert (copied.capacity, copied.closes_at) == (4, before.closes_at + week_long)
    assert copied.opens_at == before.opens_at + week_long
    assert (await laying.next_week(desk, offering.id, week, Off(), make=True)).sessions == ()


async def test_the_manager_of_the_operating_organization_lays_slots_of_it_alone(community: Community) -> None:
    organization = await make_organization(None, community, members=2)
    manager, helper = await OrganizationMember.filter(organization=organization).order_by("id")
    actor = organization_actor(manager, organization.name)
    own, foreign = await venue(community, organization=organization), await venue(community)

    assert (await open_up(actor, own)).sessions
    slot = await Slot.filter(offering=own).first()
    assert slot is not None
    assert (await steering.resize(actor, slot.id, 2)).capacity == 2
    assert [one.id for one in await offerings.page(actor, None, 10)] == [own.id]
    with pytest.raises(NotFound):
        await open_up(actor, foreign)
    with pytest.raises(Forbidden):
        await open_up(organization_actor(helper, organization.name), own)
    with pytest.raises(Forbidden):
        await offerings.change(actor, own.id, {"title": "改名"})
    assert manager.role is Role.ORGANIZATION_MANAGER


async def test_what_cannot_be_laid_is_said(community: Community, desk: Actor) -> None:
    archived = await make_offering(community, state=OfferingState.ARCHIVED)
    plots = await make_offering(community, kind=OfferingKind.PLOT)
    wrong: list[DomainError] = []
    for offering in (archived, plots):
        with pytest.raises(Conflict) as caught:
            await lay(desk, offering, make=True)
        wrong.append(caught.value)
    with pytest.raises(Invalid, match="开放时间"):
        await open_up(desk, await make_offering(community, kind=OfferingKind.VENUE))
    with pytest.raises(Invalid, match="缩短"):
        await laying.opening(
            desk,
            (await venue(community)).id,
            (date(2026, 9, 26), date(2027, 9, 26)),
            (timedelta(minutes=5), timedelta(0)),
            TEN,
            Off(),
            make=False,
        )
    assert ["归档" in wrong[0].message, "菜地" in wrong[1].message] == [True, True]
    assert await Slot.all().count() == 0


async def test_what_an_offering_points_to_must_fit(community: Community, desk: Actor) -> None:
    organization = await make_organization(None, community)
    project = await ServiceProject.create(
        organization=organization, name="向阳花开", starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31)
    )
    room = await venue(community)
    elsewhere = await venue(await make_community())
    made = await offerings.draft(
        desk,
        community.id,
        OfferingKind.ACTIVITY,
        {"title": "书画", "organization_id": organization.id, "project_id": project.id, "venue_id": room.id},
    )

    assert (made.project_id, made.venue_id) == (project.id, room.id)
    with pytest.raises(Invalid, match="一致"):
        await offerings.change(desk, made.id, {"organization_id": None})
    for wrong in ({"venue_id": elsewhere.id}, {"venue_id": made.id}, {"project_id": 999}):
        with pytest.raises(NotFound):
            await offerings.change(desk, made.id, wrong)
    with pytest.raises(NotFound):
        await offerings.change(desk, room.id, {"venue_id": room.id})
    overlapping = [{"weekday": 1, "opens": "09:00", "closes": "10:00"}] * 2
    with pytest.raises(Invalid, match="重叠"):
        await offerings.change(desk, room.id, {"opening_hours": overlapping})
