"""Queueing: with the event or not at all, once, in the order that the rules say."""

from __future__ import annotations

import pytest

from models import Channel, Consent, Conversation, Delivery, DeliveryState, Notice, NoticeRule, writing
from services import deliveries, reach
from services.clock import now
from services.deliveries import Told
from tests.make import make_appeal, make_resident

PAYLOAD = {"text": "说明", "fields": {"number": "1001"}}


async def test_a_push_rolls_back_with_its_event(db: str) -> None:
    resident = await make_resident()

    async def file_and_fail() -> None:
        async with writing():
            await deliveries.queue(Told(Notice.ASSIGNED, resident.id, "event:1", PAYLOAD))
            raise LookupError

    with pytest.raises(LookupError):
        await file_and_fail()

    assert await Delivery.all().count() == 0


async def test_the_same_event_is_told_to_a_person_once_and_to_others_too(db: str) -> None:
    one, other = await make_resident(), await make_resident()
    told = [Told(Notice.ASSIGNED, person.id, "event:1", PAYLOAD) for person in (one, other)]

    async with writing():
        await deliveries.queue(*told, told[0])
        await deliveries.queue(*told)

    rows = await Delivery.all().order_by("resident_id")
    assert [row.resident_id for row in rows] == [one.id, other.id]
    assert {row.dedup_key for row in rows} == {f"event:1:{one.id}:template", f"event:1:{other.id}:template"}


async def test_a_row_carries_all_that_sending_needs(db: str) -> None:
    appeal = await make_appeal()
    told = Told(Notice.PROGRESS, appeal.resident_id, "event:1", PAYLOAD, appeal, assignment_id=7)

    async with writing():
        await deliveries.queue(told)

    row = await Delivery.get()
    assert (row.appeal_id, row.community_id, row.assignment_id) == (appeal.id, appeal.community_id, 7)
    assert (row.state, row.payload, row.repeat) == (DeliveryState.PENDING, PAYLOAD, False)
    assert row.channel is Channel.CUSTOMER
    assert row.next_channels == ["template", "subscribe"]
    assert row.due_at <= now()


async def test_nothing_to_tell_writes_nothing(db: str) -> None:
    await deliveries.queue()

    assert await Delivery.all().count() == 0


async def test_a_rule_replaces_the_order_of_its_notice_alone(db: str) -> None:
    await NoticeRule(notice=Notice.ASSIGNED, channels=["subscribe", "template"]).save()
    resident = await make_resident()

    async with writing():
        await deliveries.queue(
            Told(Notice.ASSIGNED, resident.id, "event:1", PAYLOAD),
            Told(Notice.ALERT, resident.id, "event:2", PAYLOAD),
        )

    ruled, other = await Delivery.all().order_by("id")
    assert (ruled.channel, ruled.next_channels) == (Channel.SUBSCRIBE, ["template"])
    assert other.channel is Channel.TEMPLATE


async def test_every_notice_has_an_order() -> None:
    assert set(deliveries.ORDERS) == set(Notice)
    assert all(deliveries.ORDERS.values())


async def test_what_is_stood_down_is_not_pending_any_more_and_the_rest_is(db: str) -> None:
    appeal = await make_appeal()
    async with writing():
        await deliveries.queue(
            Told(Notice.ALERT, appeal.resident_id, "event:1", PAYLOAD, appeal),
            Told(Notice.PROGRESS, appeal.resident_id, "event:2", PAYLOAD, appeal),
        )

    assert await deliveries.stand_down(appeal.id, {Notice.ALERT}) == 1

    states = {row.notice: row.state for row in await Delivery.all()}
    assert states == {Notice.ALERT: DeliveryState.STOOD_DOWN, Notice.PROGRESS: DeliveryState.PENDING}


def test_whoever_listens_hears_a_wake_until_they_stop() -> None:
    heard: list[int] = []
    silence = deliveries.on_wake(lambda: heard.append(1))

    deliveries.wake()
    silence()
    deliveries.wake()

    assert heard == [1]


async def test_followers_are_live_and_others_only_while_a_way_is_open(db: str) -> None:
    follower, gone, blocked = [await make_resident() for _ in range(3)]
    mini, window, accepted, unknown = [await make_resident(account="mini") for _ in range(4)]
    await Conversation.filter(resident_id=gone.id).update(following=False)
    await Conversation.filter(resident_id=blocked.id).update(reachable=False)
    await Conversation.filter(resident_id=unknown.id).update(account="closed-account")
    await Conversation.filter(resident_id=window.id).update(
        window_until=now().replace(year=2099), window_left=1
    )
    talk = await Conversation.get(resident_id=accepted.id)
    await Consent(conversation=talk, template_id="t", remaining=1).save()
    everybody = [one.id for one in (follower, gone, blocked, mini, window, accepted, unknown)]

    assert await reach.live([*everybody, 10**9]) == {follower.id, window.id, accepted.id}
    assert await reach.live([]) == set()
