"""One renderer for every error of the web door: RFC 9457 problem details with a stable code."""

from __future__ import annotations

import logging
import re
from http import HTTPStatus
from typing import Any

import orjson
from pydantic import ValidationError
from sanic import HTTPResponse, Request, Sanic, SanicException
from sanic.exceptions import BadURL, RequestTimeout, ServiceUnavailable

from api.wording import field_errors
from services.errors import DomainError

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"

_CODES = {
    400: ("bad_request", "请求无法识别。"),
    404: ("not_found", "没有这个地址。"),
    405: ("method_not_allowed", "这个地址不支持这种操作。"),
    408: ("request_timeout", "请求太慢，请重试。"),
    413: ("too_large", "内容太大。"),
    503: ("unavailable", "服务正忙，请稍后再试。"),
}
_PLACE = re.compile(r"<[^>]+>")
_STAND_IN = "NONE"
_BROKEN = ("internal_error", "系统出了问题，请稍后再试。")


class AnyAddress(Request):
    """A request that can be answered even when its address cannot be read.

    Sanic answers to a stand-in, made of the same address: where that fails too, it hangs up and logs a trace.
    """

    def __init__(self, url_bytes: bytes, *, method: str, **values: Any) -> None:  # noqa: ANN401 - Sanic's own
        try:
            super().__init__(url_bytes, method=method, **values)
        except BadURL:
            if method != _STAND_IN:
                raise
            super().__init__(b"*", method=method, **values)


class BadQuery(DomainError):
    """Parameters behind the question mark do not fit."""

    code, status = "invalid_query", 422


class BadBody(DomainError):
    """The body does not fit its schema."""

    code, status = "invalid_body", 422


class MalformedBody(DomainError):
    """The body is not JSON."""

    code, status = "malformed_body", 400


class UnsupportedMediaType(DomainError):
    """The body is declared as something else than JSON."""

    code, status = "unsupported_media_type", 415


class TooLarge(DomainError):
    """The body is larger than any that fits."""

    code, status = "too_large", 413


def refused(error: ValidationError, as_: type[DomainError]) -> DomainError:
    """The refusal for input that does not fit its schema, naming every field in plain Chinese."""
    return as_("填写有误，请检查标出的内容。", errors=field_errors(error))


def problem(status: int, code: str, detail: str, /, **facts: object) -> HTTPResponse:
    """A problem document as a response."""
    body: dict[str, Any] = {
        "type": f"urn:xianglin:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
    }
    return HTTPResponse(
        orjson.dumps(facts | body), status=status, content_type=MEDIA_TYPE, headers=_headers(status, facts)
    )


def _headers(status: int, facts: dict[str, object]) -> dict[str, str]:
    if status == HTTPStatus.UNAUTHORIZED:
        return {"www-authenticate": "Bearer"}
    return {"retry-after": str(facts["retry_after"])} if "retry_after" in facts else {}


async def render(request: Request, error: Exception) -> HTTPResponse:
    """Any error as problem details; what nobody foresaw is logged and told without details."""
    if isinstance(error, DomainError):
        return problem(error.status, error.code, error.message, **error.facts)
    if isinstance(error, ServiceUnavailable) and _still_coming(request):
        error = RequestTimeout()
    if isinstance(error, SanicException) and (error.status_code in _CODES or 400 <= error.status_code < 500):
        response = problem(error.status_code, *_CODES.get(error.status_code, _CODES[400]))
        response.headers.extend(error.headers or {})
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            response.headers["allow"] = ", ".join(sorted(_methods(request)))
        return response
    # The pattern of the address: places in it may be secret.
    log.error("%s %s failed", request.method, request.uri_template or request.path, exc_info=error)
    return problem(500, *_BROKEN)


def _still_coming(request: Request) -> bool:
    """Whether part of the body never came: that the answer took too long is the caller's doing then."""
    stream: Any = request.stream
    return stream is not None and bool(stream.request_body)


def _methods(request: Request) -> set[str]:
    """What the address supports; Sanic does not say it for every unknown method."""
    path = request.path.strip("/")
    return {
        method
        for route in request.app.router.routes
        if re.fullmatch(_PLACE.sub("[^/]+", route.path.strip("/")), path)
        for method in route.methods
    }


def install(app: Sanic[Any, Any]) -> None:
    """Render every error of the app this way, unknown and unreadable addresses included."""
    app.request_class = AnyAddress
    app.exception(DomainError, SanicException, Exception)(render)
