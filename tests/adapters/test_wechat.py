from __future__ import annotations

import json

import pytest

from adapters.wechat import MediaTooLarge, MiniProgram, Sent, Verdict, WeChatApi, WeChatClient, WeChatError
from tests.adapters.platform import Platform, Reply, answered, refused

OPENID = "o6_bmjrPTlm6_2sgVt7hMZOPfL2M"


async def test_a_template_message_carries_its_client_id_and_its_fields(
    client: WeChatClient, platform: Platform
) -> None:
    platform.always = answered(errcode=0, errmsg="ok", msgid=200163836)

    sent = await client.template(
        OPENID,
        "tpl-assigned",
        {"thing1": "三组漏水", "character_string2": "1024"},
        client_msg_id="d-17",
        url="https://example.org/a",
        miniprogram=MiniProgram("wx-mini", "pages/appeal?n=1024"),
    )

    assert sent == Sent("200163836")
    (got,) = platform.sends
    assert (got.method, got.path) == ("POST", "/cgi-bin/message/template/send")
    assert got.query == {"access_token": "token-1"}
    assert got.fields == {
        "touser": OPENID,
        "template_id": "tpl-assigned",
        "data": {"thing1": {"value": "三组漏水"}, "character_string2": {"value": "1024"}},
        "client_msg_id": "d-17",
        "url": "https://example.org/a",
        "miniprogram": {"appid": "wx-mini", "pagepath": "pages/appeal?n=1024"},
    }


async def test_a_template_message_without_a_link_names_none(client: WeChatClient, platform: Platform) -> None:
    await client.template(OPENID, "tpl", {"thing1": "好"}, client_msg_id="d-1")

    assert platform.sends[0].fields.keys() == {"touser", "template_id", "data", "client_msg_id"}


@pytest.mark.parametrize(
    ("official", "path"),
    [(False, "/cgi-bin/message/subscribe/send"), (True, "/cgi-bin/message/subscribe/bizsend")],
)
async def test_subscribe_messages_of_both_kinds_go_to_their_own_address(
    client: WeChatClient, platform: Platform, official: bool, path: str
) -> None:
    await client.subscribe(OPENID, "tpl-2", "pages/a", {"thing1": "好"}, official=official)

    (got,) = platform.sends
    assert got.path == path
    assert ("miniprogram_state" in got.fields) is not official
    assert got.fields["page"] == "pages/a"


async def test_a_subscribe_message_that_opens_nothing_names_no_page(
    client: WeChatClient, platform: Platform
) -> None:
    await client.subscribe(OPENID, "tpl-2", "", {"thing1": "好"})

    assert "page" not in platform.sends[0].fields


async def test_chinese_and_emoji_are_sent_as_they_are_and_lone_surrogates_left_out(
    client: WeChatClient, platform: Platform
) -> None:
    await client.custom_text(OPENID, "您好😀\ud83d")

    body = platform.sends[0].body
    assert "您好😀".encode() in body
    assert json.loads(body) == {"touser": OPENID, "msgtype": "text", "text": {"content": "您好😀"}}


async def test_a_login_code_gives_a_session_whose_key_is_not_shown(
    client: WeChatClient, platform: Platform
) -> None:
    platform.always = answered(openid=OPENID, session_key="very-secret-key", unionid="u-1")

    session = await client.jscode2session("code-1")

    assert (session.openid, session.session_key, session.unionid) == (OPENID, "very-secret-key", "u-1")
    assert "very-secret-key" not in repr(session)
    (got,) = platform.got  # no access token is needed
    assert got.query == {
        "appid": "wx-test",
        "secret": "the-secret-of-the-account",
        "js_code": "code-1",
        "grant_type": "authorization_code",
    }


async def test_a_phone_code_gives_the_number(client: WeChatClient, platform: Platform) -> None:
    platform.always = answered(errcode=0, phone_info={"purePhoneNumber": "13800000000", "countryCode": "86"})

    assert await client.phone_number("code-2") == "13800000000"
    assert platform.sends[0].fields == {"code": "code-2"}


