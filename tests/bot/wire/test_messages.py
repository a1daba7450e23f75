from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.wire import (
    BadBody,
    Incoming,
    SubscribeItem,
    dedup_key,
    from_payload,
    open_envelope,
    parse,
    to_payload,
)
from bot.wire.messages import EVENTS, MAX_TEXT, MESSAGE_TYPES
from models import Attachment
from tests.bot.wire.accounts import NOW, PLAIN, signed, xml

SENT = {"ToUserName": "gh_oa", "FromUserName": "oResident", "CreateTime": "1714036504"}


def read(fields: Mapping[str, object]) -> Incoming:
    return parse("oa", fields)


def message(msg_type: str, **fields: object) -> Incoming:
    return read({**SENT, "MsgType": msg_type, "MsgId": "9007199254740993", **fields})


def event(name: str, **fields: object) -> Incoming:
    return read({**SENT, "MsgType": "event", "Event": name, **fields})


def test_a_text_carries_who_when_and_what() -> None:
    assert message("text", Content="我家漏水") == Incoming(
        account="oa",
        openid="oResident",
        to_user="gh_oa",
        msg_type="text",
        known=True,
        created_at=1714036504,
        msg_id="9007199254740993",
        text="我家漏水",
    )


def test_numbers_of_json_are_read_like_the_strings_of_xml() -> None:
    from_json = read({**SENT, "CreateTime": 1714036504, "MsgType": "text", "MsgId": 23, "Content": "好"})
    from_xml = read({**SENT, "MsgType": "text", "MsgId": "23", "Content": "好"})

    assert from_json == from_xml


def test_the_words_of_a_voice_are_its_recognition() -> None:
    incoming = message("voice", MediaId="m1", Format="amr", Recognition="路灯坏了。", Content="不是这个")

    assert (incoming.text, incoming.media_id, incoming.format) == ("路灯坏了。", "m1", "amr")


def test_a_voice_without_recognition_has_no_text() -> None:
    assert message("voice", MediaId="m1", Format="amr", Recognition=None).text is None


def test_images_and_videos_name_their_media() -> None:
    image = message("image", PicUrl="http://mmbiz.qpic.cn/x", MediaId="m2")
    video = message("shortvideo", MediaId="m3", ThumbMediaId="t3")

    assert (image.pic_url, image.media_id) == ("http://mmbiz.qpic.cn/x", "m2")
    assert (video.media_id, video.thumb_media_id) == ("m3", "t3")


def test_a_media_id_is_read_as_long_as_it_can_be_stored() -> None:
    most = Attachment._meta.fields_map["media_id"].max_length  # type: ignore[attr-defined]

    assert message("image", MediaId="m" * most).media_id == "m" * most
    assert message("image", MediaId="m" * (most + 1)).media_id is None


def test_a_location_message_is_gcj_02() -> None:
    incoming = message("location", Location_X="32.39", Location_Y="119.42", Scale="15", Label="三组\n路口")

    assert (incoming.latitude, incoming.longitude, incoming.datum) == (32.39, 119.42, "GCJ-02")
    assert incoming.label == "三组\n路口"


def test_a_location_event_is_wgs_84() -> None:
    incoming = event("LOCATION", Latitude="32.39", Longitude="119.42", Precision="30")

    assert (incoming.latitude, incoming.longitude, incoming.datum) == (32.39, 119.42, "WGS-84")


@pytest.mark.parametrize(
    ("x", "y"),
    [("91", "0"), ("0", "181"), ("nan", "0"), ("inf", "0"), ("", "0"), (None, "0"), ([], "0"), (True, "0")],
)
def test_a_place_outside_the_world_is_no_place(x: object, y: object) -> None:
    incoming = message("location", Location_X=x, Location_Y=y)

    assert (incoming.latitude, incoming.longitude, incoming.datum) == (None, None, None)


def test_a_link_has_title_description_and_address() -> None:
    incoming = message(
        "link", Title="停水通知", Description="明天", Url="https://example.org/a?b=6222021234567890123"
    )

    assert (incoming.title, incoming.description) == ("停水通知", "明天")
    assert incoming.url == "https://example.org/a?b=6222021234567890123"


@pytest.mark.parametrize(
    ("name", "key", "scene"),
    [
        ("subscribe", "qrscene_bind-7", "bind-7"),
        ("subscribe", "", None),
        ("SCAN", "bind-7", "bind-7"),
        ("CLICK", "MENU_PROGRESS", None),
    ],
)
def test_a_scanned_code_gives_its_scene_to_new_and_old_followers(
    name: str, key: str, scene: str | None
) -> None:
    assert event(name, EventKey=key).scene == scene


