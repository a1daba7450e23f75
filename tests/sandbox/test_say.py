"""A person speaks, the push reaches a real server, and the phone shows what WeChat would show."""

from __future__ import annotations

import asyncio
import json
import subprocess
from pathlib import Path

import pytest
import xmltodict
from sanic import HTTPResponse, text
from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.replies import TextReply

from sandbox import say as say_command
from sandbox.accounts import Account
from sandbox.replies import MINI_OUT_OF_ORDER, OUT_OF_ORDER
from tests.running import ROOT
from tests.sandbox.conftest import ACCOUNTS, NOW, Received, Sandbox

BY_NAME = {one.account: one for one in ACCOUNTS}


def opened(push: Received) -> str:
    """The pushed text; encrypted ones are opened by wechatpy, which checks `msg_signature`."""
    account = BY_NAME[push.account]
    if not account.encrypted:
        return push.body.decode()
    query = push.query
    body = json.loads(push.body) if account.format == "json" else push.body
    crypto = WeChatCrypto(account.token, account.aes_key, account.appid)
    return str(crypto.decrypt_message(body, query["msg_signature"], query["timestamp"], query["nonce"]))


def sealed(account: Account, xml: str) -> bytes:
    """A reply as the account's mode wants it."""
    if not account.encrypted:
        return xml.encode()
    crypto = WeChatCrypto(account.token, account.aes_key, account.appid)
    return str(crypto.encrypt_message(xml, "nonce", "1790000000")).encode()


async def echo(push: Received) -> bytes:
    """Repeats the words, as a working official account would."""
    message = parse_message(opened(push))
    return sealed(
        BY_NAME[push.account], TextReply(content=f"收到：{message.content}", message=message).render()
    )


@pytest.mark.parametrize("account", ["oa", "oa-plain", "oa-both"])
async def test_an_echo_comes_back_in_every_mode(sandbox: Sandbox, account: str) -> None:
    sandbox.official.answer = echo

    said = await sandbox.say("我家漏水", account=account)

    assert said["replies"] == [{"type": "text", "text": "收到：我家漏水"}]
    assert (said["tries"], said["status"], said["problem"]) == (1, 200, "")
    assert "收到：我家漏水" in said["raw"]
    entries = await sandbox.screen("resident-1", account)
    assert [(one["direction"], one["via"], one["text"]) for one in entries] == [
        ("up", "user", "我家漏水"),
        ("down", "passive", "收到：我家漏水"),
    ]


async def test_the_push_carries_time_and_id_of_the_platform(sandbox: Sandbox) -> None:
    said = await sandbox.say("甲")

    push = sandbox.official.received[0]
    fields = xmltodict.parse(opened(push))["xml"]
    assert fields["MsgId"] == said["msg_id"]
    assert fields["CreateTime"] == push.query["timestamp"] == str(int(NOW))
    assert (fields["ToUserName"], push.query["openid"]) == ("gh_oa", "resident-1")


async def test_the_mini_program_gets_json_and_no_passive_reply(sandbox: Sandbox) -> None:
    said = await sandbox.say("漏水", account="mini")

    assert said["replies"] == []
    fields = json.loads(opened(sandbox.official.received[0]))
    assert (fields["Content"], type(fields["MsgId"])) == ("漏水", int)

    async def reply(_push: Received) -> bytes:
        xml = "<xml><ToUserName>resident-1</ToUserName><FromUserName>gh_mini</FromUserName>"
        xml += "<CreateTime>1</CreateTime><MsgType>text</MsgType><Content>好</Content></xml>"
        return sealed(BY_NAME["mini"], xml)

    sandbox.official.answer = reply
    assert (await sandbox.say("漏水", account="mini"))["replies"][0]["text"] == MINI_OUT_OF_ORDER


async def test_a_slow_account_is_tried_three_times_with_one_message(sandbox: Sandbox) -> None:
    never = asyncio.Event()

    async def hang(_push: Received) -> bytes:
        await never.wait()
        return b""

    sandbox.official.answer = hang

    said = await sandbox.say("甲")

    assert (said["tries"], said["status"]) == (3, None)
    assert said["replies"] == [{"type": "system", "text": OUT_OF_ORDER}]
    pushes = sandbox.official.received
    assert len({opened(one) for one in pushes}) == 1
    assert len({one.query["nonce"] for one in pushes}) == 3


async def test_a_dropped_connection_is_tried_again(sandbox: Sandbox) -> None:
    async def recover(push: Received) -> bytes:
        if len(sandbox.official.received) < 3:
            push.hang_up()
        return await echo(push)

    sandbox.official.answer = recover

    said = await sandbox.say("甲")

    assert (said["tries"], said["replies"][0]["text"]) == (3, "收到：甲")


