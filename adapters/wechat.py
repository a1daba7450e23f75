"""The WeChat API, as far as we call it: an async client that renews tokens, never loops, and hides secrets.

Every method returns, or raises `WeChatError` whose `verdict` says what to do. Only a refused token is tried
again here, once; every other repeat is the caller's, who knows what has been sent already.
"""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from adapters.wechat_api import MEDIA_BYTES, LoginSession, MiniProgram, Sent, WeChatApi
from adapters.wechat_errors import MediaTooLarge, Verdict, WeChatError, next_midnight
from adapters.wechat_redaction import keep_queries_out_of_logs
from adapters.wechat_session import AppKeys, TokenSession
from adapters.wechat_tokens import MemoryTokenStore, Token, TokenStore
from adapters.wechat_transport import Exchange, Media, Transport, unreadable

__all__ = [
    "AppKeys",
    "LoginSession",
    "Media",
    "MediaTooLarge",
    "MemoryTokenStore",
    "MiniProgram",
    "Sent",
    "Token",
    "TokenStore",
    "Verdict",
    "WeChatApi",
    "WeChatClient",
    "WeChatError",
    "next_midnight",
]

CUSTOM_TEXT_BYTES = 2048
SCENE_CHARACTERS = frozenset(
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ!#$&'()*+,/:;=?@-._~"
)


class WeChatClient:
    """The API of one account over HTTP; one for each account and process.

    `http` is closed by whoever made it. `timeout` is seconds for each step of a call; a whole call ends
    within three times that, a download within ten times.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        base_url: str,
        keys: AppKeys,
        tokens: TokenStore,
        *,
        timeout: float = 6.0,
    ) -> None:
        keep_queries_out_of_logs()
        self._keys = keys
        self._calls = Transport(http, base_url, keys.secret, timeout=timeout, deadline=3 * timeout)
        self._files = Transport(http, base_url, keys.secret, timeout=timeout, deadline=10 * timeout)
        self._session = TokenSession(self._calls, keys, tokens)

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
        """Send a template message; the same `client_msg_id` to the same person is shown once in ten minutes.

        `values` must fit their kinds, see `wechat_fields.fit_fields`. Raises: WeChatError.
        """
        body: dict[str, object] = {
            "touser": touser,
            "template_id": template_id,
            "data": _values(values),
            "client_msg_id": client_msg_id,
        }
        if url:
            body["url"] = url
        if miniprogram:
            body["miniprogram"] = {"appid": miniprogram.appid, "pagepath": miniprogram.pagepath}
        return _sent(await self._post("/cgi-bin/message/template/send", body))

    async def subscribe(
        self, touser: str, template_id: str, page: str, values: Mapping[str, str], *, official: bool = False
    ) -> Sent:
        """Send a subscribe message of a mini-program, or of a service account when `official`.

        Without a `page` the message opens nothing.
        Raises: WeChatError, MARK_TEMPLATE_NEXT when there is no accept left.
        """
        body: dict[str, object] = {
            "touser": touser,
            "template_id": template_id,
            "data": _values(values),
        }
        if page:
            body["page"] = page
        if official:
            return _sent(await self._post("/cgi-bin/message/subscribe/bizsend", body))
        body |= {"miniprogram_state": "formal", "lang": "zh_CN"}
        return _sent(await self._post("/cgi-bin/message/subscribe/send", body))

    async def custom_text(self, touser: str, text: str) -> Sent:
        """Send a customer-service text of at most 2,048 bytes within the window that the person opened.

        Raises: WeChatError, NEXT_WINDOW when the window is shut or its messages are used up.
        """
        body = {"touser": touser, "msgtype": "text", "text": {"content": text}}
        return _sent(await self._post("/cgi-bin/message/custom/send", body))

    async def jscode2session(self, code: str) -> LoginSession:
        """Exchange a login code, good once and for five minutes.

        Raises: WeChatError, REFUSE_INPUT for a bad or used code or a risky user.
        """
        query = {"appid": self._keys.appid, "secret": self._keys.secret, "js_code": code}
        path = "/sns/jscode2session"
        answer = await self._calls.fields(
            Exchange("GET", path, query | {"grant_type": "authorization_code"}, hidden=(code,))
        )
        unionid = answer.get("unionid")
        return LoginSession(
            _text(answer, "openid"), _text(answer, "session_key"), str(unionid) if unionid else None
        )

    async def unionid_of(self, openid: str) -> str:
        """The unionid of who follows an official account, empty where there is none. Raises: WeChatError."""
        answer = await self._session.call(
            self._calls.fields,
            lambda token: Exchange(
                "GET", "/cgi-bin/user/info", {"access_token": token, "openid": openid}, hidden=(token, openid)
            ),
        )
        return str(answer.get("unionid") or "")

    async def phone_number(self, code: str) -> str:
        """The number behind a phone code, which is good once and for five minutes; without country code.

        Raises: WeChatError.
        """
        answer = await self._post("/wxa/business/getuserphonenumber", {"code": code})
        return _text(_mapping(answer, "phone_info"), "purePhoneNumber")

    async def media(self, media_id: str, *, limit: int = MEDIA_BYTES) -> Media:
        """A file that a resident sent less than three days ago, at most `limit` bytes.

        Raises: WeChatError; MediaTooLarge.
        """
        return await self._session.call(
            self._files.media,
            lambda token: Exchange(
                "GET",
                "/cgi-bin/media/get",
                {"access_token": token, "media_id": media_id},
                hidden=(token, media_id),
                limit=limit,
            ),
        )

    async def wxacode(self, scene: str, page: str) -> Media:
        """A mini-program code as an image; `scene` has 1 to 32 of SCENE_CHARACTERS.

        Raises: ValueError for another scene, WeChatError.
        """
        if not 1 <= len(scene) <= 32 or not SCENE_CHARACTERS.issuperset(scene):
            raise ValueError("scene needs 1 to 32 characters of those that WeChat allows")
        body = {"scene": scene, "page": page, "check_path": False}
        return await self._session.call(
            self._files.media,
            lambda token: Exchange(
                "POST", "/wxa/getwxacodeunlimit", {"access_token": token}, body, (token,), limit=MEDIA_BYTES
            ),
        )

    async def msg_sec_check(self, openid: str, text: str, scene: int = 2) -> str:
        """`pass`, `review` or `risky` for the first 2,500 characters of `text`.

        `scene`: 1 profile, 2 comment, 3 forum, 4 social log. The person must have used the mini-program
        within two hours, so this cannot check official-account chat. Raises: WeChatError.
        """
        body = {"content": text[:2500], "version": 2, "scene": scene, "openid": openid}
        return _text(_mapping(await self._post("/wxa/msg_sec_check", body), "result"), "suggest")

    async def _post(self, path: str, body: Mapping[str, object]) -> dict[str, object]:
        person = str(body.get("touser") or body.get("openid") or body.get("code") or "")
        return await self._session.call(
            self._calls.fields,
            lambda token: Exchange("POST", path, {"access_token": token}, body, (token, person)),
        )


def _values(values: Mapping[str, str]) -> dict[str, dict[str, str]]:
    return {key: {"value": value} for key, value in values.items()}


def _sent(answer: Mapping[str, object]) -> Sent:
    return Sent(str(answer.get("msgid", "")))


def _mapping(answer: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = answer.get(name)
    if not isinstance(value, Mapping):
        raise unreadable(f"no {name} in the answer")
    return value


def _text(answer: Mapping[str, object], name: str) -> str:
    value = answer.get(name)
    if not isinstance(value, str) or not value:
        raise unreadable(f"no {name} in the answer")
    return value
