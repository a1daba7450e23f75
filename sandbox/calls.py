"""The API calls that send messages, as pure functions of the platform.

A refusal is a `Refused`. The table `CALLS` in `sandbox.api` says which path each one answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sandbox.accounts import Account
from sandbox.errors import Refused
from sandbox.messages import Consent, Say
from sandbox.phones import Phone
from sandbox.platform import Platform
from sandbox.replies import MAX_TEXT_BYTES
from sandbox.template_fields import Template, check, label

MAX_CLIENT_MSG_ID = 32

Body = Mapping[str, object]


@dataclass(frozen=True)
class Answer:
    """What a call answers, whether it put something on a screen, and the event that WeChat pushes next."""

    body: dict[str, object]
    shown: bool = False
    event: Say | None = None


def template_send(platform: Platform, account: Account, body: Body) -> Answer:
    """`/cgi-bin/message/template/send`: one `client_msg_id` reaches a person once in ten minutes."""
    if account.mini:
        raise Refused(48001)
    phone = recipient(platform, account, body)
    template = platform.template(account, body.get("template_id"))
    values = check(template, body.get("data"))
    if not phone.following:
        raise Refused(43004)
    client_id = str(body.get("client_msg_id") or "")
    if len(client_id) > MAX_CLIENT_MSG_ID:
        raise Refused(40097, "invalid args: client_msg_id")
    key = (account.account, phone.openid, client_id)
    if client_id and (known := platform.once.get(key)) is not None:
        return Answer({"msgid": known})
    msg_id = platform.next_id()
    if client_id:
        platform.once.put(key, msg_id)
    if not phone.blocks_pushes:
        _show_card(platform, phone, "template", template, values, body)
    return Answer({"msgid": msg_id}, shown=not phone.blocks_pushes, event=_receipt(phone, msg_id))


def subscribe_send(platform: Platform, account: Account, body: Body) -> Answer:
    """`/cgi-bin/message/subscribe/send` of a mini-program: one send per accept."""
    if not account.mini:
        raise Refused(48001)
    return _subscribe(platform, account, body)


def subscribe_bizsend(platform: Platform, account: Account, body: Body) -> Answer:
    """`/cgi-bin/message/subscribe/bizsend` of a service account: one send per accept."""
    if account.mini:
        raise Refused(48001)
    return _subscribe(platform, account, body)


def custom_send(platform: Platform, account: Account, body: Body) -> Answer:
    """`/cgi-bin/message/custom/send`: inside the windows that the person opened."""
    phone = recipient(platform, account, body)
    kind = str(body.get("msgtype") or "")
    if kind not in _CUSTOM_LABELS:
        raise Refused(40008)
    part = body.get(kind)
    if not isinstance(part, Mapping):
        raise Refused(47001)
    text = _custom_text(platform, kind, part)
    if not account.mini and not phone.following:
        raise Refused(45015)
    platform.windows.spend((account.account, phone.openid))
    extra = {"media_id": part["media_id"]} if part.get("media_id") else {}
    platform.phones.show(phone, "down", "custom", kind, text, **extra)
    return Answer({}, shown=True)


def recipient(platform: Platform, account: Account, body: Body) -> Phone:
    """The phone that `touser` names.

    Raises: Refused 40003 for what cannot be an openid.
    """
    openid = body.get("touser")
    if not isinstance(openid, str) or not openid.strip() or len(openid) > 128 or openid != openid.strip():
        raise Refused(40003)
    return platform.phones.get(account.account, openid)


def _subscribe(platform: Platform, account: Account, body: Body) -> Answer:
    phone = recipient(platform, account, body)
    template = platform.template(account, body.get("template_id"))
    values = check(template, body.get("data"))
    platform.consents.spend((account.account, phone.openid), template.id)
    msg_id = platform.next_id()
    _show_card(platform, phone, "subscribe", template, values, body)
    result = Consent(template_id=template.id, msg_id=str(msg_id))
    event = Say(account=account.account, openid=phone.openid, type="subscribe_msg_sent_event", items=[result])
    return Answer({"msgid": msg_id}, shown=True, event=event)


def _receipt(phone: Phone, msg_id: int) -> Say:
    status = "failed:user block" if phone.blocks_pushes else "success"
    return Say(
        account=phone.account, openid=phone.openid, type="TEMPLATESENDJOBFINISH", msg_id=msg_id, status=status
    )


def _show_card(
    platform: Platform,
    phone: Phone,
    via: Literal["template", "subscribe"],
    template: Template,
    values: Mapping[str, str],
    body: Body,
) -> None:
    rows = [{"key": key, "label": label(template, key), "value": value} for key, value in values.items()]
    platform.phones.show(
        phone,
        "down",
        via,
        "card",
        "\n".join(f"{row['label']}：{row['value']}" for row in rows),
        title=template.title,
        template_id=template.id,
        data=dict(values),
        rows=rows,
        url=body.get("url") or body.get("page") or "",
        miniprogram=body.get("miniprogram"),
        client_msg_id=body.get("client_msg_id"),
    )


def _custom_text(platform: Platform, kind: str, part: Mapping[str, object]) -> str:
    if kind == "text":
        return _text(part.get("content"))
    if kind == "msgmenu":
        return _menu(part)
    if kind in {"image", "voice", "video"}:
        platform.media.get(str(part.get("media_id") or ""))
    return f"[{_CUSTOM_LABELS[kind]}] {part.get('title') or ''}".rstrip()


def _text(content: object) -> str:
    if not isinstance(content, str) or not content.strip():
        raise Refused(44002, "empty content")
    if len(content.encode("utf-8", "replace")) > MAX_TEXT_BYTES:
        raise Refused(45002)
    return content


def _menu(part: Mapping[str, object]) -> str:
    listed = part.get("list")
    choices = [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []
    lines = [part.get("head_content"), *(one.get("content") for one in choices), part.get("tail_content")]
    return "\n".join(str(line) for line in lines if line)


_CUSTOM_LABELS = {
    "text": "文字",
    "image": "图片",
    "voice": "语音",
    "video": "视频",
    "music": "音乐",
    "news": "图文",
    "mpnewsarticle": "图文",
    "msgmenu": "菜单",
    "link": "链接",
    "miniprogrampage": "小程序",
}
