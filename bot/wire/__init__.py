"""The protocol of the callback, pure: no web framework, no database, no clock of its own.

`open_envelope` → `parse` → `dedup_key` on the way in; `split` → `passive` on the way out. Whatever is wrong
with what came in is a `WireError` with the HTTP status to answer.
"""

from bot.wire.account import AccountKeys
from bot.wire.envelope import MAX_BODY, open_envelope, seal
from bot.wire.errors import BadBody, BadSignature, WireError
from bot.wire.masking import mask
from bot.wire.messages import Incoming, SubscribeItem, dedup_key, from_payload, parse, to_payload
from bot.wire.reply import SUCCESS, clean, passive, render, split
from bot.wire.signature import check_echo

__all__ = [
    "MAX_BODY",
    "SUCCESS",
    "AccountKeys",
    "BadBody",
    "BadSignature",
    "Incoming",
    "SubscribeItem",
    "WireError",
    "check_echo",
    "clean",
    "dedup_key",
    "from_payload",
    "mask",
    "open_envelope",
    "parse",
    "passive",
    "render",
    "seal",
    "split",
    "to_payload",
]
