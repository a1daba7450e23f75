"""Which categories are about a place, and the indexes by which the same matter and its followers are found."""

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

SHARED = ("property", "utilities", "traffic", "sanitation", "building", "safety", "farming")
CODES = ", ".join(f"'{code}'" for code in SHARED)


class Migration(migrations.Migration):
    dependencies = [("models", "0004_learning")]

    operations = [
        ops.AddField(
            model_name="Category",
            name="shared",
            field=fields.BooleanField(
                default=False, db_default=False, description="about a place: several may report the same matter"
            ),
        ),
        ops.RunSQL(f"UPDATE category SET shared = TRUE WHERE code IN ({CODES})", ""),
        ops.AddIndex(model_name="Appeal", index=Index(fields=["community_id", "category_id", "created_at"])),
        ops.AddIndex(model_name="Appeal", index=Index(fields=["merged_into_id"])),
    ]