def test_a_template_push_that_failed_names_its_message_and_why() -> None:
    incoming = event("TEMPLATESENDJOBFINISH", MsgID="200163836", Status="failed:user block")

    assert (incoming.msg_id, incoming.status) == ("200163836", "failed:user block")


POPUP = {"TemplateId": "tpl-1", "SubscribeStatusString": "accept", "PopupScene": "2"}
OTHER = {"TemplateId": "tpl-2", "SubscribeStatusString": "reject", "PopupScene": "2"}
FAILED = {"TemplateId": "tpl-3", "MsgID": "17", "ErrorCode": "7", "ErrorStatus": "success"}


@pytest.mark.parametrize(
    ("fields", "items"),
    [
        ({"SubscribeMsgPopupEvent": {"List": POPUP}}, [("tpl-1", "accept")]),
        ({"SubscribeMsgPopupEvent": {"List": [POPUP, OTHER]}}, [("tpl-1", "accept"), ("tpl-2", "reject")]),
        ({"SubscribeMsgChangeEvent": {"List": OTHER}}, [("tpl-2", "reject")]),
        ({"SubscribeMsgSentEvent": {"List": FAILED}}, [("tpl-3", "success")]),
        ({"List": POPUP}, [("tpl-1", "accept")]),
        ({"List": [POPUP, OTHER]}, [("tpl-1", "accept"), ("tpl-2", "reject")]),
        ({"List": ["x", None, {}, {"TemplateId": []}]}, []),
        ({"SubscribeMsgPopupEvent": None}, []),
        ({}, []),
    ],
)
def test_subscribe_events_are_read_with_and_without_their_wrapper(
    fields: dict[str, object], items: list[tuple[str, str]]
) -> None:
    incoming = event("subscribe_msg_popup_event", **fields)

    assert incoming.subscribe_items == tuple(SubscribeItem(*item) for item in items)


def test_a_media_check_says_what_it_suggests() -> None:
    incoming = event("wxa_media_check", trace_id="t-1", result={"suggest": "risky", "label": 20001})

    assert (incoming.status, incoming.trace_id) == ("risky", "t-1")


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_every_event_of_the_platform_is_known(name: str) -> None:
    assert event(name).known


@pytest.mark.parametrize("name", sorted(MESSAGE_TYPES))
def test_every_message_type_of_the_platform_is_known(name: str) -> None:
    assert message(name).known


def test_what_the_platform_added_since_is_read_but_not_known() -> None:
    assert not event("new_shiny_event").known
    assert not message("hologram").known
    assert not event("text").known
    assert not read({**SENT, "MsgType": "event"}).known


@pytest.mark.parametrize("name", ["FromUserName", "MsgType"])
@pytest.mark.parametrize(
    "value", [None, "", " ", [], ["a", "b"], {"#text": "a"}, 7, "a\x00b", "x" * 65, "\ud800", "人"]
)
def test_sender_and_type_must_be_plain_strings(name: str, value: object) -> None:
    with pytest.raises(BadBody):
        read({**SENT, "MsgType": "text", name: value})


def test_a_field_sent_twice_or_nested_is_left_out() -> None:
    incoming = message("text", Content=["a", "b"], MediaId={"a": "b"}, CreateTime=["1", "2"], ToUserName=None)

    assert (incoming.text, incoming.media_id, incoming.created_at, incoming.to_user) == (None, None, 0, "")


@pytest.mark.parametrize("given_time", ["-5", "x", "", None, 1.5, True, "9" * 30, 2**80])
def test_an_odd_time_is_zero(given_time: object) -> None:
    assert message("text", CreateTime=given_time).created_at == 0


def test_control_characters_surrogates_and_direction_marks_are_taken_out() -> None:
    assert message("text", Content="水\x00管\ud83d\u202e坏\x1b了\r\n三组\ufffe").text == "水管坏了\n三组"


def test_emoji_with_joiners_stay_whole() -> None:
    assert message("text", Content="谢谢👨‍👩‍👧👍🏽").text == "谢谢👨‍👩‍👧👍🏽"


