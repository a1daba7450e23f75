"""Certificates of volunteer hours."""

from __future__ import annotations

from datetime import date
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.area import Community
from models.fields import EncryptedText
from models.people import Resident, Staff


class Certificate(Model):
    """What was certified, as it stood on that day: later hours or names do not change it."""

    id = fields.BigIntField(primary_key=True)
    number = fields.CharField(max_length=24, unique=True)
    code = fields.CharField(max_length=20, unique=True, description="by which anybody confirms it")
    community: fields.ForeignKeyRelation[Community] = fields.ForeignKeyField(
        "models.Community", related_name="certificates", on_delete=fields.RESTRICT
    )
    community_id: int
    resident: fields.ForeignKeyRelation[Resident] = fields.ForeignKeyField(
        "models.Resident", related_name="certificates", on_delete=fields.RESTRICT
    )
    resident_id: int
    name = EncryptedText()
    minutes = fields.IntField()
    starts_on: date = fields.DateField()
    ends_on: date = fields.DateField()
    entries: list[list[Any]] = fields.JSONField(default=list, description="day, title, minutes, by hand")
    issued_by: fields.ForeignKeyNullableRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name="certificates_issued", null=True, on_delete=fields.RESTRICT
    )
    issued_by_id: int | None
    issued_at = fields.DatetimeField()
    revoked_at = fields.DatetimeField(null=True)

    class Meta:
        table = "certificate"
        indexes = (("resident_id",), ("community_id", "issued_at"))
