"""The row of a conversation: created, locked and read by one statement."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from models import Conversation, Resident, writing
from services import conversations
from services.clock import now
from services.conversations import Talk


async def _locked(openid: str = "stranger", *, wrote: bool = True) -> Talk:
    async with writing():
        return await conversations.lock("oa", openid, wrote=wrote)


async def test_a_stranger_becomes_a_resident_once(db: str) -> None:
    talks = await asyncio.gather(*(_locked() for _ in range(8)))

    assert len({one.resident_id for one in talks}) == 1
    assert sum(one.newcomer for one in talks) == 1
    assert await Resident.all().count() == 1
    assert (await Conversation.get()).version == 8


async def test_what_many_messages_write_at_once_is_not_lost(db: str) -> None:
    async def add() -> None:
        async with writing():
            talk = await conversations.lock("oa", "stranger")
            talk.more += "x"
            await conversations.save(talk)

    await asyncio.gather(*(add() for _ in range(20)))

    assert (await Conversation.get()).more == "x" * 20


async def test_a_message_opens_the_customer_window_and_shows_that_they_follow(db: str) -> None:
    await _locked(wrote=False)
    assert not (await Conversation.get()).following

    await _locked()

    row = await Conversation.get()
    assert row.following
    assert row.window_left == 5
    assert row.window_until is not None
    assert row.window_until > now() + timedelta(hours=47)


async def test_a_menu_click_opens_a_minute_but_never_shortens_a_longer_window(db: str) -> None:
    talk = await _locked(wrote=False)
    conversations.open_menu_window(talk)
    assert talk.window_left == 3

    talk.window_until, talk.window_left = talk.moment + timedelta(hours=48), 5
    conversations.open_menu_window(talk)
    assert talk.window_left == 5
    assert talk.window_until == talk.moment + timedelta(hours=48)


async def test_a_menu_click_opens_its_minute_when_the_longer_window_is_used_up(db: str) -> None:
    talk = await _locked(wrote=False)
    talk.window_until, talk.window_left = talk.moment + timedelta(hours=40), 0

    conversations.open_menu_window(talk)

    assert talk.window_left == 3
    assert talk.window_until == talk.moment + timedelta(minutes=1)


async def test_a_question_survives_in_the_row_and_ends_after_ten_minutes(db: str) -> None:
    async with writing():
        talk = await conversations.lock("oa", "stranger")
        talk.ask("place", number=1024)
        talk.about(1024)
        await conversations.save(talk)

    again = await _locked()
    assert again.question == {"kind": "place", "number": 1024}
    assert again.recent_appeal_id == 1024
    again.moment += timedelta(minutes=10, seconds=1)
    assert again.question is None
    assert again.recent_appeal_id is None


async def test_an_answer_is_expected_for_three_days(db: str) -> None:
    talk = await _locked()
    talk.asked_id, talk.asked_at = 1024, talk.moment - timedelta(days=2)
    assert talk.asked_appeal_id == 1024
    talk.asked_at = talk.moment - timedelta(days=4)
    assert talk.asked_appeal_id is None
