"""The tree of areas, the communities below it, their grids and the names people use for places."""

from __future__ import annotations

from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.fields import enum_field
from models.types import AreaLevel


class Area(Model):
    """镇街/区/市: a node above communities."""

    id = fields.BigIntField(primary_key=True)
    name = fields.CharField(max_length=64)
    level: AreaLevel = enum_field(AreaLevel)
    parent: fields.ForeignKeyNullableRelation[Area] = fields.ForeignKeyField(
        "models.Area", related_name="children", null=True, on_delete=fields.RESTRICT
    )
    parent_id: int | None

    class Meta:
        table = "area"
        unique_together = (("parent", "name"),)


class Community(Model):
    """村/社区: the tenant."""

    id = fields.BigIntField(primary_key=True)
    area: fields.ForeignKeyRelation[Area] = fields.ForeignKeyField(
        "models.Area", related_name="communities", on_delete=fields.RESTRICT
    )
    area_id: int
    code = fields.CharField(max_length=32, unique=True)
    name = fields.CharField(max_length=64)
    work_start = fields.CharField(max_length=5, default="08:30", description="HH:MM, China time")
    work_end = fields.CharField(max_length=5, default="17:30", description="HH:MM, China time")
    active = fields.BooleanField(default=True)
    absences_until_block: int | None = fields.IntField(null=True, description="null: as the settings say")
    absence_days: int | None = fields.IntField(
        null=True, description="within which absences count, null: as the settings say"
    )
    block_days: int | None = fields.IntField(
        null=True, description="how long a block lasts, null: as the settings say"
    )

    class Meta:
        table = "community"


class CommunityDay(Model):
    """A day that staff entered: works although the calendar says no, or the reverse."""

    id = fields.BigIntField(primary_key=True)
    community: fields.ForeignKeyRelation[Community] = fields.ForeignKeyField(
        "models.Community", related_name="days", on_delete=fields.RESTRICT
    )
    community_id: int
    day = fields.DateField()
    working = fields.BooleanField()

    class Meta:
        table = "community_day"
        unique_together = (("community", "day"),)


class Grid(Model):
    """网格: part of a community."""

    id = fields.BigIntField(primary_key=True)
    community: fields.ForeignKeyRelation[Community] = fields.ForeignKeyField(
        "models.Community", related_name="grids", on_delete=fields.RESTRICT
    )
    community_id: int
    name = fields.CharField(max_length=64)
    position = fields.IntField(default=0)
    polygon: list[list[float]] | None = fields.JSONField(null=True, description="[[lng, lat], ...]")
    datum = fields.CharField(max_length=8, default="GCJ-02", description="datum of the polygon")
    active = fields.BooleanField(default=True)

    class Meta:
        table = "grid"
        unique_together = (("community", "name"),)


class PlaceName(Model):
    """地名: what a place in a grid is called, with what else people call it."""

    id = fields.BigIntField(primary_key=True)
    community: fields.ForeignKeyRelation[Community] = fields.ForeignKeyField(
        "models.Community", related_name="place_names", on_delete=fields.RESTRICT
    )
    community_id: int
    grid: fields.ForeignKeyRelation[Grid] = fields.ForeignKeyField(
        "models.Grid", related_name="place_names", on_delete=fields.RESTRICT
    )
    grid_id: int
    name = fields.CharField(max_length=64)
    aliases: list[str] = fields.JSONField(default=list, db_default=[], description="other names of the place")

    class Meta:
        table = "place_name"
        unique_together = (("community", "name", "grid"),)


def polygon_ring(grid: Grid) -> list[tuple[float, float]]:
    """The polygon of a grid as (lng, lat) pairs, empty when it has none."""
    points: Any = grid.polygon or []
    return [(float(lng), float(lat)) for lng, lat in points]
