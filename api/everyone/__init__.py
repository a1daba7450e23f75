"""What anybody may read without a login: published times, and what a secret or a code opens."""

from __future__ import annotations

from sanic import Blueprint
from sanic.blueprint_group import BlueprintGroup

from api.everyone import afterwards, calendar

_PAGES = (calendar, afterwards)


def blueprint() -> BlueprintGroup:
    """All of them, under `/api/v1`."""
    return Blueprint.group(*(page.bp for page in _PAGES), url_prefix="/api/v1")
