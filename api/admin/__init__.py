"""The admin API: what staff, grid members and organizations do when logged in."""

from __future__ import annotations

from sanic import Blueprint
from sanic.blueprint_group import BlueprintGroup

from api.admin import (
    afterwards,
    appeals,
    areas,
    blocks,
    catalogue,
    check_ins,
    grid_members,
    handling,
    hours,
    laying,
    learning,
    login,
    organizations,
    place_names,
    rehearsing,
    residents,
    service_scopes,
    sheets,
    slots,
    staff,
    teaching,
    unchecked,
    watching,
)

_PAGES = (
    login,
    appeals,
    handling,
    areas,
    place_names,
    grid_members,
    organizations,
    service_scopes,
    staff,
    residents,
    catalogue,
    learning,
    teaching,
    rehearsing,
    slots,
    laying,
    check_ins,
    blocks,
    hours,
    sheets,
    afterwards,
    unchecked,
    watching,
)


def blueprint() -> BlueprintGroup:
    """All pages of the admin API under `/api/v1/admin`."""
    return Blueprint.group(*(page.bp for page in _PAGES), url_prefix="/api/v1/admin")
