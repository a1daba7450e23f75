"""Anything with limited places: what is offered, its slots, and who signed up for them."""

from __future__ import annotations

from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.area import Community
from models.fields import EncryptedText, enum_field
from models.household import Household
from models.organization import Organization, ServiceProject
from models.people import Resident, Staff
from models.types import Attendance, OfferingKind, OfferingState, SignUpState, SlotState


class Offering(Model):
    """What residents sign up for: an activity, a venue, plots, volunteer shifts. Its slots are the times."""

    id = fields.BigIntField(primary_key=True)
    community: fields.ForeignKeyRelation[Community] = fields.ForeignKeyField(
        "models.Community", related_name="offerings", on_delete=fields.RESTRICT
    )
    community_id: int
    kind: OfferingKind = enum_field(OfferingKind)
    state: OfferingState = enum_field(OfferingState, default=OfferingState.DRAFT)
    title = fields.CharField(max_length=64)
    description = fields.TextField(default="")
    place = fields.CharField(max_length=64, default="")
    organization: fields.ForeignKeyNullableRelation[Organization] = fields.ForeignKeyField(
        "models.Organization", related_name="offerings", null=True, on_delete=fields.RESTRICT
    )
    organization_id: int | None
    project: fields.ForeignKeyNullableRelation[ServiceProject] = fields.ForeignKeyField(
        "models.ServiceProject", related_name="offerings", null=True, on_delete=fields.RESTRICT
    )
    project_id: int | None
    venue: fields.ForeignKeyNullableRelation[Offering] = fields.ForeignKeyField(
        "models.Offering", related_name="held_there", null=True, on_delete=fields.RESTRICT
    )
    venue_id: int | None
    audience = fields.CharField(max_length=64, default="", db_default="", description="for whom, in words")
    poster = fields.CharField(max_length=256, default="", db_default="", description="https address")
    poster_path = fields.CharField(
        max_length=128, default="", db_default="", description="of an uploaded poster, below the media folder"
    )
    opening_hours: list[dict[str, str | int]] = fields.JSONField(
        default=list, db_default=[], description="of a venue: weekday (1 Monday), opens, closes, China time"
    )
    tags: list[str] = fields.JSONField(default=list)
    everybody = fields.BooleanField(default=False, description="open to residents of other communities")
    age_from: int | None = fields.IntField(null=True, description="on the day of the slot")
    age_until: int | None = fields.IntField(null=True, description="on the day of the slot, inclusive")
    party_most = fields.IntField(default=4, description="places in one sign-up")
    household_most: int | None = fields.IntField(null=True, description="places of one household in a slot")
    offer_minutes = fields.IntField(default=120, description="how long an offered place waits")
    cancel_hours = fields.IntField(default=2, description="cancel until so many hours before")
    attendance_least = fields.IntField(default=0, description="fewer sign-ups: the slot is called off")
    counts_absence = fields.BooleanField(default=True, description="staying away counts")
    questions: list[dict[str, Any]] = fields.JSONField(default=list)
    survey: list[dict[str, Any]] | None = fields.JSONField(null=True, description="null: the usual questions")
    written_by: fields.ForeignKeyNullableRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name="offerings_written", null=True, on_delete=fields.RESTRICT
    )
    written_by_id: int | None
    approved_by: fields.ForeignKeyNullableRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name="offerings_approved", null=True, on_delete=fields.RESTRICT
    )
    approved_by_id: int | None
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "offering"
        indexes = (("community_id", "state", "kind"),)

    @property
    def poster_uploaded(self) -> bool:
        """Whether the poster lies with us."""
        return bool(self.poster_path)


