"""Cards about sign-ups keep the rules of the platform; the words name what to reply."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from adapters.wechat_fields import fit_fields
from models import Notice, Slot
from sandbox.template_fields import Template, check
from services import notices
from services.slots import pushes
from services.slots.pushes import Payload
from tests.make import make_community, make_offering, make_slot

START = datetime(2026, 12, 1, 6, 0, tzinfo=UTC)
LONG = "很长很长的一个活动名称，长得卡片上放不下，只好截断"


async def _slot(title: str, place: str) -> Slot:
    return await make_slot(
        await make_offering(await make_community(), title=title, place=place), starts_at=START
    )


SAID: dict[str, Callable[[Slot], Payload]] = {
    "offered": lambda slot: pushes.offered(slot, 2, START - timedelta(hours=2)),
    "lapsed": pushes.lapsed,
    "called_off": lambda slot: pushes.called_off(slot, "老师生病"),
    "too_few": lambda slot: pushes.called_off(slot, pushes.too_few(10, 3)),
    "transferred": lambda slot: pushes.transferred(slot, START - timedelta(days=1)),
    "renewal": lambda slot: pushes.renewal(slot, START - timedelta(days=9)),
    "won": lambda slot: pushes.won(slot, 10234),
    "waits": lambda slot: pushes.waits(slot, 10234, 12),
    "survey": lambda slot: pushes.survey(slot, START + timedelta(days=14)),
    "taken_off": lambda slot: pushes.taken_off(slot, "报错了"),
}


@pytest.mark.parametrize("what", SAID)
@pytest.mark.parametrize("title", ["扬剧沙龙", LONG])
@pytest.mark.parametrize("place", ["", "村部"])
async def test_every_card_keeps_the_rules_of_the_platform(db: str, what: str, title: str, place: str) -> None:
    slot = await _slot(title, place)
    layout = notices.LAYOUTS[Notice.PLACE]
    template = Template("t", "标题", {key: name for name, key in layout.slots.items()})

    payload = SAID[what](slot)
    values = fit_fields(notices.template_values(Notice.PLACE, payload["fields"], repeat=False))

    shown = check(template, {key: {"value": value} for key, value in values.items()})
    assert set(layout.slots) <= set(payload["fields"])
    assert shown[layout.slots["name"]][:4] == title[:4]


async def test_an_offer_says_by_when_and_how_to_answer(db: str) -> None:
    slot = await _slot("扬剧沙龙", "")

    said = pushes.offered(slot, 1, START - timedelta(hours=2))["text"]

    assert "接受 扬剧沙龙" in said
    assert "放弃 扬剧沙龙" in said
    assert "12月1日 12:00" in said
