"""Offerings: drafted by one, approved by another; times and ages the right way round."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from models import Community, Offering, OfferingKind, OfferingState, Slot, SlotState
from services.access import Actor, staff_actor
from services.errors import Conflict, Forbidden, IllegalMove, Invalid, NotFound
from services.slots import offerings
from tests.make import make_community, make_duty, make_offering, make_slot

NEXT_WEEK = datetime.now(UTC) + timedelta(days=7)
HOUR = timedelta(hours=1)


@pytest.fixture
async def community(db: str) -> Community:
    return await make_community()


@pytest.fixture
async def desk(community: Community) -> Actor:
    return await staff_actor(await make_duty(community))


async def draft(actor: Actor, community: Community, **values: object) -> Offering:
    return await offerings.draft(actor, community.id, OfferingKind.ACTIVITY, {"title": "扬剧沙龙"} | values)


async def test_who_wrote_the_words_does_not_approve_them(community: Community, desk: Actor) -> None:
    made = await draft(desk, community)
    with pytest.raises(Forbidden, match="另一位"):
        await offerings.move(desk, made.id, OfferingState.PUBLISHED)

    other = await staff_actor(await make_duty(community))
    moved = await offerings.move(other, made.id, OfferingState.PUBLISHED)

    assert (moved.state, moved.approved_by_id) == (OfferingState.PUBLISHED, other.staff_id)


async def test_new_words_of_a_published_offering_are_approved_anew(community: Community, desk: Actor) -> None:
    made = await make_offering(community)

    assert (await offerings.change(desk, made.id, {"party_most": 2})).state is OfferingState.PUBLISHED
    changed = await offerings.change(desk, made.id, {"title": "新名称"})

    assert (changed.state, changed.approved_by_id) == (OfferingState.DRAFT, None)


@pytest.mark.parametrize(
    "words",
    [
        {"questions": [{"label": "有没有忌口", "required": True}]},
        {"survey": [{"label": "讲得好吗", "kind": "rating"}]},
        {"tags": ["老人"]},
    ],
)
async def test_whatever_residents_read_is_approved_anew(
    community: Community, desk: Actor, words: dict[str, object]
) -> None:
    made = await make_offering(community)

    assert (await offerings.change(desk, made.id, words)).state is OfferingState.DRAFT


async def test_new_words_of_a_closed_offering_are_not_read_unapproved(
    community: Community, desk: Actor
) -> None:
    made = await make_offering(community, state=OfferingState.CLOSED)

    assert (await offerings.change(desk, made.id, {"title": "新名称"})).state is OfferingState.DRAFT
    with pytest.raises(Forbidden, match="另一位"):
        await offerings.move(desk, made.id, OfferingState.PUBLISHED)


async def test_an_offering_does_not_move_into_a_room_that_is_taken_at_its_times(
    community: Community, desk: Actor
) -> None:
    room = await make_offering(community, kind=OfferingKind.VENUE)
    there = await make_slot(room)
    made = await make_offering(community)
    await make_slot(made, starts_at=there.starts_at + timedelta(hours=1))

    with pytest.raises(Conflict, match="场地已经有安排"):
        await offerings.change(desk, made.id, {"venue_id": room.id})
    await Slot.filter(id=there.id).update(state=SlotState.CALLED_OFF)
    assert (await offerings.change(desk, made.id, {"venue_id": room.id})).venue_id == room.id


@pytest.mark.parametrize("before", list(OfferingState))
@pytest.mark.parametrize("after", list(OfferingState))
async def test_the_table_of_states_is_kept(
    community: Community, desk: Actor, before: OfferingState, after: OfferingState
) -> None:
    made = await make_offering(community, state=before)
    if after in offerings.NEXT[before]:
        assert (await offerings.move(desk, made.id, after)).state is after
        return
    with pytest.raises(IllegalMove):
        await offerings.move(desk, made.id, after)


async def test_what_belongs_to_another_community_is_not_found(community: Community) -> None:
    made = await make_offering(community)
    stranger = await staff_actor(await make_duty(await make_community()))

    with pytest.raises(NotFound):
        await offerings.change(stranger, made.id, {"title": "别人的"})
    with pytest.raises(Forbidden):
        await draft(stranger, community)


async def test_ages_and_times_stand_the_right_way_round(community: Community, desk: Actor) -> None:
    with pytest.raises(Invalid, match="年龄"):
        await draft(desk, community, age_from=12, age_until=6)
    made = await draft(desk, community)

    with pytest.raises(Invalid, match="时间顺序"):
        await offerings.add_slot(desk, made.id, NEXT_WEEK, NEXT_WEEK, 10)
    with pytest.raises(Invalid, match="时间顺序"):
        await offerings.add_slot(desk, made.id, NEXT_WEEK, NEXT_WEEK + HOUR, 10, opens_at=NEXT_WEEK + HOUR)
    slot = await offerings.add_slot(desk, made.id, NEXT_WEEK, NEXT_WEEK + HOUR, 10)
    assert (slot.closes_at, slot.taken) == (NEXT_WEEK, 0)


async def test_an_organization_that_does_not_exist_is_said(community: Community, desk: Actor) -> None:
    with pytest.raises(NotFound, match="社会组织"):
        await draft(desk, community, organization_id=999)


async def test_a_slot_that_is_over_is_not_added(community: Community, desk: Actor) -> None:
    made = await draft(desk, community)
    past = datetime.now(UTC) - timedelta(days=1)

    with pytest.raises(Invalid, match="已经过去"):
        await offerings.add_slot(desk, made.id, past, past + HOUR, 5, opens_at=past - HOUR)
