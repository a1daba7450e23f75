"""The WeChat API of every account, for one process."""

from __future__ import annotations

import httpx

from adapters.wechat import AppKeys, TokenStore, WeChatApi, WeChatClient
from settings import Settings


class Clients:
    """Gives the API of an account by its name; made when it is first asked for. `http` is the caller's."""

    def __init__(self, settings: Settings, http: httpx.AsyncClient, tokens: TokenStore) -> None:
        self._settings = settings
        self._http = http
        self._tokens = tokens
        self._made: dict[str, WeChatApi] = {}

    def __call__(self, account: str) -> WeChatApi:
        """The API of the account.

        Raises: LookupError for an account that the settings do not know.
        """
        if account not in self._made:
            self._made[account] = self._make(account)
        return self._made[account]

    def _make(self, account: str) -> WeChatApi:
        found = self._settings.account(account)
        if found is None:
            raise LookupError(f"no account named {account!r}")
        return WeChatClient(
            self._http,
            self._settings.api_base,
            AppKeys(found.appid, found.secret),
            self._tokens,
            timeout=self._settings.wechat_timeout_seconds,
        )
