"""Cards around the day keep the rules of the platform, and name what to reply."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from adapters.wechat_fields import fit_fields
from models import Notice, Slot
from sandbox.template_fields import Template, check
from services import notices
from services.slots import day_pushes
from services.slots.pushes import Payload
from tests.make import make_community, make_offering, make_slot

START = datetime(2026, 12, 31, 15, 30, tzinfo=UTC)
UNTIL = START + timedelta(days=30)
LONG = "很长很长的一个活动名称，长得卡片上放不下，只好截断"

SAID: dict[str, tuple[Notice, Callable[[Slot], Payload]]] = {
    "evening": (Notice.REMINDER, lambda slot: day_pushes.reminder(slot, tomorrow=True, may_cancel=True)),
    "soon": (Notice.REMINDER, lambda slot: day_pushes.reminder(slot, tomorrow=False, may_cancel=False)),
    "absent": (Notice.PLACE, lambda slot: day_pushes.absent(slot, 1, 1, 3, 90)),
    "blocked": (Notice.PLACE, lambda slot: day_pushes.blocked(slot, 2, 3, 90, UNTIL)),
    "lifted": (Notice.PLACE, lambda slot: day_pushes.lifted(slot, "工作人员说：情况属实")),
    "kept": (Notice.PLACE, lambda slot: day_pushes.kept(slot, UNTIL, "前两次也没来")),
}


@pytest.mark.parametrize("what", SAID)
@pytest.mark.parametrize("title", ["扬剧沙龙", LONG])
async def test_every_card_keeps_the_rules_of_the_platform(db: str, what: str, title: str) -> None:
    slot = await make_slot(await make_offering(await make_community(), title=title), starts_at=START)
    notice, words = SAID[what]
    layout = notices.LAYOUTS[notice]
    template = Template("t", "标题", {key: name for name, key in layout.slots.items()})

    payload = words(slot)
    values = fit_fields(notices.template_values(notice, payload["fields"], repeat=False))

    shown = check(template, {key: {"value": value} for key, value in values.items()})
    assert set(layout.slots) <= set(payload["fields"])
    assert shown[layout.slots["name"]][:4] == title[:4]


async def test_words_name_the_way_out(db: str) -> None:
    slot = await make_slot(
        await make_offering(await make_community(), title="守岁", place="村部"), starts_at=START
    )

    assert "明天 23:30 开始，村部" in SAID["evening"][1](slot)["text"]
    assert "回复：取消 守岁" in SAID["evening"][1](slot)["text"]
    assert "取消" not in SAID["soon"][1](slot)["text"]
    assert "回复：申诉" in SAID["blocked"][1](slot)["text"]
    assert "满 3 次" in SAID["absent"][1](slot)["text"]
