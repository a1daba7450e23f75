"""Settings and `.env.example` say the same, and production refuses what development may do."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from settings import DEVELOPMENT_ACCOUNTS, Environment, Settings

EXAMPLE = Path(__file__).parent.parent / ".env.example"
STRONG: dict[str, Any] = {
    "app_env": "production",
    "secret_key": "s" * 32,
    "hash_key": "h" * 32,
    "field_keys": {"k1": "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="},
    "wechat_accounts": [
        {
            "account": "village",
            "appid": "wx1",
            "secret": "s",
            "token": "t",
            "aes_key": "a" * 43,
            "intake_community": "c",
        }
    ],
}


def _settings(env_file: Path | None, **values: Any) -> Settings:
    return Settings(_env_file=env_file, **values)  # type: ignore[call-arg] # a keyword of pydantic-settings


def _example_keys() -> set[str]:
    return {m.group(1).lower() for m in re.finditer(r"^([A-Z_]+)=", EXAMPLE.read_text(), re.MULTILINE)}


def test_every_setting_stands_in_the_example_and_nothing_else() -> None:
    assert _example_keys() == set(Settings.model_fields)


def test_the_example_as_it_is_gives_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    for key in Settings.model_fields:
        monkeypatch.delenv(key.upper(), raising=False)

    assert _settings(EXAMPLE) == _settings(None)


def test_production_starts_with_secrets_of_its_own() -> None:
    assert _settings(None, **STRONG).app_env is Environment.PRODUCTION


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("secret_key", "short"),
        ("hash_key", Settings.model_fields["hash_key"].default),
        ("field_keys", Settings.model_fields["field_keys"].default),
        ("wechat_accounts", DEVELOPMENT_ACCOUNTS),
    ],
)
def test_production_refuses_a_development_secret(field: str, value: object) -> None:
    with pytest.raises(ValidationError, match=field.upper()):
        _settings(None, **STRONG | {field: value})
