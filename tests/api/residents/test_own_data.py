"""What is known of me is given to me, and forgotten when I say so."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

import settings
from models import (
    Absence,
    Appeal,
    AppealEvent,
    AppealStatus,
    Attachment,
    AttachmentKind,
    AuditEntry,
    Certificate,
    Conversation,
    Delivery,
    Dependant,
    InboundMessage,
    Resident,
    SignUp,
    Slot,
    Survey,
    Urgency,
    connection,
)
from services.clock import now
from tests.api.residents.conftest import LogIn
from tests.make import (
    make_appeal,
    make_community,
    make_duty,
    make_grid,
    make_grid_member,
    make_offering,
    make_slot,
)
from tests.services.slots.truth import broken

SECRETS = ("老师很耐心", "三组志愿者", "小宝", "13812345678", "3组12号", "我家楼上漏水", "会一点", "海鲜过敏")


@pytest.fixture
async def me(log_in: LogIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[LogIn, Resident]:
    """Somebody of whom a lot is known."""
    chosen = settings.load().model_copy(update={"media_dir": str(tmp_path)})
    monkeypatch.setattr(settings, "load", lambda: chosen)
    community = await make_community()
    _ = await make_duty(community)
    member = await make_grid_member(await make_grid(community))
    client = await log_in("mini-1")
    resident = await Resident.get(id=(await client.get("/me")).json()["resident_id"])
    await resident.update_from_dict(
        {"community_id": community.id, "phone": "13812345678", "address": "3组12号"}
    ).save()
    body = {"kind": "child", "name": "小宝", "born": "2018-05-01", "needs": "海鲜过敏", "consent": True}
    child = (await client.post("/me/dependants", json=body)).json()
    slot = await make_slot(await make_offering(community))
    answers = {"people": ["me", child["key"]], "answers": {"会不会游泳": "会一点"}}
    _ = (await client.post(f"/slots/{slot.id}/sign-ups", json=answers)).raise_for_status()
    appeal = await make_appeal(
        community, resident=resident, holder=member, text="我家楼上漏水", place="3组12号"
    )
    (tmp_path / "leak.jpg").write_bytes(b"photo")
    _ = await Attachment.create(appeal=appeal, kind=AttachmentKind.IMAGE, account="mini", path="leak.jpg")
    _ = await InboundMessage.create(
        account="mini",
        openid="mini-1",
        key="1",
        payload={"text": "我家楼上漏水"},
        lease_until=now(),
        received_at=now(),
        reply="已受理",
    )
    made = await SignUp.get()
    asked: dict[str, Any] = {"sign_up_id": made.id, "slot_id": made.slot_id, "offered_at": now()}
    await Survey.create(**asked, ratings={"总体满意吗": 4}, words='{"想说的话": "老师很耐心"}')
    paper: dict[str, Any] = {
        "number": "V1",
        "code": "abc",
        "name": "三组志愿者",
        "minutes": 60,
        "issued_at": now(),
    }
    days: dict[str, Any] = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 2, 1)}
    await Certificate.create(**paper, **days, resident=resident, community=community)
    return log_in, resident


async def test_everything_that_is_known_is_given(me: tuple[LogIn, Resident]) -> None:
    client = await me[0]("mini-1")

    given = await client.get("/me/export")

    assert all(words in given.text for words in SECRETS)
    assert "resident.export" in [one.action for one in await AuditEntry.all()]


async def test_who_was_signed_up_and_who_stayed_away_is_given_by_name(me: tuple[LogIn, Resident]) -> None:
    log_in, resident = me
    made, child = await SignUp.get(), await Dependant.get()
    await Resident.filter(id=resident.id).update(name="张三")
    place: dict[str, Any] = {"community_id": made.community_id, "slot_id": made.slot_id, "at": now()}
    await Absence.create(**place, sign_up_id=made.id, person=f"d{child.id}")

    given = (await (await log_in("mini-1")).get("/me/export")).json()["subjects"]

    assert given["sign_ups"][0]["people"] == [
        {"key": f"r{resident.id}", "name": "张三"},
        {"key": f"d{child.id}", "name": "小宝"},
    ]
    (absence,) = given["absences"]
    assert (absence["person"], absence["name"], absence["excused"]) == (f"d{child.id}", "小宝", False)
    assert absence["title"] == given["sign_ups"][0]["title"]


async def test_whoever_is_forgotten_leaves_no_words_behind(
    me: tuple[LogIn, Resident], tmp_path: Path
) -> None:
    log_in, resident = me
    client = await log_in("mini-1")

    assert (await client.post("/me/erase", json={"really": False})).status_code == 422
    assert (await client.post("/me/erase", json={"really": True})).status_code == 204

    assert (await client.get("/me")).status_code == 401
    appeal = await Appeal.get()
    assert (appeal.status, appeal.text, appeal.place) == (AppealStatus.CANCELLED, "", "")
    assert {one.words for one in await AppealEvent.all()} == {""}
    assert [one.name for one in await Dependant.all()] == [""]
    assert (await SignUp.get()).answers == ""
    assert (await Survey.get()).words == ""
    assert (await Slot.get()).taken == 0
    assert not (tmp_path / "leak.jpg").exists()
    assert await broken() == []
    await _holds_no_words(await Resident.get(id=resident.id))


TABLES = ("conversation", "inbound_message", "appeal", "appeal_event", "kept_answer", "certificate")


async def _holds_no_words(resident: Resident) -> None:
    assert (resident.name, resident.phone, resident.phone_hash, resident.address) == ("", "", None, "")
    for table in (
        "conversation",
        "inbound_message",
        "appeal",
        "appeal_event",
        "kept_answer",
        "survey",
        "certificate",
    ):
        rows = str(await connection().execute_query_dict(f"SELECT * FROM {table}"))
        assert "mini-1" not in rows, table
        assert not any(words in rows for words in SECRETS), table
    for one in await Delivery.filter(resident_id=resident.id):
        assert one.payload["text"] == ""


async def test_who_comes_back_is_a_stranger(me: tuple[LogIn, Resident]) -> None:
    log_in, resident = me
    _ = await (await log_in("mini-1")).post("/me/erase", json={"really": True})

    again = (await (await log_in("mini-1")).get("/me")).json()

    assert again["resident_id"] != resident.id
    assert await Conversation.all().count() >= 2


async def test_an_open_emergency_and_a_post_stand_in_the_way(me: tuple[LogIn, Resident]) -> None:
    log_in, resident = me
    client = await log_in("mini-1")
    await Appeal.all().update(urgency=Urgency.EMERGENCY)
    urgent = await client.post("/me/erase", json={"really": True})
    await Appeal.all().update(urgency=Urgency.NORMAL)
    grid = await make_grid(await make_community())
    _ = await make_grid_member(grid, resident=resident)
    post = await client.post("/me/erase", json={"really": True})

    assert (urgent.status_code, post.status_code) == (409, 409)
    assert "险情" in urgent.json()["detail"]
    assert (await Appeal.get()).text == "我家楼上漏水"
