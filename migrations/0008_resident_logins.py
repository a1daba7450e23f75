"""Logins of residents, one resident in several accounts, and answers kept for requests that come twice."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0007_slots')]

    initial = False

    operations = [
        ops.CreateModel(
            name='KeptAnswer',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('owner', fields.CharField(description="`r` and the resident's id, or `s` and the staff's", max_length=24)),
                ('key', fields.CharField(max_length=64)),
                ('request_hash', fields.CharField(max_length=64)),
                ('body', fields.TextField(default='', unique=False)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'kept_answer', 'app': 'models', 'unique_together': (('owner', 'key'),), 'indexes': [Index(fields=['created_at'])], 'pk_attr': 'id', 'table_description': "What a request was answered, for when it comes again. The caller chose the key."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='ResidentSession',
            fields=[
                ('token_hash', fields.CharField(unique=True, max_length=64)),
                ('previous_hash', fields.CharField(null=True, max_length=64)),
                ('expires_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('ended_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=True)),
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('conversation', fields.ForeignKeyField('models.Conversation', source_field='conversation_id', db_constraint=True, to_field='id', related_name='sessions', on_delete=OnDelete.CASCADE)),
            ],
            options={'table': 'resident_session', 'app': 'models', 'indexes': [Index(fields=['conversation_id'])], 'pk_attr': 'id', 'table_description': 'One login of a WeChat user to the mini-program. Who that is, the conversation says.'},
            bases=["Model"],
        ),
        ops.AddField(
            model_name='Conversation',
            name='unionid',
            field=fields.CharField(null=True, description='same in all accounts of one owner, empty for none', max_length=64),
        ),
        ops.AddIndex(
            model_name='Conversation',
            index=Index(fields=['unionid']),
        ),
        ops.AddField(
            model_name='Resident',
            name='phone_confirmed_at',
            field=fields.DatetimeField(null=True, description='WeChat said that the phone is theirs', auto_now=False, auto_now_add=False),
        ),
        ops.AlterModelOptions(
            name='StaffSession',
            options={'table': 'staff_session', 'app': 'models', 'indexes': [Index(fields=['previous_hash'])], 'pk_attr': 'id', 'table_description': 'One login of staff.'},
        ),
    ]
