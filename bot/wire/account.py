"""What the protocol needs to know of an account."""

from __future__ import annotations

from typing import Protocol


class AccountKeys(Protocol):
    """Keys of one callback; the settings object has this shape."""

    @property
    def account(self) -> str:
        """Name in the callback address."""

    @property
    def kind(self) -> str:
        """`oa` (official account) or `mini` (mini-program)."""

    @property
    def mode(self) -> str:
        """`safe`, `compatible` or `plain`."""

    @property
    def format(self) -> str:
        """`xml` or `json`: how replies are written; both are read."""

    @property
    def appid(self) -> str:
        """Application id, stands at the end of every encrypted part."""

    @property
    def token(self) -> str:
        """Callback token that signatures are made with."""

    @property
    def aes_key(self) -> str:
        """EncodingAESKey, 43 characters; empty in plaintext mode."""
