"""The poster of an offering: uploaded, approved with the words, replaced and removed without a trace."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

import settings
from models import AuditEntry, Community, Offering, OfferingState
from services.access import Actor, staff_actor
from services.errors import Conflict, Forbidden, Invalid, NotFound
from services.slots import offerings, posters
from tests.make import (
    make_community,
    make_duty,
    make_grid,
    make_grid_member,
    make_offering,
    make_staff_login,
)
from tests.services.test_pictures import picture


@pytest.fixture
async def community(db: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Community:
    monkeypatch.setenv("MEDIA_DIR", str(tmp_path / "media"))
    settings.load.cache_clear()
    return await make_community()


@pytest.fixture
async def desk(community: Community) -> Actor:
    return await staff_actor(await make_duty(community))


@pytest.fixture
async def offering(community: Community) -> Offering:
    return await make_offering(community)


def kept_files() -> list[Path]:
    return list(Path(settings.load().media_dir).rglob("*.jpg"))


async def published(community: Community, offering: Offering) -> None:
    other = await staff_actor(await make_duty(community))
    _ = await offerings.move(other, offering.id, OfferingState.PUBLISHED)


async def test_a_poster_is_seen_once_somebody_else_approved_it(
    community: Community, desk: Actor, offering: Offering
) -> None:
    made = await posters.put(desk, offering.id, picture())

    assert (made.state, made.written_by_id) == (OfferingState.DRAFT, desk.staff_id)
    with pytest.raises(NotFound):
        await posters.seen_file(offering.id)
    with pytest.raises(Forbidden, match="另一位"):
        await offerings.move(desk, offering.id, OfferingState.PUBLISHED)
    assert (await posters.file_of(desk, offering.id)).is_file()
    await published(community, offering)

    assert (await posters.seen_file(offering.id)).read_bytes().startswith(b"\xff\xd8")
    assert {one.action for one in await AuditEntry.all()} == {"offering.change", "offering.move"}


async def test_what_is_replaced_or_removed_leaves_no_file(desk: Actor, offering: Offering) -> None:
    await posters.put(desk, offering.id, picture())
    first = await posters.file_of(desk, offering.id)
    await posters.put(desk, offering.id, picture((50, 40)))
    second = await posters.file_of(desk, offering.id)
    assert kept_files() == [second] != [first]

    removed = await posters.remove(desk, offering.id)

    assert (kept_files(), removed.poster_uploaded) == ([], False)
    with pytest.raises(NotFound):
        await posters.remove(desk, offering.id)


async def test_of_two_uploads_at_once_one_stays_with_its_file(desk: Actor, offering: Offering) -> None:
    await asyncio.gather(*(posters.put(desk, offering.id, picture((size, 40))) for size in (50, 60)))

    assert kept_files() == [await posters.file_of(desk, offering.id)]


async def test_an_address_takes_the_place_of_a_file_and_the_other_way_round(
    desk: Actor, offering: Offering
) -> None:
    await posters.put(desk, offering.id, picture())
    kept = await offerings.change(desk, offering.id, {"poster": "", "title": "书画室"})
    assert kept.poster_uploaded

    linked = await offerings.change(desk, offering.id, {"poster": "https://example.org/a.jpg"})
    assert (linked.poster_uploaded, kept_files()) == (False, [])

    uploaded = await posters.put(desk, offering.id, picture())
    assert (uploaded.poster, uploaded.poster_uploaded) == ("", True)


async def test_what_is_refused_leaves_no_file_and_the_offering_as_it_was(
    desk: Actor, community: Community, offering: Offering
) -> None:
    with pytest.raises(Invalid):
        await posters.put(desk, offering.id, b"no picture")
    old = await make_offering(community, state=OfferingState.ARCHIVED)
    with pytest.raises(Conflict):
        await posters.put(desk, old.id, picture())

    assert kept_files() == []
    assert (await Offering.get(id=offering.id)).state is OfferingState.PUBLISHED


async def test_a_poster_is_put_and_removed_by_the_desk_of_its_community_alone(
    community: Community, desk: Actor, offering: Offering
) -> None:
    await posters.put(desk, offering.id, picture())
    stranger = await staff_actor(await make_duty(await make_community()))
    grid = await staff_actor(await make_staff_login(await make_grid_member(await make_grid(community))))

    for actor, refusal in ((stranger, NotFound), (grid, Forbidden)):
        with pytest.raises(refusal):
            await posters.put(actor, offering.id, picture())
        with pytest.raises(refusal):
            await posters.remove(actor, offering.id)
        with pytest.raises(refusal):
            await posters.file_of(actor, offering.id)
    assert len(kept_files()) == 1
