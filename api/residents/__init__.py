"""The API of the mini-program: what residents do when logged in by WeChat."""

from __future__ import annotations

from sanic import Blueprint
from sanic.blueprint_group import BlueprintGroup

from api.residents import afterwards, family, login, me, on_the_day, openings, own_data, sign_ups

_PAGES = (login, me, family, openings, sign_ups, on_the_day, afterwards, own_data)


def blueprint() -> BlueprintGroup:
    """All pages for residents under `/api/v1`."""
    return Blueprint.group(*(page.bp for page in _PAGES), url_prefix="/api/v1")
