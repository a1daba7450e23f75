"""Open slots of every community are found in the order of their time."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0011_afterwards')]

    initial = False

    operations = [
        ops.AddIndex(
            model_name='Slot',
            index=Index(fields=['state', 'starts_at']),
        ),
    ]
