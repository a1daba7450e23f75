"""申诉 in chat: against a block it reaches staff, without one it is an ordinary sentence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from models import Alert, Appeal, Block, Conversation
from tests.bot.village import Village, say


@pytest.fixture
async def block(village: Village) -> Block:
    talk = await Conversation.get(account="oa", openid="resident-1")
    moment = datetime.now(UTC)
    return await Block.create(
        community_id=village.xinlian.id,
        person=f"r{talk.resident_id}",
        resident_id=talk.resident_id,
        absence_id=1,
        times=3,
        until=moment + timedelta(days=30),
        created_at=moment,
    )


async def test_an_appeal_with_its_reason_reaches_staff(village: Village, block: Block) -> None:
    assert "收到了" in await say("申诉 那天在外地回不来")

    await block.refresh_from_db()
    assert block.appeal == "那天在外地回不来"
    assert block.appealed_at is not None
    assert (await Alert.get()).community_id == village.xinlian.id
    assert await Appeal.all().count() == 0


async def test_without_a_reason_it_is_asked_for(village: Village, block: Block) -> None:
    assert "申诉 那天住院了" in await say("申诉")

    await block.refresh_from_db()
    assert block.appealed_at is None


async def test_who_is_not_blocked_is_understood_as_ever(village: Village) -> None:
    await say("申诉 三组路灯不亮")

    assert await Appeal.all().count() == 1
