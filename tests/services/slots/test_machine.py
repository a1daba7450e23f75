"""Any order of signing up, cancelling, accepting, expiring, resizing keeps every invariant of places."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import Resident, SignUp, SignUpState, connect, disconnect
from services import access
from services.access import Actor
from services.errors import DomainError
from services.slots import signup, steering
from tests.make import make_community, make_duty, make_offering, make_resident, make_slot
from tests.services.slots.truth import broken

STEPS = st.tuples(
    st.sampled_from(("sign_up", "cancel", "accept", "expire", "resize", "promote", "take_off", "call_off")),
    st.integers(0, 7),
    st.integers(0, 3),
)


@dataclass
class World:
    """Two slots, some families, a desk."""

    desk: Actor
    slots: list[int]
    residents: list[Resident]
    refused: list[str] = field(default_factory=list)

    async def made(self, number: int) -> SignUp | None:
        """One of the sign-ups, the latest first."""
        found = await SignUp.all().order_by("-id")
        return found[number % len(found)] if found else None


async def _sign_up(world: World, who: int, size: int) -> None:
    resident = world.residents[who % len(world.residents)]
    slot_id = world.slots[size % len(world.slots)]
    await signup.sign_up(resident.id, slot_id, [f"r{resident.id}"], guests=size)


async def _expire(world: World, who: int, _size: int) -> None:
    made = await world.made(who)
    if made is not None and made.state is SignUpState.OFFERED:
        await SignUp.filter(id=made.id).update(offered_until=datetime.now(UTC) - timedelta(seconds=1))


async def _resize(world: World, who: int, size: int) -> None:
    await steering.resize(world.desk, world.slots[who % len(world.slots)], size + 1)


async def _call_off(world: World, who: int, size: int) -> None:
    if size == 0:
        await steering.call_off(world.desk, world.slots[who % len(world.slots)], "下雨")


def _of_sign_up(verb: Callable[[World, SignUp], Coroutine[Any, Any, object]]) -> Any:
    async def step(world: World, who: int, _size: int) -> None:
        made = await world.made(who)
        if made is not None:
            await verb(world, made)

    return step


DO = {
    "sign_up": _sign_up,
    "cancel": _of_sign_up(lambda _world, made: signup.cancel(made.resident_id, made.id)),
    "accept": _of_sign_up(lambda _world, made: signup.accept(made.resident_id, made.id)),
    "promote": _of_sign_up(lambda world, made: steering.promote(world.desk, made.id)),
    "take_off": _of_sign_up(lambda world, made: steering.take_off(world.desk, made.id, "登记错了")),
    "expire": _expire,
    "resize": _resize,
    "call_off": _call_off,
}


async def _play(url: str, steps: list[tuple[str, int, int]]) -> list[str]:
    await connect(url)
    try:
        community = await make_community()
        desk = await access.staff_actor(await make_duty(community))
        offering = await make_offering(community)
        later = datetime.now(UTC) + timedelta(days=3)
        both = [await make_slot(offering, capacity=3), await make_slot(offering, capacity=2, starts_at=later)]
        residents = [await make_resident(community=community) for _ in range(5)]
        world = World(desk, [one.id for one in both], residents)
        promoted = False
        for what, who, size in steps:
            promoted = promoted or what == "promote"
            try:
                await DO[what](world, who, size)
            except DomainError as refusal:
                world.refused.append(refusal.code)
        return [words for words in await broken() if not (promoted and "passed by" in words)]
    finally:
        await disconnect()


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, min_size=5, max_size=40))
def test_whatever_happens_the_places_are_right(
    sqlite_template: Path, tmp_path: Path, steps: list[tuple[str, int, int]]
) -> None:
    path = tmp_path / "machine.sqlite3"
    shutil.copy(sqlite_template, path)

    assert asyncio.run(_play(f"sqlite://{path}", steps)) == []
