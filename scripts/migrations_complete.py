"""Fail when the models have changes that no migration carries."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path


def main() -> int:
    """Exit status 0 when `makemigrations` finds nothing to write; a file it writes is removed again."""
    folder = Path("migrations")
    before = set(folder.glob("0*.py"))
    with tempfile.TemporaryDirectory() as scratch:
        done = subprocess.run(  # noqa: S603 - our own command
            [
                str(Path(sys.executable).with_name("tortoise")),
                "-c",
                "models.database.TORTOISE_ORM",
                "makemigrations",
            ],
            env=os.environ | {"DATABASE_URL": f"sqlite://{scratch}/none.sqlite3"},
            capture_output=True,
            text=True,
            check=False,
        )
    for extra in set(folder.glob("0*.py")) - before:
        extra.unlink()
    complete = done.returncode == 0 and "No changes detected" in done.stdout + done.stderr
    if not complete:
        sys.stderr.write(
            f"models and migrations differ:\n{done.stdout}{done.stderr}\nrun: make migration N=name\n"
        )
    return 0 if complete else 1


if __name__ == "__main__":
    sys.exit(main())
