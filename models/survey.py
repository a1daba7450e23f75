"""What those who came said of a slot afterwards."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.fields import EncryptedText
from models.slot import SignUp, Slot


class Survey(Model):
    """One sign-up's survey: offered once, answered once, changed until it closes."""

    id = fields.BigIntField(primary_key=True)
    sign_up: fields.OneToOneRelation[SignUp] = fields.OneToOneField(
        "models.SignUp", related_name="survey", on_delete=fields.RESTRICT
    )
    sign_up_id: int
    slot: fields.ForeignKeyRelation[Slot] = fields.ForeignKeyField(
        "models.Slot", related_name="surveys", on_delete=fields.RESTRICT
    )
    slot_id: int
    offered_at = fields.DatetimeField()
    answered_at = fields.DatetimeField(null=True)
    ratings: dict[str, int] = fields.JSONField(default=dict, description="label to 1–5")
    words = EncryptedText(default="", description="JSON, label to words")

    class Meta:
        table = "survey"
        indexes = (("slot_id",),)
