"""Whose eyes an alert is for, and places of appeals encrypted: they are home addresses."""

from collections.abc import Callable
from typing import Any

from models.fields import EncryptedText, decrypt, encrypt
from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

BATCH = 1000


class SealPlaces(ops.AlterField):
    """The column becomes encrypted text, its rows with it.

    SQLite does not look at the length of a text, so the table need not be built anew there.
    """

    async def database_forward(
        self, app_label: str, old_state: Any, new_state: Any, state_editor: Any = None
    ) -> None:
        """Widen the column, then encrypt what is there."""
        if state_editor is None:
            return
        if state_editor.client.capabilities.dialect == "postgres":
            await state_editor.client.execute_script("ALTER TABLE appeal ALTER COLUMN place TYPE TEXT")
        await _rewrite(state_editor.client, encrypt)

    async def database_backward(
        self, app_label: str, old_state: Any, new_state: Any, state_editor: Any = None
    ) -> None:
        """Open what was encrypted; the column may stay wide."""
        if state_editor is not None:
            await _rewrite(state_editor.client, decrypt)


async def _rewrite(client: Any, change: Callable[[str], str]) -> None:
    first, second = ("$1", "$2") if client.capabilities.dialect == "postgres" else ("?", "?")
    last = 0
    while True:
        found = await client.execute_query_dict(
            f"SELECT id, place FROM appeal WHERE place <> '' AND id > {last} ORDER BY id LIMIT {BATCH}"
        )
        if not found:
            return
        await client.execute_many(
            f"UPDATE appeal SET place = {first} WHERE id = {second}",
            [[change(row["place"]), row["id"]] for row in found],
        )
        last = int(found[-1]["id"])


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
        SealPlaces(model_name="Appeal", name="place", field=EncryptedText(default="")),
    ]
