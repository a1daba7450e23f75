"""Passive replies: cleaned, cut to what WeChat takes, rendered and sealed.

An odd body shows the resident that the account is out of order, so whatever string comes in, what goes out is
well-formed and at most 2,048 bytes of text.
"""

from __future__ import annotations

import json
import unicodedata

from wechatpy.replies import TextReply

from bot.wire.account import AccountKeys
from bot.wire.characters import strip_forbidden
from bot.wire.envelope import seal
from bot.wire.messages import Incoming

SUCCESS = "success"
LIMIT_BYTES = 2048
MORE_HINT = "回复“更多”看后面的内容"
_SENTENCE_ENDS = "。！？；!?;…"
_PAUSES = "，、：,: 　\t"
_JOINS = {0x200D, *range(0xFE00, 0xFE10), *range(0x1F3FB, 0x1F400), *range(0xE0020, 0xE0080)}


def clean(text: str) -> str:
    """`text` without characters that XML cannot carry, without blanks at the ends; idempotent."""
    return strip_forbidden(text).strip()


def split(text: str, limit: int = LIMIT_BYTES) -> tuple[str, str]:
    """The part to send now, at most `limit` bytes of UTF-8 with the hint as its last line, and the rest.

    Cuts after a line, else a sentence, else a pause, else between two characters; never inside one. The rest
    is empty when all fits; only blanks are lost at the cut. `limit` must hold the hint and one character (100
    do).
    """
    text = clean(text)
    if len(text.encode()) <= limit:
        return text, ""
    hint = f"\n{MORE_HINT}"
    window = text.encode()[: limit - len(hint.encode())].decode(errors="ignore")
    cut = _cut(text, len(window))
    return text[:cut].rstrip() + hint, text[cut:].lstrip()


def render(incoming: Incoming, text: str, now: int, *, style: str = "xml") -> str:
    """A well-formed text reply to whoever sent `incoming`, for any `text`; `style` is `xml` or `json`."""
    content = clean(text)
    if style == "json":
        return _json(incoming, content, now)
    reply = TextReply(
        source=_cdata(incoming.to_user), target=_cdata(incoming.openid), time=now, content=_cdata(content)
    )
    return str(reply.render())


def passive(account: AccountKeys, incoming: Incoming, text: str, *, now: int, nonce: str) -> str:
    """The whole HTTP answer: a reply as the account's mode wants it, or `success`.

    `success` where there is nothing to say, and in mini-program customer chat, which takes no passive reply:
    there the words go through the customer-service API. `nonce` is ours, letters and digits.
    """
    if account.kind == "mini" or not clean(text):
        return SUCCESS
    reply = render(incoming, text, now, style=account.format)
    return reply if account.mode == "plain" else seal(account, reply, nonce, now)


def _cut(text: str, most: int) -> int:
    # A cut in the first third would waste the message for the sake of a tidy end.
    least = most // 3
    for ends in ("\n", _SENTENCE_ENDS, _PAUSES):
        best = max(text.rfind(end, least, most) for end in ends)
        if best >= 0:
            return best + 1
    place = most
    while place > 1 and _joined(text, place):
        place -= 1
    return place if place > 1 else max(most, 1)


def _joined(text: str, place: int) -> bool:
    # Emoji with skin tones or joiners, and letters with combining marks, are one character to the reader.
    after, before = text[place], text[place - 1]
    return ord(after) in _JOINS or unicodedata.combining(after) > 0 or before == "\u200d"


def _cdata(text: str) -> str:
    # wechatpy puts text into CDATA as it is; a CDATA end inside is spread over two sections.
    return text.replace("]]>", "]]]]><![CDATA[>")


def _json(incoming: Incoming, content: str, now: int) -> str:
    fields: dict[str, str | int] = {
        "ToUserName": incoming.openid,
        "FromUserName": incoming.to_user,
        "CreateTime": now,
        "MsgType": "text",
        "Content": content,
    }
    return json.dumps(fields, ensure_ascii=False)
