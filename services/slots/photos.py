"""Photos of what took place: staff upload them, a second person approves, then residents see them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import settings
from models import OfferingState, Photo, Slot, writing
from services import audit, media
from services.access import Actor
from services.errors import Conflict, Forbidden, NotFound
from services.slots import attendance, line

if TYPE_CHECKING:
    from services.pictures import Picture

MOST = 30
"""Photos of one slot."""
_GONE = "没有找到这张照片。"
_SEEN = (OfferingState.PUBLISHED, OfferingState.CLOSED)


async def add(actor: Actor, slot_id: int, content: bytes) -> Photo:
    """Keep a photo, not yet seen by residents. Raises: Forbidden, NotFound, Invalid, Conflict (too many)."""
    slot = await attendance.slot_of(actor, slot_id)
    picture = await asyncio.to_thread(_redrawn, content)
    path = await asyncio.to_thread(media.keep, f"slot-{slot.id}", picture.content, "jpg")
    try:
        async with writing():
            _ = await line.lock(slot.id)
            if await Photo.filter(slot_id=slot.id).count() >= MOST:
                raise Conflict(f"一场最多放 {MOST} 张照片，请先删掉几张。")
            photo = await Photo.create(
                slot_id=slot.id,
                path=path,
                width=picture.width,
                height=picture.height,
                uploaded_by_id=actor.staff_id,
            )
            await _record(actor, slot, "photo.add", photo)
    except Conflict:
        await asyncio.to_thread(media.drop, path)
        raise
    return photo


def _redrawn(content: bytes) -> Picture:
    from services import pictures  # heavy: loaded by the first photo, not by every process

    return pictures.redrawn(content)


async def approve(actor: Actor, slot_id: int, photo_id: int) -> Photo:
    """Let residents see it. Raises: Forbidden (their own upload), NotFound."""
    async with writing():
        slot, photo = await _one(actor, slot_id, photo_id)
        if photo.uploaded_by_id == actor.staff_id:
            raise Forbidden("自己上传的要由另一位工作人员审核。")
        photo.approved_by_id = actor.staff_id
        await photo.save(update_fields=["approved_by_id"])
        await _record(actor, slot, "photo.approve", photo)
    return photo


async def remove(actor: Actor, slot_id: int, photo_id: int) -> None:
    """Delete it, the file too. Raises: Forbidden, NotFound."""
    async with writing():
        slot, photo = await _one(actor, slot_id, photo_id)
        await photo.delete()
        await _record(actor, slot, "photo.remove", photo)
    await asyncio.to_thread(media.drop, photo.path)


async def of_slot(actor: Actor, slot_id: int) -> list[Photo]:
    """All photos of a slot, in the order of their upload. Raises: Forbidden, NotFound."""
    slot = await attendance.slot_of(actor, slot_id)
    return await Photo.filter(slot_id=slot.id).order_by("id")


async def file_of(actor: Actor, slot_id: int, photo_id: int) -> Path:
    """The file of any photo in the actor's scope. Raises: Forbidden, NotFound."""
    _, photo = await _one(actor, slot_id, photo_id)
    return _whole(photo)


async def seen(slot_id: int) -> list[Photo]:
    """Approved photos of a published offering's slot, for everybody. Raises: NotFound."""
    if not await Slot.exists(id=slot_id, offering__state__in=_SEEN):
        raise NotFound("没有找到这个场次。")
    return await Photo.filter(slot_id=slot_id).exclude(approved_by_id=None).order_by("id")


async def seen_file(slot_id: int, photo_id: int) -> Path:
    """The file of an approved photo. Raises: NotFound."""
    found = next((one for one in await seen(slot_id) if one.id == photo_id), None)
    if found is None:
        raise NotFound(_GONE)
    return _whole(found)


def _whole(photo: Photo) -> Path:
    path = Path(settings.load().media_dir) / photo.path
    if not path.is_file():
        raise NotFound(_GONE)
    return path


async def _one(actor: Actor, slot_id: int, photo_id: int) -> tuple[Slot, Photo]:
    slot = await attendance.slot_of(actor, slot_id)
    photo = await Photo.get_or_none(id=photo_id, slot_id=slot.id)
    if photo is None:
        raise NotFound(_GONE)
    return slot, photo


async def _record(actor: Actor, slot: Slot, action: str, photo: Photo) -> None:
    await audit.record(actor, action, f"slot {slot.id}", community_id=slot.community_id, photo=photo.id)
