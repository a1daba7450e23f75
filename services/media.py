"""Photos and voices of residents, made ours at once: a MediaId dies after three days.

An attempt is claimed by raising `attempts` under a guard, and the time of the next one follows from how many
there were, so that nothing has to be leased: a worker that dies costs one attempt.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from pathlib import Path
from types import MappingProxyType

import structlog
from tortoise.expressions import Q

import settings
from adapters.wechat import Media, MediaTooLarge, Verdict, WeChatApi, WeChatError
from models import Appeal, Attachment, AttachmentState, writing
from services import transcoding
from services.alerts import raise_alert
from services.clock import now

log = structlog.get_logger(__name__)

MOST_BYTES = 20 * 1024 * 1024
DUE_AFTER = tuple(
    timedelta(seconds=one) for one in (0, 10, 60, 300, 1800, 7200, 8 * 3600, 24 * 3600, 48 * 3600, 70 * 3600)
)
"""Attempt number n is due this long after the message came; the last one shortly before the id dies."""
INVALID_MEDIA = 40007

EXTENSIONS: Mapping[str, str] = MappingProxyType(
    {
        "image/jpeg": "jpg",
        "image/jpg": "jpg",
        "image/png": "png",
        "image/gif": "gif",
        "image/webp": "webp",
        "image/bmp": "bmp",
        "audio/amr": "amr",
        "audio/mpeg": "mp3",
        "audio/mp3": "mp3",
        "audio/ogg": "ogg",
        "audio/speex": "spx",
        "voice/speex": "spx",
        "video/mp4": "mp4",
        "video/mpeg4": "mp4",
    }
)
"""Types that are kept under their own name; a browser is never told that anything else is what it claims."""
UNKNOWN_TYPE = "application/octet-stream"


async def fetch_wanted(api_for: Callable[[str], WeChatApi], limit: int = 10) -> int:
    """Download up to `limit` files that are due; returns how many were tried.

    Raises: OSError when the media folder cannot be written.
    """
    due = await Attachment.filter(_due(now()), state=AttachmentState.WANTED).order_by("id").limit(limit)
    tried = 0
    for attachment in due:
        if await _claim(attachment):
            tried += 1
            await _fetch(attachment, api_for(attachment.account))
    return tried


def _due(moment: datetime) -> Q:
    return reduce(
        or_,
        (Q(attempts=attempts, created_at__lte=moment - after) for attempts, after in enumerate(DUE_AFTER)),
    )


async def _claim(attachment: Attachment) -> bool:
    async with writing():
        same = Attachment.filter(id=attachment.id, state=AttachmentState.WANTED, attempts=attachment.attempts)
        return bool(await same.update(attempts=attachment.attempts + 1))


async def _fetch(attachment: Attachment, api: WeChatApi) -> None:
    try:
        media = await api.media(attachment.media_id, limit=MOST_BYTES)
    except WeChatError as error:
        await _failed(attachment, error)
        return
    path, content_type = await asyncio.to_thread(_keep, attachment, media)
    async with writing():
        await Attachment.filter(id=attachment.id, state=AttachmentState.WANTED).update(
            state=AttachmentState.STORED, path=path, content_type=content_type
        )


async def _failed(attachment: Attachment, error: WeChatError) -> None:
    hopeless = isinstance(error, MediaTooLarge) or error.code == INVALID_MEDIA
    last = attachment.attempts + 1 >= len(DUE_AFTER)
    log.warning("media not fetched", attachment=attachment.id, code=error.code, attempt=attachment.attempts)
    if error.verdict is Verdict.STOP:
        await raise_alert(
            f"media:{attachment.account}", f"账号 {attachment.account} 的素材下载被拒绝（{error.code}）。"
        )
    if not hopeless and not last:
        return
    async with writing():
        await Attachment.filter(id=attachment.id, state=AttachmentState.WANTED).update(
            state=AttachmentState.LOST
        )
        await raise_alert(
            f"media-lost:{attachment.appeal_id}",
            f"诉求 {attachment.appeal_id} 的{attachment.kind.label}没能下载，请向居民再要一次。",
            appeal=await Appeal.get(id=attachment.appeal_id),
        )


def _keep(attachment: Attachment, media: Media) -> tuple[str, str]:
    """Write the file, whole or not at all; returns its path below the media folder, and its type."""
    content, content_type = media.content, media.content_type
    if transcoding.is_amr(content):
        content, content_type = transcoding.playable(content)
    if content_type not in EXTENSIONS:
        content_type = UNKNOWN_TYPE
    return keep(str(attachment.id), content, EXTENSIONS.get(content_type, "bin")), content_type


def keep(name: str, content: bytes, ending: str) -> str:
    """Write a file below the media folder, whole or not at all; returns its path there. Raises: OSError."""
    # The random part keeps others from guessing addresses of photos.
    path = Path(f"{now():%Y-%m}") / f"{name}-{secrets.token_hex(8)}.{ending}"
    whole = Path(settings.load().media_dir) / path
    whole.parent.mkdir(parents=True, exist_ok=True)
    part = whole.with_suffix(".part")
    part.write_bytes(content)
    part.replace(whole)
    return str(path)


def drop(path: str) -> None:
    """Delete a file below the media folder, when it is there."""
    (Path(settings.load().media_dir) / path).unlink(missing_ok=True)
