"""困难, 建议 and 咨询 become appeals with an owner."""

from __future__ import annotations

from models import Appeal, AppealKind, AppealStatus, Conversation, Notice, RoutingDecision
from tests.bot.village import Village, newest, owner, pushed, say


async def test_one_sentence_becomes_an_appeal_with_category_place_and_owner(village: Village) -> None:
    reply = await say("二组老槐树旁边路灯不亮")

    appeal = await newest()
    assert appeal.status is AppealStatus.ASSIGNED
    assert appeal.category.code == "traffic"
    assert appeal.grid_id == village.grids["二组"].id
    assert await owner(appeal) == "二组网格员"
    assert str(appeal.number) in reply
    assert "二组网格员" in reply
    assert f"进度 {appeal.number}" in reply
    assert len(await pushed(Notice.ASSIGNED, "grid-2")) == 1
    decision = await RoutingDecision.get(appeal_id=appeal.id)
    assert decision.ranked[0]["code"] == "traffic"
    assert decision.why
