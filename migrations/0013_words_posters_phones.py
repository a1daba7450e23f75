"""Words that a person looks at, uploaded posters, phones that staff vouch for, a community's limits of absence."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from models.types import WordsCheck, WordsOf
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0012_open_slots')]

    initial = False

    operations = [
        ops.CreateModel(
            name='UncheckedWords',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('community_id', fields.BigIntField()),
                ('resident', fields.ForeignKeyField('models.Resident', source_field='resident_id', db_constraint=True, to_field='id', related_name='unchecked_words', on_delete=OnDelete.RESTRICT)),
                ('words_of', fields.CharEnumField(description='WordsOf', enum_type=WordsOf, max_length=24)),
                ('row_id', fields.BigIntField(description='in the table that `words_of` says')),
                ('verdict', fields.CharEnumField(description='WordsCheck', enum_type=WordsCheck, max_length=24)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('decided_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('decided_by_id', fields.BigIntField(null=True)),
                ('kept', fields.BooleanField(null=True, description='or blanked by who decided')),
            ],
            options={'table': 'unchecked_words', 'app': 'models', 'unique_together': (('words_of', 'row_id'),), 'indexes': [Index(fields=['community_id', 'decided_at', 'id']), Index(fields=['resident_id'])], 'pk_attr': 'id', 'table_description': '待看的话: points to the row that holds the words, until a person has looked at them. Holds none itself.'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Community',
            name='absence_days',
            field=fields.IntField(null=True, description='within which absences count, null: as the settings say'),
        ),
        ops.AddField(
            model_name='Community',
            name='absences_until_block',
            field=fields.IntField(null=True, description='null: as the settings say'),
        ),
        ops.AddField(
            model_name='Community',
            name='block_days',
            field=fields.IntField(null=True, description='how long a block lasts, null: as the settings say'),
        ),
        ops.AddField(
            model_name='Offering',
            name='poster_path',
            field=fields.CharField(default='', description='of an uploaded poster, below the media folder', db_default='', max_length=128),
        ),
        ops.AddField(
            model_name='Resident',
            name='phone_confirmed_by_id',
            field=fields.BigIntField(null=True, description="staff who said it in WeChat's place"),
        ),
    ]
