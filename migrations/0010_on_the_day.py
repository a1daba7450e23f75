"""On the day: check-ins, absences and blocks, volunteer hours; how far the clock has come with each slot."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import EncryptedText
from models.types import Attendance, CheckInWay, HoursOrigin, HoursState
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0009_series_and_draws')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Absence',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('community_id', fields.BigIntField()),
                ('slot_id', fields.BigIntField()),
                ('sign_up_id', fields.BigIntField()),
                ('person', fields.CharField(max_length=24)),
                ('at', fields.DatetimeField(description='end of the slot', auto_now=False, auto_now_add=False)),
                ('excused_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'absence', 'app': 'models', 'unique_together': (('sign_up_id', 'person'),), 'indexes': [Index(fields=['community_id', 'person', 'at']), Index(fields=['slot_id'])], 'pk_attr': 'id', 'table_description': '未到场: one person who held a place and did not come, `excused_at` takes it off the count.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Block',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('community_id', fields.BigIntField()),
                ('person', fields.CharField(max_length=24)),
                ('resident', fields.ForeignKeyField('models.Resident', source_field='resident_id', db_constraint=True, to_field='id', related_name='blocks', on_delete=OnDelete.RESTRICT)),
                ('absence_id', fields.BigIntField(unique=True, description='the one too many')),
                ('times', fields.IntField(description='absences that counted')),
                ('until', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('lifted_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('appeal', EncryptedText(default='', description='what the resident says about it', unique=False)),
                ('appealed_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('decided_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('decided_by_id', fields.BigIntField(null=True)),
                ('answer', fields.TextField(default='', unique=False)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'block', 'app': 'models', 'indexes': [Index(fields=['person', 'community_id', 'until']), Index(fields=['community_id', 'id']), Index(fields=['resident_id', 'until'])], 'pk_attr': 'id', 'table_description': '暂停报名: one person signs up for nothing in the community until a moment, unless it was lifted.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='CheckIn',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('community_id', fields.BigIntField()),
                ('slot', fields.ForeignKeyField('models.Slot', source_field='slot_id', db_constraint=True, to_field='id', related_name='check_ins', on_delete=OnDelete.RESTRICT)),
                ('sign_up', fields.ForeignKeyField('models.SignUp', source_field='sign_up_id', db_constraint=True, to_field='id', related_name='check_ins', on_delete=OnDelete.RESTRICT)),
                ('way', fields.CharEnumField(description='CheckInWay', enum_type=CheckInWay, max_length=24)),
                ('at', fields.DatetimeField(description='when they came', auto_now=False, auto_now_add=False)),
                ('recorded_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('staff_id', fields.BigIntField(null=True)),
                ('nonce', fields.CharField(null=True, unique=True, max_length=32)),
                ('client_id', fields.CharField(null=True, description='names this act on the device that reports it', max_length=64)),
                ('fingerprint', fields.CharField(description='of what was reported, to tell a repeat', max_length=64)),
                ('undone_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'check_in', 'app': 'models', 'unique_together': (('slot', 'client_id'),), 'indexes': [Index(fields=['sign_up_id'])], 'pk_attr': 'id', 'table_description': '签到: one act of checking in. A nonce stands here once, so a code works once.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Presence',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('check_in', fields.ForeignKeyField('models.CheckIn', source_field='check_in_id', db_constraint=True, to_field='id', related_name='presences', on_delete=OnDelete.RESTRICT)),
                ('slot_id', fields.BigIntField()),
                ('sign_up_id', fields.BigIntField()),
                ('person', fields.CharField(max_length=24)),
            ],
            options={'table': 'presence', 'app': 'models', 'unique_together': (('sign_up_id', 'person'),), 'indexes': [Index(fields=['slot_id']), Index(fields=['check_in_id'])], 'pk_attr': 'id', 'table_description': "到场: one person of a sign-up who came, `person` as in `SignUpPerson`, or `g` and a guest's number."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='VolunteerHours',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('community_id', fields.BigIntField()),
                ('person', fields.CharField(max_length=24)),
                ('origin', fields.CharEnumField(description='HoursOrigin', enum_type=HoursOrigin, max_length=24)),
                ('state', fields.CharEnumField(description='HoursState', enum_type=HoursState, max_length=24)),
                ('minutes', fields.IntField()),
                ('day', fields.DateField(description='in China')),
                ('words', fields.CharField(description='what was done', max_length=200)),
                ('slot_id', fields.BigIntField(null=True)),
                ('sign_up_id', fields.BigIntField(null=True)),
                ('entered_by_id', fields.BigIntField(null=True)),
                ('decided_by_id', fields.BigIntField(null=True)),
                ('decided_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'volunteer_hours', 'app': 'models', 'unique_together': (('sign_up_id', 'person'),), 'indexes': [Index(fields=['person', 'state']), Index(fields=['community_id', 'id'])], 'pk_attr': 'id', 'table_description': '志愿时长: minutes of one person, by the system from a shift, or by hand and approved by another.'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Slot',
            name='attendance',
            field=fields.CharEnumField(default=Attendance.UNSAID, description='Attendance', db_default=Attendance.UNSAID, enum_type=Attendance, max_length=24),
        ),
        ops.AddField(
            model_name='Slot',
            name='reminders',
            field=fields.IntField(default=0, description='reminders that are done with', db_default=0),
        ),
        ops.AddField(
            model_name='Slot',
            name='settled_at',
            field=fields.DatetimeField(null=True, description='who came and who stayed away is settled', auto_now=False, auto_now_add=False),
        ),
        ops.AddIndex(
            model_name='Slot',
            index=Index(fields=['reminders', 'starts_at']),
        ),
        ops.AddIndex(
            model_name='Slot',
            index=Index(fields=['settled_at', 'ends_at']),
        ),
    ]
