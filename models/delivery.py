"""What is to be told to whom over which channel, and the state of the outside that sending depends on."""

from __future__ import annotations

from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.fields import EncryptedText, enum_field
from models.people import Resident
from models.types import Channel, DeliveryState, Notice


class Delivery(Model):
    """推送: one message to one recipient over one channel. The table is the queue."""

    id = fields.BigIntField(primary_key=True)
    community_id: int | None = fields.BigIntField(null=True)
    dedup_key = fields.CharField(max_length=128, unique=True, description="event, recipient, channel")
    notice: Notice = enum_field(Notice)
    appeal_id: int | None = fields.BigIntField(null=True)
    assignment_id: int | None = fields.BigIntField(null=True, description="a push that an owner must receive")
    resident: fields.ForeignKeyRelation[Resident] = fields.ForeignKeyField(
        "models.Resident", related_name="deliveries", on_delete=fields.RESTRICT
    )
    resident_id: int
    account = fields.CharField(max_length=32, default="", description="account it goes through, once chosen")
    channel: Channel = enum_field(Channel)
    next_channels: list[str] = fields.JSONField(default=list, description="channels left to fall back to")
    payload: dict[str, Any] = fields.JSONField(description="{text, fields: {name: words}}")
    state: DeliveryState = enum_field(DeliveryState, default=DeliveryState.PENDING)
    attempts = fields.IntField(default=0)
    repeat = fields.BooleanField(default=False, description="may have been seen before")
    due_at = fields.DatetimeField()
    claim = fields.CharField(max_length=32, null=True)
    claimed_until = fields.DatetimeField(null=True)
    begun_at = fields.DatetimeField(null=True, description="first send whose outcome is not known")
    error_code: int | None = fields.IntField(null=True)
    error = fields.TextField(default="")
    provider_id = fields.CharField(max_length=64, default="")
    created_at = fields.DatetimeField()
    sent_at = fields.DatetimeField(null=True)

    class Meta:
        table = "delivery"
        indexes = (
            ("state", "due_at"),
            ("appeal_id",),
            ("assignment_id",),
            ("provider_id",),
            ("community_id", "state", "id"),
        )


class NoticeRule(Model):
    """Fall-back order of channels for one notice."""

    id = fields.BigIntField(primary_key=True)
    notice: Notice = enum_field(Notice, unique=True)
    channels: list[str] = fields.JSONField()

    class Meta:
        table = "notice_rule"


class ChannelHalt(Model):
    """An API of an account that rests (api `*` is everything) until `until` (None: until staff lift it)."""

    id = fields.BigIntField(primary_key=True)
    account = fields.CharField(max_length=32)
    api = fields.CharField(max_length=24)
    code = fields.IntField()
    until = fields.DatetimeField(null=True)
    lifted_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "channel_halt"
        indexes = (("account", "lifted_at"),)


class Alert(Model):
    """Something that staff must know about the product itself, one row a day for each key."""

    id = fields.BigIntField(primary_key=True)
    key = fields.CharField(max_length=96, unique=True)
    community_id: int | None = fields.BigIntField(
        null=True, description="empty: the product itself, for those above"
    )
    above = fields.BooleanField(
        default=False, db_default=False, description="about conduct: not for the community"
    )
    words = fields.TextField()
    times = fields.IntField(default=1)
    created_at = fields.DatetimeField(auto_now_add=True)
    updated_at = fields.DatetimeField(auto_now=True)

    class Meta:
        table = "alert"
        indexes = (("community_id", "id"),)


class AccessToken(Model):
    """Token of one appid, shared by all processes, who holds `lease_until` fetches, the others wait."""

    appid = fields.CharField(max_length=64, primary_key=True)
    token = EncryptedText(default="")
    expires_at = fields.DatetimeField(null=True)
    lease_until = fields.DatetimeField(null=True)

    class Meta:
        table = "access_token"


class AuditEntry(Model):
    """Who looked at or changed what, in order."""

    id = fields.BigIntField(primary_key=True)
    community_id: int | None = fields.BigIntField(null=True)
    role = fields.CharField(max_length=24)
    actor = fields.CharField(max_length=64)
    staff_id: int | None = fields.BigIntField(null=True)
    resident_id: int | None = fields.BigIntField(null=True)
    action = fields.CharField(max_length=48)
    target = fields.CharField(max_length=96)
    detail: dict[str, Any] = fields.JSONField(default=dict)
    at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "audit_entry"
        indexes = (("community_id", "id"), ("staff_id", "id"))
