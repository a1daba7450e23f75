"""Counters that tell running processes that what they hold in memory has changed."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model


class Revision(Model):
    """`name` is what changed.

    "roster": people, organizations, scopes, leave, days. "lexicon": keywords, categories, place names, grids.
    """

    name = fields.CharField(max_length=24, primary_key=True)
    number = fields.BigIntField(default=0)

    class Meta:
        table = "revision"
