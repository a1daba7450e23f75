"""Accounts, and WeChat's side of the callback, as these tests need them."""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass

from wechatpy.crypto import PrpCrypto, WeChatCrypto
from wechatpy.crypto.base import WeChatCipher

from bot.wire.account import AccountKeys
from bot.wire.signature import sign

NOW = 1_714_036_504
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"


@dataclass(frozen=True)
class Keys:
    """The keys of one account."""

    account: str = "oa"
    kind: str = "oa"
    mode: str = "safe"
    format: str = "xml"
    appid: str = "wx-test"
    token: str = "AAAAA"
    aes_key: str = AES_KEY


SAFE = Keys()
PLAIN = Keys(account="oa-plain", mode="plain", aes_key="")
COMPATIBLE = Keys(account="oa-both", mode="compatible")
MINI = Keys(account="mini", kind="mini", format="json")
ALL = (SAFE, PLAIN, COMPATIBLE, MINI)

TEXT_XML = (
    "<xml><ToUserName><![CDATA[gh_oa]]></ToUserName><FromUserName><![CDATA[resident-1]]></FromUserName>"
    "<CreateTime>1714036504</CreateTime><MsgType><![CDATA[text]]></MsgType>"
    "<Content><![CDATA[我家漏水]]></Content><MsgId>23456789</MsgId></xml>"
)


def encrypt(keys: AccountKeys, message: str) -> str:
    """The `Encrypt` value of a message."""
    key = WeChatCrypto(keys.token, keys.aes_key, keys.appid).key
    return str(PrpCrypto(key).encrypt(message, keys.appid).decode())


def encrypt_bytes(keys: AccountKeys, message: bytes) -> str:
    """The `Encrypt` value of any bytes, rightly padded and addressed."""
    inside = b"r" * 16 + struct.pack(">I", len(message)) + message + keys.appid.encode()
    padding = 32 - len(inside) % 32
    return encrypt_as_is(keys, inside + bytes([padding]) * padding)


def encrypt_as_is(keys: AccountKeys, plaintext: bytes) -> str:
    """Encrypt whole blocks as they are: without length, appid or padding of ours."""
    cipher = WeChatCipher(WeChatCrypto(keys.token, keys.aes_key, keys.appid).key)
    return base64.b64encode(cipher.encrypt(plaintext)).decode()


def signed(keys: AccountKeys, *, secret: str | None = None, timestamp: int | str = NOW) -> dict[str, str]:
    """The query string that WeChat makes, with `msg_signature` when there is an encrypted part."""
    stamp, nonce = str(timestamp), "1514711492"
    query = {"timestamp": stamp, "nonce": nonce, "signature": sign(keys.token, stamp, nonce)}
    if secret is None:
        return query
    return query | {"encrypt_type": "aes", "msg_signature": sign(keys.token, stamp, nonce, secret)}


def posted(keys: AccountKeys, message: str, *, outer: str = "") -> tuple[dict[str, str], bytes]:
    """Query and body of a callback that carries `message`; `outer` is the plain part of compatible mode."""
    if keys.mode == "plain":
        return signed(keys), message.encode(errors="surrogatepass")
    secret = encrypt(keys, message)
    body = f"<xml>{outer}<ToUserName>gh</ToUserName><Encrypt><![CDATA[{secret}]]></Encrypt></xml>"
    if keys.format == "json":
        body = json.dumps({"ToUserName": "gh", "Encrypt": secret})
    return signed(keys, secret=secret), body.encode()


def xml(fields: Mapping[str, object]) -> str:
    """Fields as WeChat writes them."""
    return f"<xml>{''.join(_element(name, value) for name, value in fields.items())}</xml>"


def _element(name: str, value: object) -> str:
    if isinstance(value, Mapping):
        return f"<{name}>{''.join(_element(key, one) for key, one in value.items())}</{name}>"
    if isinstance(value, list):
        return "".join(_element(name, one) for one in value)
    return f"<{name}><![CDATA[{value}]]></{name}>"
