"""Pictures and sounds on the stand-in platform, and small samples for phones that have none at hand."""

from __future__ import annotations

import itertools
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from sandbox.errors import Refused

LIFE_SECONDS = 3 * 24 * 3600
_ONE_SECOND_OF_SILENT_AMR = b"\x7c" * 50


@dataclass(frozen=True)
class Media:
    """One stored file; it can be fetched for three days."""

    media_id: str
    kind: str
    content_type: str
    content: bytes
    created_at: float


class MediaShelf:
    """Uploaded files by media id."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._files: dict[str, Media] = {}
        self._numbers = itertools.count(1)

    def put(self, kind: str, content_type: str, content: bytes) -> Media:
        """Store a file under a new id."""
        media_id = f"media-{int(self._now())}-{next(self._numbers)}"
        self._files[media_id] = Media(media_id, kind, content_type, content, self._now())
        return self._files[media_id]

    def sample(self, kind: str) -> Media:
        """Store a small real file of this kind."""
        return self.put(kind, *_SAMPLES[kind]())

    def get(self, media_id: str | None) -> Media:
        """A stored file.

        Raises: Refused 40007 for an unknown id and after three days.
        """
        found = self._files.get(media_id or "")
        if found is None or found.created_at + LIFE_SECONDS <= self._now():
            raise Refused(40007)
        return found


@lru_cache(maxsize=4)
def picture(width: int = 160, height: int = 120) -> bytes:
    """A PNG of a wet patch on a wall, drawn by formula."""
    rows = b"".join(
        b"\x00" + b"".join(_pixel(x / width, y / height) for x in range(width)) for y in range(height)
    )
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (_chunk(b"IHDR", header), _chunk(b"IDAT", zlib.compress(rows)), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _pixel(x: float, y: float) -> bytes:
    wet = max(0.0, 1 - ((x - 0.55) ** 2 * 5 + (y - 0.4) ** 2 * 8))
    shade = 226 - 70 * wet - 14 * ((x * 8) % 1 < 0.03 or (y * 6) % 1 < 0.03)
    return bytes((int(shade), int(shade - 6 - 8 * wet), int(shade - 16 - 20 * wet)))


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


_SAMPLES: dict[str, Callable[[], tuple[str, bytes]]] = {
    "image": lambda: ("image/png", picture()),
    "voice": lambda: ("audio/amr", b"#!AMR\n" + _ONE_SECOND_OF_SILENT_AMR * 3),
    "video": lambda: ("video/mp4", b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"),
    "shortvideo": lambda: ("video/mp4", b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"),
    "thumb": lambda: ("image/png", picture(64, 48)),
}
