"""The web door: REST API, its description, health."""

from __future__ import annotations

from typing import Any

from sanic import Blueprint, Sanic
from sanic.blueprint_group import BlueprintGroup

from api import admin, docs, draws, errors, everyone, health, residents
from api.shielded import drain


def blueprint() -> BlueprintGroup:
    """Everything that this door serves."""
    open_to_all = (everyone.blueprint(), draws.bp, health.bp, docs.bp)
    return Blueprint.group(admin.blueprint(), residents.blueprint(), *open_to_all)


def install(app: Sanic[Any, Any]) -> None:
    """Mount the door on the app: routes, one way to tell errors, and waiting for handlers at the end."""
    app.blueprint(blueprint())
    errors.install(app)
    app.after_server_stop(_drain)


async def _drain(_app: Sanic[Any, Any]) -> None:
    await drain()
