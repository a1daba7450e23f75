"""The door for tests and for the chat page: act as a person, look at screens and calls, switch faults."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import wraps
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sanic import Blueprint, HTTPResponse, Request, raw
from sanic.response import json as json_response

from sandbox.courier import Courier
from sandbox.errors import Impossible, Refused
from sandbox.faults import Fault
from sandbox.messages import Say
from sandbox.platform import Platform
from sandbox.stream import Streams
from sandbox.windows import Person

Door = Callable[[Request], Awaitable[HTTPResponse]]


class PhoneBody(BaseModel):
    """A phone to add or to change."""

    model_config = ConfigDict(extra="forbid")

    openid: str = Field(min_length=1, max_length=128)
    account: str = "oa"
    label: str | None = None
    following: bool | None = None
    blocks_pushes: bool | None = None


class CodeBody(BaseModel):
    """A one-time code to give out, as the phone does inside a mini-program."""

    model_config = ConfigDict(extra="forbid")

    openid: str
    account: str = "mini"
    purpose: Literal["login", "phone"] = "login"
    phone_number: str = "13800000000"


class ClockBody(BaseModel):
    """How far the platform's time runs ahead of the real one, in seconds."""

    ahead: float


@dataclass(frozen=True)
class PageFacts:
    """What the chat page is told at its start."""

    app_base_url: str
    staff_login: tuple[str, str] | None


def add_routes(
    bp: Blueprint, platform: Platform, courier: Courier, streams: Streams, facts: PageFacts
) -> None:
    """Add everything under `/api` that WeChat itself does not have."""
    _add_acts(bp, platform, courier)
    _add_screens(bp, platform, streams, facts)
    _add_faults(bp, platform, streams)
    _add_switches(bp, platform, streams)


def _add_acts(bp: Blueprint, platform: Platform, courier: Courier) -> None:
    @bp.post("/api/say", name="say")
    @_polite
    async def say(request: Request) -> HTTPResponse:
        media_url = f"{request.scheme}://{request.host}/sandbox/api/media"
        said = await courier.say(platform.with_media(Say.model_validate_json(request.body), media_url))
        return _json(said.as_json())

    @bp.post("/api/codes", name="codes")
    @_polite
    async def codes(request: Request) -> HTTPResponse:
        body = CodeBody.model_validate_json(request.body)
        code = platform.codes.issue(body.purpose, body.account, body.openid, body.phone_number)
        return _json({"code": code.value})

    @bp.post("/api/pictures", name="pictures")
    @_polite
    async def pictures(request: Request) -> HTTPResponse:
        kind = request.args.get("type") or "image"
        media = platform.media.put(kind, request.content_type, request.body)
        return _json({"media_id": media.media_id, "pic_url": f"/sandbox/api/media/{media.media_id}"})

    @bp.get("/api/media/<media_id:str>", name="media")
    @_polite
    async def media(_request: Request, media_id: str) -> HTTPResponse:
        found = platform.media.get(media_id)
        return raw(
            found.content, content_type=found.content_type, headers={"X-Content-Type-Options": "nosniff"}
        )


def _add_screens(bp: Blueprint, platform: Platform, streams: Streams, facts: PageFacts) -> None:
    @bp.get("/api/accounts", name="accounts")
    async def accounts(_request: Request) -> HTTPResponse:
        names = ("account", "kind", "mode", "format", "appid", "token", "aes_key")
        return _json([{name: getattr(one, name) for name in names} for one in platform.accounts.values()])

    @bp.get("/api/page", name="page_facts")
    async def page(_request: Request) -> HTTPResponse:
        login = facts.staff_login
        staff = {"username": login[0], "password": login[1]} if login else None
        return _json({"app": facts.app_base_url, "staff_login": staff, "accounts": list(platform.accounts)})

    @bp.get("/api/phones", name="phones")
    async def phones(_request: Request) -> HTTPResponse:
        return _json([_phone_json(platform, (one.account, one.openid)) for one in platform.phones.all()])

    @bp.get("/api/phones/<openid:str>/messages", name="messages")
    @_polite
    async def messages(request: Request, openid: str) -> HTTPResponse:
        after = int(request.args.get("after") or 0)
        found = platform.phones.of(openid, request.args.get("account"))
        entries = sorted((e for one in found for e in one.entries if e.seq > after), key=lambda e: e.seq)
        return _json([entry.as_json() for entry in entries])

    @bp.get("/api/sent", name="sent")
    @_polite
    async def sent(request: Request) -> HTTPResponse:
        after = int(request.args.get("after") or 0)
        wanted = {
            name: request.args.get(name) for name in ("account", "openid", "path") if name in request.args
        }
        return _json(
            [
                call.as_json()
                for call in tuple(platform.calls)
                if call.seq > after and all(getattr(call, name) == value for name, value in wanted.items())
            ]
        )

    bp.add_route(streams.serve, "/api/stream", methods=["GET"], name="stream")


