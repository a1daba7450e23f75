"""Grids and the names that people use for places in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from models import Appeal, Community, Grid, PlaceName, Role, writing
from models.moves import OPEN
from services import audit, revisions
from services.access import DESK, Actor, require_community, require_role
from services.areas import community_in_scope
from services.errors import Conflict, Invalid, NotFound
from services.uniqueness import unless_taken

_TAKEN = "这个村（社区）里已有同名的网格。"
_NAMED = "这个网格已有这个地名。"


async def list_grids(actor: Actor, *, community_id: int | None, after: int | None, limit: int) -> list[Grid]:
    """Grids of the communities in the actor's scope, by id; for desks and grid leaders."""
    require_role(actor, *DESK, Role.GRID_LEADER)
    found = Grid.filter(community_id__in=actor.community_ids)
    if community_id is not None:
        found = found.filter(community_id=community_id)
    if after is not None:
        found = found.filter(id__gt=after)
    return await found.order_by("id").limit(limit)


async def grid_in_scope(actor: Actor, grid_id: int) -> Grid:
    """The grid. Raises: NotFound, Forbidden."""
    grid = await Grid.get_or_none(id=grid_id)
    if grid is None:
        raise NotFound("没有找到这个网格。")
    require_community(actor, grid.community_id)
    return grid


async def create_grid(actor: Actor, community_id: int, values: Mapping[str, Any]) -> Grid:
    """A new grid of a community. Raises: NotFound, Forbidden, Conflict."""
    require_role(actor, *DESK)
    async with unless_taken(_TAKEN), writing():
        await _changed()
        community: Community = await community_in_scope(actor, community_id)
        grid = await Grid.create(community=community, **values)
        await audit.record(actor, "grid.create", f"grid {grid.id}", community_id=community_id)
    return grid


async def update_grid(actor: Actor, grid_id: int, changes: Mapping[str, Any]) -> Grid:
    """Change a grid; one with open appeals stays. Raises: NotFound, Forbidden, Conflict."""
    require_role(actor, *DESK)
    async with unless_taken(_TAKEN), writing():
        await _changed()
        grid = await grid_in_scope(actor, grid_id)
        if changes.get("active") is False and await Appeal.filter(grid_id=grid_id, status__in=OPEN).exists():
            raise Conflict("这个网格还有没办完的诉求，不能停用。")
        await grid.update_from_dict(dict(changes)).save()
        await audit.record(
            actor, "grid.update", f"grid {grid_id}", community_id=grid.community_id, fields=sorted(changes)
        )
    return grid


async def list_places(actor: Actor, *, grid_id: int | None, after: int | None, limit: int) -> list[PlaceName]:
    """Place names of the communities in the actor's scope, by id."""
    require_role(actor, *DESK)
    found = PlaceName.filter(community_id__in=actor.community_ids)
    if grid_id is not None:
        found = found.filter(grid_id=grid_id)
    if after is not None:
        found = found.filter(id__gt=after)
    return await found.order_by("id").limit(limit)


async def add_place(actor: Actor, grid_id: int, name: str, aliases: Sequence[str] = ()) -> PlaceName:
    """A name, and what else people say for it, that points to the grid from now on.

    Raises: NotFound, Forbidden, Conflict, Invalid.
    """
    require_role(actor, *DESK)
    async with unless_taken(_NAMED), writing():
        await revisions.bump(revisions.LEXICON)
        grid = await grid_in_scope(actor, grid_id)
        if not grid.active:
            raise Invalid("这个网格已停用。")
        place = await PlaceName.create(
            community_id=grid.community_id, grid=grid, name=name, aliases=_others(name, aliases)
        )
        await audit.record(actor, "place.add", f"place {place.id}", community_id=grid.community_id, name=name)
    return place


async def update_place(actor: Actor, place_id: int, changes: Mapping[str, Any]) -> PlaceName:
    """Change a place's name or its aliases. Raises: NotFound, Forbidden, Conflict."""
    require_role(actor, *DESK)
    async with unless_taken(_NAMED), writing():
        await revisions.bump(revisions.LEXICON)
        place = await _place_in_scope(actor, place_id)
        place.name = changes.get("name", place.name)
        place.aliases = _others(place.name, changes.get("aliases", place.aliases))
        await place.save(update_fields=["name", "aliases"])
        await audit.record(
            actor,
            "place.update",
            f"place {place_id}",
            community_id=place.community_id,
            name=place.name,
            aliases=place.aliases,
        )
    return place


async def remove_place(actor: Actor, place_id: int) -> None:
    """Forget a place name. Raises: NotFound, Forbidden."""
    require_role(actor, *DESK)
    async with writing():
        await revisions.bump(revisions.LEXICON)
        place = await _place_in_scope(actor, place_id)
        await place.delete()
        await audit.record(
            actor, "place.remove", f"place {place_id}", community_id=place.community_id, name=place.name
        )


async def _place_in_scope(actor: Actor, place_id: int) -> PlaceName:
    place = await PlaceName.get_or_none(id=place_id)
    if place is None:
        raise NotFound("没有找到这个地名。")
    require_community(actor, place.community_id)
    return place


def _others(name: str, aliases: Sequence[str]) -> list[str]:
    """Each alias once, without the name itself."""
    return [one for one in dict.fromkeys(alias.strip() for alias in aliases) if one and one != name]


async def _changed() -> None:
    """Grids stand in the gazetteer and in the roster."""
    await revisions.bump(revisions.LEXICON)
    await revisions.bump(revisions.ROSTER)