@pytest.mark.parametrize("errcode", [40029, 40163, 40226])
async def test_a_bad_code_is_the_callers_affair(
    client: WeChatClient, platform: Platform, errcode: int
) -> None:
    platform.always = refused(errcode)

    with pytest.raises(WeChatError) as caught:
        await client.jscode2session("code-1")
    assert (caught.value.code, caught.value.verdict) == (errcode, Verdict.REFUSE_INPUT)


async def test_media_come_with_their_type(client: WeChatClient, platform: Platform) -> None:
    platform.always = Reply(b"#!AMR\n\x00\x01", content_type="Audio/AMR")

    assert await client.media("m-1") == ("audio/amr", b"#!AMR\n\x00\x01")
    assert platform.sends[0].query == {"access_token": "token-1", "media_id": "m-1"}


async def test_a_file_at_the_cap_is_kept_and_one_byte_more_is_not(
    client: WeChatClient, platform: Platform
) -> None:
    platform.always = Reply(b"x" * 1000, content_type="image/jpeg")

    assert len((await client.media("m-1", limit=1000)).content) == 1000
    with pytest.raises(MediaTooLarge):
        await client.media("m-1", limit=999)


async def test_a_media_id_that_has_died_is_an_error_and_no_file(
    client: WeChatClient, platform: Platform
) -> None:
    platform.always = refused(40007, "invalid media_id")

    with pytest.raises(WeChatError, match="invalid media_id") as caught:
        await client.media("m-1")
    assert caught.value.code == 40007


@pytest.mark.parametrize(
    "reply",
    [answered(video_url="http://example.org/v"), Reply(b"<html>", content_type="text/html"), Reply(b"{oops")],
    ids=["fields", "page", "half an object"],
)
async def test_words_in_place_of_a_file_are_an_error(
    client: WeChatClient, platform: Platform, reply: Reply
) -> None:
    platform.always = reply

    with pytest.raises(WeChatError):
        await client.media("m-1")


async def test_a_mini_program_code_is_an_image(client: WeChatClient, platform: Platform) -> None:
    platform.always = Reply(b"\x89PNG", content_type="image/png")

    assert await client.wxacode("bind=7", "pages/bind") == ("image/png", b"\x89PNG")
    assert platform.sends[0].fields["scene"] == "bind=7"


@pytest.mark.parametrize("scene", ["", "x" * 33, "三组", "a b", "a%b"])
async def test_a_scene_that_wechat_refuses_is_not_sent(
    client: WeChatClient, platform: Platform, scene: str
) -> None:
    with pytest.raises(ValueError, match="scene"):
        await client.wxacode(scene, "pages/bind")
    assert platform.got == []


@pytest.mark.parametrize("suggest", ["pass", "review", "risky"])
async def test_a_text_check_says_what_it_suggests(
    client: WeChatClient, platform: Platform, suggest: str
) -> None:
    platform.always = answered(errcode=0, result={"suggest": suggest, "label": 100})

    assert await client.msg_sec_check(OPENID, "字" * 3000, 2) == suggest
    assert platform.sends[0].fields == {"content": "字" * 2500, "version": 2, "scene": 2, "openid": OPENID}


@pytest.mark.parametrize("answer", [{}, {"result": None}, {"result": {}}, {"result": {"suggest": 7}}])
async def test_an_answer_without_what_it_should_hold_is_an_error_of_unknown_outcome(
    client: WeChatClient, platform: Platform, answer: dict[str, object]
) -> None:
    platform.always = answered(**answer)

    with pytest.raises(WeChatError) as caught:
        await client.msg_sec_check(OPENID, "好")
    assert (caught.value.verdict, caught.value.outcome_known) == (Verdict.BACK_OFF, False)


async def test_the_client_is_what_services_ask_for(client: WeChatClient) -> None:
    api: WeChatApi = client

    assert await api.custom_text(OPENID, "好") == Sent()
