"""Lessons, versions of the learned words, and their weights, of which one runs and one is in force at a time."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from models.types import LessonKind, Role, VersionState
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

ONE_AT_A_TIME = (
    "CREATE UNIQUE INDEX one_version_at_a_time ON lexicon_version (state) WHERE state IN ('running', 'active')"
)


class Migration(migrations.Migration):
    dependencies = [('models', '0003_place_aliases')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Lesson',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('community_id', fields.BigIntField()),
                ('appeal', fields.ForeignKeyField('models.Appeal', source_field='appeal_id', db_constraint=True, to_field='id', related_name='lessons', on_delete=OnDelete.RESTRICT)),
                ('event', fields.ForeignKeyField('models.AppealEvent', source_field='event_id', db_constraint=True, to_field='id', related_name='lessons', on_delete=OnDelete.RESTRICT)),
                ('kind', fields.CharEnumField(description='LessonKind', enum_type=LessonKind, max_length=24)),
                ('by', fields.CharEnumField(description='Role', enum_type=Role, max_length=24)),
                ('category', fields.CharField(default='', description='code that is right, empty when unknown', max_length=32)),
                ('predicted', fields.CharField(default='', description='code, empty when filed by hand', max_length=32)),
                ('margin', fields.FloatField(default=0.0, description='of the prediction')),
                ('lexicon_version', fields.CharField(default='', max_length=64)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'lesson', 'app': 'models', 'unique_together': (('appeal', 'event'),), 'indexes': [Index(fields=['community_id', 'id']), Index(fields=['kind', 'margin', 'id'])], 'pk_attr': 'id', 'table_description': '教例: what an appeal turned out to be, beside the prediction, written with the event that tells it.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='LexiconVersion',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('state', fields.CharEnumField(default=VersionState.RUNNING, description='VersionState', enum_type=VersionState, max_length=24)),
                ('requested_by', fields.CharField(description='title of who asked for it', max_length=64)),
                ('base', fields.ForeignKeyField('models.LexiconVersion', source_field='base_id', null=True, db_constraint=True, to_field='id', related_name='followers', on_delete=OnDelete.RESTRICT)),
                ('rows', fields.IntField(default=0, description='messages learned from')),
                ('held_back', fields.IntField(default=0, description='messages that measured it, never learned from')),
                ('keywords', fields.IntField(default=0, description='learned texts')),
                ('last_lesson', fields.BigIntField(default=0, description='the newest lesson that it knows')),
                ('accuracy', fields.FloatField(null=True)),
                ('macro_f1', fields.FloatField(null=True)),
                ('base_accuracy', fields.FloatField(null=True, description='of the base on the same messages')),
                ('base_macro_f1', fields.FloatField(null=True)),
                ('words', fields.TextField(default='', description='why it was not adopted', unique=False)),
                ('claim', fields.CharField(null=True, max_length=32)),
                ('lease_until', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('started_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('finished_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('activated_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'lexicon_version', 'app': 'models', 'pk_attr': 'id', 'table_description': '词库版本: one refit, from the request on, `id` is the number that people say.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='LearnedWeights',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('version', fields.OneToOneField('models.LexiconVersion', source_field='version_id', db_constraint=True, to_field='id', related_name='weights', on_delete=OnDelete.RESTRICT)),
                ('packed', fields.BinaryField()),
            ],
            options={'table': 'learned_weights', 'app': 'models', 'pk_attr': 'id', 'table_description': 'The learned weights of a version, packed by `nlp.weights`, a table apart, so that no list reads it.'},
            bases=['Model'],
        ),
        ops.RunSQL(ONE_AT_A_TIME, "DROP INDEX one_version_at_a_time"),
    ]
