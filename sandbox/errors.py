"""What the stand-in API refuses with: WeChat's error codes and their sentences."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

ERRMSG: Mapping[int, str] = MappingProxyType(
    {
        -1: "system error",
        40001: "invalid credential, access_token is invalid or not latest",
        40002: "invalid grant_type",
        40003: "invalid openid",
        40007: "invalid media_id",
        40008: "invalid message type",
        40013: "invalid appid",
        40014: "invalid access_token",
        40029: "invalid code",
        40037: "invalid template_id",
        40097: "invalid args",
        40125: "invalid appsecret",
        40129: "invalid scene",
        40163: "code been used",
        40164: "invalid ip, not in whitelist",
        40226: "code blocked",
        41001: "access_token missing",
        41030: "invalid page",
        42001: "access_token expired",
        43004: "require subscribe",
        43019: "require remove blacklist",
        43101: "user refuse to accept the msg",
        44002: "empty post data",
        45002: "content size out of limit",
        45009: "reach max api daily quota limit",
        45011: "api minute-quota reach limit, must slower, retry next minute",
        45015: "response out of time limit or subscription is canceled",
        45047: "out of response count limit",
        47001: "data format error",
        47003: "argument invalid!",
        48001: "api unauthorized",
        48004: "api forbidden for irregularities, view detail on mp.weixin.qq.com",
        61010: "code is expired",
    }
)


class Refused(Exception):
    """An answer with an errcode, HTTP status 200 as WeChat gives it."""

    def __init__(self, errcode: int, errmsg: str = "") -> None:
        self.errcode = errcode
        self.errmsg = errmsg or ERRMSG.get(errcode, "error")
        super().__init__(f"{errcode} {self.errmsg}")


class Impossible(Exception):
    """Something that nobody can do with a phone, such as writing to an account without following it."""
