"""Uploaded photos: decoded and written anew, small enough, without what the camera noted."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from services.errors import Invalid
from services.pictures import LONGEST_SIDE, redrawn


def picture(size: tuple[int, int] = (40, 30), kind: str = "JPEG", mode: str = "RGB", **more: object) -> bytes:
    out = BytesIO()
    Image.new(mode, size).save(out, kind, **more)
    return out.getvalue()


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


HUGE = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0))


@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("WEBP", "RGB")])
def test_what_a_phone_takes_becomes_a_jpeg_of_ours(kind: str, mode: str) -> None:
    found = redrawn(picture(kind=kind, mode=mode))

    assert found.content.startswith(b"\xff\xd8")
    assert (found.width, found.height) == (40, 30)


def test_where_it_was_taken_is_gone_and_it_stands_upright() -> None:
    noted = Image.Exif()
    noted[0x0112] = 6  # turned by a quarter
    noted[0x010F] = "camera of somebody"
    noted.get_ifd(0x8825)[1] = "N"

    found = redrawn(picture(exif=noted.tobytes()) + b"<script>hidden</script>")

    assert (found.width, found.height) == (30, 40)
    assert not Image.open(BytesIO(found.content)).getexif()
    assert b"somebody" not in found.content
    assert b"script" not in found.content


def test_a_large_one_becomes_small_enough() -> None:
    found = redrawn(picture((5000, 100)))

    assert (found.width, found.height) == (LONGEST_SIDE, 41)


@pytest.mark.parametrize(
    "content",
    [b"", b"words", b"<svg/>", picture(kind="GIF"), picture()[:200], HUGE],
    ids=["empty", "words", "svg", "gif", "cut", "huge"],
)
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_what_is_no_photo_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(Invalid, match="照片"):
        redrawn(content)


@pytest.mark.filterwarnings("ignore")
@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=8))
def test_a_damaged_one_is_read_or_refused(place: int, damage: bytes) -> None:
    whole = picture()
    place %= len(whole)
    try:
        found = redrawn(whole[:place] + damage + whole[place + len(damage) :])
    except Invalid:
        return
    assert found.content
