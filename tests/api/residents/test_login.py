"""Logging in to the mini-program: WeChat's code once, tokens that rotate, a session key that stays inside."""

from __future__ import annotations

import httpx
import pytest

from models import Conversation, Resident, ResidentSession, writing
from services import auth
from tests.api.residents.conftest import LogIn
from tests.make import make_community, make_duty
from tests.outside import Outside


def _code(wechat: Outside, openid: str = "mini-1", account: str = "mini") -> dict[str, str]:
    return {"code": wechat.platform.codes.issue("login", account, openid).value}


async def test_a_code_logs_in_and_the_session_key_stays_inside(
    caller: httpx.AsyncClient, wechat: Outside
) -> None:
    answer = await caller.post("/auth/wechat", json=_code(wechat))

    assert answer.status_code == 200
    assert "session_key" not in answer.text
    headers = {"authorization": f"Bearer {answer.json()['access_token']}"}
    me = (await caller.get("/me", headers=headers)).json()
    talk = await Conversation.get(account="mini", openid="mini-1")
    assert me["resident_id"] == talk.resident_id
    assert talk.window_until is None


async def test_a_code_works_once_and_a_made_up_one_never(caller: httpx.AsyncClient, wechat: Outside) -> None:
    body = _code(wechat)
    _ = (await caller.post("/auth/wechat", json=body)).raise_for_status()

    for refused in (body, {"code": "made-up"}, _code(wechat, account="oa")):
        answer = await caller.post("/auth/wechat", json=refused)
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")
    assert await ResidentSession.all().count() == 1


async def test_logging_in_again_is_the_same_resident(log_in: LogIn) -> None:
    first = (await (await log_in("mini-1")).get("/me")).json()
    again = (await (await log_in("mini-1")).get("/me")).json()

    assert first["resident_id"] == again["resident_id"]
    assert await Resident.all().count() == 1


async def test_a_platform_that_does_not_answer_is_told_as_such(
    caller: httpx.AsyncClient, wechat: Outside
) -> None:
    body = _code(wechat)
    wechat.fault("/sns/jscode2session", errcode=-1)

    answer = await caller.post("/auth/wechat", json=body)

    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")


async def test_refresh_tokens_rotate_and_a_copied_one_ends_the_login(
    caller: httpx.AsyncClient, wechat: Outside
) -> None:
    first = (await caller.post("/auth/wechat", json=_code(wechat))).json()
    second = (await caller.post("/auth/refresh", json={"refresh_token": first["refresh_token"]})).json()

    copied = await caller.post("/auth/refresh", json={"refresh_token": first["refresh_token"]})

    assert copied.status_code == 401
    for token in (first["access_token"], second["access_token"]):
        assert (await caller.get("/me", headers={"authorization": f"Bearer {token}"})).status_code == 401


async def test_logging_out_ends_the_login_at_once(log_in: LogIn) -> None:
    resident = await log_in("mini-1")

    assert (await resident.post("/auth/logout")).status_code == 204
    assert (await resident.get("/me")).status_code == 401


async def test_tokens_of_staff_and_of_residents_open_no_door_of_the_other(
    caller: httpx.AsyncClient, log_in: LogIn
) -> None:
    resident = await log_in("mini-1")
    staff = await make_duty(await make_community())
    async with writing():
        tokens = await auth.open_session(staff)

    assert (await resident.get("/admin/me")).status_code == 401
    headers = {"authorization": f"Bearer {tokens.access_token}"}
    assert (await caller.get("/me", headers=headers)).status_code == 401
    refreshed = await caller.post("/auth/refresh", json={"refresh_token": tokens.refresh_token})
    assert refreshed.status_code == 401


@pytest.mark.parametrize("account", ["oa", "nobody"])
async def test_only_a_mini_program_logs_in(caller: httpx.AsyncClient, wechat: Outside, account: str) -> None:
    answer = await caller.post("/auth/wechat", json=_code(wechat) | {"account": account})

    assert answer.status_code == 422


async def test_a_phone_that_wechat_vouches_for_becomes_ones_own(log_in: LogIn, wechat: Outside) -> None:
    resident = await log_in("mini-1")
    code = wechat.platform.codes.issue("phone", "mini", "mini-1", "13812345678").value

    me = (await resident.post("/me/phone", json={"code": code})).json()

    assert (me["phone"], me["phone_confirmed"]) == ("13812345678", True)
    assert (await resident.post("/me/phone", json={"code": code})).status_code == 422
