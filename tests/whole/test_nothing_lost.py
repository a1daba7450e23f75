"""kill -9 in the middle of a load: what was acknowledged is an appeal with an owner, and its pushes end."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import httpx
import pytest

from models import Appeal, Assignment, Delivery, DeliveryState, InboundMessage, InboundState
from tests import running
from tests.services_at_hand import require_redis
from tests.whole.caller import Message, post

LOAD = 120
KILLS = 4


async def _acknowledged(http: httpx.AsyncClient, address: str, message: Message) -> bool:
    """Whether any of WeChat's three tries was answered."""
    for _ in range(3):
        try:
            if (await post(http, address, message.signed())).status_code == 200:
                return True
        except httpx.TransportError:
            await asyncio.sleep(2)
    return False


async def _load(http: httpx.AsyncClient, address: str, tag: str) -> set[str]:
    """Ask from many residents; the openids whose message was acknowledged."""
    taken: set[str] = set()
    gate = asyncio.Semaphore(8)

    async def one(number: int) -> None:
        message = Message("三组的路灯坏了", openid=f"{tag}-{number}")
        async with gate:
            if await _acknowledged(http, address, message):
                taken.add(message.openid)

    await asyncio.gather(*(one(number) for number in range(LOAD)))
    return taken


async def _kill_now_and_then(process: running.Running, kills: int) -> None:
    for _ in range(kills):
        await asyncio.sleep(random.uniform(0.1, 0.6))
        process.kill()
        await asyncio.to_thread(process.start)


async def _settled() -> bool:
    waiting = await InboundMessage.filter(state=InboundState.RECEIVED).exists()
    return not waiting and not await Delivery.filter(state=DeliveryState.PENDING).exists()


async def _check_nothing_lost(taken: set[str], sandbox_url: str, kills: int) -> None:
    openids = set(
        await Appeal.filter(resident__conversations__openid__in=list(taken)).values_list(
            "resident__conversations__openid", flat=True
        )
    )
    assert taken - openids == set()
    assert await Appeal.all().count() == await Assignment.filter(ended_at=None).count()
    assert not await Delivery.exclude(
        state__in=[DeliveryState.SENT, DeliveryState.DEAD, DeliveryState.FELL_BACK]
    ).exists()
    await _check_repeats(sandbox_url, kills)


async def _check_repeats(sandbox_url: str, kills: int) -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        phones = (await http.get(f"{sandbox_url}/sandbox/api/phones")).json()
        screens = [
            (await http.get(f"{sandbox_url}/sandbox/api/phones/{one['openid']}/messages")).json()
            for one in phones
        ]
    seen = [entry for screen in screens for entry in screen if entry["direction"] == "down"]
    assert any(entry["via"] == "template" for entry in seen)
    assert [entry for entry in seen if entry["via"] == "template" and entry["repeat"]] == []
    repeated = [entry for entry in seen if entry["via"] == "custom" and entry["repeat"]]
    assert len(repeated) <= kills
    assert all("可能重复" in entry["text"] for entry in repeated)


async def test_a_service_killed_in_the_middle_of_a_load_loses_nothing(
    seeded: str, sandbox_url: str, tmp_path: Path, http: httpx.AsyncClient
) -> None:
    process, address = running.service(
        tmp_path, seeded, sandbox_url, INBOX_LEASE_SECONDS="3", DELIVERY_LEASE_SECONDS="20"
    )
    process.start()
    try:
        taken, _ = await asyncio.gather(_load(http, address, "killed"), _kill_now_and_then(process, KILLS))
        await running.until(_settled, seconds=150)
    finally:
        process.stop()

    assert len(taken) > LOAD // 2
    await _check_nothing_lost(taken, sandbox_url, KILLS)


@pytest.mark.redis
async def test_a_worker_killed_in_the_middle_of_a_load_loses_no_push(
    seeded: str, sandbox_url: str, tmp_path: Path, http: httpx.AsyncClient
) -> None:
    redis = require_redis()
    process, address = running.service(tmp_path, seeded, sandbox_url, REDIS_URL=redis)
    helper = running.worker(tmp_path, seeded, sandbox_url, redis)
    process.start()
    helper.start()
    try:
        taken, _ = await asyncio.gather(_load(http, address, "pushed"), _kill_now_and_then(helper, KILLS))
        await running.until(_settled, seconds=150)
    finally:
        process.stop()
        helper.stop()

    assert len(taken) == LOAD
    await _check_nothing_lost(taken, sandbox_url, KILLS)
