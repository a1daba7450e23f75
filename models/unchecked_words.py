"""Words of residents that no content check has passed."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.fields import enum_field
from models.people import Resident
from models.types import WordsCheck, WordsOf


class UncheckedWords(Model):
    """待看的话: points to the row that holds the words, until a person has looked at them. Holds none itself.

    New words in the same row are a new row here, so that nobody decides about words that they have not read.
    """

    id = fields.BigIntField(primary_key=True)
    community_id: int = fields.BigIntField()
    resident: fields.ForeignKeyRelation[Resident] = fields.ForeignKeyField(
        "models.Resident", related_name="unchecked_words", on_delete=fields.RESTRICT
    )
    resident_id: int
    words_of: WordsOf = enum_field(WordsOf)
    row_id: int = fields.BigIntField(description="in the table that `words_of` says")
    verdict: WordsCheck = enum_field(WordsCheck)
    created_at = fields.DatetimeField()
    decided_at = fields.DatetimeField(null=True)
    decided_by_id: int | None = fields.BigIntField(null=True)
    kept: bool | None = fields.BooleanField(null=True, description="or blanked by who decided")  # type: ignore[assignment]

    class Meta:
        table = "unchecked_words"
        unique_together = (("words_of", "row_id"),)
        indexes = (("community_id", "decided_at", "id"), ("resident_id",))
