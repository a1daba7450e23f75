"""Photos of what took place."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.people import Staff
from models.slot import Slot


class Photo(Model):
    """A photo of a slot, decoded and written anew. Residents see it once a second person approved it."""

    id = fields.BigIntField(primary_key=True)
    slot: fields.ForeignKeyRelation[Slot] = fields.ForeignKeyField(
        "models.Slot", related_name="photos", on_delete=fields.RESTRICT
    )
    slot_id: int
    path = fields.CharField(max_length=128, description="below the media folder")
    width = fields.IntField()
    height = fields.IntField()
    uploaded_by: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name="photos_uploaded", on_delete=fields.RESTRICT
    )
    uploaded_by_id: int
    approved_by: fields.ForeignKeyNullableRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name="photos_approved", null=True, on_delete=fields.RESTRICT
    )
    approved_by_id: int | None
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "photo"
        indexes = (("slot_id",),)
