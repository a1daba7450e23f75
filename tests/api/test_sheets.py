"""Spreadsheets over the admin API: downloads with a name, uploads that are looked at before they are read."""

from __future__ import annotations

import httpx
import pytest

from api.endpoint import XLSX
from models import Community, SignUp, Slot
from services.sheets import xlsx
from tests.api.conftest import Enter
from tests.make import make_community, make_duty, make_offering, make_slot

LIST = xlsx.written("报名表", ["姓名", "电话", "名额"], [["甲", "13800000001", 2], ["乙", "", 1]])


@pytest.fixture
async def community(db: str) -> Community:
    return await make_community()


@pytest.fixture
async def slot(community: Community) -> Slot:
    return await make_slot(await make_offering(community, title="书画室"))


@pytest.fixture
async def desk(community: Community, enter: Enter) -> httpx.AsyncClient:
    return await enter(await make_duty(community))


async def test_a_list_is_signed_up_row_by_row_and_comes_back_as_a_sheet(
    desk: httpx.AsyncClient, slot: Slot
) -> None:
    answer = await desk.post(f"/slots/{slot.id}/bulk-sign-up", content=LIST, headers={"content-type": XLSX})

    assert answer.status_code == 200
    told = answer.json()
    assert (told["written"], told["signed_up"], told["refused"]) == (True, 1, 1)
    assert (told["rows"][1]["row"], told["rows"][1]["reason"]) == (3, "没有填电话。")
    sheet = await desk.get(f"/slots/{slot.id}/attendance-sheet")
    assert sheet.headers["content-type"] == XLSX
    assert "filename*=UTF-8''%E4%B9%A6" in sheet.headers["content-disposition"]
    assert sheet.headers["cache-control"] == "no-store"
    assert xlsx.read(sheet.content)[1][:3] == ["甲", "13800000001", "2"]


async def test_the_template_has_a_column_for_each_question(
    desk: httpx.AsyncClient, community: Community
) -> None:
    slot = await make_slot(await make_offering(community, questions=[{"label": "忌口", "required": True}]))

    template = await desk.get(f"/slots/{slot.id}/sign-up-template")

    assert xlsx.read(template.content) == [["姓名", "电话", "名额", "参加的人", "问题：忌口"]]


@pytest.mark.parametrize(
    ("content", "kind", "status", "code"),
    [
        (b"{}", "application/json", 415, "unsupported_media_type"),
        (LIST, "", 415, "unsupported_media_type"),
        (b"name,phone", XLSX, 422, "invalid"),
        (b"", XLSX, 422, "invalid"),
        (b"x" * (1024 * 1024 + 1), XLSX, 413, "too_large"),
    ],
    ids=["json", "undeclared", "words", "empty", "large"],
)
async def test_what_is_no_list_is_refused_in_words(
    desk: httpx.AsyncClient, slot: Slot, content: bytes, kind: str, status: int, code: str
) -> None:
    headers = {"content-type": kind} if kind else {}

    answer = await desk.post(f"/slots/{slot.id}/bulk-sign-up", content=content, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["detail"]
    assert await SignUp.all().count() == 0


async def test_with_one_row_refused_all_or_nothing_writes_none(desk: httpx.AsyncClient, slot: Slot) -> None:
    answer = await desk.post(
        f"/slots/{slot.id}/bulk-sign-up",
        params={"all_or_nothing": "true"},
        content=LIST,
        headers={"content-type": XLSX},
    )

    assert not answer.json()["written"]
    assert await SignUp.all().count() == 0
