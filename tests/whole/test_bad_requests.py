"""Requests that are hardly HTTP, to a running service: each is refused, and the log holds no failure."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest

from sandbox.wire import SignedRequest
from tests import running
from tests.whole.bare import ask
from tests.whole.caller import Message

PATIENCE = "3"
"""Seconds until the service gives up on who does not send what was announced."""

POST = "POST /wechat/oa?{query} HTTP/1.1"
TEN_MEGABYTES = 10_000_000
PIECE = b"<a>" * 10_000


@pytest.fixture
def service(sqlite_template: Path, tmp_path: Path) -> Iterator[tuple[running.Running, str]]:
    """A service with little patience, on a database without rows."""
    database = tmp_path / "empty.sqlite3"
    shutil.copy(sqlite_template, database)
    patience = {f"SANIC_{what}_TIMEOUT": PATIENCE for what in ("REQUEST", "RESPONSE")}
    process, address = running.service(
        tmp_path, f"sqlite://{database}", "http://127.0.0.1:9", RUN_WORKER="false", **patience
    )
    process.start()
    yield process, address
    process.stop()


def _request(line: str, *headers: str, body: bytes = b"") -> bytes:
    """Bytes of a request; `{query}` in its first line becomes that of a rightly signed message."""
    signed = line.replace("{query}", urlencode(_message().query))
    return "\r\n".join([signed, "Host: x", *headers, "", ""]).encode(errors="surrogateescape") + body


def _message() -> SignedRequest:
    return Message("你好").signed()


def _chunked(*parts: bytes) -> bytes:
    return _request(POST, "Transfer-Encoding: chunked", body=b"".join(parts))


def _get(path: str, *headers: str) -> bytes:
    return _request(f"GET {path} HTTP/1.1", *headers)


def _announced(length: str, body: bytes = b"abc") -> bytes:
    return _request(POST, f"Content-Length: {length}", body=body)


def lengths() -> dict[str, tuple[int, bytes]]:
    """Bodies that are not as long as was said, or of which nothing was said."""
    return {
        "no length": (400, _request(POST)),
        "no body": (400, _announced("0", b"")),
        "shorter": (408, _announced("300")),
        "longer": (400, _announced("1", _message().body)),
        "negative": (400, _announced("-5")),
        "no number": (400, _announced("abc")),
        "two lengths": (400, _request(POST, "Content-Length: 3", "Content-Length: 3", body=b"abc")),
        "length and chunks": (400, _request(POST, "Content-Length: 3", "Transfer-Encoding: chunked")),
        "thirty digits": (413, _announced("9" * 30)),
        "five thousand digits": (400, _announced("9" * 5000)),
        "shorter, of a check": (408, _get("/wechat/oa?echostr=1", "Content-Length: 300")),
        "compressed": (400, _request(POST, "Transfer-Encoding: gzip", body=b"abc")),
        "chunks": (400, _chunked(b"3\r\nabc\r\n0\r\n\r\n")),
        "chunk of no size": (400, _chunked(b"zz\r\nabc\r\n")),
        "chunk of negative size": (400, _chunked(b"-1\r\nabc\r\n")),
        "chunk without end": (408, _chunked(b"30\r\nabc")),
        "chunk of a terabyte": (408, _chunked(b"ffffffffff\r\nabc")),
        "trailer": (400, _chunked(b"3\r\nabc\r\n0\r\nA: b\r\n\r\n")),
    }


def lines() -> dict[str, tuple[int, bytes]]:
    """First lines and headers that WeChat never sends."""
    return {
        "garbage": (400, b"\x00\xff\xfe garbage\r\n\r\n"),
        "encrypted channel": (400, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"),
        "half a head": (408, b"POST /wechat/oa HTTP/1.1\r\nHost"),
        "unknown method": (405, _request("BREW /wechat/oa HTTP/1.1")),
        "other methods": (405, _request("DELETE /wechat/oa HTTP/1.1")),
        "head": (405, _request("HEAD /wechat/oa HTTP/1.1", "Connection: close")),
        "other version": (400, _request("GET /wechat/oa HTTP/9.9")),
        "unreadable address": (400, _request("GET http://[::1 HTTP/1.1")),
        "back slashes": (400, _request("GET \\\\x HTTP/1.1")),
        "address beyond ASCII": (400, _get("/wechat/乡邻")),
        "no account": (404, _get("/wechat/%ff%00%e7")),
        "below the account": (404, _get("/wechat/oa/x")),
        "no host": (403, b"GET /wechat/oa HTTP/1.1\r\n\r\n"),
        "unreadable headers": (
            403,
            _get("/wechat/oa", "X-A: \udcff", "Cookie: =;;\udcfe", "Forwarded: by=;"),
        ),
        "header without end": (413, _get("/wechat/oa", "X: " + "a" * 20_000)),
        "unknown expectation": (417, _request(POST, "Expect: miracles", "Content-Length: 3", body=b"abc")),
        "expectation": (400, _request(POST, "Expect: 100-continue", "Content-Length: 3", body=b"abc")),
        "other channel": (400, _request(POST, "Upgrade: websocket", "Connection: upgrade")),
        "a form": (
            400,
            _request(POST, "Content-Type: multipart/form-data; boundary=", "Content-Length: 3", body=b"abc"),
        ),
    }


def queries() -> dict[str, tuple[int, bytes]]:
    """Query strings of the address check and of messages."""
    good = urlencode(_message().query)
    stale = good.replace("timestamp=", "timestamp=1&timestamp=")
    return {
        "check": (200, _get(f"/wechat/oa?{good}&echostr=7")),
        "check without echo": (400, _get(f"/wechat/oa?{good}")),
        "check with an empty echo": (400, _get(f"/wechat/oa?{good}&echostr=")),
        "first of two": (200, _get(f"/wechat/oa?{good}&echostr=7&timestamp=1&nonce=x")),
        "second of two": (403, _get(f"/wechat/oa?{stale}&echostr=7")),
        "wide digits": (403, _get("/wechat/oa?signature=a&timestamp=%EF%BC%91&nonce=1&echostr=7")),
        "huge number": (403, _get(f"/wechat/oa?signature=a&timestamp={'9' * 5000}&nonce=1&echostr=7")),
        "no UTF-8": (403, _get("/wechat/oa?signature=%ff%00&timestamp=%ed%a0%80&nonce=%zz&echostr=%")),
        "no values": (403, _get("/wechat/oa?&&=&signature&timestamp;nonce=&echostr")),
        "a thousand times": (403, _get("/wechat/oa?" + "nonce=1&" * 1000)),
    }


async def test_what_is_hardly_http_is_refused_and_leaves_no_trace_in_the_log(
    service: tuple[running.Running, str],
) -> None:
    process, address = service
    cases = lengths() | lines() | queries()
    answers = dict(
        zip(cases, await asyncio.gather(*(ask(address, [sent]) for _, sent in cases.values())), strict=True)
    )

    got = {name: answer.status for name, answer in answers.items()}
    assert got == {name: status for name, (status, _) in cases.items()}
    assert [name for name, answer in answers.items() if b"Traceback" in answer.body] == []
    log = process.log.read_text()
    assert "Traceback" not in log
    assert '"level": "error"' not in log


async def test_ten_megabytes_are_refused_whether_announced_or_in_chunks(
    service: tuple[running.Running, str], http: httpx.AsyncClient
) -> None:
    process, address = service

    async def in_chunks() -> AsyncIterator[bytes]:
        for _ in range(TEN_MEGABYTES // len(PIECE)):
            yield PIECE

    for content in (PIECE * (TEN_MEGABYTES // len(PIECE)), in_chunks()):
        response = await http.post(f"{address}/wechat/oa", params=_message().query, content=content)
        assert response.status_code == 413
    assert "Traceback" not in process.log.read_text()
