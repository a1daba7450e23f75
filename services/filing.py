"""The hot path of filing: an appeal and what came with it, in as few statements as there are tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from models import Appeal, Attachment, AttachmentKind, AttachmentState, rows
from models.fields import encrypt

_COLUMNS = (
    "community_id",
    "grid_id",
    "resident_id",
    "category_id",
    "kind",
    "status",
    "urgency",
    "about_conduct",
    "unsure",
    "text",
    "place",
    "account",
    "created_at",
    "accept_by",
    "resolve_by",
    "timer",
    "timer_at",
    "linked_to_id",
    "escalation",
    "returns",
    "rating_words",
    "result",
)
_PLACES = ", ".join(f"${place}" for place in range(1, len(_COLUMNS) + 1))
_INSERT = f"INSERT INTO appeal ({', '.join(_COLUMNS)}) VALUES ({_PLACES}) RETURNING id"  # noqa: S608 - constants

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


async def insert(appeal: Appeal) -> None:
    """Write a new appeal, made in memory, by one statement built once; gives it its number."""
    values = {name: getattr(appeal, name) for name in _COLUMNS}
    if appeal.place:
        values["place"] = encrypt(appeal.place)
    made = await rows(_INSERT, *values.values())
    appeal.id = int(made[0]["id"])
    appeal._saved_in_db = True


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
