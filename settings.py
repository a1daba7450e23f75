"""All configuration: one frozen object read once from the environment (and `.env`).

Every key stands in `.env.example`; a test holds the two together.
"""

from __future__ import annotations

import base64
from enum import StrEnum
from functools import lru_cache
from typing import Literal, Self

from pydantic import BaseModel, Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

DEVELOPMENT_SECRET = "development-only-secret-never-use-in-production"  # noqa: S105 - refused in production
DEVELOPMENT_FIELD_KEY = base64.b64encode(b"development-only-field-key-32-by").decode()


class Environment(StrEnum):
    """Where the product runs; production refuses development secrets and the sandbox."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class WeChatAccount(BaseModel, frozen=True):
    """One official account or mini-program, with the keys of its callback and its API."""

    account: str = Field(pattern=r"^[a-z0-9-]{1,32}$", description="name in the callback address")
    kind: Literal["oa", "mini"] = "oa"
    mode: Literal["safe", "compatible", "plain"] = "safe"
    format: Literal["xml", "json"] = "xml"
    appid: str
    secret: str
    token: str
    aes_key: str = ""
    intake_community: str = Field(description="code of the community that owns appeals of unbound residents")
    templates: dict[str, str] = Field(default_factory=dict, description="notice name -> template id")


def _development_account(account: str, **fields: str) -> WeChatAccount:
    values: dict[str, object] = {
        "appid": f"wx-dev-{account}",
        "secret": f"dev-secret-{account}",
        "token": f"devtoken{account.replace('-', '')}",
        "aes_key": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
        "intake_community": "xinlian",
        "templates": {name: f"tpl-{name}" for name in ("assigned", "progress", "alert")},
    }
    return WeChatAccount.model_validate({"account": account, **values, **fields})


DEVELOPMENT_ACCOUNTS = (
    _development_account("oa"),
    _development_account("oa-plain", mode="plain", aes_key=""),
    _development_account("mini", kind="mini", format="json"),
)


class Settings(BaseSettings):
    """Typed view of the environment; units stand in the names."""

    model_config = SettingsConfigDict(env_file=".env", frozen=True, extra="ignore", env_ignore_empty=True)

    app_env: Environment = Environment.DEVELOPMENT
    host: str = "127.0.0.1"
    port: int = 8000
    database_url: str = "sqlite://var/xianglin.sqlite3"
    database_pool_max: int = 12
    redis_url: str | None = None
    media_dir: str = "var/media"
    log_level: str = "INFO"
    run_worker: bool = True  # worker and scheduler inside the app, when there is no Redis

    secret_key: str = DEVELOPMENT_SECRET
    field_keys: dict[str, str] = {"dev": DEVELOPMENT_FIELD_KEY}  # base64 of 32 bytes; the first encrypts
    hash_key: str = DEVELOPMENT_SECRET
    access_token_minutes: int = 15
    refresh_token_days: int = 14

    wechat_accounts: tuple[WeChatAccount, ...] = DEVELOPMENT_ACCOUNTS
    wechat_api_base: str | None = None
    wechat_timeout_seconds: float = 6.0
    customer_window_hours: int = 48
    customer_messages_per_text: int = 5
    customer_messages_per_menu: int = 3
    passive_guard_seconds: float = 4.0

    inbox_lease_seconds: int = 10
    delivery_lease_seconds: int = 60
    poll_seconds: float = 1.0
    psychology_hotline: str = "12356"
    gas_hotline: str = "当地燃气公司抢修电话"

    @property
    def development(self) -> bool:
        """Whether this is a development or test process."""
        return self.app_env is Environment.DEVELOPMENT

    @property
    def api_base(self) -> str:
        """Address of the WeChat API; in development the sandbox of this very process."""
        if self.wechat_api_base:
            return self.wechat_api_base.rstrip("/")
        return (
            f"http://127.0.0.1:{self.port}/sandbox/api" if self.development else "https://api.weixin.qq.com"
        )

    def account(self, name: str) -> WeChatAccount | None:
        """The account with this name, or None."""
        return next((one for one in self.wechat_accounts if one.account == name), None)

    @model_validator(mode="after")
    def _refuse_development_secrets_in_production(self) -> Self:
        if self.development:
            return self
        weak = [
            name
            for name, value, dev in (
                ("SECRET_KEY", self.secret_key, DEVELOPMENT_SECRET),
                ("HASH_KEY", self.hash_key, DEVELOPMENT_SECRET),
                ("FIELD_KEYS", DEVELOPMENT_FIELD_KEY in self.field_keys.values(), True),
                ("WECHAT_ACCOUNTS", any(a in DEVELOPMENT_ACCOUNTS for a in self.wechat_accounts), True),
            )
            if value == dev
        ]
        weak += [n for n, v in (("SECRET_KEY", self.secret_key), ("HASH_KEY", self.hash_key)) if len(v) < 32]
        if weak:
            names = ", ".join(dict.fromkeys(weak))
            raise ValueError(f"production needs its own {names} (32 characters or more)")
        return self


@lru_cache(maxsize=1)
def load() -> Settings:
    """Read the environment once."""
    return Settings()
