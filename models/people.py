"""Residents, grid members and staff: who writes, who helps, who steers."""

from __future__ import annotations

from datetime import date

from tortoise import fields
from tortoise.models import Model

from models.area import Area, Community, Grid
from models.fields import EncryptedText, enum_field, keyed_hash
from models.household import Household
from models.types import Role


class Resident(Model):
    """居民: a person known by WeChat. Personal fields are encrypted, `phone_hash` finds a phone again."""

    id = fields.BigIntField(primary_key=True)
    community: fields.ForeignKeyNullableRelation[Community] = fields.ForeignKeyField(
        "models.Community", related_name="residents", null=True, on_delete=fields.RESTRICT
    )
    community_id: int | None
    grid: fields.ForeignKeyNullableRelation[Grid] = fields.ForeignKeyField(
        "models.Grid", related_name="residents", null=True, on_delete=fields.RESTRICT
    )
    grid_id: int | None
    name = EncryptedText(default="")
    phone = EncryptedText(default="")
    phone_hash = fields.CharField(max_length=64, null=True)
    address = EncryptedText(default="")
    responder = fields.BooleanField(default=False, description="bound to a post")
    household: fields.ForeignKeyNullableRelation[Household] = fields.ForeignKeyField(
        "models.Household", related_name="residents", null=True, on_delete=fields.RESTRICT
    )
    household_id: int | None
    born = EncryptedText(default="", db_default="", description="YYYY-MM-DD")
    phone_confirmed_at = fields.DatetimeField(null=True, description="WeChat said that the phone is theirs")
    phone_confirmed_by_id: int | None = fields.BigIntField(
        null=True, description="staff who said it in WeChat's place"
    )
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "resident"
        indexes = (("community_id", "grid_id"), ("phone_hash",))


class OnLeave(Model):
    """Columns shared by people who can be away and stand in for each other."""

    leave_from: date | None = fields.DateField(null=True)
    leave_until: date | None = fields.DateField(null=True, description="last day away")

    class Meta:
        abstract = True

    def away(self, today: date) -> bool:
        """Whether this person is on leave on that day (China date)."""
        started = self.leave_from is not None and self.leave_from <= today
        return started and (self.leave_until is None or today <= self.leave_until)


class GridMember(OnLeave):
    """网格员 or 网格长 of one grid, reached in WeChat once bound to a resident."""

    id = fields.BigIntField(primary_key=True)
    community: fields.ForeignKeyRelation[Community] = fields.ForeignKeyField(
        "models.Community", related_name="grid_members", on_delete=fields.RESTRICT
    )
    community_id: int
    grid: fields.ForeignKeyRelation[Grid] = fields.ForeignKeyField(
        "models.Grid", related_name="members", on_delete=fields.RESTRICT
    )
    grid_id: int
    resident: fields.ForeignKeyNullableRelation[Resident] = fields.ForeignKeyField(
        "models.Resident", related_name="grid_posts", null=True, on_delete=fields.RESTRICT
    )
    resident_id: int | None
    role: Role = enum_field(Role, default=Role.GRID_MEMBER)
    title = fields.CharField(max_length=32, description="role as people say it: 三组网格员")
    name = EncryptedText(default="")
    phone = EncryptedText(default="")
    phone_hash = fields.CharField(max_length=64, null=True)
    duty_post = fields.CharField(max_length=32, default="", description="党员示范岗")
    cap = fields.IntField(default=20, description="open appeals at once")
    deputy: fields.ForeignKeyNullableRelation[GridMember] = fields.ForeignKeyField(
        "models.GridMember", related_name="stands_in_for", null=True, on_delete=fields.SET_NULL
    )
    deputy_id: int | None
    active = fields.BooleanField(default=True)

    class Meta:
        table = "grid_member"
        indexes = (("community_id", "grid_id"), ("resident_id",))


class Staff(OnLeave):
    """工作人员: logs in. `community`, `area`, `grid_member` or `organization_member` is the scope."""

    id = fields.BigIntField(primary_key=True)
    username = fields.CharField(max_length=32, unique=True)
    password_hash = fields.CharField(max_length=160)
    title = fields.CharField(max_length=32, description="role as people say it: 雷塘社区值班")
    name = EncryptedText(default="")
    phone = EncryptedText(default="")
    role: Role = enum_field(Role)
    area: fields.ForeignKeyNullableRelation[Area] = fields.ForeignKeyField(
        "models.Area", related_name="staff", null=True, on_delete=fields.RESTRICT
    )
    area_id: int | None
    community: fields.ForeignKeyNullableRelation[Community] = fields.ForeignKeyField(
        "models.Community", related_name="staff", null=True, on_delete=fields.RESTRICT
    )
    community_id: int | None
    grid_member: fields.ForeignKeyNullableRelation[GridMember] = fields.ForeignKeyField(
        "models.GridMember", related_name="logins", null=True, on_delete=fields.RESTRICT
    )
    grid_member_id: int | None
    organization_member_id: int | None = fields.BigIntField(null=True)
    resident: fields.ForeignKeyNullableRelation[Resident] = fields.ForeignKeyField(
        "models.Resident", related_name="staff_posts", null=True, on_delete=fields.RESTRICT
    )
    resident_id: int | None
    on_duty = fields.BooleanField(default=False, description="owns what nobody else can")
    active = fields.BooleanField(default=True)
    failed_logins = fields.IntField(default=0)
    locked_until = fields.DatetimeField(null=True)
    deputy: fields.ForeignKeyNullableRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name="stands_in_for", null=True, on_delete=fields.SET_NULL
    )
    deputy_id: int | None

    class Meta:
        table = "staff"
        indexes = (("community_id", "on_duty"), ("area_id", "on_duty"), ("resident_id",))


class BindingCode(Model):
    """A one-time code from staff that ties a WeChat user to a post. Only its hash is stored."""

    id = fields.BigIntField(primary_key=True)
    code_hash = fields.CharField(max_length=64, unique=True)
    grid_member_id: int | None = fields.BigIntField(null=True)
    organization_member_id: int | None = fields.BigIntField(null=True)
    staff_id: int | None = fields.BigIntField(null=True)
    expires_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)
    used_by: int | None = fields.BigIntField(null=True, description="resident")
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "binding_code"


def phone_hash(phone: str) -> str | None:
    """Keyed hash of a phone's digits, or None for an empty phone."""
    digits = "".join(ch for ch in phone if ch.isdigit())
    return keyed_hash(digits) if digits else None
