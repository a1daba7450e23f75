"""Photos, voices without words, videos, places and links."""

from __future__ import annotations

from bot import joining_replies, replies
from bot.handlers import asked, binding, joining, whose
from bot.handlers.filing import PLACE_QUESTION
from bot.handlers.supplement import WORDS_QUESTION, questions, recent_appeal
from bot.turn import Turn
from bot.wire.messages import Incoming
from models import Appeal, AttachmentKind, Grid, Urgency
from services import filing, handling, holding, intake
from services.filing import Enclosure
from services.intake import Report
from services.locating import grid_map
from services.place_words import where

_KINDS = {
    "image": AttachmentKind.IMAGE,
    "voice": AttachmentKind.VOICE,
    "video": AttachmentKind.VIDEO,
    "shortvideo": AttachmentKind.VIDEO,
    "location": AttachmentKind.LOCATION,
    "link": AttachmentKind.LINK,
}


def enclosures(message: Incoming) -> tuple[Enclosure, ...]:
    """What comes with a message besides its words."""
    kind = _KINDS.get(message.msg_type)
    if kind is None:
        return ()
    words = [message.label] if kind is AttachmentKind.LOCATION else [message.title, message.description]
    return (
        Enclosure(
            kind,
            media_id=message.media_id or "",
            url=message.url or message.pic_url or "",
            words=" ".join(one for one in words if one),
            latitude=message.latitude,
            longitude=message.longitude,
            datum=message.datum or "",
        ),
    )


async def receive(turn: Turn) -> str:
    """Add to the appeal of a moment ago, or start one that the next words explain."""
    found = enclosures(turn.message)
    if found[0].kind is AttachmentKind.LOCATION and binding.is_binding(turn.talk.question):
        return await binding.bind_by_point(turn) or replies.joined(
            replies.LOCATION_OUTSIDE, await binding.ask_community(turn)
        )
    text = _named(found[0])
    if (asked_back := await whose.ask_whose(turn, text, found)) is not None:
        return asked_back
    if waiting := await questions(turn):
        return await asked.answer_one_of(turn, waiting, text, found)
    appeal = await recent_appeal(turn)
    return await _first(turn, text, found) if appeal is None else await _add(turn, appeal, found)


async def _add(turn: Turn, appeal: Appeal, found: tuple[Enclosure, ...]) -> str:
    grid = await _grid(turn, found[0], _within(turn, appeal))
    grid_id = grid.id if grid is not None else None
    kind = found[0].kind
    added = await handling.supplement(
        turn.talk.resident_id, appeal, found[0].words, grid_id=grid_id, came=kind.label
    )
    await filing.attach(added.id, turn.talk.account, found, turn.talk.moment)
    turn.talk.about(appeal.id)
    if kind is AttachmentKind.LOCATION and (turn.talk.question or {}).get("kind") == PLACE_QUESTION:
        turn.talk.settle()
    located = found[0].latitude is not None
    offered = await joining.offer_again(turn, appeal.number, located=True) if located else ""
    number = joining_replies.numbered(appeal.number, added.number)
    if kind is AttachmentKind.VOICE:
        return replies.voice_added(number, await holding.owner_name(added.id))
    return replies.joined(replies.MEDIA_ADDED.format(number=number), offered)


def _within(turn: Turn, appeal: Appeal) -> int | None:
    """The community in which a location says where the appeal belongs, None for any: residents report their
    own community, strangers and people in danger are wherever they are.
    """
    anywhere = turn.talk.community_id is None or appeal.urgency is Urgency.EMERGENCY
    return None if anywhere else appeal.community_id


async def _first(turn: Turn, text: str, found: tuple[Enclosure, ...]) -> str:
    judgement = await turn.known.judge(" ".join((found[0].words, text)), turn.talk.community_id)
    grid = await _grid(turn, found[0], turn.talk.community_id)
    filed = await intake.file(turn.talk, turn.known, Report(text, judgement, found, grid=grid, triage=True))
    number, kind = filed.appeal.number, found[0].kind
    turn.talk.ask(WORDS_QUESTION, number=number)
    if kind is AttachmentKind.VOICE:
        return replies.voice_first(number, filed.owner)
    if grid is not None and filed.appeal.grid_id == grid.id:
        community = turn.known.active_community(grid.community_id)
        return replies.location_first(number, filed.owner, where(community.name, grid.name))
    return replies.media_first(number, filed.owner, kind.label)


async def _grid(turn: Turn, enclosure: Enclosure, community_id: int | None) -> Grid | None:
    """The grid, of that community or of any, that a location lies in or near."""
    point = (enclosure.latitude, enclosure.longitude)
    if point[0] is None or point[1] is None:
        return None
    return (await grid_map(turn.known)).grid_near(point[0], point[1], enclosure.datum, community_id)


def _named(enclosure: Enclosure) -> str:
    """How the attachment stands among the words: `[照片]`."""
    return f"[{enclosure.kind.label}] {enclosure.words}".strip()
