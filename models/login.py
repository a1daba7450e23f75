"""Logins: who is logged in, by a line of refresh tokens of which each works once."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.conversation import Conversation
from models.people import Staff


class LoginLine(Model):
    """Columns of every login: the refresh token rotates, a used one that comes back ends the whole login."""

    token_hash = fields.CharField(max_length=64, unique=True)
    previous_hash = fields.CharField(max_length=64, null=True)
    expires_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        abstract = True


class StaffSession(LoginLine):
    """One login of staff."""

    id = fields.BigIntField(primary_key=True)
    staff: fields.ForeignKeyRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name="sessions", on_delete=fields.CASCADE
    )
    staff_id: int

    class Meta:
        table = "staff_session"
        indexes = (("previous_hash",),)


class ResidentSession(LoginLine):
    """One login of a WeChat user to the mini-program. Who that is, the conversation says."""

    id = fields.BigIntField(primary_key=True)
    conversation: fields.ForeignKeyRelation[Conversation] = fields.ForeignKeyField(
        "models.Conversation", related_name="sessions", on_delete=fields.CASCADE
    )
    conversation_id: int

    class Meta:
        table = "resident_session"
        indexes = (("conversation_id",),)


class KeptAnswer(Model):
    """What a request was answered, for when it comes again. The caller chose the key."""

    id = fields.BigIntField(primary_key=True)
    owner = fields.CharField(max_length=24, description="`r` and the resident's id, or `s` and the staff's")
    key = fields.CharField(max_length=64)
    request_hash = fields.CharField(max_length=64)
    body = fields.TextField(default="")
    created_at = fields.DatetimeField()

    class Meta:
        table = "kept_answer"
        unique_together = (("owner", "key"),)
        indexes = (("created_at",),)
