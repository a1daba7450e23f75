"""Calendar links, surveys, photos of what took place, certificates of volunteer hours."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import EncryptedText
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [("models", "0010_on_the_day")]

    initial = False

    operations = [
        ops.CreateModel(
            name='CalendarLink',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('resident', fields.OneToOneField('models.Resident', source_field='resident_id', db_constraint=True, to_field='id', related_name='calendar_link', on_delete=OnDelete.CASCADE)),
                ('version', fields.IntField(default=1)),
                ('secret_hash', fields.CharField(null=True, unique=True, max_length=64)),
            ],
            options={'table': 'calendar_link', 'app': 'models', 'pk_attr': 'id', 'table_description': 'The link in force. The secret follows from resident and `version`, only its hash is stored.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Certificate',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('number', fields.CharField(unique=True, max_length=24)),
                ('code', fields.CharField(unique=True, description='by which anybody confirms it', max_length=20)),
                ('community', fields.ForeignKeyField('models.Community', source_field='community_id', db_constraint=True, to_field='id', related_name='certificates', on_delete=OnDelete.RESTRICT)),
                ('resident', fields.ForeignKeyField('models.Resident', source_field='resident_id', db_constraint=True, to_field='id', related_name='certificates', on_delete=OnDelete.RESTRICT)),
                ('name', EncryptedText(unique=False)),
                ('minutes', fields.IntField()),
                ('starts_on', fields.DateField()),
                ('ends_on', fields.DateField()),
                ('entries', fields.JSONField(default=list, description='day, title, minutes, by hand', encoder=JSON_DUMPS, decoder=loads)),
                ('issued_by', fields.ForeignKeyField('models.Staff', source_field='issued_by_id', null=True, db_constraint=True, to_field='id', related_name='certificates_issued', on_delete=OnDelete.RESTRICT)),
                ('issued_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('revoked_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'certificate', 'app': 'models', 'indexes': [Index(fields=['resident_id']), Index(fields=['community_id', 'issued_at'])], 'pk_attr': 'id', 'table_description': 'What was certified, as it stood on that day: later hours or names do not change it.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Photo',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('slot', fields.ForeignKeyField('models.Slot', source_field='slot_id', db_constraint=True, to_field='id', related_name='photos', on_delete=OnDelete.RESTRICT)),
                ('path', fields.CharField(description='below the media folder', max_length=128)),
                ('width', fields.IntField()),
                ('height', fields.IntField()),
                ('uploaded_by', fields.ForeignKeyField('models.Staff', source_field='uploaded_by_id', db_constraint=True, to_field='id', related_name='photos_uploaded', on_delete=OnDelete.RESTRICT)),
                ('approved_by', fields.ForeignKeyField('models.Staff', source_field='approved_by_id', null=True, db_constraint=True, to_field='id', related_name='photos_approved', on_delete=OnDelete.RESTRICT)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=True)),
            ],
            options={'table': 'photo', 'app': 'models', 'indexes': [Index(fields=['slot_id'])], 'pk_attr': 'id', 'table_description': 'A photo of a slot, decoded and written anew. Residents see it once a second person approved it.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Survey',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('sign_up', fields.OneToOneField('models.SignUp', source_field='sign_up_id', db_constraint=True, to_field='id', related_name='survey', on_delete=OnDelete.RESTRICT)),
                ('slot', fields.ForeignKeyField('models.Slot', source_field='slot_id', db_constraint=True, to_field='id', related_name='surveys', on_delete=OnDelete.RESTRICT)),
                ('offered_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('answered_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('ratings', fields.JSONField(default=dict, description='label to 1–5', encoder=JSON_DUMPS, decoder=loads)),
                ('words', EncryptedText(default='', description='JSON, label to words', unique=False)),
            ],
            options={'table': 'survey', 'app': 'models', 'indexes': [Index(fields=['slot_id'])], 'pk_attr': 'id', 'table_description': "One sign-up's survey: offered once, answered once, changed until it closes."},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Offering',
            name='survey',
            field=fields.JSONField(null=True, description='null: the usual questions', encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.AddIndex(
            model_name='Slot',
            index=Index(fields=['ends_at']),
        ),
    ]
