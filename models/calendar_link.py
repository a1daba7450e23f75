"""The secret address under which a resident's own calendar is read."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.people import Resident


class CalendarLink(Model):
    """The link in force. The secret follows from resident and `version`, only its hash is stored."""

    id = fields.BigIntField(primary_key=True)
    resident: fields.OneToOneRelation[Resident] = fields.OneToOneField(
        "models.Resident", related_name="calendar_link", on_delete=fields.CASCADE
    )
    resident_id: int
    version = fields.IntField(default=1)
    secret_hash = fields.CharField(max_length=64, null=True, unique=True)
    """None: revoked."""

    class Meta:
        table = "calendar_link"
