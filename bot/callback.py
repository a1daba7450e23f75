"""The door for WeChat: `/wechat/<account>`. Size, signature and form come before belief."""

from __future__ import annotations

import secrets
import time
from typing import Any

import structlog
from sanic import Blueprint, HTTPResponse, Request, Sanic, text

from bot.desk import Desk
from bot.wire.envelope import MAX_BODY, open_envelope
from bot.wire.errors import BadBody, WireError
from bot.wire.messages import Incoming, parse
from bot.wire.reply import SUCCESS, passive
from bot.wire.signature import check_echo
from services import understanding
from settings import Settings, WeChatAccount

log = structlog.get_logger(__name__)

HEARD_OUT = 16 * 1024 * 1024
"""Bytes that are read, most of them thrown away, before a caller is cut off: whoever still sends hears no
refusal, only a broken connection, which a proxy tells as an error of ours."""


class TooLarge(BadBody):
    """More than WeChat ever sends."""

    status = 413


class UnknownAccount(BadBody):
    """No account of this name stands in the settings."""

    status = 404


def blueprint(chosen: Settings) -> Blueprint:
    """The callback of every account in the settings."""
    door = Door(chosen)
    bp = Blueprint("wechat", url_prefix="/wechat")
    bp.add_route(door.check, "/<name:str>", methods=["GET"], name="check")

    @bp.post("/<name:str>", name="receive", stream=True)
    async def receive(request: Request, name: str) -> HTTPResponse:
        return await door.receive(request, name)

    @bp.before_server_start
    async def warn(_app: Sanic[Any, Any]) -> None:
        door.warn()

    @bp.after_server_start
    async def learn(_app: Sanic[Any, Any]) -> None:
        # The first resident does not wait for dictionaries to load.
        _ = await understanding.knowledge()

    # Sanic takes functions alone: a bound method would be dropped without a word.
    @bp.before_server_stop
    async def drain(_app: Sanic[Any, Any]) -> None:
        await door.drain()

    return bp


class Door:
    """Both halves of the callback, and the work behind it."""

    def __init__(self, chosen: Settings) -> None:
        self._chosen = chosen
        self._desk = Desk(chosen.passive_guard_seconds)

    async def check(self, request: Request, name: str) -> HTTPResponse:
        """WeChat checks that the address is ours: the echo comes back verbatim."""
        try:
            return text(check_echo(self._account(name), _query(request), int(time.time())))
        except WireError as refused:
            return _refused(name, refused)

    async def receive(self, request: Request, name: str) -> HTTPResponse:
        """Take a message or event in and answer within WeChat's five seconds."""
        try:
            account = self._account(name)
            message = await _message(request, account)
        except WireError as refused:
            return _refused(name, refused)
        if not message.known:
            log.info("unknown_message", account=name, type=message.msg_type, wechat_event=message.event)
            return text(SUCCESS)
        words = await self._desk.respond(message, deferred=account.kind == "mini")
        return _answer(account, message, words)

    def warn(self) -> None:
        """Say at start-up which accounts cannot tell a forged body."""
        for one in self._chosen.wechat_accounts:
            if one.mode == "plain":
                log.warning(
                    "plaintext_account", account=one.account, advice="bodies are unsigned, use safe mode"
                )

    async def drain(self) -> None:
        """Finish what was begun."""
        await self._desk.drain()

    def _account(self, name: str) -> WeChatAccount:
        account = self._chosen.account(name)
        if account is None:
            raise UnknownAccount("no such account")
        return account


async def _message(request: Request, account: WeChatAccount) -> Incoming:
    fields = open_envelope(account, _query(request), await _body(request), int(time.time()))
    return parse(account.account, fields)


async def _body(request: Request) -> bytes:
    """The body, of which no more is kept than WeChat's messages can be long.

    Raises: TooLarge.
    """
    announced = request.headers.get("content-length", "")
    if announced.isascii() and announced.isdigit() and int(announced) > HEARD_OUT:
        raise TooLarge("body is too large")
    stream: Any = request.stream
    parts: list[bytes] = []
    size = 0
    while size <= HEARD_OUT and (part := await stream.read()) is not None:
        size += len(part)
        if size <= MAX_BODY:
            parts.append(part)
    if size > MAX_BODY:
        raise TooLarge("body is too large")
    return b"".join(parts)


def _query(request: Request) -> dict[str, str]:
    return {name: values[0] for name, values in request.args.items() if values}


def _refused(name: str, refused: WireError) -> HTTPResponse:
    log.warning("callback_refused", account=name[:32], status=refused.status, reason=refused.reason)
    return text(refused.reason, status=refused.status)


def _answer(account: WeChatAccount, message: Incoming, words: str) -> HTTPResponse:
    body = passive(account, message, words, now=int(time.time()), nonce=secrets.token_hex(8))
    if body == SUCCESS:
        return text(SUCCESS)
    kind = "application/json" if account.format == "json" else "application/xml"
    return HTTPResponse(body, content_type=f"{kind}; charset=utf-8")
