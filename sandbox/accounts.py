"""The accounts that the stand-in platform plays, copied from whatever object the product holds them in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, Self


class AccountKeys(Protocol):
    """What the sandbox reads of an account; the settings object of the product has this shape."""

    @property
    def account(self) -> str:
        """Name in the callback address."""

    @property
    def kind(self) -> str:
        """`oa` (official account) or `mini` (mini-program)."""

    @property
    def mode(self) -> str:
        """`safe`, `plain` or `compatible`."""

    @property
    def format(self) -> str:
        """`xml` or `json`."""

    @property
    def appid(self) -> str:
        """Application id."""

    @property
    def secret(self) -> str:
        """Application secret."""

    @property
    def token(self) -> str:
        """Callback token that signatures are made with."""

    @property
    def aes_key(self) -> str:
        """43 characters, empty in plaintext mode."""


@dataclass(frozen=True)
class Account:
    """One official account or mini-program as WeChat knows it."""

    account: str
    kind: str = "oa"
    mode: str = "safe"
    format: str = "xml"
    appid: str = "wx-sandbox"
    secret: str = "sandbox-secret"  # noqa: S105 - a stand-in platform has no real secret
    token: str = "sandboxtoken"  # noqa: S105 - as above
    aes_key: str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
    templates: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, keys: AccountKeys) -> Self:
        """Copy the keys; `templates` (notice name -> template id) is taken too where the object has it."""
        return cls(
            account=keys.account,
            kind=keys.kind,
            mode=keys.mode,
            format=keys.format,
            appid=keys.appid,
            secret=keys.secret,
            token=keys.token,
            aes_key=keys.aes_key,
            templates=dict(getattr(keys, "templates", {})),
        )

    @property
    def original_id(self) -> str:
        """The `gh_…` name that stands in ToUserName."""
        return f"gh_{self.account.replace('-', '')}"

    @property
    def mini(self) -> bool:
        """Whether this is a mini-program."""
        return self.kind == "mini"

    @property
    def encrypted(self) -> bool:
        """Whether callbacks carry an encrypted part."""
        return self.mode != "plain"
