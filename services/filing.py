"""The hot path of filing: an appeal and what came with it, in as few statements as there are tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from models import Appeal, Attachment, AttachmentKind, AttachmentState, rows
from models.statements import inserting, next_id

_MEDIA = frozenset({AttachmentKind.IMAGE, AttachmentKind.VOICE, AttachmentKind.VIDEO})


@dataclass(frozen=True, slots=True)
class Enclosure:
    """What comes with words, not yet tied to an appeal; JSON-ready by its field names."""

    kind: AttachmentKind
    media_id: str = ""
    url: str = ""
    words: str = ""
    latitude: float | None = None
    longitude: float | None = None
    datum: str = ""


async def insert(appeal: Appeal) -> int:
    """Write a new appeal, made in memory, and give it its number; returns an id for its first assignment."""
    made = inserting(appeal)
    returning = f"{made.sql} RETURNING id, {next_id('assignment')} AS assignment_id"
    row = (await rows(returning, *made.values))[0]
    appeal.id = int(row["id"])
    appeal._saved_in_db = True
    return int(row["assignment_id"])


async def attach(appeal_id: int, account: str, enclosures: tuple[Enclosure, ...], at: datetime) -> None:
    """Write what came with the words; media wait for the worker to fetch them before they die."""
    for one in enclosures:
        await Attachment(
            appeal_id=appeal_id,
            kind=one.kind,
            state=AttachmentState.WANTED if one.media_id and one.kind in _MEDIA else AttachmentState.NONE,
            account=account,
            media_id=one.media_id,
            url=one.url,
            words=one.words,
            latitude=one.latitude,
            longitude=one.longitude,
            datum=one.datum,
            created_at=at,
        ).save(force_create=True)
