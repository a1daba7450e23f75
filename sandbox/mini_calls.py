"""The other API calls: token, login, phone number, QR code, content check. Pure functions of the platform."""

from __future__ import annotations

import base64
import io
import re
import secrets
from collections.abc import Mapping

import segno

from sandbox.accounts import Account
from sandbox.calls import Answer, Body
from sandbox.errors import Refused
from sandbox.platform import Platform

ACTIVE_SECONDS = 2 * 3600
MAX_CHECKED_CHARACTERS = 2500

_SCENE = re.compile(r"[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]{1,32}")
# Labels as the content check numbers them; the words only serve to see each verdict once.
_WORDS: Mapping[str, tuple[str, int]] = {
    "加微信领红包": ("review", 10001),
    "网络赌博": ("risky", 20006),
    "傻逼": ("risky", 20003),
}


def stable_token(platform: Platform, body: Body) -> Answer:
    """`/cgi-bin/stable_token`: the same token until five minutes before its end."""
    if body.get("grant_type") != "client_credential":
        raise Refused(40002)
    account = _authenticated(platform, body)
    token = platform.tokens.stable(account.account, force=body.get("force_refresh") is True)
    return Answer({"access_token": token.value, "expires_in": int(token.expires_at - platform.now())})


def jscode2session(platform: Platform, query: Body) -> Answer:
    """`/sns/jscode2session`: who is behind a login code; it works once, for five minutes."""
    account = _authenticated(platform, query)
    if query.get("grant_type") != "authorization_code":
        raise Refused(40002)
    code = platform.codes.redeem(query.get("js_code"), "login", account.account)
    platform.phones.get(account.account, code.openid).active_at = platform.now()
    key = base64.b64encode(secrets.token_bytes(16)).decode()
    return Answer({"openid": code.openid, "session_key": key, "unionid": f"union-{code.openid}"})


def user_info(platform: Platform, account: Account, body: Body) -> Answer:
    """`/cgi-bin/user/info` of an official account: whether somebody follows, and their unionid if they do."""
    if account.mini:
        raise Refused(48001)
    openid = body.get("openid")
    if not isinstance(openid, str) or not openid:
        raise Refused(40003)
    if not platform.phones.get(account.account, openid).following:
        return Answer({"subscribe": 0, "openid": openid})
    return Answer({"subscribe": 1, "openid": openid, "unionid": f"union-{openid}"})


def phone_number(platform: Platform, account: Account, body: Body) -> Answer:
    """`/wxa/business/getuserphonenumber`: the number behind a code; it works once, for five minutes."""
    number = platform.codes.redeem(body.get("code"), "phone", account.account).phone_number
    mark = {"timestamp": int(platform.now()), "appid": account.appid}
    info = {"phoneNumber": number, "purePhoneNumber": number, "countryCode": "86", "watermark": mark}
    return Answer({"phone_info": info})


def msg_sec_check(platform: Platform, account: Account, body: Body) -> Answer:
    """`/wxa/msg_sec_check` version 2: only for those who were in the mini-program within two hours."""
    if not account.mini:
        raise Refused(48001)
    content = body.get("content")
    if not isinstance(content, str) or not content or len(content) > MAX_CHECKED_CHARACTERS:
        raise Refused(45002 if content else 44002)
    # Lists, not sets: what came in may be of any type, and not hashable.
    if body.get("version") not in [2, "2"] or body.get("scene") not in [1, 2, 3, 4]:
        raise Refused(40097)
    active_at = platform.phones.get(account.account, str(body.get("openid") or "")).active_at
    if active_at is None or platform.now() - active_at > ACTIVE_SECONDS:
        raise Refused(61010)
    suggest, label = next((verdict for word, verdict in _WORDS.items() if word in content), ("pass", 100))
    result = {"suggest": suggest, "label": label}
    return Answer({"result": result, "detail": [], "trace_id": f"trace-{platform.next_id()}"})


def wxacode(account: Account, body: Body) -> bytes:
    """`/wxa/getwxacodeunlimit`: a PNG that leads to a page of the mini-program.

    Raises: Refused 40129 (scene too long or with other characters), 41030 (page), 48001.
    """
    if not account.mini:
        raise Refused(48001)
    scene, page = body.get("scene"), body.get("page") or "pages/index/index"
    if not isinstance(scene, str) or not _SCENE.fullmatch(scene):
        raise Refused(40129)
    if not isinstance(page, str) or page.startswith("/") or "?" in page:
        raise Refused(41030)
    image = io.BytesIO()
    segno.make(f"{account.appid}|{page}|{scene}", micro=False).save(image, kind="png", scale=6)
    return image.getvalue()


def _authenticated(platform: Platform, given: Body) -> Account:
    account = platform.by_appid(given.get("appid"))
    if given.get("secret") != account.secret:
        raise Refused(40125)
    return account
