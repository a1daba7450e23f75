"""The door for WeChat: `/wechat/<account>`. Size, signature and form are checked before anything is believed."""

from __future__ import annotations

import secrets
import time
from typing import Any

import structlog
from sanic import Blueprint, HTTPResponse, Request, Sanic, text

from bot.desk import Desk
from bot.wire import (
    MAX_BODY,
    SUCCESS,
    BadBody,
    Incoming,
    WireError,
    check_echo,
    open_envelope,
    parse,
    passive,
)
from settings import Settings, WeChatAccount

log = structlog.get_logger(__name__)

AnySanic = Sanic[Any, Any]


class TooLarge(BadBody):
    """More than WeChat ever sends."""

    status = 413


def blueprint(chosen: Settings) -> Blueprint:
    """The callback of every account in the settings."""
    bp = Blueprint("wechat", url_prefix="/wechat")
    desk = Desk(chosen.passive_guard_seconds)

    @bp.get("/<name:str>")
    async def check(request: Request, name: str) -> HTTPResponse:
        account = chosen.account(name)
        if account is None:
            return text("no such account", status=404)
        try:
            return text(check_echo(account, _query(request), int(time.time())))
        except WireError as refused:
            return _refused(account, refused)

    @bp.post("/<name:str>", stream=True)
    async def receive(request: Request, name: str) -> HTTPResponse:
        account = chosen.account(name)
        if account is None:
            return text("no such account", status=404)
        try:
            message = await _message(request, account)
        except WireError as refused:
            return _refused(account, refused)
        if not message.known:
            log.info("unknown_message", account=name, type=message.msg_type, wechat_event=message.event)
            return text(SUCCESS)
        words = await desk.respond(message, deferred=account.kind == "mini")
        return _answer(account, message, words)

    @bp.before_server_start
    async def warn(_app: AnySanic) -> None:
        for one in chosen.wechat_accounts:
            if one.mode == "plain":
                log.warning("plaintext_account", account=one.account, advice="bodies are unsigned: use safe mode")

    @bp.before_server_stop
    async def drain(_app: AnySanic) -> None:
        await desk.drain()

    return bp


async def _message(request: Request, account: WeChatAccount) -> Incoming:
    fields = open_envelope(account, _query(request), await _body(request), int(time.time()))
    return parse(account.account, fields)


async def _body(request: Request) -> bytes:
    """The body, read no further than WeChat's messages can be long.

    Raises: TooLarge.
    """
    announced = request.headers.get("content-length", "0")
    if announced.isascii() and announced.isdigit() and int(announced) > MAX_BODY:
        raise TooLarge("body is too large")
    parts: list[bytes] = []
    size = 0
    while (part := await request.stream.read()) is not None:
        size += len(part)
        if size > MAX_BODY:
            raise TooLarge("body is too large")
        parts.append(part)
    return b"".join(parts)


def _query(request: Request) -> dict[str, str]:
    return {name: values[0] for name, values in request.args.items() if values}


def _refused(account: WeChatAccount, refused: WireError) -> HTTPResponse:
    log.warning("callback_refused", account=account.account, status=refused.status, reason=refused.reason)
    return text(refused.reason, status=refused.status)


def _answer(account: WeChatAccount, message: Incoming, words: str) -> HTTPResponse:
    body = passive(account, message, words, now=int(time.time()), nonce=secrets.token_hex(8))
    if body == SUCCESS:
        return text(SUCCESS)
    kind = "application/json" if account.format == "json" else "application/xml"
    return HTTPResponse(body, content_type=f"{kind}; charset=utf-8")
