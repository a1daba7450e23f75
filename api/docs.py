"""The API description as JSON, and a page that shows it, from our own files alone."""

from __future__ import annotations

from pathlib import Path

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import file, json

from api.openapi import describe

bp = Blueprint("docs")

_PAGE = Path(__file__).parent / "page"
_POLICY = {"content-security-policy": "default-src 'self'; frame-ancestors 'none'"}


@bp.get("/openapi.json")
async def openapi_document(request: Request) -> HTTPResponse:
    """The API description; made once for each process."""
    if not hasattr(request.app.ctx, "openapi"):
        request.app.ctx.openapi = describe(request.app)
    return json(request.app.ctx.openapi)


@bp.get("/docs")
async def page(_request: Request) -> HTTPResponse:
    """A page to read the API description and to try it."""
    return await file(_PAGE / "docs.html", headers=_POLICY)


bp.static("/docs/files", _PAGE, name="files")
