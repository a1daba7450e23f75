"""Settings and `.env.example` say the same, and production refuses what development may do."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

import settings
from settings import DEVELOPMENT_ACCOUNTS, Environment, Settings

EXAMPLE = Path(__file__).parent.parent / ".env.example"
COMPOSE = EXAMPLE.parent / "compose.yaml"
STRONG: dict[str, Any] = {
    "app_env": "production",
    "secret_key": "sZ8-kq2LmT5vXw0bRy7cNd4fGh1jPa6u",
    "hash_key": "hQ3-xn9WcE6rUo2tKi5yBs8mVl1zDf4g",
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


def _accounts(**changes: str) -> str:
    return json.dumps([STRONG["wechat_accounts"][0] | changes])


def _settings(env_file: Path | None, **values: Any) -> Settings:
    return Settings(_env_file=env_file, **values)  # type: ignore[call-arg] # a keyword of pydantic-settings


def _example_keys() -> set[str]:
    return {m.group(1).lower() for m in re.finditer(r"^([A-Z_]+)=$", EXAMPLE.read_text(), re.MULTILINE)}


def _compose_keys() -> set[str]:
    return {m.group(1).lower() for m in re.finditer(r"\$\{([A-Z_]+)", COMPOSE.read_text())}


def test_every_setting_stands_in_the_example_and_nothing_else() -> None:
    assert _example_keys() == set(Settings.model_fields) | _compose_keys()


def test_nothing_stands_behind_a_value_in_the_example() -> None:
    lines = [line for line in EXAMPLE.read_text().splitlines() if line and not line.startswith("#")]

    assert [line for line in lines if not re.fullmatch("[A-Z_]+=", line)] == []


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
        ("secret_key", "a" * 40),
        ("hash_key", STRONG["secret_key"]),
        ("hash_key", Settings.model_fields["hash_key"].default),
        ("field_keys", Settings.model_fields["field_keys"].default),
        ("wechat_accounts", DEVELOPMENT_ACCOUNTS),
        ("wechat_accounts", [DEVELOPMENT_ACCOUNTS[0].model_copy(update={"intake_community": "other"})]),
    ],
)
def test_production_refuses_a_development_secret(field: str, value: object) -> None:
    with pytest.raises(ValidationError, match=field.upper()):
        _settings(None, **STRONG | {field: value})


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("DATABASE_URL", "mysql://village", "DATABASE_URL"),
        ("PORT", "eight", "PORT"),
        ("FIELD_KEYS", "{}", "FIELD_KEYS"),
        ("FIELD_KEYS", '{"k": "c2hvcnQ="}', "FIELD_KEYS"),
        ("FIELD_KEYS", '{"a.b": "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="}', "FIELD_KEYS"),
        ("FIELD_KEYS", "no json", "field_keys"),
        ("WECHAT_ACCOUNTS", _accounts(aes_key=""), "aes_key"),
        ("APP_ENV", "production", "SECRET_KEY"),
    ],
)
def test_a_wrong_setting_ends_the_process_with_its_name_and_without_its_value(
    monkeypatch: pytest.MonkeyPatch, key: str, value: str, told: str
) -> None:
    monkeypatch.setenv(key, value)
    settings.load.cache_clear()

    with pytest.raises(SystemExit, match=told) as ended:
        settings.load()

    settings.load.cache_clear()
    assert "no json" not in str(ended.value)
    assert "c2hvcnQ" not in str(ended.value)
