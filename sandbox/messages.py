"""What a person does with a phone, as the fields that WeChat pushes for it. Pure.

Names and shapes: the platform's documents. `fields` of a `Say` overrides any of them, so that a test can send
what no phone would.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

Fields = dict[str, object]

MessageType = Literal["text", "image", "voice", "video", "shortvideo", "location", "link"]
EventType = Literal[
    "subscribe",
    "unsubscribe",
    "SCAN",
    "LOCATION",
    "CLICK",
    "VIEW",
    "TEMPLATESENDJOBFINISH",
    "subscribe_msg_popup_event",
    "subscribe_msg_change_event",
    "subscribe_msg_sent_event",
    "user_enter_tempsession",
    "wxa_media_check",
]
EVENTS = get_args(EventType)
# A reply to these is never put on a screen, and a bad one is never complained about.
SILENT_EVENTS = frozenset(EVENTS) - {"subscribe", "SCAN", "CLICK", "user_enter_tempsession"}


class Consent(BaseModel):
    """The answer to one template in a subscribe pop-up or in the settings, or one send result."""

    template_id: str
    status: str = "accept"
    msg_id: str = ""
    error_code: str = "0"


class Say(BaseModel):
    """One act of a person with a phone; which fields matter depends on `type`."""

    model_config = ConfigDict(populate_by_name=True, extra="forbid")

    account: str = "oa"
    openid: str = Field(validation_alias="from", min_length=1, max_length=128)
    type: MessageType | Literal["event"] | EventType = "text"
    text: str = ""
    event: str = ""
    event_key: str | None = None
    ticket: str | None = None
    media_id: str | None = None
    pic_url: str | None = None
    recognition: str | None = None
    format: str = "amr"
    latitude: float = 32.4085
    longitude: float = 119.4268
    scale: int = 16
    precision: float = 30.0
    label: str = ""
    title: str = ""
    description: str = ""
    url: str = ""
    status: str = "success"
    items: list[Consent] = Field(default_factory=list)
    msg_id: str | int | None = None
    create_time: int | None = None
    fields: dict[str, object] = Field(default_factory=dict)

    @property
    def event_name(self) -> str | None:
        """The event's name, whether it was given as type or beside `type=event`; None for a message."""
        if self.type == "event":
            return self.event
        return self.type if self.type in EVENTS else None

    @property
    def silent(self) -> bool:
        """Whether nothing that the account answers would be put on the screen."""
        return self.event_name in SILENT_EVENTS


def compose(say: Say, *, to_user: str, msg_id: int, created_at: int) -> Fields:
    """The pushed fields of one act; messages carry MsgId, events do not."""
    fields: Fields = {
        "ToUserName": to_user,
        "FromUserName": say.openid,
        "CreateTime": created_at if say.create_time is None else say.create_time,
    }
    event = say.event_name
    if event is None:
        fields |= {"MsgType": say.type, **_MESSAGES[say.type](say)}
        fields["MsgId"] = msg_id if say.msg_id is None else int(say.msg_id)
    else:
        fields |= {"MsgType": "event", "Event": event, **_EVENTS.get(event, _plain_event)(say)}
    return {name: value for name, value in (fields | say.fields).items() if value is not None}


def summary(say: Say) -> str:
    """The act in a few Chinese words, for the transcript of the phone."""
    if say.event_name:
        return _EVENT_LABELS.get(say.event_name, f"（{say.event_name}）").format(key=say.event_key or "")
    if say.type == "text":
        return say.text
    detail = {"voice": say.recognition, "location": say.label, "link": say.title}.get(say.type) or ""
    return f"[{_MESSAGE_LABELS[say.type]}] {detail}".rstrip()


def receipt(msg_id: int, *, status: str = "success") -> Fields:
    """The extra fields of the event that follows a template message."""
    return {"MsgID": msg_id, "Status": status}


def _voice(say: Say) -> Fields:
    return {"MediaId": say.media_id, "Format": say.format, "Recognition": say.recognition}


def _video(say: Say) -> Fields:
    return {"MediaId": say.media_id, "ThumbMediaId": f"{say.media_id}-thumb"}


