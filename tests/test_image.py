"""What must never become a layer of the image."""

from __future__ import annotations

from tests.running import ROOT


def test_secrets_history_and_local_files_stay_out_of_the_image() -> None:
    left_out = {line.strip("*/ ") for line in (ROOT / ".dockerignore").read_text().splitlines()}
    ignored = {line.strip("*/ ") for line in (ROOT / ".gitignore").read_text().splitlines()}

    assert left_out >= ignored | {".git", ".env", "var"}
