"""From a request to one handler call: who is it, does the input fit, and the answer back as JSON."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Collection, Coroutine, Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Any, TypeVar, get_origin

from pydantic import BaseModel, ValidationError
from sanic import HTTPResponse, Request
from sanic.response import empty

from api import metrics
from api.errors import (
    BadBody,
    BadQuery,
    MalformedBody,
    TooLarge,
    UnsupportedMediaType,
    refused,
    render,
)
from api.schemas import LARGEST_ID, PLACE_CODE
from api.shielded import shielded
from models import Role
from services import auth, repeats
from services.access import require_role
from services.errors import NotFound
from services.residents import logins

Handler = Callable[..., Awaitable[BaseModel | HTTPResponse | None]]
Door = Callable[..., Coroutine[Any, Any, HTTPResponse]]
H = TypeVar("H", bound=Handler)
M = TypeVar("M", bound=BaseModel)

_CODE = re.compile(PLACE_CODE)

LARGEST_BODY = 256 * 1024
"""Bytes; a grid's polygon is the longest thing that anybody sends."""

RESIDENTS = frozenset({Role.RESIDENT})
"""Who logs in to the mini-program; everybody else logs in as staff."""

KEY_HEADER = "idempotency-key"
KEY_FORM = re.compile(r"[\x21-\x7e]{1,64}")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IMAGES = ("image/jpeg", "image/png", "image/webp")


@dataclass(frozen=True, slots=True)
class FileBody:
    """A body that is one file: the media types it may be declared as, and how long it may be, in bytes."""

    types: tuple[str, ...]
    most: int
    words: str
    """What to send instead of what was sent."""


SHEET = FileBody((XLSX,), 1024 * 1024, "请上传 .xlsx 表格，不超过 1 MB。")
PHOTO = FileBody(IMAGES, 6 * 1024 * 1024, "请上传 JPG、PNG 或 WebP 照片，不超过 6 MB。")

EVERYBODY = frozenset(Role) - {Role.RESIDENT, Role.SYSTEM}
"""Every role that can log in."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What is known about one handler: how its requests are read, and how the API description shows it."""

    handler: Handler
    body: type[BaseModel] | None
    query: type[BaseModel] | None
    returns: type[BaseModel] | None
    roles: frozenset[Role] | None
    """Who may call at all; None: without login."""
    tags: tuple[str, ...]
    status: int
    content: str | None
    """Media type of an answer that is not JSON."""
    once: bool = False
    """Whether a request that comes again under its `Idempotency-Key` has one effect and the same answer."""
    also: tuple[int, ...] = ()
    """Statuses of refusals beyond those that every endpoint of its shape may give."""
    file: FileBody | None = None
    """In place of a JSON body."""
    before: Handler | None = None
    """What has to reach somebody else's service first: `once` opens a transaction around the handler."""

    async def answer(self, request: Request, places: dict[str, Any]) -> HTTPResponse:
        """Authenticate, read the input, run the handler, render its answer."""
        _refuse_impossible_places(places)
        if self.roles is not None:
            request.ctx.login = await self._who(request)
            request.ctx.actor = request.ctx.login.actor
            require_role(request.ctx.actor, *self.roles)
        given: dict[str, Any] = {}
        if self.query is not None:
            given["query"] = read_query(request, self.query)
        if self.body is not None:
            given["body"] = read_body(request, self.body)
        if self.file is not None:
            given["file"] = read_file(request, self.file)
        if self.before is not None:
            _ = await self.before(request, **places, **given)
        key = request.headers.get(KEY_HEADER) if self.once else None
        if key is not None:
            return self._json(await self._once(request, key, places | given))
        found = await self.handler(request, **places, **given)
        if isinstance(found, HTTPResponse):
            return found
        return empty(status=self.status) if found is None else self._json(_dumped(found))

    async def _who(self, request: Request) -> auth.Login | logins.ResidentLogin:
        token = _bearer(request)
        return await (logins.who(token) if self.roles == RESIDENTS else auth.who(token))

    async def _once(self, request: Request, key: str, given: Mapping[str, Any]) -> str:
        if not KEY_FORM.fullmatch(key):
            raise BadBody("请求编号（Idempotency-Key）要用 1 到 64 个英文字母、数字或符号。")
        actor = request.ctx.actor
        owner = f"r{actor.resident_id}" if self.roles == RESIDENTS else f"s{actor.staff_id}"
        words = f"{request.method} {request.path}\n".encode() + request.body

        async def answer() -> str:
            found = await self.handler(request, **given)
            return _dumped(found) if isinstance(found, BaseModel) else ""

        return await repeats.once(owner, key, words, answer)

    def _json(self, body: str) -> HTTPResponse:
        return HTTPResponse(body, status=self.status, content_type="application/json")