@pytest.mark.parametrize(
    "answer", [b"ok", b"<xml>", b"\xff", text("no", status=500), text("", status=403), text("success", 302)]
)
async def test_an_odd_answer_shows_that_the_account_is_out_of_order(
    sandbox: Sandbox, answer: bytes | HTTPResponse
) -> None:
    async def odd(_push: Received) -> bytes | HTTPResponse:
        return answer

    sandbox.official.answer = odd

    said = await sandbox.say("甲")

    assert said["replies"] == [{"type": "system", "text": OUT_OF_ORDER}]
    assert (said["tries"], bool(said["problem"])) == (1, True)
    assert (await sandbox.screen("resident-1"))[-1]["via"] == "system"


async def test_no_reply_to_a_silent_event_reaches_the_screen(sandbox: Sandbox) -> None:
    async def odd(_push: Received) -> bytes:
        return b"odd"

    sandbox.official.answer = odd

    assert (await sandbox.say(type="LOCATION"))["replies"] == []
    assert (await sandbox.say(type="CLICK", event_key="k"))["replies"] != []


async def test_who_does_not_follow_cannot_write(sandbox: Sandbox) -> None:
    await sandbox.say(type="unsubscribe")

    refused = await sandbox.http.post("/say", json={"from": "resident-1", "text": "甲"})
    assert refused.status_code == 409

    await sandbox.say(type="subscribe")
    await sandbox.say("甲")


@pytest.mark.parametrize(
    "body", [{}, {"from": ""}, {"from": "u", "type": "fax"}, {"from": "u", "colour": 1}, [], "x"]
)
async def test_a_body_that_says_nothing_is_refused(sandbox: Sandbox, body: object) -> None:
    refused = await sandbox.http.post("/say", json=body)

    assert refused.status_code == 400
    assert refused.json()["error"]


async def test_an_account_that_does_not_exist_is_refused(sandbox: Sandbox) -> None:
    assert (await sandbox.http.post("/say", json={"from": "u", "account": "x"})).status_code == 409


async def test_a_picture_that_nobody_uploaded_is_drawn_and_can_be_fetched(sandbox: Sandbox) -> None:
    await sandbox.say(type="image")

    fields = xmltodict.parse(opened(sandbox.official.received[0]))["xml"]
    token = await sandbox.token()
    params = {"access_token": token, "media_id": fields["MediaId"]}
    fetched = await sandbox.http.get("/cgi-bin/media/get", params=params)
    assert fetched.content.startswith(b"\x89PNG")
    assert (await sandbox.http.get(fields["PicUrl"])).content == fetched.content


async def test_an_uploaded_picture_is_the_one_that_is_pushed(sandbox: Sandbox) -> None:
    headers = {"Content-Type": "image/jpeg"}
    uploaded = (await sandbox.http.post("/pictures", content=b"\xff\xd8\xff", headers=headers)).json()

    await sandbox.say(type="image", media_id=uploaded["media_id"])

    fields = xmltodict.parse(opened(sandbox.official.received[0]))["xml"]
    shown = await sandbox.http.get(fields["PicUrl"])
    assert (shown.content, shown.headers["content-type"]) == (b"\xff\xd8\xff", "image/jpeg")


async def run_command(sandbox: Sandbox, *arguments: str) -> int:
    """The exit code of `python -m sandbox.say` against this platform."""
    base = str(sandbox.http.base_url).removesuffix("/sandbox/api/")
    return await asyncio.to_thread(say_command.main, [*arguments, "--base", base])


async def test_the_command_prints_what_wechat_would_show(
    sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    sandbox.official.answer = echo

    code = await run_command(sandbox, "我家漏水", "--from", "resident-1")

    assert (code, capsys.readouterr().out) == (0, "收到：我家漏水\n")


async def test_the_command_tells_silence_from_disorder(
    sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await run_command(sandbox, "甲") == 0
    assert "没有被动回复" in capsys.readouterr().out

    async def odd(_push: Received) -> bytes:
        return b"odd"

    sandbox.official.answer = odd
    assert await run_command(sandbox, "甲") == 1
    assert OUT_OF_ORDER in capsys.readouterr().out


async def test_the_command_says_when_nobody_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert await asyncio.to_thread(say_command.main, ["甲", "--base", "http://127.0.0.1:9"]) == 2
    assert "make run" in capsys.readouterr().err


async def test_the_command_reports_a_refusal(sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    assert await run_command(sandbox, "甲", "--account", "nobody") == 2
    assert "nobody" in capsys.readouterr().err


@pytest.mark.parametrize("said", ['我说"路灯 坏了"', "一共 $50 `啊`", "-1 层漏水", "it's 坏了"])
def test_make_say_passes_the_words_on_as_they_are(tmp_path: Path, said: str) -> None:
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\nfor one in "$@"; do echo "$one"; done\n')
    python.chmod(0o755)

    done = subprocess.run(
        ["make", "--no-print-directory", "-o", ".venv/run.stamp", "say", f"BIN={tmp_path}", f"T={said}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.splitlines()[-1] == said
