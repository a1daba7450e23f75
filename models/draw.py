"""The season of plots that are given by lot: who renews first, and the seed that anybody can check."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.fields import EncryptedText
from models.slot import Slot


class Draw(Model):
    """抽签: how the places of a slot that is `by_lot` are given.

    The seed is made with the row; its hash is published at once, the seed itself when lots are drawn.
    """

    id = fields.BigIntField(primary_key=True)
    community_id: int = fields.BigIntField()
    slot: fields.OneToOneRelation[Slot] = fields.OneToOneField(
        "models.Slot", related_name="draw", on_delete=fields.RESTRICT
    )
    slot_id: int
    last_slot: fields.ForeignKeyNullableRelation[Slot] = fields.ForeignKeyField(
        "models.Slot", related_name="next_draws", null=True, on_delete=fields.RESTRICT
    )
    last_slot_id: int | None
    renew_until = fields.DatetimeField(null=True, description="only holders of the last season until then")
    told_at = fields.DatetimeField(null=True, description="when those were told that they may renew")
    seed = EncryptedText()
    seed_hash = fields.CharField(max_length=64, description="SHA-256 of the seed, hex")
    public_source = fields.CharField(
        max_length=64, default="", description="whose number joins the seed, named before applications close"
    )
    public_value = fields.CharField(max_length=64, default="", description="that number")
    drawn_at = fields.DatetimeField(null=True)
    applications: list[int] = fields.JSONField(default=list, description="numbers that were drawn, ascending")
    places = fields.IntField(default=0, description="that there were for them")

    class Meta:
        table = "draw"
        indexes = (("told_at", "renew_until"),)
