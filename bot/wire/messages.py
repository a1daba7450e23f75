"""What came in: one frozen object for every message type and event, made from fields of any shape.

Facts of the platform used here: location messages are GCJ-02 while LOCATION events are WGS-84; in JSON the
subscribe events have no wrapper and `List` is an object for one item; message ids collide between users.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.wire.characters import strip_forbidden
from bot.wire.errors import BadBody
from bot.wire.masking import mask

MAX_TEXT = 4096
MAX_LABEL = 500
MAX_TOKEN = 512
MAX_MEDIA_ID = 256
"""As many as the column of an attachment holds; WeChat's have 64."""
MAX_URL = 2048

MESSAGE_TYPES = frozenset({"text", "image", "voice", "video", "shortvideo", "location", "link"})
EVENTS = frozenset(
    {
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
    }
)
_WRAPPERS = ("SubscribeMsgPopupEvent", "SubscribeMsgChangeEvent", "SubscribeMsgSentEvent")
_OPENID = re.compile(r"[\x21-\x7e]{1,64}")
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")
# Fields that are copied as they are: ours, the platform's, longest value kept.
_COPIED = (
    ("media_id", "MediaId", MAX_MEDIA_ID),
    ("format", "Format", 16),
    ("pic_url", "PicUrl", MAX_URL),
    ("thumb_media_id", "ThumbMediaId", MAX_MEDIA_ID),
    ("url", "Url", MAX_URL),
    ("trace_id", "trace_id", MAX_TOKEN),
)
_WRITTEN = (("label", "Label"), ("title", "Title"), ("description", "Description"))
_MAX_ITEMS = 20
_LATEST = 2**53