def _location(say: Say) -> Fields:
    return {
        "Location_X": f"{say.latitude:.6f}",
        "Location_Y": f"{say.longitude:.6f}",
        "Scale": str(say.scale),
        "Label": say.label,
    }


def _reported_location(say: Say) -> Fields:
    return {
        "Latitude": f"{say.latitude:.6f}",
        "Longitude": f"{say.longitude:.6f}",
        "Precision": f"{say.precision:.6f}",
    }


def _plain_event(say: Say) -> Fields:
    return {"EventKey": say.event_key, "Ticket": say.ticket}


def _keyed_event(say: Say) -> Fields:
    # Following without a QR code comes with an empty EventKey, not without one.
    return {"EventKey": say.event_key or "", "Ticket": say.ticket}


def _consents(wrapper: str, extra: Callable[[Consent], Fields]) -> Callable[[Say], Fields]:
    def fields(say: Say) -> Fields:
        return {wrapper: {"List": [{"TemplateId": item.template_id, **extra(item)} for item in say.items]}}

    return fields


def _popup(item: Consent) -> Fields:
    return {"SubscribeStatusString": item.status, "PopupScene": "0"}


def _changed(item: Consent) -> Fields:
    return {"SubscribeStatusString": item.status}


def _sent(item: Consent) -> Fields:
    return {
        "MsgID": item.msg_id,
        "ErrorCode": item.error_code,
        "ErrorStatus": "success" if item.error_code == "0" else "failed",
    }


def _media_check(say: Say) -> Fields:
    suggest = say.status if say.status in {"pass", "review", "risky"} else "pass"
    label = 100 if suggest == "pass" else 20002
    return {
        "trace_id": say.event_key or "trace-1",
        "version": 2,
        "errcode": 0,
        "errmsg": "ok",
        "result": {"suggest": suggest, "label": label},
        "detail": [
            {"strategy": "content_model", "errcode": 0, "suggest": suggest, "label": label, "prob": 90}
        ],
    }


_MESSAGES: Mapping[str, Callable[[Say], Fields]] = {
    "text": lambda say: {"Content": say.text},
    "image": lambda say: {"PicUrl": say.pic_url, "MediaId": say.media_id},
    "voice": _voice,
    "video": _video,
    "shortvideo": _video,
    "location": _location,
    "link": lambda say: {"Title": say.title, "Description": say.description, "Url": say.url},
}
_EVENTS: Mapping[str, Callable[[Say], Fields]] = {
    "subscribe": _keyed_event,
    "unsubscribe": lambda _say: {"EventKey": ""},
    "SCAN": _keyed_event,
    "LOCATION": _reported_location,
    "CLICK": _keyed_event,
    "VIEW": _keyed_event,
    "TEMPLATESENDJOBFINISH": lambda say: receipt(int(say.msg_id or 0), status=say.status),
    "subscribe_msg_popup_event": _consents("SubscribeMsgPopupEvent", _popup),
    "subscribe_msg_change_event": _consents("SubscribeMsgChangeEvent", _changed),
    "subscribe_msg_sent_event": _consents("SubscribeMsgSentEvent", _sent),
    "user_enter_tempsession": lambda say: {"SessionFrom": say.event_key or "sessionFrom"},
    "wxa_media_check": _media_check,
}
_MESSAGE_LABELS = {
    "image": "图片",
    "voice": "语音",
    "video": "视频",
    "shortvideo": "小视频",
    "location": "位置",
    "link": "链接",
}
_EVENT_LABELS = {
    "subscribe": "（关注了公众号）",
    "unsubscribe": "（取消了关注）",
    "SCAN": "（扫了二维码 {key}）",
    "LOCATION": "（上报了位置）",
    "CLICK": "（点了菜单 {key}）",
    "VIEW": "（打开了 {key}）",
    "subscribe_msg_popup_event": "（回答了订阅弹窗）",
    "subscribe_msg_change_event": "（改了订阅设置）",
    "user_enter_tempsession": "（进入了客服会话）",
}
