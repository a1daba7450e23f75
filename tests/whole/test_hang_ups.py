"""Callers that hang up in the middle harm nothing."""

from __future__ import annotations

import asyncio
from urllib.parse import urlencode, urlsplit

import httpx

from models import Appeal, Assignment, InboundMessage, InboundState
from tests.running import until
from tests.whole.caller import Message, post, words

CALLERS = 3000
AT_ONCE = 60


async def _hang_up(address: str, message: Message) -> None:
    parts = urlsplit(address)
    request = message.signed()
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    head = (
        f"POST /wechat/oa?{urlencode(request.query)} HTTP/1.1\r\nHost: test\r\n"
        f"Content-Type: text/xml\r\nContent-Length: {len(request.body)}\r\n\r\n"
    )
    writer.write(head.encode() + request.body)
    await writer.drain()
    # Hanging up at another point each time: before, during and after the work.
    for _ in range(message.msg_id % 40):
        await asyncio.sleep(0)
    writer.transport.abort()
    await asyncio.wait({asyncio.ensure_future(reader.read())})


async def test_three_thousand_callers_that_hang_up_leave_pool_and_locks_healthy_and_lose_nothing(
    two_services: tuple[str, str], http: httpx.AsyncClient
) -> None:
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(number: int) -> None:
        async with gate:
            text = "你好" if number % 10 else "三组的路灯坏了"
            await _hang_up(two_services[number % 2], Message(text, openid=f"hung-{number}"))

    await asyncio.gather(*(one(number) for number in range(CALLERS)))
    await until(_all_done, seconds=240)
    after = Message("三组的路灯不亮了", openid="afterwards")
    answers = [await post(http, address, after.signed()) for address in two_services]

    assert {words(one, after.openid) for one in answers} == {words(answers[0], after.openid)} != {""}
    kept = await InboundMessage.filter(openid__startswith="hung-", state=InboundState.DONE).count()
    # A connection may die before its request is read; what was read is kept and done.
    assert kept > CALLERS // 2
    assert await Appeal.all().count() == await Assignment.filter(ended_at=None).count() > 1


async def _all_done() -> bool:
    return not await InboundMessage.filter(state=InboundState.RECEIVED).exists()
