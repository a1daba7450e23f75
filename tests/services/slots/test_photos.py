"""Photos of a slot: uploaded by one, approved by another, seen by residents only then."""

from __future__ import annotations

from pathlib import Path

import pytest

import settings
from models import AuditEntry, Community, OfferingState, Photo, Slot
from services.access import Actor, staff_actor
from services.errors import Conflict, Forbidden, NotFound
from services.slots import photos
from tests.make import make_community, make_duty, make_offering, make_slot
from tests.services.test_pictures import picture


@pytest.fixture
async def community(db: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Community:
    monkeypatch.setenv("MEDIA_DIR", str(tmp_path / "media"))
    settings.load.cache_clear()
    return await make_community()


def kept_files() -> list[Path]:
    return list(Path(settings.load().media_dir).rglob("*.jpg"))


@pytest.fixture
async def desk(community: Community) -> Actor:
    return await staff_actor(await make_duty(community))


@pytest.fixture
async def slot(community: Community) -> Slot:
    return await make_slot(await make_offering(community))


async def test_a_photo_is_seen_once_somebody_else_approved_it(
    community: Community, desk: Actor, slot: Slot
) -> None:
    photo = await photos.add(desk, slot.id, picture())
    assert await photos.seen(slot.id) == []
    with pytest.raises(NotFound):
        await photos.seen_file(slot.id, photo.id)
    with pytest.raises(Forbidden, match="另一位"):
        await photos.approve(desk, slot.id, photo.id)

    await photos.approve(await staff_actor(await make_duty(community)), slot.id, photo.id)

    assert [one.id for one in await photos.seen(slot.id)] == [photo.id]
    assert (await photos.seen_file(slot.id, photo.id)).read_bytes().startswith(b"\xff\xd8")
    assert {one.action for one in await AuditEntry.all()} == {"photo.add", "photo.approve"}


async def test_photos_of_what_is_not_published_are_not_seen(community: Community, desk: Actor) -> None:
    slot = await make_slot(await make_offering(community, state=OfferingState.DRAFT))
    await photos.add(desk, slot.id, picture())

    with pytest.raises(NotFound):
        await photos.seen(slot.id)


async def test_a_photo_that_is_removed_leaves_no_file(desk: Actor, slot: Slot) -> None:
    photo = await photos.add(desk, slot.id, picture())
    path = await photos.file_of(desk, slot.id, photo.id)

    await photos.remove(desk, slot.id, photo.id)

    assert not path.exists()
    assert await photos.of_slot(desk, slot.id) == []


async def test_a_slot_has_so_many_photos_and_a_refused_one_leaves_no_file(
    desk: Actor, slot: Slot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photos, "MOST", 1)
    await photos.add(desk, slot.id, picture())

    with pytest.raises(Conflict, match="最多放 1 张"):
        await photos.add(desk, slot.id, picture())

    assert len(kept_files()) == 1


async def test_a_photo_belongs_to_its_slot_and_community(
    community: Community, desk: Actor, slot: Slot
) -> None:
    photo = await photos.add(desk, slot.id, picture())
    other = await make_slot(await make_offering(community))
    with pytest.raises(NotFound):
        await photos.file_of(desk, other.id, photo.id)
    stranger = await staff_actor(await make_duty(await make_community()))
    with pytest.raises(NotFound):
        await photos.remove(stranger, slot.id, photo.id)
    assert await Photo.all().count() == 1
