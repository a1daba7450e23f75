from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.wire import SUCCESS, Incoming, clean, open_envelope, passive, render, split
from bot.wire.reply import LIMIT_BYTES, MORE_HINT
from bot.wire.signature import sign
from tests.bot.wire.accounts import COMPATIBLE, MINI, NOW, PLAIN, SAFE, Keys, signed

FROM_RESIDENT = Incoming(
    account="oa",
    openid="oResident",
    to_user="gh_oa",
    msg_type="text",
    known=True,
    created_at=NOW,
    text="你好",
)


def shown(body: str) -> str:
    """What WeChat would show of a rendered reply; fails where WeChat would call the account out of order."""
    fields = open_envelope(PLAIN, signed(PLAIN), body.encode(), NOW)
    assert (fields["ToUserName"], fields["FromUserName"]) == ("oResident", "gh_oa")
    assert (fields["MsgType"], str(fields["CreateTime"])) == ("text", str(NOW))
    return str(fields["Content"] or "")


@pytest.mark.parametrize("style", ["xml", "json"])
@pytest.mark.parametrize(
    "text",
    [
        "已收到，编号 1024。",
        "]]>",
        "a]]>b]]]]>>]]>",
        "]]><MsgType>news</MsgType>",
        "<![CDATA[x]]>",
        "第一行\n第二行",
        "&lt; & < > \" '",
        "谢谢👨‍👩‍👧",
    ],
)
def test_a_reply_is_shown_as_it_was_written(text: str, style: str) -> None:
    assert shown(render(FROM_RESIDENT, text, NOW, style=style)) == text


@given(text=st.text(), style=st.sampled_from(["xml", "json"]))
@settings(max_examples=300)
def test_any_text_makes_a_well_formed_reply(text: str, style: str) -> None:
    assert shown(render(FROM_RESIDENT, text, NOW, style=style)) == clean(text)


@given(text=st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert clean(text).encode() is not None


def test_what_fits_is_sent_whole_to_the_last_byte() -> None:
    text = "水" * (LIMIT_BYTES // 3) + "ab"

    assert len(text.encode()) == LIMIT_BYTES
    assert split(text) == (text, "")


def test_one_byte_more_is_split_and_the_first_part_says_how_to_go_on() -> None:
    first, rest = split("水" * (LIMIT_BYTES // 3) + "abc")

    assert first.endswith(f"\n{MORE_HINT}")
    assert len(first.encode()) <= LIMIT_BYTES
    assert rest.endswith("abc")


def test_a_cut_falls_after_a_line_before_anything_else() -> None:
    first, rest = split("一" * 20 + "\n" + "二" * 15 + "。" + "三" * 200, limit=170)

    assert first == "一" * 20 + f"\n{MORE_HINT}"
    assert rest.startswith("二")


def test_without_lines_a_cut_falls_after_a_sentence() -> None:
    first, rest = split("一" * 20 + "。" + "二" * 15 + "，" + "三" * 200, limit=170)

    assert first == "一" * 20 + f"。\n{MORE_HINT}"
    assert rest.startswith("二")


def test_a_line_end_right_at_the_start_does_not_waste_the_message() -> None:
    first, _ = split("一\n" + "二" * 400, limit=600)

    assert len(first.encode()) > 500


def test_an_emoji_made_of_several_is_not_cut_apart() -> None:
    family = "👨‍👩‍👧"
    for shift in range(30):
        first, rest = split("a" * shift + family * 60, limit=200)
        assert rest == "" or rest.startswith("👨")
        assert first.removesuffix(f"\n{MORE_HINT}").endswith("👧")


@given(text=st.text(max_size=400), limit=st.integers(100, 400))
@settings(max_examples=200)
def test_all_parts_together_are_the_text_and_each_fits(text: str, limit: int) -> None:
    whole, parts, rest = clean(text), [], text
    while True:
        first, rest = split(rest, limit)
        assert len(first.encode()) <= limit
        parts.append(first.removesuffix(f"\n{MORE_HINT}") if rest else first)
        if not rest:
            break
    assert "".join("".join(parts).split()) == "".join(whole.split())


@pytest.mark.parametrize("keys", [SAFE, COMPATIBLE], ids=lambda keys: keys.mode)
def test_the_answer_of_an_encrypted_account_is_sealed(keys: Keys) -> None:
    body = passive(keys, FROM_RESIDENT, "已收到]]>", now=NOW, nonce="n1")
    fields = open_envelope(PLAIN, signed(PLAIN), body.encode(), NOW)
    query = signed(keys, secret=str(fields["Encrypt"])) | {
        "nonce": "n1",
        "signature": sign(keys.token, str(NOW), "n1"),
        "msg_signature": str(fields["MsgSignature"]),
    }

    assert open_envelope(keys, query, body.encode(), NOW)["Content"] == "已收到]]>"


def test_the_answer_of_a_plaintext_account_is_plain() -> None:
    assert shown(passive(PLAIN, FROM_RESIDENT, "已收到", now=NOW, nonce="n1")) == "已收到"


def test_the_answer_of_a_json_account_is_json() -> None:
    keys = Keys(mode="plain", format="json")

    assert json.loads(passive(keys, FROM_RESIDENT, "已收到", now=NOW, nonce="n1"))["Content"] == "已收到"


@pytest.mark.parametrize("text", ["", " \n", "\x00\x1f", "\ud800"])
def test_nothing_to_say_is_answered_success(text: str) -> None:
    assert passive(SAFE, FROM_RESIDENT, text, now=NOW, nonce="n1") == SUCCESS


def test_mini_program_chat_gets_no_passive_reply() -> None:
    assert passive(MINI, FROM_RESIDENT, "已收到", now=NOW, nonce="n1") == SUCCESS
