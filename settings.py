"""All configuration: one frozen object read once from the environment (and `.env`).

Every key stands in `.env.example`; a test holds the two together.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache
from typing import Literal, Self

from pydantic import BaseModel, Field, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

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

    @property
    def secrets(self) -> frozenset[str]:
        """What nobody else may know."""
        return frozenset({self.secret, self.token, self.aes_key} - {""})

    @model_validator(mode="after")
    def _encrypts_with_a_key(self) -> Self:
        if self.mode != "plain" and not re.fullmatch(r"[A-Za-z0-9]{43}", self.aes_key):
            raise ValueError(f"账号 {self.account} 的 aes_key 应是公众平台上 43 位的 EncodingAESKey")
        return self


def _development_account(account: str, **fields: str) -> WeChatAccount:
    values: dict[str, object] = {
        "appid": f"wx-dev-{account}",
        "secret": f"dev-secret-{account}",
        "token": f"devtoken{account.replace('-', '')}",
        "aes_key": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
        "intake_community": "xinlian",
        "templates": {name: f"tpl-{name}" for name in ("assigned", "progress", "alert", "place", "remind")},
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
    absences_until_block: int = 3
    absence_days: int = 90
    block_days: int = 30

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

    @field_validator("database_url")
    @classmethod
    def _names_a_database(cls, url: str) -> str:
        if not url.startswith(("sqlite://", "postgres://")):
            raise ValueError("应以 sqlite:// 或 postgres:// 开头")
        if url.partition("?")[0] == "sqlite://":
            raise ValueError("sqlite:// 后面要写数据库文件的路径，例如 sqlite://var/xianglin.sqlite3")
        return url

    @field_validator("field_keys")
    @classmethod
    def _holds_keys(cls, keys: dict[str, str]) -> dict[str, str]:
        sound = all(re.fullmatch(r"[A-Za-z0-9_-]{1,16}", name) and _is_key(key) for name, key in keys.items())
        if not keys or not sound:
            raise ValueError('应是 {"密钥名": "32 字节的 base64"}，至少一个')
        return keys

    @model_validator(mode="after")
    def _refuse_development_secrets_in_production(self) -> Self:
        weak = [] if self.development else list(self._weak())
        if weak:
            raise ValueError(f"正式环境要用自己的 {'、'.join(weak)}：随机，32 个字符以上，各不相同")
        return self

    def _weak(self) -> Iterator[str]:
        """Names of the settings that are known, short, repeated or shared."""
        secrets = {"SECRET_KEY": self.secret_key, "HASH_KEY": self.hash_key}
        for name, value in secrets.items():
            if value == DEVELOPMENT_SECRET or len(value) < 32 or len(set(value)) < 8:
                yield name
        if self.secret_key == self.hash_key != DEVELOPMENT_SECRET:
            yield "HASH_KEY"
        if DEVELOPMENT_FIELD_KEY in self.field_keys.values():
            yield "FIELD_KEYS"
        known = {secret for one in DEVELOPMENT_ACCOUNTS for secret in one.secrets}
        if any(known & one.secrets for one in self.wechat_accounts):
            yield "WECHAT_ACCOUNTS"


def _is_key(text: str) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) == 32
    except (binascii.Error, ValueError):
        return False


@lru_cache(maxsize=1)
def load() -> Settings:
    """Read the environment once.

    Raises: SystemExit, with a sentence for every wrong setting, never with its value: it may be a secret.
    """
    try:
        return Settings()
    except ValidationError as problem:
        wrong = "；".join(map(_told, problem.errors(include_input=False)))
    except SettingsError as problem:
        wrong = f"{problem}（应是 JSON）"
    raise SystemExit(f"没有启动，设置不对。{wrong}")


def _told(error: ErrorDetails) -> str:
    name = ".".join(str(one) for one in error["loc"]).upper()
    message = error["msg"].removeprefix("Value error, ")
    return f"{name}：{message}" if name else message
