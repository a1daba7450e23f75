"""On the day: who came, who stayed away and what follows from it, and the hours that volunteers gave."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.fields import EncryptedText, enum_field
from models.people import Resident
from models.slot import SignUp, Slot
from models.types import CheckInWay, HoursOrigin, HoursState


class CheckIn(Model):
    """签到: one act of checking in. A nonce stands here once, so a code works once."""

    id = fields.BigIntField(primary_key=True)
    community_id: int = fields.BigIntField()
    slot: fields.ForeignKeyRelation[Slot] = fields.ForeignKeyField(
        "models.Slot", related_name="check_ins", on_delete=fields.RESTRICT
    )
    slot_id: int
    sign_up: fields.ForeignKeyRelation[SignUp] = fields.ForeignKeyField(
        "models.SignUp", related_name="check_ins", on_delete=fields.RESTRICT
    )
    sign_up_id: int
    way: CheckInWay = enum_field(CheckInWay)
    at = fields.DatetimeField(description="when they came")
    recorded_at = fields.DatetimeField()
    staff_id: int | None = fields.BigIntField(null=True)
    nonce = fields.CharField(max_length=32, null=True, unique=True)
    client_id = fields.CharField(
        max_length=64, null=True, description="names this act on the device that reports it"
    )
    fingerprint = fields.CharField(max_length=64, description="of what was reported, to tell a repeat")
    undone_at = fields.DatetimeField(null=True)

    class Meta:
        table = "check_in"
        unique_together = (("slot", "client_id"),)
        indexes = (("sign_up_id",),)


class Presence(Model):
    """到场: one person of a sign-up who came, `person` as in `SignUpPerson`, or `g` and a guest's number."""

    id = fields.BigIntField(primary_key=True)
    check_in: fields.ForeignKeyRelation[CheckIn] = fields.ForeignKeyField(
        "models.CheckIn", related_name="presences", on_delete=fields.RESTRICT
    )
    check_in_id: int
    slot_id: int = fields.BigIntField()
    sign_up_id: int = fields.BigIntField()
    person = fields.CharField(max_length=24)

    class Meta:
        table = "presence"
        unique_together = (("sign_up_id", "person"),)
        indexes = (("slot_id",), ("check_in_id",))


class Absence(Model):
    """未到场: one person who held a place and did not come, `excused_at` takes it off the count."""

    id = fields.BigIntField(primary_key=True)
    community_id: int = fields.BigIntField()
    slot_id: int = fields.BigIntField()
    sign_up_id: int = fields.BigIntField()
    person = fields.CharField(max_length=24)
    at = fields.DatetimeField(description="end of the slot")
    excused_at = fields.DatetimeField(null=True)

    class Meta:
        table = "absence"
        unique_together = (("sign_up_id", "person"),)
        indexes = (("community_id", "person", "at"), ("slot_id",))


class Block(Model):
    """暂停报名: one person signs up for nothing in the community until a moment, unless it was lifted."""

    id = fields.BigIntField(primary_key=True)
    community_id: int = fields.BigIntField()
    person = fields.CharField(max_length=24)
    resident: fields.ForeignKeyRelation[Resident] = fields.ForeignKeyField(
        "models.Resident", related_name="blocks", on_delete=fields.RESTRICT
    )
    resident_id: int
    absence_id: int = fields.BigIntField(unique=True, description="the one too many")
    times = fields.IntField(description="absences that counted")
    until = fields.DatetimeField()
    lifted_at = fields.DatetimeField(null=True)
    appeal = EncryptedText(default="", description="what the resident says about it")
    appealed_at = fields.DatetimeField(null=True)
    decided_at = fields.DatetimeField(null=True)
    decided_by_id: int | None = fields.BigIntField(null=True)
    answer = fields.TextField(default="")
    created_at = fields.DatetimeField()

    class Meta:
        table = "block"
        indexes = (("person", "community_id", "until"), ("community_id", "id"), ("resident_id", "until"))


class VolunteerHours(Model):
    """志愿时长: minutes of one person, by the system from a shift, or by hand and approved by another."""

    id = fields.BigIntField(primary_key=True)
    community_id: int = fields.BigIntField()
    person = fields.CharField(max_length=24)
    origin: HoursOrigin = enum_field(HoursOrigin)
    state: HoursState = enum_field(HoursState)
    minutes = fields.IntField()
    day = fields.DateField(description="in China")
    words = fields.CharField(max_length=200, description="what was done")
    slot_id: int | None = fields.BigIntField(null=True)
    sign_up_id: int | None = fields.BigIntField(null=True)
    entered_by_id: int | None = fields.BigIntField(null=True)
    decided_by_id: int | None = fields.BigIntField(null=True)
    decided_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "volunteer_hours"
        unique_together = (("sign_up_id", "person"),)
        indexes = (("person", "state"), ("community_id", "id"))
