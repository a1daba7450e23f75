"""回访: those who came are asked once, after the slot; they answer once and may change it until it closes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from models import (
    Notice,
    Offering,
    Resident,
    SignUp,
    SignUpState,
    Slot,
    Survey,
    WordsCheck,
    WordsOf,
    rows,
    writing,
)
from services import deliveries, households, unchecked
from services.clock import now
from services.deliveries import Told
from services.errors import Conflict, Invalid, NotFound
from services.slots import line, pushes

RATING, WORDS = "rating", "words"
USUAL: Sequence[Mapping[str, str]] = (
    {"label": "总体满意吗", "kind": RATING},
    {"label": "想说的话", "kind": WORDS},
)
"""What is asked where the offering says nothing; an empty list asks nothing."""
OPEN_DAYS = 14
"""Days after the end of the slot in which answers are taken."""
BEST = 5
LONGEST = 500
"""Characters of an answer in words."""
_OFFERED_FOR = timedelta(days=3)

_DUE = """
SELECT sign_up.id, sign_up.slot_id FROM slot
JOIN sign_up ON sign_up.slot_id = slot.id AND sign_up.state = 'attended'
JOIN offering ON offering.id = slot.offering_id
WHERE slot.ends_at > $1 AND slot.ends_at <= $2
AND (offering.survey IS NULL OR CAST(offering.survey AS TEXT) <> '[]')
AND NOT EXISTS (SELECT 1 FROM survey WHERE survey.sign_up_id = sign_up.id)
ORDER BY sign_up.slot_id, sign_up.id LIMIT $3
"""

Answers = Mapping[str, int | str]
"""Label of a question to a rating from 1 to 5, or to words."""


def questions(offering: Offering) -> list[dict[str, Any]]:
    """What is asked after a slot of this offering."""
    return [dict(one) for one in (USUAL if offering.survey is None else offering.survey)]


def closes_at(slot: Slot) -> datetime:
    """Until when answers are taken."""
    return slot.ends_at + timedelta(days=OPEN_DAYS)


async def offer_due(limit: int = 100) -> int:
    """Ask those who came to a slot that has ended, once; returns how many were asked."""
    moment = now()
    due = await rows(_DUE, moment - _OFFERED_FOR, moment, limit)
    asked = 0
    for slot_id in sorted({int(row["slot_id"]) for row in due}):
        async with writing():
            # Of two workers, the second finds under the lock what the first has written.
            slot = await line.lock(slot_id)
            for row in due:
                if int(row["slot_id"]) == slot_id:
                    asked += await _offer(slot, int(row["id"]))
    if asked:
        deliveries.wake()
    return asked


async def _offer(slot: Slot, sign_up_id: int) -> int:
    made = await SignUp.get(id=sign_up_id)
    if made.state is not SignUpState.ATTENDED or await Survey.exists(sign_up_id=sign_up_id):
        return 0
    await Survey(sign_up_id=sign_up_id, slot_id=slot.id, offered_at=now()).save(force_create=True)
    payload = pushes.survey(slot, closes_at(slot))
    event = f"sign_up:{sign_up_id}:survey"
    await deliveries.queue(
        Told(Notice.PLACE, made.resident_id, event, payload, community_id=slot.community_id)
    )
    return 1


async def open_for(resident_id: int) -> list[SignUp]:
    """Sign-ups of the household that may be answered for now, the latest first, with slot and offering."""
    moment = now()
    found = SignUp.filter(
        household__residents__id=resident_id,
        state=SignUpState.ATTENDED,
        slot__ends_at__lte=moment,
        slot__ends_at__gt=moment - timedelta(days=OPEN_DAYS),
    )
    made = await found.order_by("-slot__ends_at", "-id").select_related("slot__offering")
    return [one for one in made if questions(one.slot.offering)]


async def own_words(resident_id: int, sign_up_id: int, given: Answers) -> list[str]:
    """The words among the answers that `answer` would keep, to be checked before. Raises: as `answer`."""
    resident = await Resident.get(id=resident_id)
    made = await _own(resident.household_id or 0, sign_up_id)
    return list(split(questions(made.slot.offering), given)[1].values())


async def answer(
    resident_id: int, sign_up_id: int, given: Answers, checked: WordsCheck, *, adding: bool = False
) -> Survey:
    """Keep the answers for one sign-up, in place of those given before, or `adding` to them.

    `checked`: what is known of the words.
    Raises: NotFound (not one of their household's), Conflict (they did not come, too early, closed), Invalid,
    WordsRefused.
    """
    async with writing():
        made = await _own((await households.lock(resident_id)).household_id, sign_up_id)
        ratings, words = split(questions(made.slot.offering), given)
        kept = await Survey.get_or_none(sign_up_id=made.id)
        if kept is None:
            # Also the lock of the slot, so that the offer does not write the same row meanwhile.
            _ = await line.lock(made.slot_id)
            kept = await Survey.get_or_none(sign_up_id=made.id)
        if kept is None:
            kept = Survey(sign_up_id=made.id, slot_id=made.slot_id, offered_at=now())
        said = _said(kept, words) if adding else words
        kept.ratings = kept.ratings | ratings if adding else ratings
        kept.words = json.dumps(said, ensure_ascii=False) if said else ""
        kept.answered_at = now()
        await kept.save()
        if words or not adding:
            await unchecked.note(
                WordsOf.SURVEY,
                kept.id,
                checked if words else WordsCheck.PASSED,
                community_id=made.community_id,
                resident_id=resident_id,
            )
    return kept


def _said(kept: Survey, words: Mapping[str, str]) -> dict[str, str]:
    before: dict[str, str] = json.loads(kept.words) if kept.words else {}
    return before | dict(words)


async def unanswered(made: Sequence[SignUp]) -> list[SignUp]:
    """Those of the sign-ups for which nobody has answered yet, in their order."""
    done = Survey.filter(sign_up_id__in=[one.id for one in made]).exclude(answered_at=None)
    answered = {one.sign_up_id for one in await done}
    return [one for one in made if one.id not in answered]


async def _own(household_id: int, sign_up_id: int) -> SignUp:
    """A sign-up of the household that may be answered for now. Raises: NotFound, Conflict."""
    found = SignUp.get_or_none(id=sign_up_id, household_id=household_id)
    made = await found.select_related("slot__offering")
    if made is None:
        raise NotFound("没有找到您的这个报名。")
    _refuse_closed(made)
    return made


def _refuse_closed(made: SignUp) -> None:
    if made.state is not SignUpState.ATTENDED:
        raise Conflict("到场参加过的才能评价。没签上到的，请联系村（社区）工作人员补签。")
    if now() < made.slot.ends_at:
        raise Conflict("这一场还没结束，结束后再评价。")
    if now() >= closes_at(made.slot):
        raise Conflict(f"评价只收到结束后 {OPEN_DAYS} 天。有话要说，直接在这里发给我们就行。")


def split(asked: Sequence[Mapping[str, Any]], given: Answers) -> tuple[dict[str, int], dict[str, str]]:
    """The ratings and the words among the answers, each to a question that was asked. Raises: Invalid."""
    kinds = {str(one["label"]): str(one["kind"]) for one in asked}
    ratings: dict[str, int] = {}
    words: dict[str, str] = {}
    for label, value in given.items():
        kind = kinds.get(label)
        if kind is None:
            raise Invalid(f"没有「{label[:20]}」这个问题。")
        if kind == RATING:
            ratings[label] = _rating(label, value)
        elif str(value).strip():
            words[label] = _words(label, str(value).strip())
    if not ratings and not words:
        raise Invalid("请至少回答一个问题。")
    return ratings, words


def _rating(label: str, value: int | str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= BEST:
        raise Invalid(f"「{label}」请打 1 到 {BEST} 分。")
    return value


def _words(label: str, value: str) -> str:
    if len(value) > LONGEST or "\x00" in value:
        raise Invalid(f"「{label}」最多写 {LONGEST} 个字。")
    return value
