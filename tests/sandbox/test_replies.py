"""A passive reply is shown, or called odd, as on a real phone."""

from __future__ import annotations

import pytest

from sandbox.replies import shown
from sandbox.wire import OddReply


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"MsgType": "text", "Content": "好"}, "好"),
        ({"MsgType": "image", "Image": {"MediaId": "m"}}, "[图片]"),
        ({"MsgType": "voice", "Voice": {"MediaId": "m"}}, "[语音]"),
        ({"MsgType": "video", "Video": {"MediaId": "m"}}, "[视频]"),
        ({"MsgType": "music", "Music": {"ThumbMediaId": "m", "Title": "扬剧"}}, "[音乐] 扬剧"),
        (
            {
                "MsgType": "news",
                "ArticleCount": "1",
                "Articles": {"item": {"Title": "甲", "Description": "乙"}},
            },
            "甲\n乙",
        ),
    ],
)
def test_every_type_of_passive_reply_is_shown(fields: dict[str, object], text: str) -> None:
    reply = shown(fields)

    assert reply is not None
    assert (reply["type"], reply["text"]) == (fields["MsgType"], text)


def test_handing_over_to_a_person_shows_nothing() -> None:
    assert shown({"MsgType": "transfer_customer_service"}) is None


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"MsgType": "card"},
        {"MsgType": "text"},
        {"MsgType": "text", "Content": " \n"},
        {"MsgType": "text", "Content": ["一", "二"]},
        {"MsgType": "text", "Content": "村" * 683},
        {"MsgType": "image", "Image": None},
        {"MsgType": "voice", "Voice": {}},
        {"MsgType": "music", "Music": {}},
        {"MsgType": "news", "ArticleCount": "2", "Articles": {"item": [{"Title": "甲"}, {"Title": "乙"}]}},
        {"MsgType": "news", "ArticleCount": "2", "Articles": {"item": {"Title": "甲"}}},
    ],
)
def test_an_odd_reply_says_why(fields: dict[str, object]) -> None:
    with pytest.raises(OddReply, match=r"\w+"):
        shown(fields)


def test_a_text_of_exactly_2048_bytes_is_shown() -> None:
    assert shown({"MsgType": "text", "Content": "村" * 682 + "ab"}) is not None
