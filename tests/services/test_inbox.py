"""The inbox: one row a message, one worker at a time, one stored reply."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from models import Delivery, InboundMessage, InboundState, ReplyMode, writing
from services import inbox
from services.clock import now
from services.inbox import Inbound, Overtaken
from tests.make import make_resident


async def _received(key: str = "m:1") -> Inbound:
    return await inbox.receive("oa", "resident-1", key, {"text": "你好"})


async def _expire(inbound: Inbound) -> None:
    await InboundMessage.filter(id=inbound.id).update(lease_until=now() - timedelta(seconds=1))


async def test_of_many_tries_one_gets_the_work(db: str) -> None:
    rows = await asyncio.gather(*(_received() for _ in range(8)))

    assert sum(one.ours for one in rows) == 1
    assert len({one.id for one in rows}) == 1
    assert await InboundMessage.all().count() == 1


async def test_a_finished_row_tells_its_reply(db: str) -> None:
    row = await _received()
    async with writing():
        assert await inbox.finish(row, "您好", 1) is ReplyMode.PASSIVE

    again = await _received()
    assert not again.ours
    assert again.words == "您好"


async def test_only_the_first_of_two_finishes(db: str) -> None:
    row = await _received()
    async with writing():
        _ = await inbox.finish(row, "一", 1)
    with pytest.raises(Overtaken):
        async with writing():
            await inbox.finish(row, "二", 1)

    assert (await inbox.look(row.id)).words == "一"


async def test_the_guard_and_the_end_of_the_work_agree_on_one_way(db: str) -> None:
    resident = await make_resident()
    row = await _received()
    assert await inbox.defer(row.id)
    assert not await inbox.defer(row.id)
    async with writing():
        assert await inbox.finish(row, "您好", resident.id) is ReplyMode.DEFERRED

    assert (await inbox.look(row.id)).words == ""
    assert (await Delivery.get()).payload["text"] == "您好"


async def test_after_the_work_is_done_the_guard_comes_too_late(db: str) -> None:
    row = await _received()
    async with writing():
        _ = await inbox.finish(row, "您好", 1)

    assert not await inbox.defer(row.id)


async def test_words_that_nobody_waits_for_any_more_are_pushed(db: str) -> None:
    resident = await make_resident()
    row = await _received()
    await InboundMessage.filter(id=row.id).update(received_at=now() - timedelta(seconds=20))
    async with writing():
        assert await inbox.finish(row, "您好", resident.id) is ReplyMode.DEFERRED

    assert await Delivery.all().count() == 1


async def test_a_lease_that_is_over_is_taken_by_exactly_one(db: str) -> None:
    row = await _received()
    assert not await inbox.take_over(row)
    await _expire(row)
    seen = await inbox.look(row.id)

    taken = await asyncio.gather(*(inbox.take_over(seen) for _ in range(6)))

    assert sorted(taken) == [False] * 5 + [True]
    assert (await inbox.look(row.id)).attempts == 2


async def test_the_worker_takes_expired_rows_alone_and_their_words_go_by_push(db: str) -> None:
    row = await _received()
    _ = await _received("m:2")
    await _expire(row)

    taken = await inbox.take_over_expired(10)

    assert [one.id for one in taken] == [row.id]
    assert taken[0].mode is ReplyMode.DEFERRED
    assert await inbox.take_over_expired(10) == []


async def test_a_failure_waits_longer_each_time(db: str) -> None:
    row = await _received()
    await inbox.postpone(row)

    stored = await InboundMessage.get(id=row.id)
    assert stored.lease_until > now() + timedelta(seconds=10)
    assert (stored.state, stored.mode) == (InboundState.RECEIVED, ReplyMode.DEFERRED)


async def test_giving_up_loses_against_an_answer(db: str) -> None:
    row = await _received()
    async with writing():
        _ = await inbox.finish(row, "您好", 1)
        assert not await inbox.give_up(row, "稍后")
