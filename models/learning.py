"""What appeals turned out to be, and the versions of the words learned from it."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.appeal import Appeal, AppealEvent
from models.fields import enum_field
from models.types import LessonKind, Role, VersionState


class Lesson(Model):
    """教例: what an appeal turned out to be, beside the prediction, written with the event that tells it.

    The resident's words stay in the appeal alone: whoever deletes them there takes them out of learning too.
    """

    id = fields.BigIntField(primary_key=True)
    community_id = fields.BigIntField()
    appeal: fields.ForeignKeyRelation[Appeal] = fields.ForeignKeyField(
        "models.Appeal", related_name="lessons", on_delete=fields.RESTRICT
    )
    appeal_id: int
    event: fields.ForeignKeyRelation[AppealEvent] = fields.ForeignKeyField(
        "models.AppealEvent", related_name="lessons", on_delete=fields.RESTRICT
    )
    event_id: int
    kind: LessonKind = enum_field(LessonKind)
    by: Role = enum_field(Role)
    category = fields.CharField(
        max_length=32, default="", description="code that is right, empty when unknown"
    )
    predicted = fields.CharField(max_length=32, default="", description="code, empty when filed by hand")
    margin = fields.FloatField(default=0.0, description="of the prediction")
    lexicon_version = fields.CharField(max_length=64, default="")
    at = fields.DatetimeField()

    class Meta:
        table = "lesson"
        unique_together = (("appeal", "event"),)
        indexes = (("community_id", "id"), ("kind", "margin", "id"))


class LexiconVersion(Model):
    """词库版本: one refit, from the request on, `id` is the number that people say.

    A partial unique index allows one that runs and one in force. `claim` and `lease_until` say which worker
    is at it: a version whose lease is over was killed.
    """

    id = fields.BigIntField(primary_key=True)
    state: VersionState = enum_field(VersionState, default=VersionState.RUNNING)
    requested_by = fields.CharField(max_length=64, description="title of who asked for it")
    base: fields.ForeignKeyNullableRelation[LexiconVersion] = fields.ForeignKeyField(
        "models.LexiconVersion", related_name="followers", null=True, on_delete=fields.RESTRICT
    )
    base_id: int | None
    rows = fields.IntField(default=0, description="messages learned from")
    held_back = fields.IntField(default=0, description="messages that measured it, never learned from")
    keywords = fields.IntField(default=0, description="learned texts")
    last_lesson = fields.BigIntField(default=0, description="the newest lesson that it knows")
    accuracy = fields.FloatField(null=True)
    macro_f1 = fields.FloatField(null=True)
    base_accuracy = fields.FloatField(null=True, description="of the base on the same messages")
    base_macro_f1 = fields.FloatField(null=True)
    words = fields.TextField(default="", description="why it was not adopted")
    claim = fields.CharField(max_length=32, null=True)
    lease_until = fields.DatetimeField(null=True)
    started_at = fields.DatetimeField()
    finished_at = fields.DatetimeField(null=True)
    activated_at = fields.DatetimeField(null=True)

    class Meta:
        table = "lexicon_version"


class LearnedWeights(Model):
    """The learned weights of a version, packed by `nlp.weights`, a table apart, so that no list reads it."""

    id = fields.BigIntField(primary_key=True)
    version: fields.OneToOneRelation[LexiconVersion] = fields.OneToOneField(
        "models.LexiconVersion", related_name="weights", on_delete=fields.RESTRICT
    )
    version_id: int
    packed = fields.BinaryField()

    class Meta:
        table = "learned_weights"
