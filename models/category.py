"""What appeals are about, and the weighted words by which that is recognised."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.fields import enum_field
from models.types import AssigneeKind, KeywordOrigin, Urgency


class Category(Model):
    """类别: says who prefers to handle, and how fast."""

    id = fields.BigIntField(primary_key=True)
    code = fields.CharField(max_length=32, unique=True)
    name = fields.CharField(max_length=32)
    parent: fields.ForeignKeyNullableRelation[Category] = fields.ForeignKeyField(
        "models.Category", related_name="children", null=True, on_delete=fields.RESTRICT
    )
    parent_id: int | None
    prefers: AssigneeKind = enum_field(AssigneeKind)
    accept_minutes = fields.IntField(default=240, description="working minutes to accept")
    resolve_minutes = fields.IntField(default=2700, description="working minutes to resolve")
    urgent_accept_minutes = fields.IntField(default=60)
    urgent_resolve_minutes = fields.IntField(default=540)
    delicate = fields.BooleanField(default=False, description="a push shows the number alone")
    shared = fields.BooleanField(
        default=False, db_default=False, description="about a place: several may report the same matter"
    )
    active = fields.BooleanField(default=True)

    class Meta:
        table = "category"

    def minutes(self, urgency: Urgency) -> tuple[int, int]:
        """(to accept, to resolve) in minutes: clock minutes for an emergency, working minutes otherwise."""
        if urgency is Urgency.EMERGENCY:
            return 10, 120
        if urgency is Urgency.URGENT:
            return self.urgent_accept_minutes, self.urgent_resolve_minutes
        return self.accept_minutes, self.resolve_minutes


class Keyword(Model):
    """关键词: one weight per (word or phrase, category)."""

    id = fields.BigIntField(primary_key=True)
    category: fields.ForeignKeyRelation[Category] = fields.ForeignKeyField(
        "models.Category", related_name="keywords", on_delete=fields.RESTRICT
    )
    category_id: int
    text = fields.CharField(max_length=32)
    weight = fields.FloatField()
    origin: KeywordOrigin = enum_field(KeywordOrigin, default=KeywordOrigin.MANUAL)
    active = fields.BooleanField(default=True)
    updated_at = fields.DatetimeField(auto_now=True)

    class Meta:
        table = "keyword"
        unique_together = (("category", "text"),)
