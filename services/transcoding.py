"""Voice messages come as AMR, which no browser plays: they are kept as MP3."""

from __future__ import annotations

import io

import structlog

log = structlog.get_logger(__name__)

AMR = "audio/amr"
MP3 = "audio/mpeg"
MP3_BITS_A_SECOND = 32_000
_MAGIC = (b"#!AMR\n", b"#!AMR-WB\n")


def is_amr(content: bytes) -> bool:
    """Whether these bytes are AMR, whatever the sender calls them."""
    return content.startswith(_MAGIC)


def playable(amr: bytes) -> tuple[bytes, str]:
    """(content, content type) that a browser plays; the AMR as it is where it cannot be read.

    Takes a fraction of the length of the voice in CPU: call it in a thread.
    """
    # Loads FFmpeg's libraries: only a process that stores voices pays for them.
    import av
    from av.error import FFmpegError

    try:
        return _to_mp3(amr), MP3
    except (FFmpegError, ValueError, IndexError) as problem:
        log.warning("voice not transcoded", problem=type(problem).__name__, bytes=len(amr), av=av.__version__)
        return amr, AMR


def _to_mp3(amr: bytes) -> bytes:
    import av

    out = io.BytesIO()
    with av.open(io.BytesIO(amr), "r", format="amr") as voice, av.open(out, "w", format="mp3") as sound:
        stream = sound.add_stream("mp3", rate=voice.streams.audio[0].rate)
        stream.bit_rate = MP3_BITS_A_SECOND
        for frame in voice.decode(audio=0):
            sound.mux(stream.encode(frame))
        sound.mux(stream.encode(None))
    if not out.tell():
        raise ValueError("no sound in it")
    return out.getvalue()
