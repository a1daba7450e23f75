"""The yardstick: what one writes in an afternoon with the same libraries. No inbox, no dispatch.

`python -m bench.bare PORT DATABASE_URL`. `/greeting` decrypts, parses, inserts one row by the ORM, renders
and encrypts. `/filing` also segments the words with jieba and writes two rows in one transaction.
`/sign-up` takes places by one guarded update and inserts one row, held or waiting, in one transaction.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Any

import jieba
from sanic import HTTPResponse, Request, Sanic, json, text
from tortoise import Tortoise, fields
from tortoise.expressions import F
from tortoise.models import Model
from tortoise.transactions import in_transaction
from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.replies import create_reply

from models.database import configuration
from settings import DEVELOPMENT_ACCOUNTS

ACCOUNT = DEVELOPMENT_ACCOUNTS[0]
CRYPTO = WeChatCrypto(ACCOUNT.token, ACCOUNT.aes_key, ACCOUNT.appid)


class BareMessage(Model):
    """One message."""

    id = fields.BigIntField(primary_key=True)
    openid = fields.CharField(max_length=64)
    text = fields.TextField()
    received_at = fields.DatetimeField()

    class Meta:
        table = "bare_message"


class BareAppeal(Model):
    """One appeal: what a first version would keep."""

    id = fields.BigIntField(primary_key=True)
    openid = fields.CharField(max_length=64)
    category = fields.CharField(max_length=32)
    status = fields.CharField(max_length=24)
    text = fields.TextField()
    words = fields.TextField()
    created_at = fields.DatetimeField()

    class Meta:
        table = "bare_appeal"


class BareEvent(Model):
    """What happened to it."""

    id = fields.BigIntField(primary_key=True)
    appeal: fields.ForeignKeyRelation[BareAppeal] = fields.ForeignKeyField(
        "bare.BareAppeal", related_name="events"
    )
    verb = fields.CharField(max_length=24)
    at = fields.DatetimeField()

    class Meta:
        table = "bare_event"


class BareSlot(Model):
    """A session with places."""

    id = fields.BigIntField(primary_key=True)
    capacity = fields.IntField()
    taken = fields.IntField(default=0)

    class Meta:
        table = "bare_slot"


class BareSignUp(Model):
    """One sign-up."""

    id = fields.BigIntField(primary_key=True)
    slot: fields.ForeignKeyRelation[BareSlot] = fields.ForeignKeyField("bare.BareSlot", related_name="signed")
    person = fields.IntField()
    party = fields.IntField()
    state = fields.CharField(max_length=16)
    created_at = fields.DatetimeField()

    class Meta:
        table = "bare_sign_up"


def bare_app(database_url: str) -> Sanic[Any, Any]:
    """The handlers: Tortoise as it comes, a pool of the same size and the same server as the product."""
    app: Sanic[Any, Any] = Sanic("bare", configure_logging=False)

    @app.before_server_start
    async def connect(_app: Sanic[Any, Any]) -> None:
        config = configuration(database_url)
        config["connections"]["default"]["engine"] = "tortoise.backends.asyncpg"
        config["apps"] = {"bare": {"models": [__name__], "default_connection": "default"}}
        await Tortoise.init(config=config, _enable_global_fallback=True)
        await Tortoise.generate_schemas(safe=True)
        jieba.initialize()

    app.add_route(_healthz, "/healthz")
    for path, handler in (("/greeting", _greeting), ("/filing", _filing), ("/sign-up", _sign_up)):
        app.add_route(handler, path, methods=["POST"])
    return app


async def _healthz(_request: Request) -> HTTPResponse:
    return text("ok")


async def _greeting(request: Request) -> HTTPResponse:
    message = _opened(request)
    kept = BareMessage(openid=message.source, text=message.content, received_at=datetime.now(UTC))
    await kept.save(force_create=True)
    return _answer(request, message, "您好！直接写一句话就能反映问题。")


async def _filing(request: Request) -> HTTPResponse:
    message = _opened(request)
    words = jieba.lcut(message.content)
    moment = datetime.now(UTC)
    async with in_transaction():
        appeal = await BareAppeal.create(
            openid=message.source,
            category="other",
            status="assigned",
            text=message.content,
            words=" ".join(words),
            created_at=moment,
        )
        _ = await BareEvent.create(appeal_id=appeal.id, verb="submit", at=moment)
    return _answer(request, message, f"已收到，编号 {appeal.id}。我们会尽快派人处理。")


async def _sign_up(request: Request) -> HTTPResponse:
    wish = request.json
    room = BareSlot.filter(id=wish["slot"], taken__lte=F("capacity") - wish["party"])
    async with in_transaction():
        held = await room.update(taken=F("taken") + wish["party"])
        made = await BareSignUp.create(
            slot_id=wish["slot"],
            person=wish["person"],
            party=wish["party"],
            state="held" if held else "waiting",
            created_at=datetime.now(UTC),
        )
    return json({"id": made.id, "state": made.state}, status=201)


def _opened(request: Request) -> Any:  # noqa: ANN401 - wechatpy is untyped
    given = (request.args.get(name) for name in ("msg_signature", "timestamp", "nonce"))
    return parse_message(CRYPTO.decrypt_message(request.body, *given))


def _answer(request: Request, message: Any, words: str) -> HTTPResponse:  # noqa: ANN401
    reply = create_reply(words, message=message).render()
    sealed = CRYPTO.encrypt_message(reply, request.args.get("nonce"), request.args.get("timestamp"))
    return HTTPResponse(sealed, content_type="application/xml; charset=utf-8")


def main() -> None:
    """Serve on a loopback port."""
    app = bare_app(sys.argv[2])
    app.run(host="127.0.0.1", port=int(sys.argv[1]), single_process=True, access_log=False, motd=False)


if __name__ == "__main__":
    main()
