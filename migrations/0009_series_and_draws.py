"""Seasons of plots by lot, venues with opening hours, slots that the clock decides."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import EncryptedText
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index

DECIDE = "UPDATE slot SET decide_at = closes_at WHERE state = 'open' AND starts_at > CURRENT_TIMESTAMP"


class Migration(migrations.Migration):
    dependencies = [('models', '0008_resident_logins')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Draw',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('community_id', fields.BigIntField()),
                ('slot', fields.OneToOneField('models.Slot', source_field='slot_id', db_constraint=True, to_field='id', related_name='draw', on_delete=OnDelete.RESTRICT)),
                ('last_slot', fields.ForeignKeyField('models.Slot', source_field='last_slot_id', null=True, db_constraint=True, to_field='id', related_name='next_draws', on_delete=OnDelete.RESTRICT)),
                ('renew_until', fields.DatetimeField(null=True, description="only holders of the last season until then", auto_now=False, auto_now_add=False)),
                ('told_at', fields.DatetimeField(null=True, description='when those were told that they may renew', auto_now=False, auto_now_add=False)),
                ('seed', EncryptedText(unique=False)),
                ('seed_hash', fields.CharField(description='SHA-256 of the seed, hex', max_length=64)),
                ('public_source', fields.CharField(default='', description='whose number joins the seed, named before applications close', max_length=64)),
                ('public_value', fields.CharField(default='', description='that number', max_length=64)),
                ('drawn_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('applications', fields.JSONField(default=list, description='numbers that were drawn, ascending', encoder=JSON_DUMPS, decoder=loads)),
                ('places', fields.IntField(default=0, description='that there were for them')),
            ],
            options={'table': 'draw', 'app': 'models', 'indexes': [Index(fields=['told_at', 'renew_until'])], 'pk_attr': 'id', 'table_description': '抽签: how the places of a slot that is `by_lot` are given.'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Offering',
            name='audience',
            field=fields.CharField(default='', description='for whom, in words', db_default='', max_length=64),
        ),
        ops.AddField(
            model_name='Offering',
            name='opening_hours',
            field=fields.JSONField(default=list, db_default=[], description='of a venue: weekday (1 Monday), opens, closes, China time', encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.AddField(
            model_name='Offering',
            name='poster',
            field=fields.CharField(default='', description='https address', db_default='', max_length=256),
        ),
        ops.AddField(
            model_name='Offering',
            name='project',
            field=fields.ForeignKeyField('models.ServiceProject', source_field='project_id', null=True, db_constraint=True, to_field='id', related_name='offerings', on_delete=OnDelete.RESTRICT),
        ),
        ops.AddField(
            model_name='Offering',
            name='venue',
            field=fields.ForeignKeyField('models.Offering', source_field='venue_id', null=True, db_constraint=True, to_field='id', related_name='held_there', on_delete=OnDelete.RESTRICT),
        ),
        ops.AddField(
            model_name='Slot',
            name='by_lot',
            field=fields.BooleanField(default=False, description='see `Draw`', db_default=False),
        ),
        ops.AddField(
            model_name='Slot',
            name='decide_at',
            field=fields.DatetimeField(null=True, description='when the clock calls it off for too few people or draws lots, empty once done', auto_now=False, auto_now_add=False),
        ),
        ops.AddIndex(
            model_name='Slot',
            index=Index(fields=['decide_at']),
        ),
        # Slots that are there are decided as their sign-up ends, where that is before they start.
        ops.RunSQL(DECIDE, "UPDATE slot SET decide_at = NULL"),
    ]