def _add_faults(bp: Blueprint, platform: Platform, streams: Streams) -> None:
    def listed() -> HTTPResponse:
        return _json([one.model_dump() for one in platform.faults.all()])

    @bp.get("/api/faults", name="faults")
    async def faults(_request: Request) -> HTTPResponse:
        return listed()

    @bp.post("/api/faults", name="add_fault")
    @_polite
    async def add_fault(request: Request) -> HTTPResponse:
        fault = platform.faults.add(Fault.model_validate_json(request.body))
        streams.tell("faults")
        return _json(fault.model_dump(), status=201)

    @bp.delete("/api/faults", name="clear_faults")
    @_polite
    async def clear_faults(request: Request) -> HTTPResponse:
        number = request.args.get("id")
        platform.faults.clear(int(number) if number else None)
        streams.tell("faults")
        return listed()


def _add_switches(bp: Blueprint, platform: Platform, streams: Streams) -> None:
    @bp.post("/api/phones", name="change_phone")
    @_polite
    async def change_phone(request: Request) -> HTTPResponse:
        body = PhoneBody.model_validate_json(request.body)
        if body.account not in platform.accounts:
            raise Impossible(f"没有这个账号：{body.account}")
        phone = platform.phones.get(body.account, body.openid)
        for name in ("label", "following", "blocks_pushes"):
            if (value := getattr(body, name)) is not None:
                setattr(phone, name, value)
        streams.tell("phones")
        return _json(_phone_json(platform, (phone.account, phone.openid)))

    @bp.post("/api/clock", name="clock")
    @_polite
    async def clock(request: Request) -> HTTPResponse:
        platform.ahead = ClockBody.model_validate_json(request.body).ahead
        return _json({"ahead": platform.ahead, "now": platform.now()})

    @bp.post("/api/reset", name="reset")
    async def reset(_request: Request) -> HTTPResponse:
        platform.ahead = 0.0
        platform.reset()
        streams.tell("reset")
        return _json({"ok": True})


def _phone_json(platform: Platform, person: Person) -> dict[str, object]:
    phone = platform.phones.get(*person)
    return phone.as_json() | {"window_left": platform.windows.left(person), "entries": len(phone.entries)}


def _polite(door: Callable[..., Awaitable[HTTPResponse]]) -> Callable[..., Awaitable[HTTPResponse]]:
    """Answer bad input with 400, an impossible act with 409, a missing file with 404; one short sentence."""

    @wraps(door)
    async def answered(*given: object, **named: object) -> HTTPResponse:
        try:
            return await door(*given, **named)
        except ValidationError as error:
            first = error.errors(include_url=False, include_context=False)[0]
            return _json({"error": f"{'.'.join(map(str, first['loc']))}: {first['msg']}"}, status=400)
        except Impossible as impossible:
            return _json({"error": str(impossible)}, status=409)
        except Refused as refused:
            return _json({"error": refused.errmsg, "errcode": refused.errcode}, status=404)
        except (ValueError, asyncio.InvalidStateError) as error:
            return _json({"error": str(error)}, status=400)

    return answered


def _json(value: object, *, status: int = 200) -> HTTPResponse:
    return json_response(value, status=status, dumps=lambda one: json.dumps(one, ensure_ascii=True))
