"""Whose eyes an alert is for."""

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0005_same_matter")]

    operations = [
        ops.AddField(
            model_name="Alert",
            name="community_id",
            field=fields.BigIntField(null=True, description="empty: the product itself, for those above"),
        ),
        ops.AddField(
            model_name="Alert",
            name="above",
            field=fields.BooleanField(
                default=False, db_default=False, description="about conduct: not for the community"
            ),
        ),
        ops.AddIndex(model_name="Alert", index=Index(fields=["community_id", "id"])),
    ]
