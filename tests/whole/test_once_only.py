"""WeChat tries three times; residents see one appeal."""

from __future__ import annotations

import asyncio

import httpx

from models import Appeal, Assignment, Delivery, InboundMessage
from tests.whole.caller import Message, post, words


async def test_three_tries_at_once_to_two_processes_are_one_appeal_and_three_equal_replies(
    two_services: tuple[str, str], http: httpx.AsyncClient
) -> None:
    messages = [Message(f"三组的路灯坏了{n}天了", openid=f"storm-{n}") for n in range(1, 21)]
    for message in messages:
        tries = [post(http, two_services[n % 2], message.signed()) for n in range(3)]
        answers = await asyncio.gather(*tries)
        said = {words(one, message.openid) for one in answers}
        assert len(said) == 1
        assert "路" in said.pop()

    assert await Appeal.all().count() == len(messages)
    assert await Assignment.filter(ended_at=None).count() == len(messages)
    assert await InboundMessage.all().count() == len(messages)
    keys = await Delivery.all().values_list("dedup_key", flat=True)
    assert len(keys) == len(set(keys)) > 0


async def test_a_captured_request_sent_again_changes_nothing(
    two_services: tuple[str, str], http: httpx.AsyncClient
) -> None:
    message = Message("三组的路灯坏了", openid="replayed")
    captured = message.signed()
    first = await post(http, two_services[0], captured)
    again = [await post(http, address, captured) for address in two_services * 3]

    assert {words(one, message.openid) for one in again} == {words(first, message.openid)}
    assert await Appeal.all().count() == 1
