"""Where it is: whether words name a place, and which grid it lies in."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.turn import Turn
from models import Appeal
from nlp.judgement import Judgement
from services.locating import NamedPlace, place_named

_LONGEST = 24
_BRIEF = 4
_NAMES_IN_WORDS = 3

# What is said by words with these is told of, not pointed at.
_TOLD = "了着吗呢吧啊不没要请快谁什怎想说叫送打给都被有掉，。！？,.!?"
_POINTS = (
    "门口|路口|桥头|村头|村口|旁边|边上|对面|后面|前面|附近|东头|西头|南头|北头|中间|隔壁|底下|楼下|楼上|树下|桥下|桥上|路上|山上|坡下"
    "|家里|屋里|院里|院子里|巷里|村里|沟里|河里|塘里|田里|地里|厂里|店里|那里|那边|那儿|这里|这边|这儿|一带"
)
_ENDS = "[路街巷弄村庄组队桥塘沟河湖站店厂场院楼栋幢校所室家口边旁角园坝堤岸闸部]"
_THAT = "(?:那|这)(?:一)?[盏个棵块条排户家段座片头]"
_NO_PLACE = "(?:[心胸伤血]口|[大全自]家|一场)$"
_PHRASE = re.compile(rf"(?=[^{_TOLD}]+$)(?!.*{_NO_PLACE})(?:.*(?:{_POINTS}|{_THAT})|.*{_ENDS}(?:{_POINTS})?)")


@dataclass(frozen=True, slots=True)
class Where:
    """A place that was named: as it is to be remembered, and the grids in which it may lie."""

    words: str
    grid_ids: tuple[int, ...] = ()

    @property
    def grid_id(self) -> int | None:
        """Its grid where that is certain."""
        return self.grid_ids[0] if len(self.grid_ids) == 1 else None


async def where(turn: Turn, appeal: Appeal, text: str, judgement: Judgement) -> Where | None:
    """The place that the words name and nothing else; None for words that tell something."""
    if judgement.conduct or judgement.urgency.urgent:
        return None
    stranger = turn.talk.community_id is None
    others = [one.id for one in turn.known.communities] if stranger else [turn.talk.community_id or 0]
    named = await place_named(turn.known, text, [appeal.community_id, *others])
    if named is None:
        return Where(text) if is_phrase(text) else None
    rest = await _rest(turn, text, named)
    told = rest if is_phrase(rest) else ""
    left = await turn.known.judge("" if told else rest, None)
    if left.sure or left.topics:
        return None
    brief = bool(told) or is_phrase(text) or len(rest) <= _BRIEF
    return Where(text[:_LONGEST] if brief else named.text, named.grid_ids)


def is_phrase(text: str) -> bool:
    """Whether the words clearly point at a place: 学校门口那盏, 小学旁边, 在老粮站."""
    text = text.strip("。.!！ ")
    return len(text) <= _LONGEST and _PHRASE.fullmatch(text) is not None


async def _rest(turn: Turn, text: str, named: NamedPlace) -> str:
    """The words without the places that they name."""
    text = text.replace(named.text, " ")
    for _ in range(_NAMES_IN_WORDS):
        place = (await turn.known.judge(text, named.community_id)).place
        if place is None:
            break
        text = text.replace(place.text, " ")
    return text.strip()
