"""Judging and summing up one passive reply or customer-service message, as the phone would show it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sandbox.wire import OddReply

OUT_OF_ORDER = "该公众号提供的服务出现故障，请稍后再试"
MINI_OUT_OF_ORDER = "该小程序客服暂时无法提供服务，请稍后再试"
MAX_TEXT_BYTES = 2048

Shown = dict[str, object]
Reader = Callable[[Mapping[str, object]], Shown]


def shown(fields: Mapping[str, object]) -> Shown | None:
    """What a well-formed passive reply puts on the screen; None when it only hands the chat to a person.

    Raises: OddReply for an unknown type, an empty or too long text, or a missing part.
    """
    kind = str(fields.get("MsgType", ""))
    if kind == "transfer_customer_service":
        return None
    reader = _READERS.get(kind)
    if reader is None:
        raise OddReply(f"不能被动回复这种类型：{kind or '（空）'}")
    return {"type": kind, **reader(fields)}


def _text(fields: Mapping[str, object]) -> Shown:
    content = fields.get("Content")
    if not isinstance(content, str) or not content.strip():
        raise OddReply("文本回复没有内容")
    if len(content.encode()) > MAX_TEXT_BYTES:
        raise OddReply(f"文本回复超过 {MAX_TEXT_BYTES} 字节")
    return {"text": content}


def _media(wrapper: str, label: str) -> Reader:
    def read(fields: Mapping[str, object]) -> Shown:
        media_id = _inside(fields, wrapper).get("MediaId")
        if not media_id:
            raise OddReply(f"{wrapper} 没有 MediaId")
        return {"text": label, "media_id": str(media_id)}

    return read


def _music(fields: Mapping[str, object]) -> Shown:
    music = _inside(fields, "Music")
    if not music.get("ThumbMediaId"):
        raise OddReply("Music 没有 ThumbMediaId")
    return {"text": f"[音乐] {music.get('Title') or ''}".strip(), "url": str(music.get("MusicUrl") or "")}


def _news(fields: Mapping[str, object]) -> Shown:
    article = _inside(_inside(fields, "Articles"), "item")
    if str(fields.get("ArticleCount")) != "1" or not article.get("Title"):
        raise OddReply("图文回复必须恰好有一篇，并有标题")
    text = "\n".join(str(article[name]) for name in ("Title", "Description") if article.get(name))
    return {"text": text, "url": str(article.get("Url") or "")}


def _inside(fields: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = fields.get(name)
    if not isinstance(value, Mapping):
        raise OddReply(f"缺少 {name}")
    return value


_READERS: Mapping[str, Reader] = {
    "text": _text,
    "image": _media("Image", "[图片]"),
    "voice": _media("Voice", "[语音]"),
    "video": _media("Video", "[视频]"),
    "music": _music,
    "news": _news,
}
