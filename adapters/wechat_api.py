"""The WeChat calls that services make, and what they give back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from adapters.wechat_transport import Media

MEDIA_BYTES = 12 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that WeChat took; `provider_id` is what TEMPLATESENDJOBFINISH names, or empty."""

    provider_id: str = ""


@dataclass(frozen=True, slots=True)
class LoginSession:
    """Who logged in to the mini-program. `session_key` never leaves the server."""

    openid: str
    session_key: str = field(repr=False)
    unionid: str | None = None


@dataclass(frozen=True, slots=True)
class MiniProgram:
    """A page of a mini-program that a template message opens."""

    appid: str
    pagepath: str


class WeChatApi(Protocol):
    """The calls that services make; `WeChatClient` is the real one, the sandbox the stand-in behind it."""

    async def template(
        self,
        touser: str,
        template_id: str,
        values: Mapping[str, str],
        *,
        client_msg_id: str,
        url: str | None = None,
        miniprogram: MiniProgram | None = None,
    ) -> Sent:
        """Send a template message of a verified service account."""

    async def subscribe(
        self, touser: str, template_id: str, page: str, values: Mapping[str, str], *, official: bool = False
    ) -> Sent:
        """Send a subscribe message; uses up one accept."""

    async def custom_text(self, touser: str, text: str) -> Sent:
        """Send a customer-service text."""

    async def jscode2session(self, code: str) -> LoginSession:
        """Exchange a login code."""

    async def unionid_of(self, openid: str) -> str:
        """Ask for the unionid of a follower, empty where the account belongs to no owner of several."""

    async def phone_number(self, code: str) -> str:
        """Exchange a phone code."""

    async def media(self, media_id: str, *, limit: int = MEDIA_BYTES) -> Media:
        """Download a file that a resident sent."""

    async def wxacode(self, scene: str, page: str) -> Media:
        """Make a mini-program code."""

    async def msg_sec_check(self, openid: str, text: str, scene: int = 2) -> str:
        """Ask whether a text may be published."""
