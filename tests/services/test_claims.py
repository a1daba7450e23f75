"""Many workers at one table: each delivery is sent once, and the harness can show when it is not."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import pytest

from models import Conversation, Delivery, DeliveryState, Notice
from services import channels, claims, halts, sending
from services.clock import now
from tests.outside import CUSTOMER, Outside, end_leases, make_reachable, outside, rows_of, tell

PEOPLE, EACH = 6, 4


@pytest.fixture
async def wechat(db: str) -> AsyncIterator[Outside]:
    async with outside() as running:
        yield running


async def _much_to_send(wechat: Outside) -> None:
    for person in range(PEOPLE):
        resident = await make_reachable(wechat, f"resident-{person}", window=5)
        for number in range(EACH):
            await tell(resident, Notice.PROGRESS, event=f"event:{number}", words=f"第{number}步")


async def _worker(wechat: Outside) -> None:
    sent = 1
    while sent:
        sent = await sending.send_due(wechat.clients, limit=5)


def _sends(wechat: Outside) -> Counter[str]:
    return Counter(f"{one.openid} {one.body['text']}" for one in wechat.calls(CUSTOMER))


async def test_four_workers_at_once_send_every_message_once(wechat: Outside) -> None:
    await _much_to_send(wechat)

    _ = await asyncio.gather(*(asyncio.create_task(_worker(wechat)) for _ in range(4)))

    sends = _sends(wechat)
    assert len(sends) == PEOPLE * EACH
    assert set(sends.values()) == {1}
    assert await Delivery.filter(state=DeliveryState.SENT).count() == PEOPLE * EACH


async def test_without_the_guard_the_same_workers_send_messages_twice(
    wechat: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: every worker takes whatever is pending, and begins it."""

    async def take_all(limit: int) -> list[Delivery]:
        return await Delivery.filter(state=DeliveryState.PENDING)

    async def begin(delivery: Delivery, line: channels.Line, *, repeat: bool) -> claims.Spent:
        return claims.Spent()

    monkeypatch.setattr(claims, "claim", take_all)
    monkeypatch.setattr(claims, "begin", begin)
    await _much_to_send(wechat)
    # The platform's own limit would hide doubles behind a refusal.
    for person in range(PEOPLE):
        for _ in range(5):
            wechat.written(f"resident-{person}")

    _ = await asyncio.gather(*(asyncio.create_task(sending.send_due(wechat.clients)) for _ in range(4)))

    assert max(_sends(wechat).values()) > 1


async def test_what_one_person_gets_keeps_its_order(wechat: Outside) -> None:
    await _much_to_send(wechat)

    await _worker(wechat)

    for person in range(PEOPLE):
        steps = [one.text[-3:] for one in wechat.shown(f"resident-{person}")]
        assert steps == [f"第{number}步" for number in range(EACH)]


async def test_rows_claimed_by_a_killed_worker_that_sent_none_come_without_a_mark(wechat: Outside) -> None:
    resident = await make_reachable(wechat, "resident-1", window=5)
    await tell(resident, Notice.PROGRESS)
    assert len(await claims.claim(10)) == 1
    await end_leases()

    _ = await wechat.send_all()

    (words,) = wechat.shown("resident-1")
    assert "可能重复" not in words.text
    assert (await Delivery.get()).attempts == 1


async def test_a_send_does_not_begin_on_a_halt_that_came_after_the_batch_was_read(wechat: Outside) -> None:
    resident = await make_reachable(wechat, "grid-1")
    await tell(resident)
    (row,) = await claims.claim(10)
    line = channels.way(row, row.channel, await channels.look({resident.id}), now())
    assert isinstance(line, channels.Line)
    assert await halts.halt("oa", halts.EVERYTHING, code=48004, until=None)

    assert await claims.begin(row, line, repeat=False) is None
    assert (await Delivery.get()).attempts == 0


async def test_a_window_is_given_back_when_the_send_cannot_begin(wechat: Outside) -> None:
    resident = await make_reachable(wechat, "resident-1", window=5)
    await tell(resident, Notice.PROGRESS)
    (row,) = await claims.claim(10)
    line = channels.way(row, row.channel, await channels.look({resident.id}), now())
    assert isinstance(line, channels.Line)
    await end_leases()

    assert await claims.begin(row, line, repeat=False) is None

    assert (await Conversation.get(openid="resident-1")).window_left == 5
    assert await rows_of(resident) == [("customer", "pending")]
