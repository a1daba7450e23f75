"""The door that stands for https://api.weixin.qq.com: token, faults, call, log, answer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import cast

from sanic import Blueprint, HTTPResponse, Request, empty, raw, text
from sanic.response import json as json_response

from sandbox import calls, mini_calls
from sandbox.accounts import Account
from sandbox.calls import Answer, Body
from sandbox.courier import Courier
from sandbox.errors import Refused
from sandbox.faults import Fault
from sandbox.media import Media
from sandbox.platform import Call, Platform

Made = Answer | Media | bytes


@dataclass(frozen=True)
class Inbound:
    """One API call, read."""

    path: str
    account: Account | None
    body: dict[str, object]
    file: tuple[str, bytes] | None = None

    @property
    def openid(self) -> str | None:
        """The person whom the call is about, where it names one."""
        value = self.body.get("touser") or self.body.get("openid")
        return value if isinstance(value, str) else None

    @property
    def caller(self) -> Account:
        """The account that the token speaks for."""
        if self.account is None:
            raise Refused(41001)
        return self.account


Handler = Callable[[Platform, Inbound], Made]


def _by_account(call: Callable[[Platform, Account, Body], Answer]) -> Handler:
    return lambda platform, inbound: call(platform, inbound.caller, inbound.body)


def _media_get(platform: Platform, inbound: Inbound) -> Made:
    return platform.media.get(str(inbound.body.get("media_id") or ""))


def _media_upload(platform: Platform, inbound: Inbound) -> Made:
    kind = str(inbound.body.get("type") or "")
    if kind not in {"image", "voice", "video", "thumb"} or inbound.file is None:
        raise Refused(40008 if inbound.file else 44002)
    media = platform.media.put(kind, *inbound.file)
    return Answer({"type": kind, "media_id": media.media_id, "created_at": int(media.created_at)})


CALLS: Mapping[str, tuple[str, Handler]] = MappingProxyType(
    {
        "/cgi-bin/stable_token": ("POST", lambda p, i: mini_calls.stable_token(p, i.body)),
        "/cgi-bin/message/template/send": ("POST", _by_account(calls.template_send)),
        "/cgi-bin/message/subscribe/send": ("POST", _by_account(calls.subscribe_send)),
        "/cgi-bin/message/subscribe/bizsend": ("POST", _by_account(calls.subscribe_bizsend)),
        "/cgi-bin/message/custom/send": ("POST", _by_account(calls.custom_send)),
        "/cgi-bin/media/get": ("GET", _media_get),
        "/cgi-bin/media/upload": ("POST", _media_upload),
        "/cgi-bin/user/info": ("GET", _by_account(mini_calls.user_info)),
        "/sns/jscode2session": ("GET", lambda p, i: mini_calls.jscode2session(p, i.body)),
        "/wxa/business/getuserphonenumber": ("POST", _by_account(mini_calls.phone_number)),
        "/wxa/getwxacodeunlimit": ("POST", lambda _p, i: mini_calls.wxacode(i.caller, i.body)),
        "/wxa/msg_sec_check": ("POST", _by_account(mini_calls.msg_sec_check)),
    }
)
WITHOUT_TOKEN = frozenset({"/cgi-bin/stable_token", "/sns/jscode2session"})


def add_routes(bp: Blueprint, platform: Platform, courier: Courier) -> None:
    """Answer every path of `CALLS` under `/api`."""
    for path, (method, handler) in CALLS.items():
        door = _door(platform, courier, path, handler)
        bp.add_route(
            door, f"/api{path}", methods=[method], name=path.strip("/").replace("/", "_").replace("-", "_")
        )


def _door(
    platform: Platform, courier: Courier, path: str, handler: Handler
) -> Callable[[Request], Coroutine[None, None, HTTPResponse]]:
    async def door(request: Request) -> HTTPResponse:
        account, refusal = _caller(platform, request, path)
        inbound = _read(request, path, account)
        fault = platform.faults.take(
            path, account=account.account if account else None, openid=inbound.openid
        )
        if fault and fault.when == "before" and (fault.drop or fault.status or fault.errcode is not None):
            _note(platform, inbound, _fault_code(fault), fault, shown=False)
            return await _spoil(request, fault, empty())
        if fault and fault.when == "before":
            await asyncio.sleep(fault.delay)
        made = refusal or _run(platform, inbound, handler)
        _note(platform, inbound, made, fault, shown=isinstance(made, Answer) and made.shown)
        if isinstance(made, Answer) and made.event:
            courier.say_later(made.event)
        response = _response(made)
        return await _spoil(request, fault, response) if fault and fault.when == "after" else response

    return door


def _caller(platform: Platform, request: Request, path: str) -> tuple[Account | None, Refused | None]:
    if path in WITHOUT_TOKEN:
        return None, None
    try:
        return platform.accounts[platform.tokens.account_of(request.args.get("access_token"))], None
    except Refused as refused:
        return None, refused


def _read(request: Request, path: str, account: Account | None) -> Inbound:
    body: dict[str, object] = {
        name: request.args.get(name) for name in request.args if name != "access_token"
    }
    upload = request.files.get("media") if request.files else None
    file = (upload.type, upload.body) if upload else None
    if request.body and file is None:
        try:
            given = json.loads(request.body)
        except ValueError:
            given = None
        body = body | given if isinstance(given, dict) else {"": "47001"}
    return Inbound(path, account, body, file)


def _run(platform: Platform, inbound: Inbound, handler: Handler) -> Made | Refused:
    if inbound.body.get("") == "47001":
        return Refused(47001)
    try:
        return handler(platform, inbound)
    except Refused as refused:
        return refused


def _note(
    platform: Platform, inbound: Inbound, made: Made | Refused | None, fault: Fault | None, *, shown: bool
) -> None:
    lost = fault is not None and (fault.drop or fault.status is not None)
    refused = made if isinstance(made, Refused) else None
    platform.note(
        Call(
            seq=platform.next_seq(),
            at=platform.now(),
            path=inbound.path,
            account=inbound.account.account if inbound.account else None,
            openid=inbound.openid,
            body={name: value for name, value in inbound.body.items() if name != "secret"},
            errcode=None if lost else (refused.errcode if refused else 0),
            errmsg=refused.errmsg if refused else "ok",
            shown=shown,
            fault=fault.id if fault else None,
        )
    )


def _fault_code(fault: Fault) -> Refused | None:
    return None if fault.errcode is None else Refused(fault.errcode, fault.errmsg)


async def _spoil(request: Request, fault: Fault, response: HTTPResponse) -> HTTPResponse:
    """The answer as the fault leaves it."""
    await asyncio.sleep(fault.delay)
    if fault.drop:
        cast(asyncio.Transport, request.transport).abort()
        return empty()
    if fault.status:
        return text("fault", status=fault.status)
    refused = _fault_code(fault)
    return response if refused is None else _response(refused)


def _response(made: Made | Refused) -> HTTPResponse:
    if isinstance(made, Refused):
        return json_response({"errcode": made.errcode, "errmsg": made.errmsg})
    if isinstance(made, Media):
        headers = {"Content-Disposition": f'attachment; filename="{made.media_id}"'}
        return raw(made.content, content_type=made.content_type, headers=headers)
    if isinstance(made, bytes):
        return raw(made, content_type="image/png")
    # The token and login calls answer without errcode when they succeed.
    bare = {"access_token", "session_key", "media_id"} & made.body.keys()
    return json_response(made.body if bare else {"errcode": 0, "errmsg": "ok"} | made.body)