def test_a_very_long_text_is_cut_and_no_number_shows_at_the_cut() -> None:
    text = message("text", Content="水" * (MAX_TEXT - 10) + "320102199003078888").text

    assert text is not None
    assert len(text) == MAX_TEXT
    assert text.endswith("水320*******")


def test_identity_numbers_are_masked_in_all_free_text() -> None:
    number = "11010519491231002X"
    spoken = message("voice", Recognition=f"号码{number}").text
    linked = message("link", Title=number, Description=number)

    assert (spoken, linked.title, linked.description) == (
        "号码110*************2X",
        "110*************2X",
        "110*************2X",
    )


def test_messages_are_one_by_their_id_and_events_by_all_they_say() -> None:
    clicked = event("CLICK", EventKey="A")

    assert dedup_key(message("text", Content="好")) == "m:9007199254740993"
    assert dedup_key(message("text", MsgId="1")) != dedup_key(message("text", MsgId="2"))
    assert dedup_key(clicked) == dedup_key(event("CLICK", EventKey="A"))
    assert dedup_key(clicked) != dedup_key(event("CLICK", EventKey="B"))
    assert dedup_key(clicked) != dedup_key(event("CLICK", EventKey="A", CreateTime="1714036505"))


def test_media_checks_that_differ_in_trace_id_alone_are_two() -> None:
    first, second = (event("wxa_media_check", trace_id=trace) for trace in ("t-1", "t-2"))

    assert dedup_key(first) != dedup_key(second)


def test_the_order_of_fields_does_not_make_an_event_another_one() -> None:
    assert dedup_key(read({"Event": "SCAN", "MsgType": "event", "EventKey": "k", **SENT})) == dedup_key(
        event("SCAN", EventKey="k")
    )


@pytest.mark.parametrize("msg_id", [None, "", "x" * 61, "a b", ["1", "2"], 10**70])
def test_a_message_without_a_usable_id_is_told_apart_by_what_it_says(msg_id: object) -> None:
    first, second = (message("text", Content=text, MsgId=msg_id) for text in ("好", "不好"))

    assert dedup_key(first).startswith("e:1714036504:")
    assert dedup_key(first) != dedup_key(second)


def test_a_message_cannot_take_the_key_of_an_event() -> None:
    followed = event("subscribe", MsgId="m1")

    assert dedup_key(replace(message("text"), msg_id=dedup_key(followed))) != dedup_key(followed)


anything: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=30)
    | st.text("0123456789", max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
names = st.sampled_from(
    [
        "ToUserName",
        "CreateTime",
        "MsgId",
        "MsgID",
        "Content",
        "Recognition",
        "MediaId",
        "Format",
        "PicUrl",
        "ThumbMediaId",
        "Location_X",
        "Location_Y",
        "Label",
        "Title",
        "Description",
        "Url",
        "Event",
        "EventKey",
        "Latitude",
        "Longitude",
        "Status",
        "trace_id",
        "result",
        "List",
        "SubscribeMsgPopupEvent",
        "SubscribeMsgSentEvent",
    ]
)


@given(
    fields=st.dictionaries(names, anything, max_size=14),
    msg_type=st.sampled_from([*sorted(MESSAGE_TYPES), "event"]),
    name=st.sampled_from([*sorted(EVENTS), None]),
)
@settings(max_examples=300)
def test_fields_of_any_shape_give_a_message_that_can_be_stored(
    fields: dict[str, Any], msg_type: str, name: str | None
) -> None:
    incoming = read({"Event": name, **fields, "FromUserName": "oResident", "MsgType": msg_type})

    stored = json.dumps(to_payload(incoming), allow_nan=False)
    assert stored.encode()
    assert "\\u0000" not in stored
    assert from_payload(json.loads(stored)) == incoming
    assert len(dedup_key(incoming)) <= 96


@given(text=st.text(max_size=60))
def test_what_a_resident_writes_arrives_through_xml_and_json_alike(text: str) -> None:
    printable = "".join(c for c in text if c in "\n\t" or c >= " ").replace("]]>", "")
    fields = {**SENT, "MsgType": "text", "MsgId": "1", "Content": printable}
    try:
        body = xml(fields).encode()
    except UnicodeEncodeError:
        return

    by_json = parse("oa", open_envelope(PLAIN, signed(PLAIN), json.dumps(fields).encode(), NOW))
    if "\ufffe" not in printable and "\uffff" not in printable:
        assert parse("oa", open_envelope(PLAIN, signed(PLAIN), body, NOW)).text == by_json.text
