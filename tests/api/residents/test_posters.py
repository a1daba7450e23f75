"""The poster of an offering as residents get it: an address in the list, and the picture behind it."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

import settings
from models import Offering, OfferingState, Slot
from services.access import staff_actor
from services.slots import posters
from tests.api.residents.conftest import LogIn
from tests.make import make_community, make_duty, make_offering, make_slot
from tests.services.test_pictures import picture


@pytest.fixture
async def slot(db: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Slot:
    monkeypatch.setenv("MEDIA_DIR", str(tmp_path / "media"))
    settings.load.cache_clear()
    return await make_slot(await make_offering(await make_community(), title="书画室"))


async def uploaded(slot: Slot, size: tuple[int, int] = (40, 30)) -> None:
    """By one, and approved."""
    offering = await slot.offering
    desk = await staff_actor(await make_duty(await offering.community))
    await posters.put(desk, offering.id, picture(size))
    await Offering.filter(id=offering.id).update(state=OfferingState.PUBLISHED)


async def address(client: httpx.AsyncClient, slot: Slot) -> str:
    """In the list; the slot itself says the same."""
    listed = (await client.get("/slots")).json()["items"][0]["poster"]
    assert (await client.get(f"/slots/{slot.id}")).json()["poster"] == listed
    return str(listed)


async def test_the_address_leads_to_the_picture_for_everybody(
    log_in: LogIn, caller: httpx.AsyncClient, slot: Slot
) -> None:
    client = await log_in("mini-1")
    assert await address(client, slot) == ""
    await uploaded(slot)

    found = await caller.get(str(caller.base_url.join(await address(client, slot))))

    assert (found.status_code, found.headers["content-type"]) == (200, "image/jpeg")
    assert found.content.startswith(b"\xff\xd8")


async def test_another_picture_has_another_address_and_one_elsewhere_is_given_as_it_is(
    log_in: LogIn, caller: httpx.AsyncClient, slot: Slot
) -> None:
    client = await log_in("mini-1")
    await uploaded(slot)
    first = await address(client, slot)
    await uploaded(slot, (60, 30))
    assert await address(client, slot) != first

    await Offering.all().update(poster="https://example.org/a.jpg", poster_path="")
    assert await address(client, slot) == "https://example.org/a.jpg"
    gone = await caller.get(str(caller.base_url.join(first)))
    assert (gone.status_code, gone.json()["code"]) == (404, "not_found")


async def test_the_poster_of_a_draft_is_not_given(caller: httpx.AsyncClient, slot: Slot) -> None:
    await uploaded(slot)
    await Offering.all().update(state=OfferingState.DRAFT)

    assert (await caller.get(f"/offerings/{slot.offering_id}/poster")).status_code == 404
