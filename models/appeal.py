"""An appeal, who holds it, why it went there, what happened to it, and what came with it."""

from __future__ import annotations

from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.area import Community, Grid
from models.category import Category
from models.fields import EncryptedText, enum_field
from models.organization import Organization
from models.people import GridMember, Resident, Staff
from models.types import (
    AppealKind,
    AppealStatus,
    AssigneeKind,
    AssignmentEnd,
    AttachmentKind,
    AttachmentState,
    Rating,
    Role,
    Timer,
    Urgency,
)


class Appeal(Model):
    """诉求. `id` is the number that people say."""

    id = fields.BigIntField(primary_key=True)
    community: fields.ForeignKeyRelation[Community] = fields.ForeignKeyField(
        "models.Community", related_name="appeals", on_delete=fields.RESTRICT
    )
    community_id: int
    grid: fields.ForeignKeyNullableRelation[Grid] = fields.ForeignKeyField(
        "models.Grid", related_name="appeals", null=True, on_delete=fields.RESTRICT
    )
    grid_id: int | None
    resident: fields.ForeignKeyRelation[Resident] = fields.ForeignKeyField(
        "models.Resident", related_name="appeals", on_delete=fields.RESTRICT
    )
    resident_id: int
    category: fields.ForeignKeyRelation[Category] = fields.ForeignKeyField(
        "models.Category", related_name="appeals", on_delete=fields.RESTRICT
    )
    category_id: int
    kind: AppealKind = enum_field(AppealKind)
    status: AppealStatus = enum_field(AppealStatus, default=AppealStatus.SUBMITTED)
    urgency: Urgency = enum_field(Urgency, default=Urgency.NORMAL)
    about_conduct = fields.BooleanField(default=False, description="about cadres: parent area only")
    unsure = fields.BooleanField(default=False, description="category not confirmed: community triage")
    text = fields.TextField()
    place = EncryptedText(default="")
    account = fields.CharField(max_length=32, description="WeChat account it came through")
    created_at = fields.DatetimeField()
    accept_by = fields.DatetimeField()
    resolve_by = fields.DatetimeField()
    suspended_at = fields.DatetimeField(null=True)
    resume_on = fields.DateField(null=True, description="the suspension ends by itself on this China date")
    accepted_at = fields.DatetimeField(null=True)
    resolved_at = fields.DatetimeField(null=True)
    closed_at = fields.DatetimeField(null=True)
    escalation = fields.IntField(default=0, description="levels escalated, > 0 is 督办")
    returns = fields.IntField(default=0)
    timer: Timer | None = enum_field(Timer, null=True)
    timer_at = fields.DatetimeField(null=True)
    rating: Rating | None = enum_field(Rating, null=True)
    rating_words = fields.TextField(default="")
    result = fields.TextField(default="")
    merged_into: fields.ForeignKeyNullableRelation[Appeal] = fields.ForeignKeyField(
        "models.Appeal", related_name="merged", null=True, on_delete=fields.RESTRICT
    )
    merged_into_id: int | None
    linked_to: fields.ForeignKeyNullableRelation[Appeal] = fields.ForeignKeyField(
        "models.Appeal", related_name="linked", null=True, on_delete=fields.RESTRICT
    )
    linked_to_id: int | None

    class Meta:
        table = "appeal"
        indexes = (
            ("community_id", "status", "id"),
            ("community_id", "created_at"),
            ("community_id", "category_id", "created_at"),
            ("merged_into_id",),
            ("resident_id", "id"),
            ("timer_at",),
        )

    @property
    def number(self) -> int:
        """The number that residents and staff say."""
        return int(self.id)


