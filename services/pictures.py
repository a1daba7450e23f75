"""Photos that people upload: decoded, turned upright, made smaller and written anew. Pure, for a thread.

Nothing of the file itself is kept, so neither where it was taken nor what hides behind the picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from services.errors import Invalid

LONGEST_SIDE = 2048
"""Pixels."""
_MOST_PIXELS = 40_000_000
_FORMATS = ("JPEG", "PNG", "WEBP")
_WORDS = "这不是能看的照片，请上传 JPG、PNG 或 WebP。"


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG of our own making, with its size in pixels."""

    content: bytes
    width: int
    height: int


def redrawn(content: bytes) -> Picture:
    """The picture of an uploaded file. Raises: Invalid, in words."""
    try:
        with Image.open(BytesIO(content), formats=_FORMATS) as opened:
            # Before a pixel is decoded: a small file can hold a very large picture.
            if opened.width * opened.height > _MOST_PIXELS:
                raise Invalid("照片太大，请压缩后再上传。")
            upright = ImageOps.exif_transpose(opened).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Invalid(_WORDS) from error
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    out = BytesIO()
    upright.save(out, "JPEG", quality=85)
    return Picture(out.getvalue(), upright.width, upright.height)
