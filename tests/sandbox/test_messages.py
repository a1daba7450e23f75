"""Every act of a person becomes the fields that the platform documents."""

from __future__ import annotations

from typing import Any

import pytest
from wechatpy import parse_message

from sandbox.messages import EVENTS, Say, compose, summary
from sandbox.wire import sign, unwrapped
from tests.sandbox.conftest import PLAIN


def composed(**given: Any) -> dict[str, object]:
    """The fields of one act of `u1`."""
    say = Say.model_validate({"from": "u1", **given})
    return compose(say, to_user="gh_oa", msg_id=7, created_at=1790000000)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"text": "漏水"}, {"MsgType": "text", "Content": "漏水"}),
        (
            {"type": "image", "media_id": "m", "pic_url": "http://x/m"},
            {"MediaId": "m", "PicUrl": "http://x/m"},
        ),
        ({"type": "voice", "media_id": "m"}, {"MediaId": "m", "Format": "amr"}),
        ({"type": "voice", "media_id": "m", "recognition": "漏水"}, {"Recognition": "漏水"}),
        ({"type": "video", "media_id": "m"}, {"MediaId": "m", "ThumbMediaId": "m-thumb"}),
        ({"type": "shortvideo", "media_id": "m"}, {"MsgType": "shortvideo", "ThumbMediaId": "m-thumb"}),
        (
            {"type": "location", "latitude": 32.4, "longitude": 119.4, "label": "三组"},
            {"Location_X": "32.400000", "Location_Y": "119.400000", "Scale": "16", "Label": "三组"},
        ),
        (
            {"type": "link", "title": "甲", "description": "乙", "url": "http://x"},
            {"Title": "甲", "Description": "乙", "Url": "http://x"},
        ),
    ],
)
def test_a_message_carries_its_fields_and_an_id(given: dict[str, Any], expected: dict[str, object]) -> None:
    fields = composed(**given)

    assert expected.items() <= fields.items()
    assert (fields["ToUserName"], fields["FromUserName"], fields["MsgId"]) == ("gh_oa", "u1", 7)


def test_a_voice_without_recognition_has_no_such_field() -> None:
    assert "Recognition" not in composed(type="voice", media_id="m")


ITEMS = [{"template_id": "t1", "status": "accept"}, {"template_id": "t2", "status": "reject"}]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"type": "subscribe"}, {"EventKey": ""}),
        ({"type": "subscribe", "event_key": "qrscene_9"}, {"EventKey": "qrscene_9"}),
        ({"type": "unsubscribe"}, {"EventKey": ""}),
        ({"type": "SCAN", "event_key": "9", "ticket": "T"}, {"EventKey": "9", "Ticket": "T"}),
        ({"type": "LOCATION", "latitude": 32.4}, {"Latitude": "32.400000", "Precision": "30.000000"}),
        ({"type": "CLICK", "event_key": "progress"}, {"EventKey": "progress"}),
        ({"type": "VIEW", "event_key": "http://x"}, {"EventKey": "http://x"}),
        ({"type": "TEMPLATESENDJOBFINISH", "msg_id": 5}, {"MsgID": 5, "Status": "success"}),
        ({"type": "user_enter_tempsession"}, {"SessionFrom": "sessionFrom"}),
        ({"type": "wxa_media_check", "event_key": "tr"}, {"trace_id": "tr", "version": 2}),
    ],
)
def test_an_event_carries_its_fields_and_no_message_id(
    given: dict[str, Any], expected: dict[str, object]
) -> None:
    fields = composed(**given)

    assert expected.items() <= fields.items()
    assert (fields["MsgType"], fields["Event"]) == ("event", given["type"])
    assert "MsgId" not in fields


@pytest.mark.parametrize("event", EVENTS)
def test_an_event_may_be_named_either_way(event: str) -> None:
    assert composed(type=event) == composed(type="event", event=event)


def test_an_event_that_nobody_knows_can_be_sent_too() -> None:
    assert composed(type="event", event="merchant_order", fields={"OrderId": "1"})["OrderId"] == "1"


@pytest.mark.parametrize(
    ("event", "wrapper", "key"),
    [
        ("subscribe_msg_popup_event", "SubscribeMsgPopupEvent", "SubscribeStatusString"),
        ("subscribe_msg_change_event", "SubscribeMsgChangeEvent", "SubscribeStatusString"),
        ("subscribe_msg_sent_event", "SubscribeMsgSentEvent", "ErrorCode"),
    ],
)
def test_subscribe_events_are_wrapped_in_xml_and_bare_in_json(event: str, wrapper: str, key: str) -> None:
    one, many = composed(type=event, items=ITEMS[:1]), composed(type=event, items=ITEMS)

    assert isinstance(one[wrapper], dict)
    bare_one, bare_many = unwrapped(one), unwrapped(many)
    assert wrapper not in bare_one
    assert isinstance(bare_one["List"], dict)
    assert key in bare_one["List"]
    assert isinstance(bare_many["List"], list)
    assert [item["TemplateId"] for item in bare_many["List"]] == ["t1", "t2"]


@pytest.mark.parametrize("event", ["subscribe", "unsubscribe", "SCAN", "LOCATION", "CLICK", "VIEW"])
def test_wechatpy_reads_the_events_that_it_knows(event: str) -> None:
    request = sign(PLAIN, composed(type=event, event_key="9"), openid="u1", timestamp=1790000000)

    assert parse_message(request.body).type == "event"


def test_a_test_may_override_and_remove_any_field() -> None:
    fields = composed(text="x", msg_id="42", create_time=5, fields={"Content": None, "MsgType": "hologram"})

    assert (fields["MsgId"], fields["CreateTime"], fields["MsgType"]) == (42, 5, "hologram")
    assert "Content" not in fields


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"text": "漏水"}, "漏水"),
        ({"type": "voice", "recognition": "漏水"}, "[语音] 漏水"),
        ({"type": "location", "label": "三组"}, "[位置] 三组"),
        ({"type": "image"}, "[图片]"),
        ({"type": "subscribe"}, "（关注了公众号）"),
        ({"type": "CLICK", "event_key": "进度"}, "（点了菜单 进度）"),
        ({"type": "event", "event": "merchant_order"}, "（merchant_order）"),
    ],
)
def test_an_act_reads_in_a_few_words(given: dict[str, Any], words: str) -> None:
    assert summary(Say.model_validate({"from": "u1", **given})) == words