class Slot(Model):
    """时段/名额: one time with `capacity` places, of which `taken` are held, never oversold."""

    id = fields.BigIntField(primary_key=True)
    community: fields.ForeignKeyRelation[Community] = fields.ForeignKeyField(
        "models.Community", related_name="slots", on_delete=fields.RESTRICT
    )
    community_id: int
    offering: fields.ForeignKeyRelation[Offering] = fields.ForeignKeyField(
        "models.Offering", related_name="slots", on_delete=fields.RESTRICT
    )
    offering_id: int
    state: SlotState = enum_field(SlotState, default=SlotState.OPEN)
    starts_at = fields.DatetimeField()
    ends_at = fields.DatetimeField()
    opens_at = fields.DatetimeField(description="sign-up from")
    closes_at = fields.DatetimeField(description="sign-up until")
    capacity = fields.IntField()
    taken = fields.IntField(default=0, description="places held, offered ones included")
    waiting = fields.IntField(default=0, description="sign-ups that wait")
    line = fields.IntField(default=0, description="last number given out in the waiting list")
    by_lot = fields.BooleanField(default=False, db_default=False, description="see `Draw`")
    decide_at = fields.DatetimeField(
        null=True, description="when the clock calls it off for too few people or draws lots, empty once done"
    )
    reminders = fields.IntField(default=0, db_default=0, description="reminders that are done with")
    attendance: Attendance = enum_field(Attendance, default=Attendance.UNSAID, db_default=Attendance.UNSAID)
    settled_at = fields.DatetimeField(null=True, description="who came and who stayed away is settled")

    class Meta:
        table = "slot"
        indexes = (
            ("community_id", "state", "starts_at"),
            ("offering_id", "starts_at"),
            ("state", "starts_at"),
            ("decide_at",),
            ("ends_at",),
            ("reminders", "starts_at"),
            ("settled_at", "ends_at"),
        )

    @property
    def free(self) -> int:
        """Places that nobody holds."""
        return self.capacity - self.taken


class SignUp(Model):
    """报名/预约/认领: a claim on `party` places of a slot, for the people named with it."""

    id = fields.BigIntField(primary_key=True)
    community_id: int = fields.BigIntField()
    slot: fields.ForeignKeyRelation[Slot] = fields.ForeignKeyField(
        "models.Slot", related_name="sign_ups", on_delete=fields.RESTRICT
    )
    slot_id: int
    household: fields.ForeignKeyRelation[Household] = fields.ForeignKeyField(
        "models.Household", related_name="sign_ups", on_delete=fields.RESTRICT
    )
    household_id: int
    resident: fields.ForeignKeyRelation[Resident] = fields.ForeignKeyField(
        "models.Resident", related_name="sign_ups", on_delete=fields.RESTRICT
    )
    resident_id: int
    party = fields.IntField(description="places")
    state: SignUpState = enum_field(SignUpState)
    line: int | None = fields.IntField(null=True, description="number in the waiting list")
    offered_until = fields.DatetimeField(null=True, description="an offer holds its places until then")
    answers = EncryptedText(default="", description="JSON, to the offering's questions")
    created_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)
    reason = fields.CharField(max_length=200, default="")

    class Meta:
        table = "sign_up"
        indexes = (("slot_id", "state", "line"), ("household_id", "state"), ("resident_id",))


class SignUpPerson(Model):
    """One person of a sign-up: `person` is `r` and the resident's id, or `d` and the dependant's.

    `active` while the sign-up stands or waits; a partial unique index keeps a person out of a slot twice.
    """

    id = fields.BigIntField(primary_key=True)
    sign_up: fields.ForeignKeyRelation[SignUp] = fields.ForeignKeyField(
        "models.SignUp", related_name="people", on_delete=fields.RESTRICT
    )
    sign_up_id: int
    slot_id: int = fields.BigIntField()
    person = fields.CharField(max_length=24)
    starts_at = fields.DatetimeField(null=True, description="of the slot, where it fills the person's time")
    ends_at = fields.DatetimeField(null=True)
    active = fields.BooleanField(default=True)

    class Meta:
        table = "sign_up_person"
        indexes = (("person", "active", "starts_at"), ("sign_up_id",))
