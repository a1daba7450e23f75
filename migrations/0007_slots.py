"""Households, offerings, slots and sign-ups; one person stands in a slot once."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import EncryptedText
from models.types import DependantKind, OfferingKind, OfferingState, SignUpState, SlotState
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index

PERSON_ONCE = "CREATE UNIQUE INDEX person_once ON sign_up_person (slot_id, person) WHERE active"


class Migration(migrations.Migration):
    dependencies = [("models", "0006_alerts_and_places")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Household",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "version",
                    fields.IntField(default=0, description="raised by every sign-up, the update orders them"),
                ),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=True)),
            ],
            options={
                "table": "household",
                "app": "models",
                "pk_attr": "id",
                "table_description": "户: who signs up together. Its row is locked first, so that a family's limits hold for all who act.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Dependant",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "household",
                    fields.ForeignKeyField(
                        "models.Household",
                        source_field="household_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="dependants",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "kind",
                    fields.CharEnumField(description="DependantKind", enum_type=DependantKind, max_length=24),
                ),
                ("name", EncryptedText(unique=False)),
                ("born", EncryptedText(description="YYYY-MM-DD", unique=False)),
                (
                    "needs",
                    EncryptedText(default="", description="what those on the spot must know", unique=False),
                ),
                ("consent_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("consent_by_id", fields.BigIntField(description="the resident who consented")),
                ("active", fields.BooleanField(default=True)),
            ],
            options={
                "table": "dependant",
                "app": "models",
                "indexes": [Index(fields=["household_id"])],
                "pk_attr": "id",
                "table_description": "Somebody whom a resident of the household signs up, with recorded consent.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Offering",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "community",
                    fields.ForeignKeyField(
                        "models.Community",
                        source_field="community_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="offerings",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "kind",
                    fields.CharEnumField(description="OfferingKind", enum_type=OfferingKind, max_length=24),
                ),
                (
                    "state",
                    fields.CharEnumField(
                        default=OfferingState.DRAFT,
                        description="OfferingState",
                        enum_type=OfferingState,
                        max_length=24,
                    ),
                ),
                ("title", fields.CharField(max_length=64)),
                ("description", fields.TextField(default="", unique=False)),
                ("place", fields.CharField(default="", max_length=64)),
                (
                    "organization",
                    fields.ForeignKeyField(
                        "models.Organization",
                        source_field="organization_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="offerings",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("tags", fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
                (
                    "everybody",
                    fields.BooleanField(default=False, description="open to residents of other communities"),
                ),
                ("age_from", fields.IntField(null=True, description="on the day of the slot")),
                ("age_until", fields.IntField(null=True, description="on the day of the slot, inclusive")),
                ("party_most", fields.IntField(default=4, description="places in one sign-up")),
                (
                    "household_most",
                    fields.IntField(null=True, description="places of one household in a slot"),
                ),
                (
                    "offer_minutes",
                    fields.IntField(default=120, description="how long an offered place waits"),
                ),
                ("cancel_hours", fields.IntField(default=2, description="cancel until so many hours before")),
                (
                    "attendance_least",
                    fields.IntField(default=0, description="fewer sign-ups: the slot is called off"),
                ),
                ("counts_absence", fields.BooleanField(default=True, description="staying away counts")),
                ("questions", fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
                (
                    "written_by",
                    fields.ForeignKeyField(
                        "models.Staff",
                        source_field="written_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="offerings_written",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "approved_by",
                    fields.ForeignKeyField(
                        "models.Staff",
                        source_field="approved_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="offerings_approved",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=True)),
            ],
            options={
                "table": "offering",
                "app": "models",
                "indexes": [Index(fields=["community_id", "state", "kind"])],
                "pk_attr": "id",
                "table_description": "What residents sign up for: an activity, a venue, plots, volunteer shifts. Its slots are the times.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Slot",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "community",
                    fields.ForeignKeyField(
                        "models.Community",
                        source_field="community_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="slots",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "offering",
                    fields.ForeignKeyField(
                        "models.Offering",
                        source_field="offering_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="slots",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "state",
                    fields.CharEnumField(
                        default=SlotState.OPEN, description="SlotState", enum_type=SlotState, max_length=24
                    ),
                ),
                ("starts_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ends_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "opens_at",
                    fields.DatetimeField(description="sign-up from", auto_now=False, auto_now_add=False),
                ),
                (
                    "closes_at",
                    fields.DatetimeField(description="sign-up until", auto_now=False, auto_now_add=False),
                ),
                ("capacity", fields.IntField()),
                ("taken", fields.IntField(default=0, description="places held, offered ones included")),
                ("waiting", fields.IntField(default=0, description="sign-ups that wait")),
                ("line", fields.IntField(default=0, description="last number given out in the waiting list")),
            ],
            options={
                "table": "slot",
                "app": "models",
                "indexes": [
                    Index(fields=["community_id", "state", "starts_at"]),
                    Index(fields=["offering_id", "starts_at"]),
                ],
                "pk_attr": "id",
                "table_description": "时段/名额: one time with `capacity` places, of which `taken` are held, never oversold.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SignUp",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("community_id", fields.BigIntField()),
                (
                    "slot",
                    fields.ForeignKeyField(
                        "models.Slot",
                        source_field="slot_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="sign_ups",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "household",
                    fields.ForeignKeyField(
                        "models.Household",
                        source_field="household_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="sign_ups",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "resident",
                    fields.ForeignKeyField(
                        "models.Resident",
                        source_field="resident_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="sign_ups",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("party", fields.IntField(description="places")),
                (
                    "state",
                    fields.CharEnumField(description="SignUpState", enum_type=SignUpState, max_length=24),
                ),
                ("line", fields.IntField(null=True, description="number in the waiting list")),
                (
                    "offered_until",
                    fields.DatetimeField(
                        null=True,
                        description="an offer holds its places until then",
                        auto_now=False,
                        auto_now_add=False,
                    ),
                ),
                (
                    "answers",
                    EncryptedText(default="", description="JSON, to the offering's questions", unique=False),
                ),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("reason", fields.CharField(default="", max_length=200)),
            ],
            options={
                "table": "sign_up",
                "app": "models",
                "indexes": [
                    Index(fields=["slot_id", "state", "line"]),
                    Index(fields=["household_id", "state"]),
                    Index(fields=["resident_id"]),
                ],
                "pk_attr": "id",
                "table_description": "报名/预约/认领: a claim on `party` places of a slot, for the people named with it.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SignUpPerson",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "sign_up",
                    fields.ForeignKeyField(
                        "models.SignUp",
                        source_field="sign_up_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="people",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("slot_id", fields.BigIntField()),
                ("person", fields.CharField(max_length=24)),
                (
                    "starts_at",
                    fields.DatetimeField(
                        null=True,
                        description="of the slot, where it fills the person's time",
                        auto_now=False,
                        auto_now_add=False,
                    ),
                ),
                ("ends_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("active", fields.BooleanField(default=True)),
            ],
            options={
                "table": "sign_up_person",
                "app": "models",
                "indexes": [Index(fields=["person", "active", "starts_at"]), Index(fields=["sign_up_id"])],
                "pk_attr": "id",
                "table_description": "One person of a sign-up: `person` is `r` and the resident's id, or `d` and the dependant's.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Resident",
            name="born",
            field=EncryptedText(default="", description="YYYY-MM-DD", db_default="", unique=False),
        ),
        ops.AddField(
            model_name="Resident",
            name="household",
            field=fields.ForeignKeyField(
                "models.Household",
                source_field="household_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="residents",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.RunSQL(PERSON_ONCE, "DROP INDEX person_once"),
    ]
