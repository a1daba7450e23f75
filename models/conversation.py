"""Conversations with WeChat users, and the inbox that keeps every message before anything else happens."""

from __future__ import annotations

from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.fields import enum_field
from models.people import Resident
from models.types import InboundState, ReplyMode


class Conversation(Model):
    """One WeChat user of one account: who it is, what question is pending, what may still be sent."""

    id = fields.BigIntField(primary_key=True)
    account = fields.CharField(max_length=32)
    openid = fields.CharField(max_length=64)
    unionid = fields.CharField(
        max_length=64, null=True, description="same in all accounts of one owner, empty for none"
    )
    resident: fields.ForeignKeyNullableRelation[Resident] = fields.ForeignKeyField(
        "models.Resident", related_name="conversations", null=True, on_delete=fields.RESTRICT
    )
    resident_id: int | None
    version = fields.IntField(default=0, description="raised by every message, the update orders them")
    pending: dict[str, Any] | None = fields.JSONField(null=True, description="what a bare digit answers")
    pending_until = fields.DatetimeField(null=True)
    appeal_id: int | None = fields.BigIntField(null=True, description="appeal that supplements join")
    appeal_at = fields.DatetimeField(null=True, description="last words about it")
    asked_id: int | None = fields.BigIntField(null=True, description="appeal that somebody asked about")
    asked_at = fields.DatetimeField(null=True)
    more = fields.TextField(default="", description="rest of a long reply, on 更多")
    owed = fields.TextField(default="", description="unpushed words, they open the next reply")
    following = fields.BooleanField(default=True)
    reachable = fields.BooleanField(default=True, description="false after 40003/43019")
    window_until = fields.DatetimeField(null=True, description="customer-service messages allowed until")
    window_left = fields.IntField(default=0)
    code_tries = fields.IntField(default=0, description="wrong binding codes since code_tries_at")
    code_tries_at = fields.DatetimeField(null=True)

    class Meta:
        table = "conversation"
        unique_together = (("account", "openid"),)
        indexes = (("resident_id",), ("unionid",))


class Consent(Model):
    """Sends that a WeChat user granted for one template of one account, `revoked` after 43101."""

    id = fields.BigIntField(primary_key=True)
    conversation: fields.ForeignKeyRelation[Conversation] = fields.ForeignKeyField(
        "models.Conversation", related_name="consents", on_delete=fields.RESTRICT
    )
    conversation_id: int
    template_id = fields.CharField(max_length=64)
    remaining = fields.IntField(default=0)
    revoked = fields.BooleanField(default=False)

    class Meta:
        table = "consent"
        unique_together = (("conversation", "template_id"),)


class InboundMessage(Model):
    """Inbox row: written and committed alone before any work, `key` makes the three tries one."""

    id = fields.BigIntField(primary_key=True)
    account = fields.CharField(max_length=32)
    openid = fields.CharField(max_length=64)
    key = fields.CharField(max_length=96, description="MsgId, or hash of an event's fields")
    payload: dict[str, Any] = fields.JSONField()
    state: InboundState = enum_field(InboundState, default=InboundState.RECEIVED)
    mode: ReplyMode | None = enum_field(ReplyMode, null=True)
    reply = fields.TextField(null=True)
    attempts = fields.IntField(default=0)
    lease_until = fields.DatetimeField()
    received_at = fields.DatetimeField()
    done_at = fields.DatetimeField(null=True)

    class Meta:
        table = "inbound_message"
        unique_together = (("account", "openid", "key"),)
        indexes = (("state", "lease_until"),)
