"""WeChat took a card and reports afterwards that it never arrived."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models import Alert, Appeal, Assignment, AssignmentEnd, Conversation, Delivery, DeliveryState, Notice
from services.clock import now
from tests.bot.village import Village, event, newest, owner, pushed, say, send


async def _told(openid: str = "grid-3") -> tuple[Appeal, Delivery]:
    """An appeal in their hands, whose card WeChat took."""
    await say("三组路灯不亮")
    (card,) = await pushed(Notice.ASSIGNED, openid)
    taken = {"state": DeliveryState.SENT, "sent_at": now(), "provider_id": "200163836", "account": "oa"}
    await Delivery.filter(id=card.id).update(**taken)
    return await newest(), card


async def _report(status: str, openid: str = "grid-3") -> str:
    incoming = event("TEMPLATESENDJOBFINISH", openid, status=status)
    return await send(replace(incoming, msg_id="200163836"))


async def test_an_owner_who_blocks_the_account_loses_the_appeal_and_who_supervises_hears(
    village: Village,
) -> None:
    appeal, card = await _told()
    await Delivery.filter(id=card.id).update(next_channels=[])

    assert await _report("failed:user block") == ""

    await card.refresh_from_db()
    assert card.state is DeliveryState.DEAD
    assert await owner(appeal) != "三组网格员"
    assert await Assignment.filter(appeal_id=appeal.id, ended_as=AssignmentEnd.UNREACHABLE).count() == 1
    assert await Alert.all().count() == 1
    assert not (await Conversation.get(openid="grid-3")).reachable


@pytest.mark.parametrize("status", ["failed:user block", "failed: system failed"])
async def test_the_next_channel_has_its_turn(village: Village, status: str) -> None:
    appeal, card = await _told()

    await _report(status)

    rows = await pushed(Notice.ASSIGNED, "grid-3")
    assert [(one.channel.value, one.state.value) for one in rows] == [
        ("template", "fell_back"),
        ("customer", "pending"),
    ]
    assert rows[0].id == card.id
    assert await owner(appeal) == "三组网格员"


async def test_a_card_that_arrived_stays_as_it_is(village: Village) -> None:
    _, card = await _told()

    await _report("success")

    await card.refresh_from_db()
    assert card.state is DeliveryState.SENT
    assert (await Conversation.get(openid="grid-3")).reachable
