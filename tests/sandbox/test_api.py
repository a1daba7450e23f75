"""The stand-in API grants and refuses as https://api.weixin.qq.com does."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import httpx
import pytest

from sandbox.accounts import Account
from tests.sandbox.conftest import MINI, NOW, OA, PLAIN, Received, Sandbox

TEMPLATE = "/cgi-bin/message/template/send"
CUSTOM = "/cgi-bin/message/custom/send"
SUBSCRIBE = "/cgi-bin/message/subscribe/send"


def card(**given: object) -> dict[str, object]:
    """A template message to the grid member."""
    data = {"thing1": {"value": "我家漏水"}, "phrase2": {"value": "已派单"}}
    return {"touser": "grid-1", "template_id": "tpl-assigned", "data": data, **given}


def words(text: str = "您好", openid: str = "resident-1") -> dict[str, object]:
    """A customer-service message."""
    return {"touser": openid, "msgtype": "text", "text": {"content": text}}


async def ask_token(sandbox: Sandbox, account: Account = OA, **given: object) -> dict[str, Any]:
    """The answer of stable_token."""
    body = {"grant_type": "client_credential", "appid": account.appid, "secret": account.secret, **given}
    answer: dict[str, Any] = (await sandbox.http.post("/cgi-bin/stable_token", json=body)).json()
    return answer


# --- tokens


async def test_the_token_stays_the_same_until_five_minutes_before_its_end(sandbox: Sandbox) -> None:
    first = await ask_token(sandbox)
    sandbox.clock.at += 7200 - 301
    assert (await ask_token(sandbox)) == {"access_token": first["access_token"], "expires_in": 301}

    sandbox.clock.at += 1
    second = await ask_token(sandbox)

    assert second["access_token"] != first["access_token"]
    assert second["expires_in"] == 7200
    for token in (first, second):
        params = {"access_token": token["access_token"]}
        assert (await sandbox.http.post(TEMPLATE, params=params, json=card())).json()["errcode"] == 0
    sandbox.clock.at += 300
    late = await sandbox.http.post(TEMPLATE, params={"access_token": first["access_token"]}, json=card())
    assert late.json()["errcode"] == 42001


async def test_a_forced_token_kills_the_old_one_and_only_of_its_account(sandbox: Sandbox) -> None:
    old, other = await sandbox.token(), await sandbox.token(PLAIN)

    await sandbox.token(force=True)

    refused = await sandbox.http.post(TEMPLATE, params={"access_token": old}, json=card())
    assert refused.json()["errcode"] == 40001
    still = await sandbox.http.post(TEMPLATE, params={"access_token": other}, json=card())
    assert still.json()["errcode"] == 0


async def test_forcing_works_twenty_times_a_beijing_day(sandbox: Sandbox) -> None:
    for _ in range(20):
        assert "access_token" in await ask_token(sandbox, force_refresh=True)

    assert (await ask_token(sandbox, force_refresh=True))["errcode"] == 45009
    assert "access_token" in await ask_token(sandbox)
    sandbox.clock.at += 24 * 3600
    assert "access_token" in await ask_token(sandbox, force_refresh=True)


@pytest.mark.parametrize(
    ("given", "errcode"),
    [({"appid": "wx-nobody"}, 40013), ({"secret": "guess"}, 40125), ({"grant_type": "password"}, 40002)],
)
async def test_a_token_needs_the_right_keys(sandbox: Sandbox, given: dict[str, Any], errcode: int) -> None:
    assert (await ask_token(sandbox, **given))["errcode"] == errcode


async def test_tokens_are_as_long_as_wechat_warns(sandbox: Sandbox) -> None:
    assert len(await sandbox.token()) == 512


@pytest.mark.parametrize(("params", "errcode"), [({}, 41001), ({"access_token": "forged"}, 40001)])
async def test_a_call_without_a_valid_token_is_refused(
    sandbox: Sandbox, params: dict[str, str], errcode: int
) -> None:
    assert (await sandbox.http.post(TEMPLATE, params=params, json=card())).json()["errcode"] == errcode


async def test_a_body_that_is_no_json_object_is_refused(sandbox: Sandbox) -> None:
    params = {"access_token": await sandbox.token()}

    for body in (b"{", b"[]", b"\xff"):
        answer = await sandbox.http.post(TEMPLATE, params=params, content=body)
        assert answer.json()["errcode"] == 47001


# --- template messages


async def test_a_template_message_is_a_card_on_the_phone(sandbox: Sandbox) -> None:
    answer = await sandbox.call(TEMPLATE, card(url="http://x/1"))

    assert (answer["errcode"], answer["errmsg"]) == (0, "ok")
    [entry] = await sandbox.screen("grid-1")
    assert (entry["via"], entry["type"], entry["url"]) == ("template", "card", "http://x/1")
    assert entry["data"] == {"thing1": "我家漏水", "phrase2": "已派单"}
    assert "我家漏水" in entry["text"]


async def test_a_described_template_shows_its_title_and_labels(sandbox: Sandbox) -> None:
    data = {"thing1": {"value": "漏水"}, "time2": {"value": "2026-11-23 18:00"}}

    await sandbox.call(TEMPLATE, card(template_id="tpl-labelled", data=data))

    [entry] = await sandbox.screen("grid-1")
    assert (entry["title"], entry["text"]) == ("派单通知", "诉求内容：漏水\n办理时限：2026-11-23 18:00")


async def test_one_client_msg_id_reaches_a_person_once_in_ten_minutes(sandbox: Sandbox) -> None:
    first = await sandbox.call(TEMPLATE, card(client_msg_id="d-1"))
    again = await sandbox.call(TEMPLATE, card(client_msg_id="d-1"))
    await sandbox.call(TEMPLATE, card(client_msg_id="d-1", touser="org-1"))

    assert first == again
    assert len(await sandbox.screen("grid-1")) == len(await sandbox.screen("org-1")) == 1

    sandbox.clock.at += 600
    await sandbox.call(TEMPLATE, card(client_msg_id="d-1"))
    assert len(await sandbox.screen("grid-1")) == 2


async def test_an_equal_push_without_client_msg_id_is_marked_as_repeat(sandbox: Sandbox) -> None:
    for _ in range(2):
        await sandbox.call(TEMPLATE, card())

    assert [one["repeat"] for one in await sandbox.screen("grid-1")] == [False, True]


@pytest.mark.parametrize(
    ("given", "errcode"),
    [
        ({"touser": ""}, 40003),
        ({"touser": " grid-1"}, 40003),
        ({"touser": None}, 40003),
        ({"template_id": "tpl-unknown"}, 40037),
        ({"template_id": None}, 40037),
        ({"data": {"thing1": {"value": "漏水😀"}}}, 47003),
        ({"client_msg_id": "x" * 33}, 40097),
    ],
)
async def test_a_wrong_template_message_is_refused_and_not_shown(
    sandbox: Sandbox, given: dict[str, object], errcode: int
) -> None:
    assert (await sandbox.call(TEMPLATE, card(**given)))["errcode"] == errcode
    assert await sandbox.screen("grid-1") == []


async def test_who_left_gets_no_template_message(sandbox: Sandbox) -> None:
    await sandbox.say(type="unsubscribe", **{"from": "grid-1"})

    assert (await sandbox.call(TEMPLATE, card()))["errcode"] == 43004


async def test_a_mini_program_has_no_template_messages(sandbox: Sandbox) -> None:
    assert (await sandbox.call(TEMPLATE, card(), account=MINI))["errcode"] == 48001


async def until_pushed(sandbox: Sandbox, event: str) -> Received:
    """The first push of this event; the platform sends it by itself."""
    arrived = sandbox.official.arrived
    async with asyncio.timeout(20), arrived:
        await arrived.wait_for(lambda: any(event.encode() in one.body for one in sandbox.official.received))
    return next(one for one in sandbox.official.received if event.encode() in one.body)


@pytest.mark.parametrize(("blocks", "status"), [(False, b"success"), (True, b"failed:user block")])
async def test_a_receipt_follows_each_template_message(sandbox: Sandbox, blocks: bool, status: bytes) -> None:
    phone = {"openid": "grid-1", "account": "oa-plain", "blocks_pushes": blocks}
    await sandbox.http.post("/phones", json=phone)

    answer = await sandbox.call(TEMPLATE, card(), account=PLAIN)

    receipt = await until_pushed(sandbox, "TEMPLATESENDJOBFINISH")
    assert status in receipt.body
    assert f"<MsgID>{answer['msgid']}</MsgID>".encode() in receipt.body
    assert len(await sandbox.screen("grid-1", "oa-plain")) == (not blocks)


# --- subscribe messages


async def accept(sandbox: Sandbox, status: str = "accept", event: str = "popup") -> None:
    """Answer the pop-up, or change the settings, of the mini-program."""
    item = {"template_id": "tpl-assigned", "status": status}
    await sandbox.say(account="mini", type=f"subscribe_msg_{event}_event", items=[item])


def notice() -> dict[str, object]:
    """A subscribe message to the resident."""
    return card(touser="resident-1", page="pages/appeal?id=1")


async def test_accepts_add_up_and_each_carries_one_message(sandbox: Sandbox) -> None:
    assert (await sandbox.call(SUBSCRIBE, notice(), account=MINI))["errcode"] == 43101

    for status in ("accept", "accept", "reject"):
        await accept(sandbox, status)
    codes = [(await sandbox.call(SUBSCRIBE, notice(), account=MINI))["errcode"] for _ in range(3)]

    assert codes == [0, 0, 43101]
    cards = [one for one in await sandbox.screen("resident-1", "mini") if one["via"] == "subscribe"]
    assert len(cards) == 2


async def test_switching_it_off_in_the_settings_takes_every_accept_back(sandbox: Sandbox) -> None:
    await accept(sandbox)
    await accept(sandbox, "reject", event="change")

    assert (await sandbox.call(SUBSCRIBE, notice(), account=MINI))["errcode"] == 43101


async def test_each_kind_of_account_has_its_own_subscribe_address(sandbox: Sandbox) -> None:
    biz = "/cgi-bin/message/subscribe/bizsend"

    assert (await sandbox.call(SUBSCRIBE, notice()))["errcode"] == 48001
    assert (await sandbox.call(biz, notice(), account=MINI))["errcode"] == 48001
    assert (await sandbox.call(biz, notice()))["errcode"] == 43101


async def test_a_service_account_sends_after_an_accept_and_hears_of_it(sandbox: Sandbox) -> None:
    item = {"template_id": "tpl-assigned", "status": "accept"}
    await sandbox.say(account="oa-plain", type="subscribe_msg_popup_event", items=[item])

    answer = await sandbox.call("/cgi-bin/message/subscribe/bizsend", notice(), account=PLAIN)

    assert answer["errcode"] == 0
    sent = await until_pushed(sandbox, "subscribe_msg_sent_event")
    assert str(answer["msgid"]).encode() in sent.body


# --- customer-service messages


async def test_a_message_of_the_person_opens_five_in_48_hours(sandbox: Sandbox) -> None:
    await sandbox.say("漏水")

    codes = [(await sandbox.call(CUSTOM, words()))["errcode"] for _ in range(6)]
    assert codes == [0] * 5 + [45047]

    await sandbox.say("还在漏")
    sandbox.clock.at += 48 * 3600 - 1
    assert (await sandbox.call(CUSTOM, words()))["errcode"] == 0
    sandbox.clock.at += 1
    assert (await sandbox.call(CUSTOM, words()))["errcode"] == 45015


@pytest.mark.parametrize("touch", ["subscribe", "SCAN", "CLICK"])
async def test_menu_follow_and_scan_open_three_in_a_minute(sandbox: Sandbox, touch: str) -> None:
    await sandbox.say(type=touch)

    codes = [(await sandbox.call(CUSTOM, words()))["errcode"] for _ in range(4)]
    assert codes == [0] * 3 + [45047]

    sandbox.clock.at += 60
    assert (await sandbox.call(CUSTOM, words()))["errcode"] == 45015


async def test_nobody_is_written_to_who_never_wrote(sandbox: Sandbox) -> None:
    assert (await sandbox.call(CUSTOM, words()))["errcode"] == 45015
    assert await sandbox.screen("resident-1") == []


async def test_leaving_closes_the_window_and_coming_back_does_not_reopen_it(sandbox: Sandbox) -> None:
    await sandbox.say("漏水")
    await sandbox.say(type="unsubscribe")
    assert (await sandbox.call(CUSTOM, words()))["errcode"] == 45015

    await sandbox.say(type="subscribe")
    assert [(await sandbox.call(CUSTOM, words()))["errcode"] for _ in range(4)] == [0] * 3 + [45047]


async def test_the_mini_program_answers_by_customer_service(sandbox: Sandbox) -> None:
    await sandbox.say("漏水", account="mini")

    assert (await sandbox.call(CUSTOM, words("收到"), account=MINI))["errcode"] == 0
    assert (await sandbox.screen("resident-1", "mini"))[-1]["text"] == "收到"


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        (words("村" * 683), 45002),
        (words("  "), 44002),
        (words() | {"msgtype": "fax"}, 40008),
        (words() | {"text": "漏水"}, 47001),
        ({"touser": "resident-1", "msgtype": "image", "image": {"media_id": "none"}}, 40007),
    ],
)
async def test_a_wrong_customer_message_is_refused_and_costs_nothing(
    sandbox: Sandbox, body: dict[str, object], errcode: int
) -> None:
    await sandbox.say("漏水")

    assert (await sandbox.call(CUSTOM, body))["errcode"] == errcode
    assert [(await sandbox.call(CUSTOM, words()))["errcode"] for _ in range(5)] == [0] * 5


async def test_a_menu_is_shown_line_by_line(sandbox: Sandbox) -> None:
    await sandbox.say("漏水")
    menu = {
        "head_content": "满意吗",
        "list": [{"id": "1", "content": "满意"}, {"id": "2", "content": "不满意"}],
    }

    await sandbox.call(CUSTOM, {"touser": "resident-1", "msgtype": "msgmenu", "msgmenu": menu})

    assert (await sandbox.screen("resident-1"))[-1]["text"] == "满意吗\n满意\n不满意"


# --- mini-program


async def login(sandbox: Sandbox, code: str, **given: str) -> dict[str, Any]:
    """The answer of jscode2session."""
    params = {"appid": MINI.appid, "secret": MINI.secret, "js_code": code, "grant_type": "authorization_code"}
    answer: dict[str, Any] = (await sandbox.http.get("/sns/jscode2session", params=params | given)).json()
    return answer


async def issue(sandbox: Sandbox, **given: str) -> str:
    """A one-time code of the resident."""
    return str((await sandbox.http.post("/codes", json={"openid": "resident-1", **given})).json()["code"])


async def test_a_login_code_works_once_for_five_minutes(sandbox: Sandbox) -> None:
    code, old = await issue(sandbox), await issue(sandbox)

    session = await login(sandbox, code)
    assert (session["openid"], session["unionid"]) == ("resident-1", "union-resident-1")
    assert session["session_key"]
    assert (await login(sandbox, code))["errcode"] == 40163
    assert (await login(sandbox, "made-up"))["errcode"] == 40029
    assert (await login(sandbox, old, secret="guess"))["errcode"] == 40125
    sandbox.clock.at += 300
    assert (await login(sandbox, old))["errcode"] == 40029


async def test_a_phone_number_code_is_not_a_login_code(sandbox: Sandbox) -> None:
    code = await issue(sandbox, purpose="phone", phone_number="13912345678")
    path = "/wxa/business/getuserphonenumber"

    assert (await login(sandbox, code))["errcode"] == 40029
    answer = await sandbox.call(path, {"code": code}, account=MINI)
    assert answer["phone_info"]["purePhoneNumber"] == "13912345678"
    assert answer["phone_info"]["watermark"] == {"appid": MINI.appid, "timestamp": int(NOW)}
    assert (await sandbox.call(path, {"code": code}, account=MINI))["errcode"] == 40163


async def test_content_is_checked_only_for_who_was_there_within_two_hours(sandbox: Sandbox) -> None:
    body = {"content": "楼道灯坏了", "version": 2, "scene": 2, "openid": "resident-1"}
    path = "/wxa/msg_sec_check"

    assert (await sandbox.call(path, body, account=MINI))["errcode"] == 61010
    await login(sandbox, await issue(sandbox))
    assert (await sandbox.call(path, body, account=MINI))["result"] == {"suggest": "pass", "label": 100}
    risky = await sandbox.call(path, body | {"content": "来网络赌博"}, account=MINI)
    assert risky["result"]["suggest"] == "risky"
    sandbox.clock.at += 2 * 3600 + 1
    assert (await sandbox.call(path, body, account=MINI))["errcode"] == 61010


@pytest.mark.parametrize(
    ("given", "errcode"),
    [
        ({"content": "长" * 2501}, 45002),
        ({"content": ""}, 44002),
        ({"version": 1}, 40097),
        ({"scene": 9}, 40097),
        ({"scene": [1]}, 40097),
    ],
)
async def test_a_wrong_content_check_is_refused(
    sandbox: Sandbox, given: dict[str, object], errcode: int
) -> None:
    body = {"content": "灯坏了", "version": 2, "scene": 2, "openid": "resident-1"} | given

    assert (await sandbox.call("/wxa/msg_sec_check", body, account=MINI))["errcode"] == errcode


async def code_image(sandbox: Sandbox, account: Account = MINI, **body: object) -> httpx.Response:
    """The answer of getwxacodeunlimit."""
    params = {"access_token": await sandbox.token(account)}
    return await sandbox.http.post("/wxa/getwxacodeunlimit", params=params, json=body)


async def test_a_mini_program_code_is_an_image(sandbox: Sandbox) -> None:
    response = await code_image(sandbox, scene="g=3&v=1", page="pages/grid/index")

    assert response.headers["content-type"] == "image/png"
    assert response.content.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        ({"scene": "x" * 33}, 40129),
        ({"scene": "三组"}, 40129),
        ({"scene": ""}, 40129),
        ({"scene": "1", "page": "/pages/index"}, 41030),
        ({"scene": "1", "page": "pages/index?a=1"}, 41030),
    ],
)
async def test_a_wrong_mini_program_code_is_json(
    sandbox: Sandbox, body: dict[str, Any], errcode: int
) -> None:
    assert (await code_image(sandbox, **body)).json()["errcode"] == errcode


async def test_an_official_account_has_no_mini_program_code(sandbox: Sandbox) -> None:
    assert (await code_image(sandbox, OA, scene="1")).json()["errcode"] == 48001


# --- media


async def test_media_come_back_for_three_days(sandbox: Sandbox) -> None:
    token = await sandbox.token()
    files = {"media": ("a.jpg", b"\xff\xd8\xff", "image/jpeg")}
    params = {"access_token": token, "type": "image"}
    uploaded = (await sandbox.http.post("/cgi-bin/media/upload", params=params, files=files)).json()

    async def fetch() -> httpx.Response:
        params = {"access_token": await sandbox.token(), "media_id": uploaded["media_id"]}
        return await sandbox.http.get("/cgi-bin/media/get", params=params)

    fetched = await fetch()
    assert (fetched.content, fetched.headers["content-type"]) == (b"\xff\xd8\xff", "image/jpeg")
    sandbox.clock.at += 3 * 24 * 3600
    assert (await fetch()).json()["errcode"] == 40007


@pytest.mark.parametrize("files", [None, {"media": ("a.exe", b"MZ", "application/x-dosexec")}])
async def test_a_wrong_upload_is_refused(sandbox: Sandbox, files: dict[str, Any] | None) -> None:
    params = {"access_token": await sandbox.token(), "type": "program" if files else "image"}

    response = await sandbox.http.post("/cgi-bin/media/upload", params=params, files=files)

    assert response.json()["errcode"] in {40008, 44002}


async def test_two_accounts_do_not_share_a_window(sandbox: Sandbox) -> None:
    await sandbox.say("漏水", account="oa")

    other = replace(OA, appid=PLAIN.appid, secret=PLAIN.secret)
    assert (await sandbox.call(CUSTOM, words(), account=other))["errcode"] == 45015