class Assignment(Model):
    """派单: exactly one of organization, grid_member, staff holds the appeal until `ended_at`.

    A partial unique index allows one open assignment an appeal.
    """

    id = fields.BigIntField(primary_key=True)
    community_id = fields.BigIntField()
    appeal: fields.ForeignKeyRelation[Appeal] = fields.ForeignKeyField(
        "models.Appeal", related_name="assignments", on_delete=fields.RESTRICT
    )
    appeal_id: int
    kind: AssigneeKind = enum_field(AssigneeKind)
    organization: fields.ForeignKeyNullableRelation[Organization] = fields.ForeignKeyField(
        "models.Organization", related_name="assignments", null=True, on_delete=fields.RESTRICT
    )
    organization_id: int | None
    grid_member: fields.ForeignKeyNullableRelation[GridMember] = fields.ForeignKeyField(
        "models.GridMember", related_name="assignments", null=True, on_delete=fields.RESTRICT
    )
    grid_member_id: int | None
    staff: fields.ForeignKeyNullableRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name="assignments", null=True, on_delete=fields.RESTRICT
    )
    staff_id: int | None
    accepted_by: int | None = fields.BigIntField(null=True, description="resident id of who accepted")
    level = fields.IntField(default=0, description="rungs of the chain climbed")
    started_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)
    ended_as: AssignmentEnd | None = enum_field(AssignmentEnd, null=True)
    note = fields.TextField(default="")

    class Meta:
        table = "assignment"
        indexes = (
            ("appeal_id", "id"),
            ("organization_id", "id"),
            ("grid_member_id", "id"),
            ("staff_id", "id"),
        )


class RoutingDecision(Model):
    """派单依据: prediction and candidates as they were at that moment, in words that staff can read."""

    id = fields.BigIntField(primary_key=True)
    community_id = fields.BigIntField()
    appeal: fields.ForeignKeyRelation[Appeal] = fields.ForeignKeyField(
        "models.Appeal", related_name="decisions", on_delete=fields.RESTRICT
    )
    appeal_id: int
    lexicon_version = fields.CharField(max_length=64)
    intent = fields.CharField(max_length=24)
    urgent = fields.BooleanField()
    ranked: list[dict[str, Any]] = fields.JSONField(description="[{code, name, score}], best first")
    margin = fields.FloatField()
    matched: list[dict[str, Any]] = fields.JSONField(description="[{keyword, category, weight}]")
    candidates: list[dict[str, Any]] = fields.JSONField(description="[{kind, id, name, kept, why}], ranked")
    chosen = fields.CharField(max_length=64)
    why = fields.TextField()
    corrected_to = fields.CharField(max_length=32, null=True, description="category code by staff")
    created_at = fields.DatetimeField()

    class Meta:
        table = "routing_decision"
        indexes = (("appeal_id", "id"),)


class AppealEvent(Model):
    """办理记录: append-only history."""

    id = fields.BigIntField(primary_key=True)
    community_id = fields.BigIntField()
    appeal: fields.ForeignKeyRelation[Appeal] = fields.ForeignKeyField(
        "models.Appeal", related_name="events", on_delete=fields.RESTRICT
    )
    appeal_id: int
    verb = fields.CharField(max_length=24)
    from_status: AppealStatus | None = enum_field(AppealStatus, null=True)
    to_status: AppealStatus | None = enum_field(AppealStatus, null=True)
    role: Role = enum_field(Role)
    actor = fields.CharField(max_length=64, description="how the actor is called, without personal names")
    actor_resident_id: int | None = fields.BigIntField(null=True)
    actor_staff_id: int | None = fields.BigIntField(null=True)
    words = fields.TextField(default="")
    public = fields.BooleanField(default=True, description="whether the resident may read the words")
    at = fields.DatetimeField()

    class Meta:
        table = "appeal_event"
        indexes = (("appeal_id", "id"),)


class Attachment(Model):
    """A photo, voice, video, place or link that belongs to an appeal."""

    id = fields.BigIntField(primary_key=True)
    appeal: fields.ForeignKeyRelation[Appeal] = fields.ForeignKeyField(
        "models.Appeal", related_name="attachments", on_delete=fields.RESTRICT
    )
    appeal_id: int
    kind: AttachmentKind = enum_field(AttachmentKind)
    state: AttachmentState = enum_field(AttachmentState, default=AttachmentState.NONE)
    account = fields.CharField(max_length=32)
    media_id = fields.CharField(max_length=256, default="")
    path = fields.CharField(max_length=128, default="", description="below the media folder")
    content_type = fields.CharField(max_length=64, default="")
    url = fields.TextField(default="")
    words = EncryptedText(default="", description="address of a location, title of a link")
    latitude = fields.FloatField(null=True)
    longitude = fields.FloatField(null=True)
    datum = fields.CharField(max_length=8, default="")
    attempts = fields.IntField(default=0)
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "attachment"
        indexes = (("appeal_id",), ("state", "created_at"))
