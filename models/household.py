"""Households and the people whom a resident signs up: children and elders."""

from __future__ import annotations

from datetime import date

from tortoise import fields
from tortoise.models import Model

from models.fields import EncryptedText, enum_field
from models.types import DependantKind


class Household(Model):
    """户: who signs up together. Its row is locked first, so that a family's limits hold for all who act."""

    id = fields.BigIntField(primary_key=True)
    version = fields.IntField(default=0, description="raised by every sign-up, the update orders them")
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "household"


class Dependant(Model):
    """Somebody whom a resident of the household signs up, with recorded consent."""

    id = fields.BigIntField(primary_key=True)
    household: fields.ForeignKeyRelation[Household] = fields.ForeignKeyField(
        "models.Household", related_name="dependants", on_delete=fields.RESTRICT
    )
    household_id: int
    kind: DependantKind = enum_field(DependantKind)
    name = EncryptedText()
    born = EncryptedText(description="YYYY-MM-DD")
    needs = EncryptedText(default="", description="what those on the spot must know")
    consent_at = fields.DatetimeField()
    consent_by_id: int = fields.BigIntField(description="the resident who consented")
    active = fields.BooleanField(default=True)

    class Meta:
        table = "dependant"
        indexes = (("household_id",),)

    @property
    def birth_date(self) -> date:
        """The day of birth."""
        return date.fromisoformat(self.born)