Fields = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class SubscribeItem:
    """One template in a subscribe event: `status` is accept or reject, or how the sending ended."""

    template_id: str
    status: str


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message or event; what the platform did not send, or sent in an odd shape, is None.

    Free text is cleaned, shortened and masked. `known` is false for what the platform added since.
    """

    account: str
    openid: str
    to_user: str
    msg_type: str
    known: bool
    created_at: int  # unix seconds, 0 where the platform sent none
    event: str | None = None
    event_key: str | None = None
    msg_id: str | None = None
    text: str | None = None  # Content, or Recognition of a voice
    media_id: str | None = None
    format: str | None = None  # of a voice, mostly amr
    pic_url: str | None = None
    thumb_media_id: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    datum: str | None = None  # GCJ-02 or WGS-84
    label: str | None = None
    title: str | None = None
    description: str | None = None
    url: str | None = None
    status: str | None = None  # how a template push ended, or what the media check suggests
    trace_id: str | None = None  # of a media check
    subscribe_items: tuple[SubscribeItem, ...] = ()
    fingerprint: str = ""  # hash of all fields, where no message id tells them apart

    @property
    def scene(self) -> str | None:
        """What a scanned QR code carries, for followers (`qrscene_X`) and for those who followed before."""
        if self.event not in {"subscribe", "SCAN"} or not self.event_key:
            return None
        return self.event_key.removeprefix("qrscene_") or None


_FIELDS = tuple(one.name for one in dataclasses.fields(Incoming))


def parse(account: str, fields: Fields) -> Incoming:
    """Read decoded fields of any shape.

    Raises: BadBody when sender or type is missing or no string; whatever else is odd is left out.
    """
    openid, msg_type = _required(fields, "FromUserName", _OPENID), _required(fields, "MsgType", _NAME)
    event = _token(fields, "Event", 64) if msg_type == "event" else None
    msg_id = _message_id(fields)
    return Incoming(
        account=account,
        openid=openid,
        to_user=_token(fields, "ToUserName", 64) or "",
        msg_type=msg_type,
        known=event in EVENTS if msg_type == "event" else msg_type in MESSAGE_TYPES,
        created_at=_whole(fields.get("CreateTime")),
        event=event,
        event_key=_token(fields, "EventKey") if event else None,
        msg_id=msg_id,
        text=_words(fields, "Recognition" if msg_type == "voice" else "Content", MAX_TEXT),
        status=_status(fields),
        subscribe_items=_subscribe_items(fields) if event else (),
        fingerprint="" if msg_id and msg_type != "event" else _fingerprint(fields),
        **_optional(fields),
        **_place(fields, msg_type, event),
    )


def dedup_key(incoming: Incoming) -> str:
    """The key that makes the three tries one, unique together with account and openid; at most 64 characters.

    Messages by MsgId. Events have none that can be relied on: by CreateTime and the hash of everything sent
    (some differ in `trace_id` alone), as is a message without an id.
    """
    if incoming.msg_id and incoming.msg_type != "event":
        return f"m:{incoming.msg_id}"
    return f"e:{incoming.created_at}:{incoming.fingerprint}"


def to_payload(incoming: Incoming) -> dict[str, object]:
    """JSON-ready form for the inbox; `from_payload` reads it back."""
    values = ((name, getattr(incoming, name)) for name in _FIELDS)
    payload = {name: value for name, value in values if value not in (None, ())}
    if incoming.subscribe_items:
        payload["subscribe_items"] = [dataclasses.asdict(one) for one in incoming.subscribe_items]
    return payload


def from_payload(payload: Fields) -> Incoming:
    """The message that `to_payload` wrote."""
    values: dict[str, object] = dict(payload)
    items = values.pop("subscribe_items", ())
    found = tuple(SubscribeItem(**one) for one in items) if isinstance(items, list | tuple) else ()
    return Incoming(**values, subscribe_items=found)  # type: ignore[arg-type]


def _required(fields: Fields, name: str, shape: re.Pattern[str]) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not shape.fullmatch(value):
        raise BadBody(f"no {name}")
    return value


def _optional(fields: Fields) -> dict[str, Any]:
    copied = {ours: _token(fields, theirs, limit) for ours, theirs, limit in _COPIED if theirs in fields}
    written = {ours: _words(fields, theirs, MAX_LABEL) for ours, theirs in _WRITTEN if theirs in fields}
    return copied | written


def _words(fields: Fields, name: str, limit: int) -> str | None:
    value = fields.get(name)
    if not isinstance(value, str):
        return None
    # Masked before it is shortened, or half a number at the edge would stay readable.
    return mask(strip_forbidden(value)).strip()[:limit] or None


def _token(fields: Fields, name: str, limit: int = MAX_TOKEN) -> str | None:
    value = fields.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        value = _digits(value)
    if not isinstance(value, str):
        return None
    value = strip_forbidden(value).strip()
    return value if 0 < len(value) <= limit else None


def _digits(value: int) -> str | None:
    # Longer integers cannot even be written as text (sys.set_int_max_str_digits).
    return str(value) if abs(value) < 10**60 else None


def _message_id(fields: Fields) -> str | None:
    name = "MsgId" if "MsgId" in fields else "MsgID"
    value = _token(fields, name, 60)
    return value if value and _NAME.fullmatch(value) else None


def _whole(value: object) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 16:
        value = int(value)
    return value if type(value) is int and 0 <= value <= _LATEST else 0


def _place(fields: Fields, msg_type: str, event: str | None) -> dict[str, Any]:
    if msg_type == "location":
        names, datum = ("Location_X", "Location_Y"), "GCJ-02"
    elif event == "LOCATION":
        names, datum = ("Latitude", "Longitude"), "WGS-84"
    else:
        return {}
    latitude, longitude = (_degrees(fields.get(name)) for name in names)
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return {}
    return {"latitude": latitude, "longitude": longitude, "datum": datum}


def _degrees(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        degrees = float(value)
    except (ValueError, OverflowError):
        return None
    return degrees if math.isfinite(degrees) else None


def _status(fields: Fields) -> str | None:
    result = fields.get("result")
    if isinstance(result, Mapping):
        return _token(result, "suggest", 64)
    return _token(fields, "Status", 64)


def _subscribe_items(fields: Fields) -> tuple[SubscribeItem, ...]:
    wrapped = next((fields[name] for name in _WRAPPERS if isinstance(fields.get(name), Mapping)), fields)
    found = wrapped.get("List") if isinstance(wrapped, Mapping) else None
    items = found if isinstance(found, list) else [found]
    read = (_subscribe_item(one) for one in items[:_MAX_ITEMS] if isinstance(one, Mapping))
    return tuple(item for item in read if item)


def _subscribe_item(item: Fields) -> SubscribeItem | None:
    template_id = _token(item, "TemplateId", 64)
    status = _token(item, "SubscribeStatusString", 64) or _token(item, "ErrorStatus", 64)
    return SubscribeItem(template_id, status) if template_id and status else None


def _fingerprint(fields: Fields) -> str:
    # Fields come at most MAX_DEPTH deep from the envelope, so this cannot recurse without end.
    canonical = json.dumps(fields, sort_keys=True, ensure_ascii=True, default=repr)
    return hashlib.sha256(canonical.encode()).hexdigest()[:40]
