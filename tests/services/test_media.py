"""Files of residents are ours before WeChat forgets them, and voices can be played in a browser."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

import settings
from models import Alert, Attachment, AttachmentKind, AttachmentState
from sandbox.media import picture
from services import media, transcoding
from services.clock import now
from tests.make import make_appeal
from tests.outside import Outside, outside

MEDIA_GET = "/cgi-bin/media/get"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The media folder of this test."""
    chosen = settings.load().model_copy(update={"media_dir": str(tmp_path)})
    monkeypatch.setattr(settings, "load", lambda: chosen)
    return tmp_path


@pytest.fixture
async def wechat(db: str, folder: Path) -> AsyncIterator[Outside]:
    async with outside() as running:
        yield running


async def _attach(
    wechat: Outside, content: bytes, *, kind: str = "image", content_type: str = "image/png"
) -> Attachment:
    stored = wechat.platform.media.put(kind, content_type, content)
    return await Attachment.create(
        appeal=await make_appeal(),
        kind=AttachmentKind.VOICE if kind == "voice" else AttachmentKind.IMAGE,
        state=AttachmentState.WANTED,
        account="oa",
        media_id=stored.media_id,
    )


def _one_second_of_amr() -> bytes:
    av = pytest.importorskip("av")
    out = io.BytesIO()
    try:
        container = av.open(out, "w", format="amr")
        stream = container.add_stream("libopencore_amrnb", rate=8000, layout="mono")
    except (ValueError, av.error.FFmpegError):
        pytest.skip("this build of PyAV writes no AMR")
    stream.bit_rate = 12200
    for number in range(50):
        frame = av.AudioFrame(format="s16", layout="mono", samples=160)
        frame.planes[0].update(bytes(320))
        frame.sample_rate, frame.pts = 8000, number * 160
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))
    container.close()
    return out.getvalue()


async def test_a_photo_is_stored_below_the_media_folder_as_it_was_sent(wechat: Outside, folder: Path) -> None:
    attachment = await _attach(wechat, picture())

    assert await media.fetch_wanted(wechat.clients) == 1

    await attachment.refresh_from_db()
    assert (attachment.state, attachment.content_type) == (AttachmentState.STORED, "image/png")
    assert (folder / attachment.path).read_bytes() == picture()
    assert await media.fetch_wanted(wechat.clients) == 0


async def test_a_voice_is_kept_as_mp3_that_plays_as_long(wechat: Outside, folder: Path) -> None:
    attachment = await _attach(wechat, _one_second_of_amr(), kind="voice", content_type="audio/amr")

    _ = await media.fetch_wanted(wechat.clients)

    await attachment.refresh_from_db()
    assert (attachment.state, attachment.content_type) == (AttachmentState.STORED, "audio/mpeg")
    assert attachment.path.endswith(".mp3")
    import av

    with av.open(str(folder / attachment.path)) as sound:
        samples = sum(frame.samples for frame in sound.decode(audio=0))
        assert 0.9 <= samples / sound.streams.audio[0].rate <= 1.3


async def test_a_voice_that_cannot_be_read_is_kept_as_it_came(wechat: Outside, folder: Path) -> None:
    broken = b"#!AMR\n" + b"\xff" * 100
    attachment = await _attach(wechat, broken, kind="voice", content_type="audio/amr")

    _ = await media.fetch_wanted(wechat.clients)

    await attachment.refresh_from_db()
    assert attachment.content_type == "audio/amr"
    assert (folder / attachment.path).read_bytes() == broken


async def test_what_is_no_media_is_never_called_what_it_claims_to_be(wechat: Outside) -> None:
    attachment = await _attach(wechat, b"MZ" + bytes(40), content_type="application/x-msdownload")

    _ = await media.fetch_wanted(wechat.clients)

    await attachment.refresh_from_db()
    assert attachment.content_type == media.UNKNOWN_TYPE
    assert attachment.path.endswith(".bin")


async def test_a_file_that_wechat_does_not_know_any_more_is_lost_and_staff_are_told(wechat: Outside) -> None:
    attachment = await _attach(wechat, picture())
    wechat.platform.ahead = 4 * 24 * 3600

    _ = await media.fetch_wanted(wechat.clients)

    await attachment.refresh_from_db()
    assert attachment.state is AttachmentState.LOST
    assert str(attachment.appeal_id) in (await Alert.get()).words


async def test_a_file_that_is_too_large_is_lost_without_another_try(
    wechat: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media, "MOST_BYTES", 100)
    attachment = await _attach(wechat, picture())

    _ = await media.fetch_wanted(wechat.clients)

    await attachment.refresh_from_db()
    assert attachment.state is AttachmentState.LOST


async def test_a_failing_platform_is_asked_again_later_and_the_file_still_arrives(wechat: Outside) -> None:
    attachment = await _attach(wechat, picture())
    wechat.fault(MEDIA_GET, status=500, times=1)

    assert await media.fetch_wanted(wechat.clients) == 1
    assert await media.fetch_wanted(wechat.clients) == 0, "the second attempt came at once"
    await Attachment.all().update(created_at=now() - timedelta(seconds=11))
    assert await media.fetch_wanted(wechat.clients) == 1

    await attachment.refresh_from_db()
    assert attachment.state is AttachmentState.STORED


async def test_after_the_last_attempt_the_file_is_lost(wechat: Outside) -> None:
    attachment = await _attach(wechat, picture())
    wechat.fault(MEDIA_GET, status=500)
    await Attachment.all().update(created_at=now() - timedelta(days=3))

    for _ in media.DUE_AFTER:
        assert await media.fetch_wanted(wechat.clients) == 1

    await attachment.refresh_from_db()
    assert attachment.state is AttachmentState.LOST
    assert await media.fetch_wanted(wechat.clients) == 0


async def test_two_workers_download_a_file_once(wechat: Outside) -> None:
    for _ in range(4):
        _ = await _attach(wechat, picture())

    _ = await asyncio.gather(*(asyncio.create_task(media.fetch_wanted(wechat.clients)) for _ in range(3)))

    assert len(wechat.calls(MEDIA_GET)) == 4
    assert await Attachment.filter(state=AttachmentState.STORED).count() == 4


@pytest.mark.parametrize("content", [b"", b"#!AMR", b"RIFF....", picture()])
def test_only_amr_is_taken_for_amr(content: bytes) -> None:
    assert not transcoding.is_amr(content)
