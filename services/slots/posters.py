"""海报: one picture of an offering, uploaded by staff and seen with its words once those are approved."""

from __future__ import annotations

import asyncio
from pathlib import Path

import settings
from models import Offering, OfferingState
from services import media
from services.access import Actor
from services.errors import DomainError, NotFound
from services.slots import offerings

SEEN = (OfferingState.PUBLISHED, OfferingState.CLOSED)
"""States in which residents may look at it."""
_GONE = "没有找到这张海报。"


async def put(actor: Actor, offering_id: int, content: bytes) -> Offering:
    """Keep a poster in place of the one before; what is published has to be approved anew.

    Raises: Forbidden, NotFound, Invalid (no picture), Conflict (archived).
    """
    _ = await offerings.steered(actor, offering_id)
    picture = await asyncio.to_thread(_redrawn, content)
    path = await asyncio.to_thread(media.keep, f"poster-{offering_id}", picture, "jpg")
    try:
        return await offerings.change(actor, offering_id, {"poster": "", "poster_path": path})
    except DomainError:
        await asyncio.to_thread(media.drop, path)
        raise


async def remove(actor: Actor, offering_id: int) -> Offering:
    """Take the poster off, uploaded or lying elsewhere. Raises: Forbidden, NotFound, Conflict (archived)."""
    offering = await offerings.steered(actor, offering_id)
    if not offering.poster and not offering.poster_path:
        raise NotFound(_GONE)
    return await offerings.change(actor, offering_id, {"poster": "", "poster_path": ""})


async def file_of(actor: Actor, offering_id: int) -> Path:
    """The uploaded poster of any offering in the actor's scope. Raises: Forbidden, NotFound."""
    return _whole(await offerings.steered(actor, offering_id))


async def seen_file(offering_id: int) -> Path:
    """The uploaded poster of what is published, for everybody. Raises: NotFound."""
    found = await Offering.get_or_none(id=offering_id, state__in=SEEN)
    if found is None:
        raise NotFound(_GONE)
    return _whole(found)


def _redrawn(content: bytes) -> bytes:
    from services import pictures  # heavy: loaded by the first picture, not by every process

    return pictures.redrawn(content).content


def _whole(offering: Offering) -> Path:
    path = Path(settings.load().media_dir) / offering.poster_path
    if not offering.poster_path or not path.is_file():
        raise NotFound(_GONE)
    return path
