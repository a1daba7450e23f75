"""What the models cannot express: one open assignment an appeal, indexes of open ones, numbers from 1001."""

from tortoise import migrations
from tortoise.migrations import operations as ops

ONE_OPEN_ASSIGNMENT = "CREATE UNIQUE INDEX one_open_assignment ON assignment (appeal_id) WHERE ended_at IS NULL"
HOLDERS = ("organization", "grid_member", "staff")
OPEN_OF_HOLDER = [f"CREATE INDEX open_of_{one} ON assignment ({one}_id) WHERE ended_at IS NULL" for one in HOLDERS]

PENDING_QUESTIONS = "CREATE INDEX pending_questions ON conversation (pending_until) WHERE pending_until IS NOT NULL"


async def start_numbers_at_1001(_apps, editor):
    """Numbers of four digits from the first day: a bare `1` is then never an appeal."""
    client = editor.client
    if client.capabilities.dialect == "postgres":
        await client.execute_script("ALTER SEQUENCE appeal_id_seq RESTART WITH 1001")
    else:
        await client.execute_script("INSERT INTO sqlite_sequence (name, seq) VALUES ('appeal', 1000)")


async def keep_numbers(_apps, _editor):
    """Numbers that were given stay given."""


class Migration(migrations.Migration):
    dependencies = [("models", "0001_initial")]

    operations = [
        ops.RunSQL(ONE_OPEN_ASSIGNMENT, "DROP INDEX one_open_assignment"),
        ops.RunSQL(OPEN_OF_HOLDER, [f"DROP INDEX open_of_{one}" for one in HOLDERS]),
        ops.RunSQL(PENDING_QUESTIONS, "DROP INDEX pending_questions"),
        ops.RunPython(start_numbers_at_1001, keep_numbers),
    ]