def endpoint(
    *,
    body: type[BaseModel] | None = None,
    query: type[BaseModel] | None = None,
    returns: type[BaseModel] | None = None,
    roles: Collection[Role] | None = EVERYBODY,
    tags: Collection[str] = (),
    status: int = 200,
    content: str | None = None,
    once: bool = False,
    also: Collection[int] = (),
    file: FileBody | None = None,
    before: Handler | None = None,
) -> Callable[[Handler], Door]:
    """Make a handler out of an async function of the request, its places, `query`, and `body` or `file`.

    The request's `ctx.actor` is who calls. The handler runs to its end even when the caller hangs up.
    `before` is called with the same just before, outside of any transaction.
    """

    def decorate(handler: Handler) -> Door:
        allowed = None if roles is None else frozenset(roles)
        shown = (tuple(tags), status, content, once, tuple(also), file, before)
        known = Endpoint(handler, body, query, returns, allowed, *shown)

        async def door(request: Request, **places: Any) -> HTTPResponse:  # noqa: ANN401 - typed by the route
            started = perf_counter()
            try:
                response = await shielded(known.answer(request, places))
            except Exception as error:
                response = await render(request, error)
            metrics.count(handler.__name__, response.status, perf_counter() - started)
            response.headers.setdefault("cache-control", "no-store")
            return response

        door.__name__, door.__doc__ = handler.__name__, handler.__doc__
        door.endpoint = known  # type: ignore[attr-defined]
        return door

    return decorate


def _dumped(found: BaseModel) -> str:
    return found.model_dump_json(by_alias=True)


def known(handler: object) -> Endpoint | None:
    """The endpoint behind a route's handler, or None for a plain one."""
    found = getattr(handler, "endpoint", None)
    return found if isinstance(found, Endpoint) else None


def _refuse_impossible_places(places: dict[str, Any]) -> None:
    """What no row can be called is not found, before the database stumbles over it."""
    for one in places.values():
        impossible_id = isinstance(one, int) and not 0 < one <= LARGEST_ID
        if impossible_id or (isinstance(one, str) and not _CODE.fullmatch(one)):
            raise NotFound("没有找到。")


def _bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def read_query(request: Request, model: type[M]) -> M:
    """The parameters behind the question mark as `model`. Raises: BadQuery."""
    fields = model.model_fields.items()
    listed = {field.alias or name for name, field in fields if get_origin(field.annotation) is list}
    # Sanic drops blank parameters, and a dropped filter shows everything.
    sent = request.get_args(keep_blank_values=True)
    given = {name: values if name in listed else values[-1] for name, values in sent.items()}
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise refused(error, BadQuery) from error


def read_body(request: Request, model: type[M]) -> M:
    """The JSON body as `model`. Raises: UnsupportedMediaType, TooLarge, MalformedBody, BadBody."""
    declared = _declared(request, "application/json")
    if declared != "application/json":
        raise UnsupportedMediaType("请用 JSON 提交。")
    if len(request.body) > LARGEST_BODY:
        raise TooLarge("内容太大。")
    try:
        return model.model_validate_json(request.body)
    except ValidationError as error:
        if any(one["type"] == "json_invalid" for one in error.errors(include_url=False)):
            raise MalformedBody("提交的内容不是有效的 JSON。") from error
        raise refused(error, BadBody) from error


def read_file(request: Request, wanted: FileBody) -> bytes:
    """The body as it is, declared as one of the wanted types. Raises: UnsupportedMediaType, TooLarge."""
    if _declared(request, "") not in wanted.types:
        raise UnsupportedMediaType(wanted.words)
    if len(request.body) > wanted.most:
        raise TooLarge(wanted.words)
    return request.body


def _declared(request: Request, usual: str) -> str:
    return request.headers.get("content-type", usual).partition(";")[0].strip().lower()
