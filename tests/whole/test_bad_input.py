"""A service under thousands of spoiled requests: memory flat, log clean, the next resident is answered."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from random import Random

import httpx
import pytest

from models import InboundMessage, InboundState
from sandbox.wire import SignedRequest
from tests import running
from tests.bot.posting import MINI, OA, PLAIN
from tests.spoiling import Depth, sealed, spoiled
from tests.whole.caller import Message, post, words

PROC = Path("/proc/self/status")
WARM_UP = 600
REQUESTS = 2200
AT_ONCE = 8
MOST_GROWTH_MB = 12
"""Nothing of a request may stay. What grows and shrinks meanwhile are caches and the bodies in work."""

ACCOUNTS = (OA, PLAIN, MINI)
BOMBS = (
    b"<xml>" + b"<a>" * 6_000 + b"</a>" * 6_000 + b"</xml>",
    b"<xml>" + b"<a/>" * 11_000 + b"</xml>",
    b'{"a":' * 7_000 + b"1" + b"}" * 7_000,
    b'{"a":' + b"[" * 20_000 + b"]" * 20_000 + b"}",
    b'<!DOCTYPE x [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><xml><Content>&b;&b;</Content></xml>',
    b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><Content>&a;</Content></xml>',
    b'{"Content": ' + b"9" * 40_000 + b"}",
    b"<a>" * 3_400_000,
)
"""Bodies that grow in whoever reads them carelessly; the last is ten megabytes long."""


def _memory_mb(process: running.Running, what: str) -> int:
    """`VmRSS`, what a process holds now, or `VmHWM`, the most it ever held."""
    assert process.process is not None
    status = Path(f"/proc/{process.process.pid}/status").read_text()
    line = next(one for one in status.splitlines() if one.startswith(f"{what}:"))
    return int(line.split()[1]) // 1024


def _load(chance: Random, number: int) -> Iterator[tuple[str, SignedRequest]]:
    """The account and the request of each call, one in a hundred a bomb, plain or inside a good envelope."""
    depths = list(Depth)
    for turn in range(number):
        account = chance.choice(ACCOUNTS)
        if turn % 100:
            yield account.account, spoiled(chance, account, chance.choice(depths))
        else:
            yield account.account, sealed(account, BOMBS[turn // 100 % len(BOMBS)])


async def _send(http: httpx.AsyncClient, address: str, chance: Random, number: int) -> set[int]:
    """Send all of it, a few at a time; the statuses that came back."""
    load, statuses = _load(chance, number), set()

    async def caller() -> None:
        for account, request in load:
            response = await http.post(
                f"{address}/wechat/{account}", params=request.query, content=request.body
            )
            assert "Traceback" not in response.text
            statuses.add(response.status_code)

    await asyncio.gather(*(caller() for _ in range(AT_ONCE)))
    return statuses


@pytest.mark.skipif(not PROC.exists(), reason="no /proc here that tells the memory of a process")
async def test_thousands_of_spoiled_requests_leave_a_service_as_it_was(
    seeded: str, sandbox_url: str, tmp_path: Path, http: httpx.AsyncClient
) -> None:
    process, address = running.service(tmp_path, seeded, sandbox_url)
    process.start()
    try:
        _ = await _send(http, address, Random(1), WARM_UP)
        before = _memory_mb(process, "VmRSS")
        statuses = await _send(http, address, Random(2), REQUESTS)
        grown = {what: _memory_mb(process, what) - before for what in ("VmRSS", "VmHWM")}
        after = Message("三组的路灯坏了", openid="afterwards")
        reply = words(await post(http, address, after.signed()), after.openid)
        await running.until(_all_done)
    finally:
        process.stop()

    assert statuses == {200, 400, 403, 413}

    assert max(grown.values()) <= MOST_GROWTH_MB, grown
    assert "路灯" in reply or "道路" in reply, reply
    assert _failures(process.log) == []


async def _all_done() -> bool:
    return not await InboundMessage.exclude(state=InboundState.DONE).exists()


def _failures(log: Path) -> list[str]:
    lines = log.read_text().splitlines()
    return [one for one in lines if "Traceback" in one or json.loads(one)["level"] in ("error", "critical")]
